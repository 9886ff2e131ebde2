"""What an auditor sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


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
