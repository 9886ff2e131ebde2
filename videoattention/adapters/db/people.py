"""What the corporate login says of a person, as JSON and back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from videoattention.domain.people import Habilitation

if TYPE_CHECKING:
    from collections.abc import Sequence


def habilitations_to(held: Sequence[Habilitation]) -> list[dict[str, str]]:
    """Habilitations as they are kept."""
    return [{"name": one.name, "until": one.until.isoformat()} for one in held]


def habilitations_from(kept: Sequence[dict[str, Any]]) -> tuple[Habilitation, ...]:
    """Habilitations as they were kept."""
    return tuple(Habilitation(one["name"], date.fromisoformat(one["until"])) for one in kept)
