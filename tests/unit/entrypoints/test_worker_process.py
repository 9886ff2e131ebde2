"""The worker of this machine is started again, whatever keeps it from living."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from videoattention.adapters.worker_process import LONGEST_PAUSE, LocalWorker


class Enough(Exception):
    """The test has seen what it wanted."""


class Pauses(list[float]):
    """How long it was waited before each new start; after eight it is enough."""

    async def pause(self, seconds: float) -> None:
        self.append(seconds)
        if len(self) == 8:
            raise Enough


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


async def test_a_worker_that_cannot_be_started_is_tried_again_after_growing_pauses(
    pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_room(*_: object, **__: object) -> None:
        raise BlockingIOError("fork: resource temporarily unavailable")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", no_room)
    worker = LocalWorker({}, pause=pauses.pause)
    with capture_logs() as logs, suppress(Enough):
        await worker.run()
    assert [log["event"] for log in logs] == ["worker_not_started"] * 8
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[1] < pauses[-1] == LONGEST_PAUSE
    assert worker.pid is None


async def test_a_worker_that_ends_at_once_is_started_again(pauses: Pauses, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ended:
        pid, returncode, stdin = 7, 3, None

        async def wait(self) -> int:
            return self.returncode

    async def start(*_: object, **__: object) -> Ended:
        return Ended()

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    with capture_logs() as logs, suppress(Enough):
        await LocalWorker({}, pause=pauses.pause).run()
    assert [log["code"] for log in logs] == [3] * 8
    assert pauses[0] < pauses[1] < pauses[-1] == LONGEST_PAUSE


async def test_one_that_was_retired_is_not_started_again(pauses: Pauses, monkeypatch: pytest.MonkeyPatch) -> None:
    class Leaving:
        pid, returncode, stdin = 7, 0, None

        async def wait(self) -> int:
            worker.retire()
            return self.returncode

    async def start(*_: object, **__: object) -> Leaving:
        return Leaving()

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    worker = LocalWorker({}, pause=pauses.pause)
    with capture_logs() as logs:
        await worker.run()
    assert [log["event"] for log in logs] == ["worker_retired"]
    assert pauses == []


async def test_a_worker_gets_its_settings_and_what_any_program_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {}

    async def start(*_: object, env: dict[str, str], **__: object) -> None:
        given.update(env)
        raise Enough

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    for name in ("VIDEOATTENTION_MASTER_KEY", "VIDEOATTENTION_DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    with suppress(Enough):
        await LocalWorker({"VIDEOATTENTION_MEDIA_PORT": "4"}).run()
    assert "canary" not in given.values()
    assert {"VIDEOATTENTION_MEDIA_PORT": "4", "PATH": "/bin", "LC_ALL": "C.UTF-8"}.items() <= given.items()
    assert {name for name in given if name.startswith("VIDEOATTENTION_")} == {"VIDEOATTENTION_MEDIA_PORT"}
