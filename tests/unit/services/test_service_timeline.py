"""Where on a recording's time line each thing is that happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from videoattention.services.timeline import marks_of
from videoattention.services.views import JournalLine, PartSeen, TrackSeen

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PARTS = (
    PartSeen(1, BEGAN, None, "", (TrackSeen("citizen-video", 0.5, 60.0),)),
    PartSeen(2, BEGAN + timedelta(seconds=90), None, "", (TrackSeen("citizen-video", 90.0, 30.0),)),
)


def line(kind: str, after: float) -> JournalLine:
    return JournalLine(1, BEGAN + timedelta(seconds=after), "service", kind, {}, "00")


def test_a_mark_is_where_it_happened_and_says_when_nothing_was_recorded() -> None:
    told = [
        line("ConsentGiven", -3),
        line("LevelRaised", 12.345),
        line("RecordingInterrupted", 60),
        line("CallEnded", 130),
    ]
    marks = marks_of(told, PARTS)
    assert [(mark.at, mark.sort, mark.outside) for mark in marks] == [
        (0.0, "consent", True),
        (12.345, "level", False),
        (60.0, "gap", False),
        (120.0, "call", True),
    ]
    assert [mark.line for mark in marks] == told


def test_a_still_is_where_its_picture_was_shown_and_not_where_it_arrived() -> None:
    shown = BEGAN + timedelta(seconds=31, milliseconds=417)
    body = {"still": "s1", "shown_at": shown.isoformat(), "recording": "r1", "part": 1, "offset": 31.417}
    told = JournalLine(1, BEGAN + timedelta(seconds=34), "informer:marta", "StillTaken", body, "00")
    (mark,) = marks_of([told], PARTS)
    assert (mark.at, mark.sort, mark.outside) == (31.417, "still", False)
    erased = JournalLine(1, BEGAN + timedelta(seconds=34), "informer:marta", "StillTaken", {}, "00", erased_at=BEGAN)
    assert [mark.at for mark in marks_of([erased], PARTS)] == [34.0]


def test_without_a_part_there_is_no_time_line() -> None:
    assert marks_of([line("ConsentGiven", 0)], ()) == ()


@pytest.mark.parametrize(
    ("kind", "sort"),
    [
        ("CitizenIdentified", "identity"),
        ("VisualStepDone", "identity"),
        ("FeatureTicked", "identity"),
        ("DocumentRead", "identity"),
        ("PhoneShown", "identity"),
        ("StillTaken", "still"),
        ("DocumentDelivered", "document"),
        ("FormDelivered", "document"),
        ("ConsentWithdrawn", "consent"),
        ("LevelLowered", "level"),
        ("RecordingResumed", "gap"),
        ("RecordingStarted", "recorder"),
    ],
)
def test_a_fact_of_the_attention_makes_a_mark_of_its_sort(kind: str, sort: str) -> None:
    (mark,) = marks_of([line(kind, 5)], PARTS)
    assert mark.sort == sort


@pytest.mark.parametrize(
    "kind", ["PurposeStated", "RecordingSealed", "RecordingExported", "ReviewAsked", "VisualErased"]
)
def test_what_was_done_with_the_recording_later_makes_none(kind: str) -> None:
    assert marks_of([line(kind, 5)], PARTS) == ()
