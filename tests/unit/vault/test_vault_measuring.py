"""Measuring a stored file for its seal: whole, torn, changed, missing; and that a change of the program is noticed."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from typing import TYPE_CHECKING

import pytest

from tests.unit.vault.samples import (
    AUDIO,
    KEY,
    MARK,
    VIDEO,
    in_pieces,
    let_go,
    path_of,
    read_all,
    stream_head,
    video_stream,
    write_file,
)
from videoattention.adapters.vault import library as module
from videoattention.adapters.vault.library import FolderLibrary
from videoattention.adapters.vault.measuring import measure_file
from videoattention.adapters.vault.writer import FolderVault
from videoattention.services.vault import FileIdentity, FileSeal, MeasuredFile, MediaGap, StorageFailed

if TYPE_CHECKING:
    from pathlib import Path

    from videoattention.adapters.vault.recorded import StoredFile

GAP = MediaGap(0.5, 0.9, "nothing_received")
EMPTY = hashlib.sha256(b"").hexdigest()


def of(data: bytes) -> FileSeal:
    return FileSeal(len(data), hashlib.sha256(data).hexdigest())


async def measured(root: Path, identity: FileIdentity = VIDEO, key: bytes = KEY) -> MeasuredFile:
    return await FolderLibrary(root).measure(identity, key)


async def test_a_whole_file_is_measured_in_all_its_forms(tmp_path: Path) -> None:
    stream = video_stream()
    path = write_file(tmp_path, in_pieces(stream, 700))
    played = await FolderLibrary(tmp_path).open(VIDEO, KEY)
    assert await measured(tmp_path) == MeasuredFile(
        file=of(path.read_bytes()),
        media=of(stream),
        playable=of(await read_all(played)),
        duration=played.duration,
        frames=40,
        complete=True,
        marks=(MARK,),
    )


async def test_what_a_player_gets_is_the_same_in_every_version_of_the_program(tmp_path: Path) -> None:
    """A sealed recording must be exported as it was sealed: who changes the prefix breaks every seal before."""
    write_file(tmp_path, in_pieces(video_stream(), 700))
    assert (await measured(tmp_path)).playable == FileSeal(
        2215, "68632d61ce2a64dd9c20b608e8bbc38ccbdfcb81bb6903db4f66be6a0c9aff80"
    )


async def test_gaps_and_marks_are_told_in_their_order(tmp_path: Path) -> None:
    vault = FolderVault(tmp_path)
    writer = vault.create(VIDEO, KEY)
    writer.media(video_stream(1))
    writer.gap(GAP)
    writer.mark(MARK)
    writer.close()
    let_go(vault)
    found = await measured(tmp_path)
    assert (found.gaps, found.marks) == ((GAP,), (MARK,))


@pytest.mark.parametrize("cut", [1, 40, 200])
async def test_a_torn_file_is_measured_up_to_where_it_holds(tmp_path: Path, cut: int) -> None:
    vault = FolderVault(tmp_path)
    writer = vault.create(VIDEO, KEY)
    for piece in in_pieces(video_stream(), 700):
        writer.media(piece)
        writer.seal_record()
    with pytest.raises(StorageFailed, match="still being written"):
        await measured(tmp_path)
    let_go(vault)
    path = path_of(tmp_path)
    path.write_bytes(path.read_bytes()[:-cut])
    found = await measured(tmp_path)
    assert found.file == of(path.read_bytes())
    assert found.media
    assert (found.complete, found.fault) == (False, "")
    assert found.torn_bytes > 0
    played = await FolderLibrary(tmp_path).open(VIDEO, KEY)
    assert found.playable == of(await read_all(played))


@pytest.mark.parametrize("stream", [b"", stream_head(), b"no WebM at all" * 100])
async def test_what_cannot_be_played_is_measured_all_the_same(tmp_path: Path, stream: bytes) -> None:
    path = write_file(tmp_path, [stream], AUDIO)
    found = await measured(tmp_path, AUDIO)
    assert (found.file, found.media, found.playable) == (of(path.read_bytes()), of(stream), None)
    assert (found.complete, found.fault, found.frames) == (True, "", 0)


@pytest.mark.parametrize("where", [0, 100, -60, -1])
async def test_a_changed_file_is_told_with_the_hash_of_what_is_there(tmp_path: Path, where: int) -> None:
    path = write_file(tmp_path, in_pieces(video_stream(), 700))
    changed = bytearray(path.read_bytes())
    changed[where] ^= 1
    path.write_bytes(changed)
    assert await measured(tmp_path) == MeasuredFile(file=of(bytes(changed)), fault="file_tampered")


async def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert await measured(tmp_path) == MeasuredFile(fault="file_missing")
    assert (await measured(tmp_path, FileIdentity("..", "r", 1, VIDEO.track))).fault == "file_missing"


async def test_an_empty_file_is_torn(tmp_path: Path) -> None:
    path = write_file(tmp_path, [])
    path.write_bytes(b"")
    assert await measured(tmp_path) == MeasuredFile(file=FileSeal(0, EMPTY), media=FileSeal(0, EMPTY))


async def test_who_waits_no_more_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, ended = threading.Event(), threading.Event()
    real = measure_file

    def slowly(stored: StoredFile, stopped: object) -> MeasuredFile:
        def waits() -> bool:
            reading.set()
            assert ended.wait(10)
            assert callable(stopped)
            return bool(stopped())

        try:
            return real(stored, waits)
        except Exception as error:
            raised.append(type(error).__name__)
            raise
        finally:
            finished.set()

    raised: list[str] = []
    finished = threading.Event()
    monkeypatch.setattr(module, "measure_file", slowly)
    write_file(tmp_path, in_pieces(video_stream(), 700))
    measuring = asyncio.create_task(measured(tmp_path))
    assert await asyncio.to_thread(reading.wait, 10)
    measuring.cancel()
    with pytest.raises(asyncio.CancelledError):
        await measuring
    ended.set()
    assert await asyncio.to_thread(finished.wait, 10)
    assert raised == ["Abandoned"]
