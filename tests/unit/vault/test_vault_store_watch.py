"""A watched store: one question in vain troubles nobody, two make an outage, one answer ends it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from videoattention.adapters.vault import store_watch
from videoattention.adapters.vault.store_watch import StoreWatch
from videoattention.services.vault import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGIN = datetime(2026, 11, 22, 9, tzinfo=UTC)
ANSWERS, FAILS, STUMBLES = "answers", "fails", "stumbles"


class Store:
    """Does at each question what it was told; the clock goes on by ten seconds with each."""

    def __init__(self, script: Sequence[str]) -> None:
        self.script = list(script)
        self.asked = 0
        self.over = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=10 * self.asked)

    def ask(self) -> None:
        self.asked += 1
        if not self.script:
            self.loop.call_soon_threadsafe(self.over.set)
            return
        done = self.script.pop(0)
        if done == FAILS:
            raise StorageFailed("storage_failed", "the object store refuses the key")
        if done == STUMBLES:
            raise ValueError(done)


async def watched(monkeypatch: pytest.MonkeyPatch, *script: str) -> tuple[list[datetime | None], list[str]]:
    """What was told at each change, and what was logged, of a store that answers once the script is over."""
    monkeypatch.setattr(store_watch, "ASK_EVERY", 0)
    monkeypatch.setattr(store_watch, "ASK_AGAIN", 0)
    store, told = Store(script), list[datetime | None]()
    anything: Any = store
    watch = StoreWatch(anything, anything)

    async def changed() -> None:
        told.append(watch.away_since)

    with capture_logs() as logs:
        task = asyncio.create_task(watch.run(changed))
        await asyncio.wait_for(store.over.wait(), 10)
        await asyncio.sleep(0)
        task.cancel()
    assert watch.away_since is None
    return told, [line["event"] for line in logs]


@pytest.mark.parametrize("script", [(ANSWERS, ANSWERS), (ANSWERS, FAILS, ANSWERS, FAILS, ANSWERS)])
async def test_a_store_that_answers_the_second_question_was_never_away(
    monkeypatch: pytest.MonkeyPatch, script: Sequence[str]
) -> None:
    assert await watched(monkeypatch, *script) == ([], [])


async def test_an_outage_is_told_once_with_its_beginning_and_once_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    told, logged = await watched(monkeypatch, ANSWERS, FAILS, FAILS, FAILS, ANSWERS, ANSWERS)
    assert told == [BEGIN + timedelta(seconds=10), None]
    assert logged == ["object_store_away", "object_store_returned"]


async def test_what_nobody_foresaw_does_not_end_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    told, logged = await watched(monkeypatch, FAILS, FAILS, STUMBLES, ANSWERS)
    assert told == [BEGIN, None]
    assert logged == ["object_store_away", "object_store_not_asked", "object_store_returned"]
