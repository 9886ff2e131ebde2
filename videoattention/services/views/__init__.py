"""What people see, as values; read straight from the tables, never through aggregates.

``revision`` grows with every committed change of the organisation (the sequence of its journal), so a page keeps the
view with the greatest one. Times are ISO 8601 in UTC. Labels are in the language that was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from videoattention.services.views.archive import (
    ErasedSeen,
    HoldSeen,
    JournalLine,
    PartSeen,
    RecordingSeen,
    SealSeen,
    TrackSeen,
)
from videoattention.services.views.people import (
    AttendedSeen,
    BarredSeen,
    CitizenView,
    ConsentSeen,
    DeskView,
    IdentitySeen,
    InformerSeen,
    OfferSeen,
    OfficeSeen,
    ProcedureSeen,
    WaitingSeen,
    WithheldSeen,
)
from videoattention.services.views.phone import PhoneSeen
from videoattention.services.views.visual import PaperSeen, StillSeen, TickSeen, VisualSeen, VisualShown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = [
    "AttendedSeen",
    "BarredSeen",
    "CitizenView",
    "ConsentSeen",
    "DeskView",
    "ErasedSeen",
    "HoldSeen",
    "IdentitySeen",
    "InformerSeen",
    "JournalLine",
    "OfferSeen",
    "OfficeSeen",
    "PaperSeen",
    "PartSeen",
    "PhoneSeen",
    "ProcedureSeen",
    "RecordingSeen",
    "SealSeen",
    "StillSeen",
    "TickSeen",
    "TrackSeen",
    "Views",
    "VisualSeen",
    "VisualShown",
    "WaitingSeen",
    "WithheldSeen",
]


class Views(Protocol):
    """The reading side. Every method but `offices` belongs to one organisation and returns nothing of another."""

    async def offices(self, language: str, *, seen_since: datetime) -> Sequence[OfficeSeen]:
        """Every office that attends by video, with its procedures."""

    async def citizen(
        self, organisation: str, attention: str, language: str, *, seen_since: datetime
    ) -> CitizenView | None:
        """The citizen's page; ``None`` if there is no such attention."""

    async def desk(self, organisation: str, subject: str, language: str, *, seen_since: datetime) -> DeskView:
        """The informer's desk; one who never came is paused and sees no line."""

    async def habilitations(self, organisation: str) -> Sequence[str]:
        """The names of the habilitations, lapsed or not, of everybody who ever came to a desk, in order."""

    async def recordings(self, organisation: str, language: str) -> Sequence[RecordingSeen]:
        """The newest 200 recordings, newest first."""

    async def recording(
        self, organisation: str, recording: str, language: str
    ) -> tuple[RecordingSeen, tuple[PartSeen, ...]] | None:
        """One recording and its parts."""

    async def journal(self, organisation: str, attention: str) -> Sequence[JournalLine]:
        """Every fact of one attention, in order."""

    async def talking(self) -> Sequence[tuple[str, str]]:
        """Every (organisation, attention) with a call going on, whatever the organisation: for the service itself."""

    async def organisations_waiting(self) -> Sequence[str]:
        """Every organisation in which a citizen waits or is offered: for the service itself."""

    async def deserted(self, *, seen_since: datetime) -> Sequence[tuple[str, str]]:
        """Every (organisation, attention) with a call of which neither page was heard since: for the service itself."""

    async def being_recorded(self) -> Sequence[tuple[str, str]]:
        """Every (organisation, attention) with an active recording: for the service itself."""

    async def unsealed(self) -> Sequence[tuple[str, str]]:
        """Every (organisation, recording) that is sealing: for the service itself."""

    async def owner_of_recording(self, recording: str) -> str | None:
        """The organisation of a recording: only to journal a refusal there."""
