"""What people see, as values; read straight from the tables, never through aggregates.

``revision`` grows with every committed change of the organisation (the sequence of its journal), so a page keeps the
view with the greatest one. Times are ISO 8601 in UTC. Labels are in the language that was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


# --- the entry page --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProcedureSeen:
    """Something that a citizen can come for."""

    id: str
    name: str
    summary: str


@dataclass(frozen=True, slots=True)
class OfficeSeen:
    """An office on the entry page: who waits, who attends, and the other ways to be attended."""

    id: str
    organisation: str
    organisation_name: str
    name: str
    hours: str
    other_ways: str
    waiting: int
    informers: int
    procedures: tuple[ProcedureSeen, ...]


# --- the citizen's page ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InformerSeen:
    """The informer as the citizen sees them."""

    name: str
    position: str


@dataclass(frozen=True, slots=True)
class ConsentSeen:
    """A consent in the citizen's page, its text in full. ``stage``: asked, given, refused, withdrawn, lapsed, ended."""

    id: str
    stage: str
    title: str
    paragraphs: tuple[str, ...]
    version: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentitySeen:
    """Who the citizen was shown to be. ``assurance``: declared, low, substantial, high."""

    name: str
    document: str
    assurance: str


@dataclass(frozen=True, slots=True)
class CitizenView:
    """Everything that the citizen's page shows of their attention.

    ``place`` counts from 1 while waiting or offered, else 0. ``wait_from`` and ``wait_to`` are minutes, both 0 when no
    honest promise can be made. ``recorder``: absent, entering, hindered, in_call; ``recorded`` tells whether
    anything was stored until now, ``gaps`` whether it has holes, ``erased`` whether all of it is gone again.
    ``missing`` lists identification, consent.
    """

    revision: int
    attention: str
    stage: str
    office: str
    procedure: str
    place: int
    wait_from: int
    wait_to: int
    informers: int
    informer: InformerSeen | None
    level: str
    proposed: str
    missing: tuple[str, ...]
    identification_asked: bool
    identity: IdentitySeen | None
    consents: tuple[ConsentSeen, ...]
    recorder: str
    recorded: bool
    gaps: bool
    erased: bool
    talking_since: str
    outcome: str


# --- the desk ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """A citizen who is offered to this informer until ``until``."""

    attention: str
    office: str
    procedure: str
    language: str
    arrived_at: str
    until: str


@dataclass(frozen=True, slots=True)
class WaitingSeen:
    """A citizen in the line of one of the informer's offices."""

    attention: str
    office: str
    procedure: str
    language: str
    arrived_at: str
    present: bool
    offered: bool


@dataclass(frozen=True, slots=True)
class AttendedSeen:
    """The attention that occupies this informer. ``consent`` is the stage of the last request, or empty."""

    attention: str
    stage: str
    office: str
    procedure: str
    language: str
    level: str
    proposed: str
    missing: tuple[str, ...]
    identification_asked: bool
    identity: IdentitySeen | None
    consent: str
    recorder: str
    talking_since: str


@dataclass(frozen=True, slots=True)
class DeskView:
    """Everything that the desk shows. ``readiness``: available, paused, missed."""

    revision: int
    readiness: str
    offer: OfferSeen | None
    attended: AttendedSeen | None
    waiting: tuple[WaitingSeen, ...]


# --- the archive ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HoldSeen:
    """A hold in force: ``id`` is what releases it, ``by`` who placed it (their subject)."""

    id: str
    reason: str
    by: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class ErasedSeen:
    """When, why and by whom (their subject) a recording was erased."""

    at: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class RecordingSeen:
    """A recording in the archive's list. ``stage`` as in the domain; ``seconds`` kept; ``holds`` in force.

    ``incomplete``: its seal tells that not all that should be recorded was.
    """

    id: str
    attention: str
    office: str
    procedure: str
    informer: str
    started_at: datetime
    stage: str
    seconds: float
    parts: int
    holds: tuple[HoldSeen, ...] = ()
    erased: ErasedSeen | None = None
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class TrackSeen:
    """One file of a part: its place on the recording's time line and its length, in seconds."""

    track: str
    start: float
    duration: float


@dataclass(frozen=True, slots=True)
class PartSeen:
    """A continuous stretch of a recording."""

    number: int
    opened_at: datetime
    closed_at: datetime | None
    cause: str
    tracks: tuple[TrackSeen, ...]


@dataclass(frozen=True, slots=True)
class SealSeen:
    """A recording's seal: when, with which key, whether all that should be recorded was, and why not.

    ``stamped``: an authority's time stamp is kept with it.
    """

    sealed_at: datetime
    key_id: str
    complete: bool
    causes: tuple[str, ...]
    stamped: bool


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One fact of the journal, as an auditor reads it."""

    seq: int
    at: datetime
    actor: str
    kind: str
    body: Mapping[str, object]
    hash: str


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
