"""What is told of copies that wait for the object store: which, since when, and nothing while there is no store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.clock import Clock
from videoattention.services.waiting_copies import SOON, WaitingCopies

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


@pytest.mark.parametrize(
    ("store", "said"), [(None, "none"), (Store(), "answers"), (Store(EARLIER), "away")], ids=["none", "answers", "away"]
)
def test_the_state_of_the_store_is_one_word(store: Store | None, said: str) -> None:
    copies = WaitingCopies(FOLDER, store, Clock(NOW))
    assert (copies.store, copies.store_away, copies.files) == (said, said == "away", 5)
    assert copies.away_since == (EARLIER if said == "away" else None)


def test_a_copy_that_is_merely_under_way_is_not_told_of() -> None:
    copies = WaitingCopies(FOLDER, Store(), Clock(NOW))
    assert (copies.since("ours", "new"), copies.since("ours", "old")) == (None, EARLIER)
    assert copies.since("theirs", "old") is None


def test_while_the_store_is_away_every_copy_that_waits_is_told_of() -> None:
    copies = WaitingCopies(FOLDER, Store(NOW), Clock(NOW))
    assert (copies.since("ours", "new"), copies.since("ours", "old")) == (RECENTLY, EARLIER)
    assert copies.since("ours", "elsewhere") is None


def test_without_a_store_what_lies_in_the_folder_waits_for_nothing() -> None:
    assert WaitingCopies(FOLDER, None, Clock(NOW)).since("ours", "old") is None
