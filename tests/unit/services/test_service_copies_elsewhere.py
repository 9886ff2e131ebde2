"""What workers tell of their folders: it counts while they are there, and the newest word counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from videoattention.services import copies_elsewhere
from videoattention.services.copies_elsewhere import CopiesElsewhere, CopiesTold, CopyTold

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 10, tzinfo=UTC)


def told(recording: str, since: datetime | None, *, stored: bool = False, organisation: str = "ours") -> CopyTold:
    return CopyTold(organisation, recording, since.timestamp() if since else None, stored)


def said(*copies: CopyTold, afresh: bool = False) -> CopiesTold:
    return CopiesTold(afresh, copies)


@pytest.fixture
def copies() -> CopiesElsewhere:
    made = CopiesElsewhere()
    for worker in ("w1", "w2"):
        made.joined(worker)
    return made


def test_the_first_that_waits_anywhere_counts_and_only_of_workers_that_are_there(copies: CopiesElsewhere) -> None:
    copies.told("w1", said(told("r1", LATER)))
    copies.told("w2", said(told("r1", AT), told("r2", AT)))
    copies.told("w3", said(told("r3", AT)))
    assert [copies.since("ours", name) for name in ("r1", "r2", "r3")] == [AT, AT, None]
    assert copies.since("theirs", "r1") is None
    assert copies.count == 2
    copies.gone("w2")
    copies.told("w2", said(told("r2", AT)))
    assert [copies.since("ours", name) for name in ("r1", "r2")] == [LATER, None]
    copies.gone("w2")
    copies.joined("w2")
    assert copies.since("ours", "r2") is None


def test_what_changed_replaces_and_a_new_beginning_forgets(copies: CopiesElsewhere) -> None:
    copies.told("w1", said(told("r1", AT), told("r2", AT), afresh=True))
    copies.told("w1", said(told("r2", None, stored=True), told("r3", LATER)))
    assert [copies.since("ours", name) for name in ("r1", "r2", "r3")] == [AT, None, LATER]
    assert [copies.stored("ours", name) for name in ("r1", "r2", "r3")] == [False, True, False]
    copies.told("w1", said(told("r4", AT), afresh=True))
    assert [copies.since("ours", name) for name in ("r1", "r3", "r4")] == [None, None, AT]
    assert not copies.stored("ours", "r2")


def test_who_waits_for_it_hears_that_nothing_of_it_waits_there_any_more(copies: CopiesElsewhere) -> None:
    arrived: list[tuple[str, str]] = []
    copies.arrived = lambda *whose: arrived.append(whose)
    copies.told("w1", said(told("r1", AT), told("r2", AT)))
    assert arrived == []
    copies.told("w1", said(told("r1", None), told("r2", LATER)))
    assert arrived == [("ours", "r1")]


def test_a_worker_that_tells_of_too_many_fills_no_memory(
    copies: CopiesElsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies_elsewhere, "MOST", 2)
    copies.told("w1", said(*(told(name, AT) for name in ("r1", "r2", "r3"))))
    assert copies.count == 2
    assert copies.since("ours", "r1") is None
