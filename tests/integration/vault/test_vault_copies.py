"""What a worker knows of its folder: what waits, since when, what arrived, and what nothing will move."""

from __future__ import annotations

import asyncio
import io
import uuid
from typing import TYPE_CHECKING

import pytest

from tests.integration.vault.test_vault_object_outage import files, keep_parts
from tests.unit.vault.samples import KEY
from videoattention.adapters.vault.copies import FolderCopies
from videoattention.adapters.vault.object_store import ObjectStore
from videoattention.adapters.vault.uploads import Uploads
from videoattention.adapters.vault.writer import FolderVault
from videoattention.services.copies_elsewhere import CopyTold
from videoattention.services.media import Track
from videoattention.services.vault import FileIdentity, StorageFailed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.object_server import ObjectServer

WAITING = ("interior", "waiting")


def told(root: Path, recording: str, *, stored: bool = False) -> CopyTold:
    since = min((path.stat().st_mtime for path in files(root, recording)), default=None)
    return CopyTold("interior", recording, since, stored)


async def test_what_waits_is_told_and_then_that_it_arrived(tmp_path: Path, own_swift: ObjectServer) -> None:
    uploads = Uploads(tmp_path, ObjectStore(own_swift.new_bucket(f"copies-{uuid.uuid4().hex}")))
    copies = FolderCopies(tmp_path, uploads)
    assert copies.look() == {}
    await asyncio.to_thread(own_swift.kill)
    await keep_parts(tmp_path, "waiting", 1)
    with pytest.raises(StorageFailed):
        await asyncio.to_thread(uploads.move_all)
    waits = told(tmp_path, "waiting")
    assert waits.since is not None
    assert copies.look() == copies.look() == {WAITING: waits}
    await asyncio.to_thread(own_swift.start)
    await asyncio.to_thread(uploads.move_all)
    assert copies.look() == {WAITING: CopyTold(*WAITING, None, stored=True)}


async def test_a_file_that_is_being_written_does_not_wait_yet(tmp_path: Path, store: ObjectStore) -> None:
    vault = FolderVault(tmp_path)
    writer = vault.create(FileIdentity("interior", "waiting", 1, Track.CITIZEN_AUDIO), KEY)
    writer.media(b"something")
    copies = FolderCopies(tmp_path, Uploads(tmp_path, store))
    assert copies.look() == {}
    writer.close()
    await vault.make_durable()
    assert copies.look() == {WAITING: told(tmp_path, "waiting")}


async def test_what_the_store_has_otherwise_waits_for_nothing(tmp_path: Path, store: ObjectStore) -> None:
    await keep_parts(tmp_path, "waiting", 1)
    uploads = Uploads(tmp_path, store)
    copies = FolderCopies(tmp_path, uploads)
    other, *rest = files(tmp_path, "waiting")
    await asyncio.to_thread(store.put, other.relative_to(tmp_path).as_posix(), io.BytesIO(b"of somebody else"))
    assert copies.look() == {WAITING: told(tmp_path, "waiting")}
    await asyncio.to_thread(uploads.move_all)
    assert files(tmp_path, "waiting") == [other]
    assert copies.look() == {WAITING: CopyTold(*WAITING, None, stored=True)}
    assert rest


async def test_what_will_be_moved_in_a_moment_is_known_and_nothing_while_the_store_fails(
    tmp_path: Path, own_swift: ObjectServer
) -> None:
    with Uploads(tmp_path, ObjectStore(own_swift.new_bucket(f"copies-{uuid.uuid4().hex}"))) as uploads:
        await keep_parts(tmp_path, "waiting", 1)
        async with asyncio.timeout(20):
            while uploads.under_way():  # noqa: ASYNC110 - of another thread
                await asyncio.sleep(0.05)
        assert files(tmp_path, "waiting") == []
        await asyncio.to_thread(own_swift.kill)
        left = await keep_parts(tmp_path, "left", 1)
        async with asyncio.timeout(20):
            while uploads.under_way():  # noqa: ASYNC110 - of another thread
                await asyncio.sleep(0.05)
        assert len(files(tmp_path, "left")) == len(left)
