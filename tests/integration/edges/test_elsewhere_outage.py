"""A worker on another machine, while the object store is away: its files are waited for, and that is told."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.test_object_store_call import Place, holds, plays, recorded_call, says_why, until
from tests.integration.edges.test_workers import SECRET, remote_worker
from tests.object_server import SWIFT, running_object_server
from tests.story.running import RunningService
from videoattention.adapters.vault.object_store import ObjectStore
from videoattention.services.media import Track

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

SEALED_WITHIN = 10.0
"""Seconds from the store's return until the recording is sealed."""

TOLD_WITHIN = 20.0
MINUTE = 60.0
WAITS_FAR = "màquina"


@dataclass(slots=True)
class Far(Place):
    """As a place whose only worker is on another machine."""

    worker: asyncio.subprocess.Process | None = None
    folder: Path | None = None

    @property
    def stage(self) -> str:
        """Where the recording stands."""
        found: str = ledger.value(self.service, "SELECT stage FROM recordings WHERE id = ?", self.recording)
        return found

    async def page(self) -> str:
        """What an auditor reads of the recording."""
        answer = await self.auditor.get(f"/archive/recordings/{self.recording}")
        assert answer.status == 200
        return answer.text


@pytest.fixture
async def far(tmp_path: Path) -> AsyncIterator[Far]:
    """A service without workers of its own, and one elsewhere that shares the object store with it and nothing else."""
    if not SWIFT.is_dir():
        pytest.skip("OpenStack Swift is not installed: apt-get install python3-swift")
    with running_object_server() as server:
        bucket = server.new_bucket(f"far-{uuid.uuid4().hex}")
        said = {"URL": bucket.url, "BUCKET": bucket.name, "ACCESS_KEY": bucket.access_key}
        said["SECRET_KEY"] = bucket.secret_key
        objects = {f"OBJECT_STORE_{name}": value for name, value in said.items()}
        extra = {"MEDIA_LOCAL": "no", "MEDIA_SECRET": SECRET, **objects}
        service = RunningService(tmp_path, extra={f"VIDEOATTENTION_{name}": value for name, value in extra.items()})
        async with serving_from_far(service, tmp_path / "far", objects) as worker, Caller(service.url) as auditor:
            yield Far(service, server, ObjectStore(bucket), auditor, worker=worker, folder=tmp_path / "far")


@asynccontextmanager
async def serving_from_far(
    service: RunningService, folder: Path, objects: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Both run; the service is ready when the worker has come."""
    starting = asyncio.create_task(service.start())
    async with remote_worker(service, RECORDINGS=str(folder), MEDIA_NAME="far", **objects) as worker:
        await starting
        try:
            yield worker
        finally:
            await service.stop()


async def ended_without_store(far: Far, frames: int) -> None:
    """A recorded call that ended while the store was away, so that its files are on the other machine alone."""
    async with recorded_call(far) as talk:
        await asyncio.to_thread(far.server.kill)
        await talk.hear(frames)
    assert far.folder
    assert len(list(far.folder.glob("*/*/*.vrec"))) == len(Track)
    assert not list(far.service.recordings.glob("*/*/*.vrec")), "the service sees the worker's folder"
    await until(lambda: "seal_waits_for_copies" in far.service.log, 20, "nothing waits for the other machine's files")
    assert far.stage == "sealing"


async def page_tells(far: Far) -> None:
    """The page of the recording says that its files wait on another machine."""
    async with asyncio.timeout(TOLD_WITHIN):
        while WAITS_FAR not in await far.page():  # noqa: ASYNC110 - a page is asked for
            await asyncio.sleep(0.2)


async def test_a_recording_of_a_worker_elsewhere_is_sealed_whole_when_its_files_arrive(
    far: Far, record_property: Callable[[str, object], None]
) -> None:
    await ended_without_store(far, 120)
    await says_why(far)
    await page_tells(far)
    assert far.stage == "sealing"
    await asyncio.to_thread(far.server.start)
    took = await until(lambda: far.manifest, SEALED_WITHIN, "the recording is not sealed")
    record_property("seconds_from_return_to_seal", round(took, 2))
    assert (far.manifest["complete"], far.manifest["causes"]) == (True, []), far.manifest
    assert WAITS_FAR not in await far.page()
    await plays(far)
    await holds(far)


async def test_a_worker_elsewhere_that_is_gone_for_good_leaves_nothing_unsealed(
    far: Far, record_property: Callable[[str, object], None]
) -> None:
    await ended_without_store(far, 10)
    assert far.worker
    far.worker.kill()
    took = await until(lambda: far.manifest, MINUTE, "the recording is not sealed")
    record_property("seconds_from_loss_to_seal", round(took, 2))
    assert far.manifest["complete"] is False
    assert set(far.manifest["causes"]) & {"storage_failed", "file_missing"}, far.manifest["causes"]


async def test_a_worker_elsewhere_that_takes_its_leave_leaves_no_file_behind(far: Far) -> None:
    assert far.worker
    assert far.folder
    async with recorded_call(far) as talk:
        far.worker.terminate()
        await until(lambda: "worker_drains" in far.service.log, 20, "the worker does not take its leave")
        await talk.hear(10)
    assert await asyncio.wait_for(far.worker.wait(), MINUTE) == 0
    left = list(far.folder.glob("*/*/*.vrec"))
    await until(lambda: far.manifest, MINUTE, "the recording is not sealed")
    assert (far.manifest["complete"], left) == (True, []), far.manifest["causes"]
