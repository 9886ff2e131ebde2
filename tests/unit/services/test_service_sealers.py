"""Who waits for their seal: nobody's dismissal waits for it, two at once, and what was cut off is done again."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from tests.fakes.keys import RecordedMedia
from tests.unit.services.town import OURS, by_citizen
from videoattention.domain import facts
from videoattention.domain.recording import RecordingStage
from videoattention.services import media
from videoattention.services import sealers as module
from videoattention.services.sealers import AT_ONCE, Sealers
from videoattention.services.sealing import PATIENCE
from videoattention.services.vault import FileIdentity, StorageFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.unit.services.town import Town
    from videoattention.services.vault import MeasuredFile

ROUND = 5.0
"""Seconds between two looks at recordings, as the rounds take them."""


class Slow:
    """Seals that last until they are let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go_on = asyncio.Event()
        self.done: list[str] = []

    async def seal(self, _: str, recording: str) -> None:
        self.begun.append(recording)
        await self.go_on.wait()
        self.done.append(recording)


@pytest.fixture
async def slow() -> Slow:
    return Slow()


@pytest.fixture
async def sealers(slow: Slow) -> AsyncIterator[Sealers]:
    made = Sealers(slow.seal)
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def a_while() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_so_many_are_sealed_at_once_and_none_twice(sealers: Sealers, slow: Slow) -> None:
    for recording in ("r1", "r2", "r3", "r1", "r3"):
        sealers.soon(OURS, recording)
    await a_while()
    assert slow.begun == ["r1", "r2", "r3"][:AT_ONCE]
    slow.go_on.set()
    await sealers.settled()
    assert sorted(slow.done) == ["r1", "r2", "r3"]
    sealers.soon(OURS, "r1")
    await sealers.settled()
    assert slow.done[3:] == ["r1"]


async def test_one_that_fails_is_logged_and_can_be_asked_for_again() -> None:
    tried: list[str] = []

    async def fail(_: str, recording: str) -> None:
        tried.append(recording)
        raise StorageFailed("storage_failed", "as told")

    made = Sealers(fail)
    running = asyncio.create_task(made.run())
    with capture_logs() as logs:
        for _ in range(2):
            made.soon(OURS, "r1")
            await made.settled()
    assert (tried, [log["event"] for log in logs]) == (["r1", "r1"], ["sealing_failed"] * 2)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_what_does_not_fit_is_left_to_the_rounds(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING", 1)
    made = Sealers(slow.seal)
    with capture_logs() as logs:
        made.soon(OURS, "r1")
        made.soon(OURS, "r2")
    assert [log["event"] for log in logs] == ["sealers_full"]


# --- in a town -------------------------------------------------------------------------------------------------------


async def left_by_its_worker(town: Town, subject: str = "marta") -> tuple[str, media.Record]:
    """A call is over, and the worker that wrote its recording dies before it tells what it kept."""
    attention, order = await town.recorded(subject)
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    town.library.files[FileIdentity(OURS, order.recording, 1, media.Track.CITIZEN_VIDEO)] = RecordedMedia(4000, 8.0)
    return attention, order


async def test_a_seal_that_takes_long_delays_nobodys_dismissal(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    _, long = await left_by_its_worker(town, "pau")
    other, _ = await town.recorded("anna")
    reading, go_on, measure = asyncio.Event(), asyncio.Event(), town.library.measure

    async def slowly(identity: FileIdentity, key: bytes) -> MeasuredFile:
        reading.set()
        await go_on.wait()
        return await measure(identity, key)

    monkeypatch.setattr(town.library, "measure", slowly)
    town.reactions.seal_soon(OURS, long.recording)
    await reading.wait()
    dismissed = asyncio.Event()
    committed = town.reactions.committed

    def hear(entries: object) -> None:
        committed(entries)  # type: ignore[arg-type]
        if town.facts(facts.RecorderDismissed)[-1].attention == other:
            dismissed.set()

    monkeypatch.setattr(town.reactions, "committed", hear)
    await town.call.hang_up(by_citizen(), other)
    async with asyncio.timeout(10):
        await dismissed.wait()
    assert (await town.recording(long.recording)).stage is RecordingStage.SEALING
    go_on.set()
    await town.reactions.settled()
    assert (await town.recording(long.recording)).stage is RecordingStage.SEALED


@pytest.mark.parametrize("fault", [None, StorageFailed("storage_failed", "as told")])
async def test_nothing_is_left_unfinished_for_a_minute_after_its_worker_is_gone(
    town: Town, fault: Exception | None
) -> None:
    """With the disk as it should be, and with one that will never be read again."""
    _, order = await left_by_its_worker(town)
    video = FileIdentity(OURS, order.recording, 1, media.Track.CITIZEN_VIDEO)
    if fault is not None:
        town.library.files[video] = fault
    await town.switchboard.worker_gone("worker-1")
    gone = town.clock.now()
    with capture_logs():
        while (await town.recording(order.recording)).stage is RecordingStage.SEALING:
            town.clock.move(ROUND)
            await town.rounds.recordings()
            await town.reactions.settled()
    assert (town.clock.now() - gone).total_seconds() < PATIENCE.total_seconds() + 4 * ROUND < 60
    manifest, _ = await town.seal_of(order.recording)
    assert manifest["complete"] is False
    assert manifest["causes"][-1] == ("storage_failed" if fault else "file_missing")


async def test_a_service_that_ends_while_it_seals_seals_after_the_next_start(
    quiet: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = asyncio.create_task(quiet.reactions.run())
    _, order = await left_by_its_worker(quiet)
    reading = asyncio.Event()

    async def for_ever(*_: object) -> MeasuredFile:
        reading.set()
        return await asyncio.Future()

    with monkeypatch.context() as patched:
        patched.setattr(quiet.library, "measure", for_ever)
        quiet.reactions.seal_soon(OURS, order.recording)
        await reading.wait()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert (await quiet.recording(order.recording)).stage is RecordingStage.SEALING
    quiet.start()
    running = asyncio.create_task(quiet.reactions.run())
    await quiet.rounds.after_restart()
    for _ in range(2):
        await quiet.rounds.recordings()
        await quiet.reactions.settled()
    assert (await quiet.recording(order.recording)).stage is RecordingStage.SEALED
    assert len(quiet.facts(facts.RecordingSealed)) == 1
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
