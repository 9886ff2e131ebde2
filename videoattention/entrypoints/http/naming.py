"""Whom and what the ids of a journal stand for, as an auditor knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Names:
    """By id: the names of members of staff (by their subject), offices and procedures; what is unknown keeps its id."""

    staff: Mapping[str, str] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
    procedures: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str, value: str) -> str | None:
        """What the field ``name`` of a fact stands for; a person with the id, because two can have one name."""
        if name in {"informer", "subject", "asked_by"}:
            return f"{self.staff[value]} ({value})" if value in self.staff else None
        if name == "provider":
            return urlsplit(value).hostname or None
        return {"office": self.offices, "procedure": self.procedures}.get(name, {}).get(value)


NOBODY = Names()
