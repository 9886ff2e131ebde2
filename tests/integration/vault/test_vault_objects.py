"""Recordings in a real object store: they play from there as from the folder, and what is not whole does not pass."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, BinaryIO

import pytest

from tests.unit.vault.samples import (
    AUDIO,
    KEY,
    OTHER_KEY,
    VIDEO,
    in_pieces,
    path_of,
    read_all,
    video_stream,
)
from videoattention.adapters.vault.library import FolderLibrary
from videoattention.adapters.vault.object_bytes import BLOCK, Blocks
from videoattention.adapters.vault.object_store import PIECE, Bucket, ObjectStore
from videoattention.adapters.vault.removal import Removal
from videoattention.adapters.vault.uploads import ERASED, Uploads
from videoattention.adapters.vault.waiting import count_waiting
from videoattention.adapters.vault.writer import FolderVault
from videoattention.services.sealed import SealedFile
from videoattention.services.vault import FileIdentity, MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.object_server import ObjectServer

STREAM = video_stream(40, filler=20_000)
"""More than one piece of an upload, and several blocks of a reading."""

PIECES = in_pieces(STREAM, 50_000)

NAME = "interior/r1/0001-citizen-video.vrec"


async def kept(root: Path, identity: FileIdentity = VIDEO) -> Path:
    """A file as a media worker leaves it: closed, and durable."""
    vault = FolderVault(root)
    writer = vault.create(identity, KEY)
    for piece in PIECES:
        writer.media(piece)
    writer.close()
    await vault.make_durable()
    return path_of(root, identity)


@pytest.fixture(params=["folder", "store"])
async def library(request: pytest.FixtureRequest, tmp_path: Path, store: ObjectStore) -> FolderLibrary:
    """A library with one file, and where it lies."""
    await kept(tmp_path)
    if request.param == "store":
        Uploads(tmp_path, store).move_all()
        assert not path_of(tmp_path).exists()
    return FolderLibrary(tmp_path, store=store)


async def test_a_file_plays_wherever_it_is(library: FolderLibrary) -> None:
    assert len(STREAM) > PIECE + BLOCK
    media = await library.open(VIDEO, KEY)
    assert media.complete
    assert media.seal.sha256 == hashlib.sha256(STREAM).hexdigest()
    whole = await read_all(media)
    assert len(whole) == media.size
    for start, end in ((0, 1), (0, media.size), (BLOCK - 1, BLOCK + 1), (media.size - 5, media.size), (7, 3 * BLOCK)):
        assert await read_all(media, start, end) == whole[start:end]


async def test_a_file_is_measured_wherever_it_is(library: FolderLibrary, tmp_path: Path) -> None:
    measured = await library.measure(VIDEO, KEY)
    assert not measured.fault
    assert measured.media is not None
    assert measured.media.sha256 == hashlib.sha256(STREAM).hexdigest()
    await kept(tmp_path / "again")
    assert measured == await FolderLibrary(tmp_path / "again").measure(VIDEO, KEY)


async def test_what_is_nowhere_is_missing_wherever_it_is_sought(library: FolderLibrary) -> None:
    with pytest.raises(MediaMissing):
        await library.open(AUDIO, KEY)


async def test_what_was_changed_is_found_wherever_it_is(library: FolderLibrary) -> None:
    with pytest.raises(MediaTampered):
        await library.open(VIDEO, OTHER_KEY)


async def test_a_player_goes_on_while_its_file_moves(tmp_path: Path, store: ObjectStore) -> None:
    await kept(tmp_path)
    media = await FolderLibrary(tmp_path, store=store).open(VIDEO, KEY)
    pieces = media.read(0, media.size)
    played = await anext(pieces) + await anext(pieces)
    Uploads(tmp_path, store).move_all()
    assert not path_of(tmp_path).exists()
    played += b"".join([piece async for piece in pieces])
    assert played == await read_all(media)


async def test_a_jump_fetches_one_block_and_reading_on_fetches_ahead(
    tmp_path: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept(tmp_path)
    Uploads(tmp_path, store).move_all()
    read, asked = store.read, list[tuple[int, int]]()

    def counted(name: str, start: int, end: int) -> memoryview:
        asked.append((start, end))
        return read(name, start, end)

    monkeypatch.setattr(store, "read", counted)
    blocks, mark = Blocks(store), store.mark(NAME)
    assert mark is not None
    for nth in (3, 4, 5, 3):
        assert blocks.get(NAME, mark, nth) == read(NAME, nth * BLOCK, (nth + 1) * BLOCK)
    assert asked == [(3 * BLOCK, 4 * BLOCK), (4 * BLOCK, mark.size)]


async def test_a_closed_file_goes_and_an_open_one_stays(tmp_path: Path, store: ObjectStore) -> None:
    vault = FolderVault(tmp_path)
    writer = vault.create(VIDEO, KEY)
    writer.media(STREAM)
    writer.seal_record()
    await vault.make_durable()
    uploads = Uploads(tmp_path, store)
    uploads.move_all()
    assert (store.names(""), count_waiting(tmp_path)) == ([], 0)
    writer.close()
    uploads.move_all()
    assert (store.names(""), count_waiting(tmp_path)) == ([], 0), "closed, and not durable yet"
    await vault.make_durable()
    assert count_waiting(tmp_path) == 1
    stored = hashlib.sha256(path_of(tmp_path).read_bytes()).hexdigest()
    uploads.move_all()
    assert (store.names(""), count_waiting(tmp_path)) == ([NAME], 0)
    assert list((tmp_path / "interior").iterdir()) == []
    assert hashlib.sha256(store.read(NAME, 0, 2 * len(STREAM))).hexdigest() == stored


async def test_a_new_part_is_written_beside_one_that_goes(tmp_path: Path, store: ObjectStore) -> None:
    await kept(tmp_path)
    vault = FolderVault(tmp_path)
    writer = vault.create(AUDIO, KEY)
    Uploads(tmp_path, store).move_all()
    writer.close()
    await vault.make_durable()
    assert (path_of(tmp_path).exists(), path_of(tmp_path, AUDIO).exists()) == (False, True)


async def test_a_crash_between_storing_and_removing_is_made_good(tmp_path: Path, store: ObjectStore) -> None:
    with (await kept(tmp_path)).open("rb") as file:
        store.put(NAME, file)
    marked = store.mark(NAME)
    Uploads(tmp_path, store).move_all()
    assert not path_of(tmp_path).exists()
    assert store.mark(NAME) == marked


async def test_other_bytes_in_its_place_are_never_overwritten_nor_is_the_file_removed(
    tmp_path: Path, store: ObjectStore
) -> None:
    path = await kept(tmp_path)
    await kept(tmp_path, AUDIO)
    changed = bytearray(path.read_bytes())
    changed[len(changed) // 2] ^= 1
    store.put(NAME, io.BytesIO(changed))
    Uploads(tmp_path, store).move_all()
    assert path.exists()
    assert not path_of(tmp_path, AUDIO).exists()
    assert bytes(store.read(NAME, 0, len(changed))) == changed


@pytest.mark.parametrize("on_the_way", ["there", "back"])
async def test_a_byte_that_changes_on_its_way_is_found(
    tmp_path: Path, store: ObjectStore, on_the_way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await kept(tmp_path)
    put, read = store.put, store.read

    def flipped_there(name: str, file: BinaryIO) -> None:
        put(name, io.BytesIO(file.read(-1)[:-1] + b"\0"))

    def flipped_back(name: str, start: int, end: int) -> memoryview:
        return memoryview(bytes(read(name, start, end))[:-1] + b"\0")

    if on_the_way == "there":
        monkeypatch.setattr(store, "put", flipped_there)
    else:
        monkeypatch.setattr(store, "read", flipped_back)
    Uploads(tmp_path, store).move_all()
    assert path.exists()
    assert count_waiting(tmp_path) == 1


async def test_an_erased_recording_goes_everywhere_and_does_not_come_back(tmp_path: Path, store: ObjectStore) -> None:
    await kept(tmp_path)
    Uploads(tmp_path, store).move_all()
    await kept(tmp_path, AUDIO)
    late = tmp_path / "another worker"
    await kept(late)
    for _ in range(2):
        await Removal(tmp_path, store).remove("interior", "r1")
    assert not (tmp_path / "interior" / "r1").exists()
    Uploads(late, store).move_all()
    assert count_waiting(late) == 0
    assert store.names("interior") == [f"interior/r1/{ERASED}"]
    with pytest.raises(MediaMissing):
        await FolderLibrary(tmp_path, store=store).open(VIDEO, KEY)


async def test_a_recording_is_removed_from_the_folder_alone(tmp_path: Path) -> None:
    await kept(tmp_path)
    for _ in range(2):
        await Removal(tmp_path, None).remove("interior", "r1")
    assert not (tmp_path / "interior" / "r1").exists()
    with pytest.raises(ValueError, match="not safe"):
        await Removal(tmp_path, None).remove("..", "r1")


async def test_a_bucket_that_is_gone_is_a_fault_and_not_an_empty_archive(tmp_path: Path, swift: ObjectServer) -> None:
    gone = ObjectStore(Bucket(swift.url, "nowhere", "us-east-1", "test:tester", "testing"))
    path = await kept(tmp_path)
    with pytest.raises(StorageFailed):
        Uploads(tmp_path, gone).move_all()
    path.rename(tmp_path / "kept")
    with pytest.raises(StorageFailed):
        await FolderLibrary(tmp_path, store=gone).open(VIDEO, KEY)


async def test_a_wrong_key_is_a_fault_that_tells_no_secret(tmp_path: Path, swift: ObjectServer) -> None:
    bucket = swift.new_bucket("locked")
    refused = ObjectStore(Bucket(bucket.url, bucket.name, bucket.region, bucket.access_key, "canary-secret"))
    with pytest.raises(StorageFailed) as failed:
        refused.mark(NAME)
    assert "canary" not in str(failed.value) + repr(bucket)
    assert bucket.access_key not in str(failed.value)


async def test_variables_of_other_programs_change_nothing(swift: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> None:
    others = {
        "ACCESS_KEY_ID": "another",
        "SECRET_ACCESS_KEY": "another",
        "SESSION_TOKEN": "another",
        "SKIP_SIGNATURE": "true",
        "UNSIGNED_PAYLOAD": "true",
        "ENDPOINT_URL": "http://127.0.0.1:1",
        "ENDPOINT": "http://127.0.0.1:1",
        "BUCKET": "another",
        "REGION": "another-1",
    }
    bucket = swift.new_bucket("alone")
    for name, value in others.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    store = ObjectStore(bucket)
    store.put(NAME, io.BytesIO(b"signed"))
    assert bytes(store.read(NAME, 0, 6)) == b"signed"


async def test_what_is_proved_is_what_the_store_has_now_and_not_what_was_kept_of_it(
    tmp_path: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a disk of the store rots under a mark that stays: what was played a moment ago proves nothing."""
    path = await kept(tmp_path)
    raw = path.read_bytes()
    Uploads(tmp_path, store).move_all()
    library = FolderLibrary(tmp_path, store=store)
    measured = await library.measure(VIDEO, KEY)
    sealed = SealedFile(
        1, VIDEO.track.value, 1.0, complete=True, file=measured.file, media=measured.media, playable=None
    )
    await read_all(await library.open(VIDEO, KEY))
    await library.check(VIDEO, KEY, sealed)
    mark = store.mark(NAME)
    store.put(NAME, io.BytesIO(raw[:3000] + bytes((raw[3000] ^ 1,)) + raw[3001:]))
    monkeypatch.setattr(store, "mark", lambda _: mark)
    with pytest.raises(MediaTampered):
        await library.check(VIDEO, KEY, sealed)
    assert (await library.measure(VIDEO, KEY)).fault == "file_tampered"
