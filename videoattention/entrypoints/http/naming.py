"""Whom and what the ids of a journal stand for, as an auditor knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Names:
    """By id: the names of members of staff (by their subject), offices and procedures; what is unknown keeps its id.

    ``providers`` are the names of providers of identity by their issuer; ``login`` is what one without a name is
    called, with the place ``%(host)s`` in it.
    """

    staff: Mapping[str, str] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
    procedures: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    login: str = "%(host)s"

    def of(self, name: str, value: str) -> str | None:
        """What the field ``name`` of a fact stands for; a person with the id, because two can have one name."""
        if name in {"informer", "subject", "asked_by"}:
            return f"{self.staff[value]} ({value})" if value in self.staff else None
        if name == "provider":
            return self._provider(value)
        return {"office": self.offices, "procedure": self.procedures}.get(name, {}).get(value)

    def _provider(self, issuer: str) -> str | None:
        host = urlsplit(issuer).hostname
        return self.providers.get(issuer.rstrip("/")) or (self.login % {"host": host} if host else None)


NOBODY = Names()
