"""The workers of this machine: as many as said, each replaced by one that is there already, on ports of their own."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from videoattention.bootstrap import local_workers as module
from videoattention.bootstrap.local_workers import LocalWorkers
from videoattention.config import PREFIX, Objects, read

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SECRET = "a-secret-of-the-workers-with-40-letters"
STORE = {
    "OBJECT_STORE_URL": "https://objects.example.cat",
    "OBJECT_STORE_BUCKET": "recordings",
    "OBJECT_STORE_ACCESS_KEY": "access",
    "OBJECT_STORE_SECRET_KEY": "secret",
}


class Process:
    """A worker that runs until it is retired and left, or cancelled."""

    started: list[Process]

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings
        self.retired = False
        self.left = asyncio.Event()
        self.started.append(self)

    @property
    def name(self) -> str:
        return self.settings[f"{PREFIX}MEDIA_NAME"]

    @property
    def port(self) -> int:
        return int(self.settings[f"{PREFIX}MEDIA_PORT"])

    def retire(self) -> None:
        self.retired = True

    async def run(self) -> None:
        await self.left.wait()


class Board:
    """Everybody arrives at once, unless ``absent``."""

    def __init__(self) -> None:
        self.drained: list[str] = []
        self.absent = False
        self.changed = asyncio.Event()

    async def arrived(self, _: str) -> None:
        if self.absent:
            self.changed.set()
            await asyncio.Event().wait()

    async def drain(self, name: str) -> bool:
        self.drained.append(name)
        self.changed.set()
        return True

    async def drains(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.drained) < count:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    monkeypatch.setattr(Process, "started", [], raising=False)
    monkeypatch.setattr(module, "LocalWorker", Process)
    return Process.started


@asynccontextmanager
async def working(board: Board, **said: str) -> AsyncIterator[LocalWorkers]:
    stand_in: Any = board
    workers = LocalWorkers(read({PREFIX + name: value for name, value in said.items()}), SECRET, stand_in)
    running = asyncio.create_task(workers.run())
    await asyncio.sleep(0)
    try:
        yield workers
    finally:
        running.cancel()
        await asyncio.wait([running])


async def test_each_is_told_what_it_needs(processes: list[Process]) -> None:
    async with working(Board(), MEDIA_WORKERS="2", MEDIA_PORT="40000", MASTER_KEY="canary", **STORE):
        assert [process.port for process in processes] == [40000, 40001]
        told = processes[0].settings
        assert told[f"{PREFIX}MEDIA_SECRET"] == SECRET
        assert "canary" not in told.values()
        for process in processes:  # a worker understands every word, and finds the store
            settings = read(process.settings)
            objects = settings.storage.objects
            assert objects is not None
            assert {getattr(objects, field.name) for field in fields(Objects)} >= set(STORE.values())
            assert settings.media.name == process.name


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("localhost", "http://localhost:8099"),
        ("0.0.0.0", "http://localhost:8099"),  # noqa: S104 - nothing listens in this test
        ("::", "http://localhost:8099"),
        ("", "http://localhost:8099"),
        ("10.1.2.3", "http://10.1.2.3:8099"),
        ("::1", "http://[::1]:8099"),
    ],
)
async def test_each_finds_the_service_where_it_listens(processes: list[Process], host: str, reached: str) -> None:
    async with working(Board(), WEB_HOST=host, WEB_PORT="8099"):
        assert read(processes[0].settings).media.service == reached


async def test_none_is_started_where_none_is_wanted(processes: list[Process]) -> None:
    async with working(Board(), MEDIA_LOCAL="no"):
        assert processes == []


async def test_each_is_replaced_after_the_new_one_is_there(processes: list[Process]) -> None:
    board = Board()
    async with working(board, MEDIA_WORKERS="2", MEDIA_PORT="40000") as workers:
        workers.replace()
        await board.drains(2)
        assert [process.name for process in processes] == ["local-1", "local-2", "local-3", "local-4"]
        assert [process.port for process in processes] == [40000, 40001, 40002, 40003]
        assert board.drained == ["local-1", "local-2"]
        assert [process.retired for process in processes] == [True, True, False, False]
        # while the first two take their leave there is no port for a third generation
        workers.replace()
        await asyncio.sleep(0.02)
        assert len(processes) == 4
        processes[0].left.set()
        await board.drains(3)
        assert (processes[4].port, board.drained[2]) == (40000, "local-3")


async def test_one_that_cannot_be_replaced_stays(processes: list[Process], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ARRIVES_WITHIN", 0.01)
    board = Board()
    board.absent = True
    with capture_logs() as logs:
        async with working(board, MEDIA_WORKERS="1") as workers:
            workers.replace()
            async with asyncio.timeout(5):
                await board.changed.wait()
                while "worker_not_replaced" not in [log["event"] for log in logs]:  # noqa: ASYNC110 - a line of the log
                    await asyncio.sleep(0.01)
            assert board.drained == []
            assert not processes[0].retired
