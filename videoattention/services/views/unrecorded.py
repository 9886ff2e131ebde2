"""What is seen of attentions of which there is no recording, before anybody says why they ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from videoattention.domain.exporting import PENDING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.exporting import Export
    from videoattention.services.views.archive import Sought


@dataclass(frozen=True, slots=True)
class AttentionSeen:
    """An attention in the list: names in a language, ``informer`` by name, ``stage`` and ``level`` as in the domain.

    ``recordings`` are the id and stage of each recording that there was or is.
    """

    id: str
    office: str
    procedure: str
    informer: str
    at: datetime
    stage: str
    level: str
    outcome: str
    recordings: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class AttentionsFound:
    """A page of what was found, newest first; ``after`` leads to the next one, if any."""

    attentions: Sequence[AttentionSeen]
    after: tuple[datetime, str] | None = None


@dataclass(frozen=True, slots=True)
class AskedSeen:
    """A request for a package, and of what; ``lapsed`` when its time was over before anything followed."""

    export: Export
    attention: AttentionSeen
    lapsed: bool

    @property
    def waits(self) -> bool:
        """Whether somebody can still answer it, or fetch the package."""
        return self.export.stage in PENDING and not self.lapsed


class UnrecordedViews(Protocol):
    """The reading side; nothing of another organisation is returned."""

    async def search(self, organisation: str, sought: Sought, language: str) -> AttentionsFound:
        """Attentions that were concluded and of which no recording is left; one that is named in any stage."""

    async def one(self, organisation: str, attention: str, language: str) -> AttentionSeen | None:
        """One attention, whether there is a recording of it or not."""

    async def asked(
        self, organisation: str, language: str, *, now: datetime, attention: str = ""
    ) -> Sequence[AskedSeen]:
        """Requests for packages, newest first: of one attention, or those of the newest entries of the journal."""
