"""What is told of copies that wait for the object store: which, since when, and nothing while there is no store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.clock import Clock
from videoattention.services.copies_elsewhere import CopiesElsewhere, CopiesTold, CopyTold
from videoattention.services.waiting_copies import COUNTED, SOON, WaitingCopies

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RECENTLY = NOW - SOON
EARLIER = NOW - SOON - timedelta(seconds=1)


@dataclass
class Folder:
    count: int = 0
    closed: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def since(self, organisation: str, recording: str) -> datetime | None:
        return self.closed.get((organisation, recording))


@dataclass
class Store:
    away_since: datetime | None = None


FOLDER = Folder(5, {("ours", "new"): RECENTLY, ("ours", "old"): EARLIER})


def waiting_copies(store: Store | None, *told: CopyTold) -> WaitingCopies:
    elsewhere = CopiesElsewhere()
    elsewhere.joined("far")
    elsewhere.told("far", CopiesTold(afresh=True, copies=told))
    return WaitingCopies(FOLDER, store, Clock(NOW), elsewhere=elsewhere)


def told(recording: str, since: datetime | None, *, stored: bool = False) -> CopyTold:
    return CopyTold("ours", recording, since.timestamp() if since else None, stored)


@pytest.mark.parametrize(
    ("store", "said"), [(None, "none"), (Store(), "answers"), (Store(EARLIER), "away")], ids=["none", "answers", "away"]
)
def test_the_state_of_the_store_is_one_word(store: Store | None, said: str) -> None:
    copies = waiting_copies(store)
    assert (copies.store, copies.store_away, copies.files) == (said, said == "away", 5)
    assert copies.away_since == (EARLIER if said == "away" else None)


def test_a_copy_that_is_merely_under_way_is_not_told_of() -> None:
    copies = waiting_copies(Store())
    assert (copies.since("ours", "new"), copies.since("ours", "old")) == (None, EARLIER)
    assert copies.since("theirs", "old") is None


def test_while_the_store_is_away_every_copy_that_waits_is_told_of() -> None:
    copies = waiting_copies(Store(NOW))
    assert (copies.since("ours", "new"), copies.since("ours", "old")) == (RECENTLY, EARLIER)
    assert copies.since("ours", "elsewhere") is None


def test_without_a_store_what_lies_in_the_folder_waits_for_nothing() -> None:
    assert waiting_copies(None).since("ours", "old") is None


def test_what_waits_in_the_folder_of_a_worker_elsewhere_is_told_of_as_what_waits_here() -> None:
    away = waiting_copies(Store(NOW), told("far", RECENTLY), told("old", NOW))
    assert (away.since("ours", "far"), away.since("ours", "old")) == (RECENTLY, EARLIER)
    assert (away.is_elsewhere("ours", "far"), away.is_elsewhere("ours", "old")) == (True, False)
    assert away.recordings == 2
    answering = waiting_copies(Store(), told("far", RECENTLY), told("farther", EARLIER))
    assert (answering.since("ours", "far"), answering.since("ours", "farther")) == (None, EARLIER)


def test_a_worker_of_this_machine_may_tell_of_a_file_before_it_is_counted_here() -> None:
    """Where it lies is told when that is known."""
    copies = waiting_copies(Store(NOW), told("just closed", NOW - COUNTED))
    assert copies.since("ours", "just closed") is None
    assert not copies.is_elsewhere("ours", "just closed")


def test_files_are_on_their_way_while_a_worker_answers_for_them() -> None:
    waits, stored = told("waits", NOW), told("stored", None, stored=True)
    answering, away = (waiting_copies(store, waits, stored) for store in (Store(), Store(NOW)))
    assert [answering.on_their_way("ours", name) for name in ("waits", "stored", "other")] == [True, False, False]
    assert [away.on_their_way("ours", name) for name in ("waits", "stored", "other")] == [True, True, False]
    assert not away.on_their_way("theirs", "waits")
    without = waiting_copies(None, waits, stored)
    assert [without.on_their_way("ours", name) for name in ("waits", "stored")] == [False, False]
    assert (without.since("ours", "waits"), without.recordings) == (None, 0)
