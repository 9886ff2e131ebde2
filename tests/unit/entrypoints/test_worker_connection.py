"""A worker between the service and its calls: orders in their order, and nothing stored while the service is silent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from videoattention.adapters.media.plane import PlaneStats
from videoattention.domain.people import Side
from videoattention.entrypoints import worker as module
from videoattention.entrypoints.signalling import rooms, workers
from videoattention.entrypoints.signalling.messages import to_wire
from videoattention.entrypoints.signalling.workers import Workers
from videoattention.entrypoints.worker import MOST_SILENT_TICKS, Offer, ServiceAddress, WorkerConnection
from videoattention.services.media import Join, StillHere, StopRecording

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from videoattention.services.media import Order


class Plane:
    """Writes down what it is asked; no file of its ever becomes durable."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def obey(self, order: Order) -> Awaitable[object]:
        self.asked.append(order)
        return asyncio.get_running_loop().create_future()

    def end_recordings(self, cause: str) -> Awaitable[object]:
        self.asked.append(cause)
        return asyncio.get_running_loop().create_future()

    def calls(self) -> tuple[str, ...]:
        return ()

    def stats(self) -> PlaneStats:
        return PlaneStats(lag_p99_ms=0.0, packets=0, calls=0)


class Ticks:
    """In place of time: every tick is let through by hand."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(0)
        self._waits = asyncio.Event()

    async def pause(self, _: float) -> None:
        self._waits.set()
        await self._turn.acquire()

    async def pass_by(self, ticks: int) -> None:
        for _ in range(ticks):
            await self._waits.wait()
            self._waits.clear()
            self._turn.release()
        await self._waits.wait()


@pytest.fixture
def plane() -> Plane:
    return Plane()


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
async def connection(plane: Plane, ticks: Ticks) -> AsyncIterator[WorkerConnection]:
    address = ServiceAddress("http://localhost:1", "secret")
    connection = WorkerConnection(address, Offer("worker", "1", 10), deadline=60.0, pause=ticks.pause)
    connection._plane = plane
    watching = asyncio.create_task(connection._watch())
    yield connection
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


async def say(connection: WorkerConnection, order: object) -> None:
    await connection._ordered(*to_wire(order))


async def test_an_order_waits_for_no_file_of_another(connection: WorkerConnection, plane: Plane) -> None:
    orders = [StopRecording("a", "r1"), Join("b", Side.CITIZEN, "p"), StopRecording("b", "r2")]
    async with asyncio.timeout(5):
        for order in orders:
            await say(connection, order)
    assert plane.asked == orders


async def test_a_silent_service_ends_every_recording_once(
    connection: WorkerConnection, plane: Plane, ticks: Ticks
) -> None:
    await say(connection, StillHere())
    await ticks.pass_by(MOST_SILENT_TICKS - 1)
    assert plane.asked == []
    await ticks.pass_by(MOST_SILENT_TICKS)
    assert plane.asked == ["service_lost"]


@pytest.mark.parametrize("word", [StillHere(), StopRecording("a", "r1")])
async def test_whatever_the_service_says_it_is_there(
    connection: WorkerConnection, plane: Plane, ticks: Ticks, word: object
) -> None:
    await say(connection, StillHere())
    for _ in range(3):
        await ticks.pass_by(MOST_SILENT_TICKS - 1)
        await say(connection, word)
    assert "service_lost" not in plane.asked
    await ticks.pass_by(MOST_SILENT_TICKS)
    assert plane.asked[-1] == "service_lost"


async def test_a_service_says_every_second_that_it_is_there(ticks: Ticks) -> None:
    class Server:
        said: list[tuple[object, ...]] = []  # noqa: RUF012 - one server, one test

        async def emit(self, name: str, payload: object, *, namespace: str) -> None:
            self.said.append((name, payload, namespace))
            if len(self.said) == 2:
                raise OSError("one connection is broken")

    server = Server()
    stand_in: Any = server
    telling = asyncio.create_task(Workers(stand_in, pause=ticks.pause).run())
    await ticks.pass_by(3)
    assert server.said == [("still_here", {}, rooms.WORKER)] * 4
    telling.cancel()
    with suppress(asyncio.CancelledError):
        await telling


def test_a_healthy_service_is_never_taken_for_silent() -> None:
    assert workers.STILL_HERE_EVERY * 2 < module.TICK * MOST_SILENT_TICKS <= 2.5
