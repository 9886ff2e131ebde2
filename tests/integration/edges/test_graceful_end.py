"""`SIGTERM` while people wait and talk: an end without an error, and at the next start everybody is where they were."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.sockets import Socket
from tests.story.running import RunningService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_STAGE = re.compile(r'data-stage="([a-z-]+)"')


@pytest.fixture
async def own_service(tmp_path: Path) -> AsyncIterator[RunningService]:
    async with RunningService(tmp_path) as running:
        yield running


async def stage(caller: Caller) -> str:
    found = _STAGE.search((await caller.get("/attention")).text)
    assert found
    return found[1]


async def test_who_waits_and_who_talks_find_their_place_again(own_service: RunningService) -> None:
    service = own_service
    async with Caller(service.url) as talks, Caller(service.url) as waits, Caller(service.url) as informer:
        attention = await talks.take_turn()
        await waits.take_turn()
        await informer.sign_in("staff-marta")
        async with (
            Socket(service.url, "/citizen", talks.identity) as talking,
            Socket(service.url, "/citizen", waits.identity) as waiting,
            Socket(service.url, "/desk", informer.identity) as desk,
        ):
            taken = {"id": uuid.uuid4().hex, "attention": attention}
            assert await desk.ask("take_citizen", taken) == {"ok": True}
            assert await talking.ask("join_media", {"attention": attention, "peer": "p1"}) == {"ok": True}
            workers = service.worker_pids()
            before = ledger.everything(service)
            assert await service.stop() == 0
            for page in (talking, waiting, desk):
                await page.ended()
        _ended_without_an_error(service.log)
        assert not any(map(_runs, workers))
        await service.start()
        assert ledger.everything(service) == before
        assert [await stage(talks), await stage(waits)] == ["talking", "waiting"]
        async with Socket(service.url, "/desk", informer.identity) as desk:
            # the answer was lost with the connection: the page sends the same again
            assert await desk.ask("take_citizen", taken) == {"ok": True}


def _runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _ended_without_an_error(log: str) -> None:
    assert "Traceback" not in log
    said = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [line for line in said if line["level"] == "error"] == []
