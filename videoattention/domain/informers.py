"""An informer's readiness: what they say of themselves. Whether one is busy follows from the attentions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.people import Person


class Readiness(StrEnum):
    """What the informer says: ready for the next citizen, or not now; ``missed`` is set by an unanswered offer."""

    AVAILABLE = "available"
    PAUSED = "paused"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Desk:
    """An informer's place of work. ``since`` is when the readiness last changed (aware, UTC)."""

    person: Person
    readiness: Readiness
    since: datetime
    version: int = 0

    def ready(self, readiness: Readiness, now: datetime) -> Desk:
        """Say something new of oneself; saying the same again keeps the place among the free."""
        if readiness is self.readiness:
            return self
        return replace(self, readiness=readiness, since=now)

    def of(self, person: Person) -> Desk:
        """The same desk with what the corporate login says of the person today."""
        return replace(self, person=person)
