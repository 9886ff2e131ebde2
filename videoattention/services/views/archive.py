"""What an auditor sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.exporting import Export

PAGE: Final = 25
"""Recordings on a page of what was found."""


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

    ``incomplete``: its seal tells that not all that should be recorded was. ``level`` is the one that it was consented
    for; ``outcome`` the kind that the informer wrote, empty before; ``review`` a stage of reviews, empty without one;
    ``verdict`` its outcome; ``waits_since`` when its copy in the object store began to wait, as far as it does;
    ``waits_elsewhere``: what waits lies on another machine.
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
    level: str = ""
    outcome: str = ""
    review: str = ""
    verdict: str = ""
    waits_since: datetime | None = None
    waits_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class TrackSeen:
    """One file of a part: its place on the recording's time line and its length, in seconds, and its frames."""

    track: str
    start: float
    duration: float
    frames: int = 0


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
    """One fact of the journal, as an auditor reads it.

    ``erased_at`` is when the law took its words, ``None`` while it has them; ``body`` is empty then.
    """

    seq: int
    at: datetime
    actor: str
    kind: str
    body: Mapping[str, object]
    hash: str
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What recordings are looked for; empty means any.

    ``since`` and ``until`` bound the moment at which the recorder was asked for, the second one excluded; ``number`` is
    that of a case for which one was opened, or the id of a recording or an attention; ``after`` is the last one of the
    page before, by moment and id.
    """

    since: datetime | None = None
    until: datetime | None = None
    office: str = ""
    procedure: str = ""
    level: str = ""
    informer: str = ""
    outcome: str = ""
    number: str = ""
    after: tuple[datetime, str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, newest first; ``total`` of all pages; ``after`` leads to the next one, if any."""

    recordings: Sequence[RecordingSeen]
    total: int
    after: tuple[datetime, str] | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen in the form of the search: (id, name) of offices and procedures, (subject, name) of people."""

    offices: Sequence[tuple[str, str]]
    procedures: Sequence[tuple[str, str]]
    informers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class JudgementSeen:
    """A verdict; ``words`` is ``None`` when what was written was erased."""

    by: str
    name: str
    verdict: str
    checklist: str
    answers: Mapping[str, str]
    words: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewSeen:
    """The review of a recording; ``reviewer`` (a subject) has it open since ``opened_at``, or nobody has."""

    recording: str
    stage: str
    reasons: Sequence[str]
    risks: Sequence[str]
    second: bool
    reviewer: str
    opened_at: datetime | None
    asked_at: datetime
    outcome: str
    judgements: Sequence[JudgementSeen] = ()

    @property
    def number(self) -> str:
        """What reviewers call it: a number of a case that they can state."""
        return f"REV-{self.recording[:8]}-1"


@dataclass(frozen=True, slots=True)
class ToReview:
    """A line of the queue."""

    review: ReviewSeen
    recording: RecordingSeen


@dataclass(frozen=True, slots=True)
class ExportSeen:
    """A request for a package, and of what; ``lapsed`` when its time was over before anything followed."""

    export: Export
    recording: RecordingSeen
    lapsed: bool


class ArchiveViews(Protocol):
    """The auditor's reading side; every method but `unconsidered` returns nothing of another organisation."""

    async def search(self, organisation: str, sought: Sought, language: str) -> Found:
        """The recordings that are looked for."""

    async def choices(self, organisation: str, language: str) -> Choices:
        """What can be looked for."""

    async def names(self, organisation: str, issuer: str, subjects: Collection[str]) -> Mapping[str, str]:
        """The names of these members of staff by subject, as far as they work here or are signed in at ``issuer``."""

    async def queue(self, organisation: str, language: str, stages: Sequence[str]) -> Sequence[ToReview]:
        """At most 200 reviews in these stages, the riskiest first."""

    async def review(self, organisation: str, recording: str) -> ReviewSeen | None:
        """The review of a recording with its verdicts."""

    async def exports(
        self, organisation: str, language: str, *, now: datetime, recording: str = ""
    ) -> Sequence[ExportSeen]:
        """The newest 100 requests for packages, of one recording or of all."""

    async def unconsidered(self, besides: Sequence[str] = ()) -> Sequence[tuple[str, str, str]]:
        """(organisation, attention, recording) of sealed recordings that nobody considered: for the service itself.

        In one order always, and without the recordings ``besides``.
        """
