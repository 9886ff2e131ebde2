"""The story of a recorded attention on the recording's own time line: where in it each thing happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from videoattention.domain.facts import StillTaken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from videoattention.services.views import JournalLine, PartSeen

_NEVER: Final = frozenset(
    {
        "RecordingHeld",
        "RecordingErased",
        "RecordingExported",
        "RecordingLost",
        "RecordingSealed",
        "RecorderRefused",
        "VisualErased",
    }
)
"""What is told of a recording long after it."""

_SORTS: Final = (
    ("RecordingInterrupted", "gap"),
    ("RecordingResumed", "gap"),
    ("Still", "still"),
    ("Consent", "consent"),
    ("Clip", "consent"),
    ("Identif", "identity"),
    ("Visual", "identity"),
    ("Phone", "identity"),
    ("DocumentChosen", "identity"),
    ("DocumentRead", "identity"),
    ("Feature", "identity"),
    ("Action", "identity"),
    ("Document", "document"),
    ("Form", "document"),
    ("Level", "level"),
    ("Record", "recorder"),
    ("CallEnded", "call"),
)
"""Words in the name of a fact and the sort of mark that it makes; the first that is found counts."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, ``at`` seconds of the time line; ``outside`` it happened before or after it.

    ``sort``: consent, identity, still, document, level, recorder, gap, call.
    """

    at: float
    sort: str
    line: JournalLine
    outside: bool


def marks_of(journal: Sequence[JournalLine], parts: Sequence[PartSeen]) -> tuple[Mark, ...]:
    """Everything that an auditor wants to find again, in the order of the journal; none without a part.

    A still is at the recorder's own picture of it, where the recorder was in the call, and not where it arrived.
    """
    return tuple(_marks(journal, parts)) if parts else ()


def _marks(journal: Sequence[JournalLine], parts: Sequence[PartSeen]) -> Iterator[Mark]:
    begun = parts[0].opened_at
    end = max((track.start + track.duration for part in parts for track in part.tracks), default=0.0)
    for line in journal:
        sort = _sort_of(line.kind)
        if sort:
            passed = (_seen_at(line) - begun).total_seconds()
            place = min(max(passed, 0.0), end)
            yield Mark(round(place, 3), sort, line, outside=not 0 <= passed <= end)


def _seen_at(line: JournalLine) -> datetime:
    """When what the line tells was to be seen: its own time, but for a still, which was shown before it was kept."""
    shown = line.body.get("shown_at") if line.kind == StillTaken.__name__ else None
    return datetime.fromisoformat(str(shown)) if shown else line.at


def _sort_of(kind: str) -> str:
    if kind in _NEVER:
        return ""
    return next((sort for word, sort in _SORTS if word in kind), "")
