"""The object store goes and comes back, workers are killed or share a folder: nothing is lost, all of it arrives."""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest

from tests.unit.vault.samples import AUDIO, KEY, VIDEO, in_pieces, path_of, read_all, video_stream
from videoattention.adapters.vault.library import FolderLibrary
from videoattention.adapters.vault.object_store import ObjectStore
from videoattention.adapters.vault.removal import Removal
from videoattention.adapters.vault.uploads import Uploads
from videoattention.adapters.vault.waiting import Waiting, count_waiting
from videoattention.adapters.vault.writer import FolderVault
from videoattention.services.media import Track
from videoattention.services.vault import FileIdentity, StorageFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.object_server import ObjectServer

STREAM = video_stream(6)
PARTS = 2
PROJECT = Path(__file__).parents[3]
RETURNS_WITHIN = 10.0
BEFORE = FileIdentity("interior", "before", 1, Track.CITIZEN_VIDEO)
DURING = FileIdentity("interior", "during", 1, Track.CITIZEN_VIDEO)


async def keep_parts(root: Path, recording: str, parts: int = PARTS) -> list[str]:
    """The files of some parts as a worker leaves them; their names and hashes."""
    vault = FolderVault(root)
    for part in range(1, parts + 1):
        for track in Track:
            writer = vault.create(FileIdentity("interior", recording, part, track), KEY)
            writer.media(STREAM)
            writer.close()
    await vault.make_durable()
    return [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files(root, recording)]


def files(root: Path, recording: str) -> list[Path]:
    return sorted((root / "interior" / recording).glob("*.vrec"))


def stored(store: ObjectStore, recording: str) -> list[str]:
    """Names and hashes of what lies in the store."""
    found = []
    for name in sorted(store.names(f"interior/{recording}")):
        mark = store.mark(name)
        assert mark is not None
        data = store.read(name, 0, mark.size)
        found.append(f"{Path(name).name} {hashlib.sha256(data).hexdigest()}")
    return found


async def until(holds: Callable[[], bool], within: float) -> float:
    """Wait for the folder, which tells nobody of its changes; the seconds that it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, "it did not happen in time"
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def test_an_outage_delays_and_loses_nothing(
    tmp_path: Path, own_swift: ObjectServer, record_property: Callable[[str, object], None]
) -> None:
    store = ObjectStore(own_swift.new_bucket(f"outage-{uuid.uuid4().hex}"))
    waiting = Waiting(tmp_path)
    counting = asyncio.create_task(waiting.run())
    with Uploads(tmp_path, store):
        before = await keep_parts(tmp_path, "before")
        await until(lambda: count_waiting(tmp_path) == 0, 30)
        await asyncio.to_thread(own_swift.kill)
        during = await keep_parts(tmp_path, "during")
        await until(lambda: waiting.count == len(during), 30)
        with pytest.raises(StorageFailed):
            await FolderLibrary(tmp_path, store=store).open(BEFORE, KEY)
        with pytest.raises(StorageFailed):
            await Removal(tmp_path, store).remove("interior", "during")
        assert len(files(tmp_path, "during")) == len(during)
        here = await FolderLibrary(tmp_path, store=store).open(DURING, KEY)
        assert here.seal.sha256 == hashlib.sha256(STREAM).hexdigest()
        await asyncio.to_thread(own_swift.start)
        took = await until(lambda: count_waiting(tmp_path) == 0, RETURNS_WITHIN)
        record_property("seconds_from_return_to_last_upload", round(took, 2))
    assert stored(store, "before") == before
    assert stored(store, "during") == during
    counting.cancel()


async def test_a_store_that_dies_in_the_middle_of_a_file_gets_it_again(
    tmp_path: Path, own_swift: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ObjectStore(own_swift.new_bucket(f"middle-{uuid.uuid4().hex}"))
    expected = await keep_parts(tmp_path, "r1", 1)
    put = store.put

    def dying(name: str, file: BinaryIO) -> None:
        own_swift.kill()
        put(name, file)

    monkeypatch.setattr(store, "put", dying)
    with pytest.raises(StorageFailed):
        Uploads(tmp_path, store).move_all()
    assert len(files(tmp_path, "r1")) == len(expected)
    monkeypatch.setattr(store, "put", put)
    own_swift.start()
    Uploads(tmp_path, store).move_all()
    assert stored(store, "r1") == expected
    assert not files(tmp_path, "r1")


async def test_a_file_that_the_store_does_not_take_holds_up_no_other(
    tmp_path: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = await keep_parts(tmp_path, "r1", 2)
    first, put = files(tmp_path, "r1")[0], store.put

    def refusing(name: str, file: BinaryIO) -> None:
        if name.endswith(first.name):
            raise StorageFailed("storage_failed", "not this one")
        put(name, file)

    monkeypatch.setattr(store, "put", refusing)
    uploads = Uploads(tmp_path, store)
    for _ in range(2):
        with pytest.raises(StorageFailed):
            uploads.move_all()
    assert files(tmp_path, "r1") == [first]
    assert stored(store, "r1") == expected[1:]


async def test_what_a_killed_worker_left_is_taken_over(tmp_path: Path, store: ObjectStore) -> None:
    stream = tmp_path / "stream.webm"
    stream.write_bytes(STREAM)
    root = tmp_path / "recordings"
    command = (sys.executable, "-m", "tests.integration.vault.killed_writer", str(root), str(stream), "1000")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=PROJECT)
    assert process.stdout is not None
    for _ in range(2):
        await process.stdout.readline()
    Uploads(root, store).move_all()
    assert path_of(root).exists(), "its writer lives"
    process.kill()
    await process.wait()
    Uploads(root, store).move_all()
    assert not path_of(root).exists()
    media = await FolderLibrary(root, store=store).open(VIDEO, KEY)
    assert not media.complete
    assert media.seal.length >= 2000
    assert await read_all(media)


async def test_workers_that_share_a_folder_send_each_file_once(
    tmp_path: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = await keep_parts(tmp_path, "r1")
    put, sent = store.put, list[str]()

    def noted(name: str, file: BinaryIO) -> None:
        sent.append(Path(name).name)
        put(name, file)

    monkeypatch.setattr(store, "put", noted)
    workers = [Uploads(tmp_path, store) for _ in range(3)]
    with ThreadPoolExecutor(len(workers)) as threads:
        for done in [threads.submit(worker.move_all) for worker in workers]:
            done.result()
    assert sorted(sent) == [line.split()[0] for line in expected]
    assert stored(store, "r1") == expected
    assert not files(tmp_path, "r1")


async def test_parts_begin_while_the_folder_is_emptied_under_them(tmp_path: Path, store: ObjectStore) -> None:
    with Uploads(tmp_path, store) as uploads:
        vault = FolderVault(tmp_path)
        for part in range(30):
            writer = vault.create(FileIdentity("interior", "r1", part, AUDIO.track), KEY)
            writer.media(b"some media")
            writer.close()
            await vault.make_durable()
            if not part % 5:
                await asyncio.to_thread(uploads.move_all)
        await until(lambda: count_waiting(tmp_path) == 0, 30)
    assert len(store.names("interior/r1")) == 30


def test_a_file_that_is_being_made_is_left_alone(tmp_path: Path) -> None:
    path = path_of(tmp_path, VIDEO)
    path.parent.mkdir(parents=True)
    path.touch()
    assert count_waiting(tmp_path) == 0
    path.write_bytes(in_pieces(STREAM, 20)[0])
    assert count_waiting(tmp_path) == 1


async def test_a_store_that_cannot_work_is_told_at_the_start(
    tmp_path: Path, swift: ObjectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    bucket = replace(swift.new_bucket(f"start-{uuid.uuid4().hex}"), secret_key="canary-secret")
    with Uploads(tmp_path, ObjectStore(bucket)):
        told = ""
        async with asyncio.timeout(10):
            while "object_store_unavailable" not in told:  # a thread that tells the log alone
                await asyncio.sleep(0.05)
                told += "".join(capsys.readouterr())
    assert "the object store refuses the key" in told
    assert "canary" not in told
