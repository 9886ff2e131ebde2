"""The whole service with an object store: its worker moves what lies in the folder, and health tells what waits."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from tests.integration.vault.test_vault_object_outage import keep_parts, stored, until
from tests.story.running import RunningService
from videoattention.adapters.vault.object_store import ObjectStore

if TYPE_CHECKING:
    from pathlib import Path

    from tests.object_server import ObjectServer

PREFIX = "VIDEOATTENTION_OBJECT_STORE_"


async def health_tells(service: RunningService, waiting: int) -> None:
    async with asyncio.timeout(20):
        while (await service.health())["waiting_uploads"] != waiting:  # noqa: ASYNC110  # a figure is asked for
            await asyncio.sleep(0.2)


async def test_a_service_moves_its_recordings_and_tells_how_many_wait(tmp_path: Path, own_swift: ObjectServer) -> None:
    bucket = own_swift.new_bucket(f"service-{uuid.uuid4().hex}")
    said = {
        "URL": bucket.url,
        "BUCKET": bucket.name,
        "ACCESS_KEY": bucket.access_key,
        "SECRET_KEY": bucket.secret_key,
    }
    service = RunningService(tmp_path, extra={PREFIX + name: value for name, value in said.items()})
    left_by_a_crash = await keep_parts(service.recordings, "left", 2)
    await service.start()
    try:
        store = ObjectStore(bucket)
        await until(lambda: not list(service.recordings.glob("*/*/*.vrec")), 20)
        assert await asyncio.to_thread(stored, store, "left") == left_by_a_crash
        await asyncio.to_thread(own_swift.kill)
        waiting = await keep_parts(service.recordings, "waiting", 2)
        await health_tells(service, len(waiting))
        # a store that is back while it is asked again was never away: its return waits until the trouble was told
        await until(lambda: "object_store_unavailable" in service.log, 20)
        await asyncio.to_thread(own_swift.start)
        await health_tells(service, 0)
        assert await asyncio.to_thread(stored, store, "waiting") == waiting
        assert bucket.secret_key not in service.log
    finally:
        await service.stop()
