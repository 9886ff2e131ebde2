"""A real store that dies, or stops answering: it is noticed, and its return is noticed, within ten seconds."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.integration.vault.test_vault_object_outage import files, keep_parts, stored
from videoattention.adapters.clock import SystemClock
from videoattention.adapters.vault.object_store import ObjectStore
from videoattention.adapters.vault.store_watch import StoreWatch
from videoattention.adapters.vault.uploads import Uploads
from videoattention.adapters.vault.waiting import Waiting, count_waiting
from videoattention.services.vault import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.object_server import ObjectServer

NOTICED_WITHIN = 20.0
RETURNS_WITHIN = 10.0


class Told:
    """Takes every change of a watched store."""

    def __init__(self, watch: StoreWatch) -> None:
        self._watch = watch
        self._changed = asyncio.Event()

    async def changed(self) -> None:
        self._changed.set()

    async def until(self, *, away: bool, within: float) -> float:
        """Wait until the store is known to be away, or back; the seconds that it took."""
        began = time.monotonic()
        async with asyncio.timeout(within):
            while (self._watch.away_since is not None) != away:
                await self._changed.wait()
                self._changed.clear()
        return time.monotonic() - began


async def emptied(root: Path, within: float) -> None:
    async with asyncio.timeout(within):
        while count_waiting(root):  # noqa: ASYNC110 - a folder, which tells nobody of its changes
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("outage", ["killed", "frozen"])
async def test_an_outage_and_its_end_are_noticed(
    tmp_path: Path, own_swift: ObjectServer, record_property: Callable[[str, object], None], outage: str
) -> None:
    store = ObjectStore(own_swift.new_bucket(f"watched-{uuid.uuid4().hex}"))
    watch = StoreWatch(store, SystemClock())
    told = Told(watch)
    watching = asyncio.create_task(watch.run(told.changed))
    with Uploads(tmp_path, store):
        stop, again = {
            "killed": (own_swift.kill, own_swift.start),
            "frozen": (own_swift.freeze, own_swift.thaw),
        }[outage]
        await asyncio.to_thread(stop)
        began = SystemClock().now()
        waiting = await keep_parts(tmp_path, "waiting")
        record_property("seconds_until_noticed", round(await told.until(away=True, within=NOTICED_WITHIN), 2))
        assert watch.away_since is not None
        assert abs((watch.away_since - began).total_seconds()) < NOTICED_WITHIN
        await asyncio.to_thread(again)
        returned = time.monotonic()
        await told.until(away=False, within=RETURNS_WITHIN)
        record_property("seconds_from_return_until_told", round(time.monotonic() - returned, 2))
        await emptied(tmp_path, RETURNS_WITHIN - (time.monotonic() - returned))
        record_property("seconds_from_return_to_last_upload", round(time.monotonic() - returned, 2))
    watching.cancel()
    assert await asyncio.to_thread(stored, store, "waiting") == waiting


async def test_a_bucket_that_is_gone_or_refused_is_an_outage(swift: ObjectServer) -> None:
    bucket = swift.new_bucket(f"there-{uuid.uuid4().hex}")
    await asyncio.to_thread(ObjectStore(bucket).ask)
    for changed in ({"name": f"gone-{uuid.uuid4().hex}"}, {"secret_key": "another"}):
        with pytest.raises(StorageFailed):
            await asyncio.to_thread(ObjectStore(replace(bucket, **changed)).ask)


async def test_a_recording_waits_since_its_first_file_was_closed(tmp_path: Path) -> None:
    await keep_parts(tmp_path, "waiting")
    waiting = Waiting(tmp_path)
    counting = asyncio.create_task(waiting.run())
    async with asyncio.timeout(10):
        while not waiting.count:  # noqa: ASYNC110 - a figure is asked for
            await asyncio.sleep(0.01)
    counting.cancel()
    since = waiting.since("interior", "waiting")
    assert since is not None
    assert since.timestamp() == pytest.approx(
        min(path.stat().st_mtime for path in files(tmp_path, "waiting")), abs=1e-3
    )
    assert waiting.since("interior", "another") is None
    assert waiting.since("another", "waiting") is None
