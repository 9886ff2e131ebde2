"""The reading side: any bytes in, the same bytes out for any range; opened once, checked whenever read."""

from __future__ import annotations

import asyncio
import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.vault.samples import (
    AUDIO,
    KEY,
    MARK,
    OTHER_KEY,
    VIDEO,
    in_pieces,
    path_of,
    read_all,
    stream_head,
    video_stream,
    write_file,
)
from videoattention.adapters.vault.format import MEDIA_LIMIT
from videoattention.adapters.vault.library import FolderLibrary
from videoattention.adapters.vault.recorded import index_file
from videoattention.adapters.vault.writer import FolderVault
from videoattention.services.vault import FileIdentity, MediaGap, MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from pathlib import Path

    from videoattention.adapters.vault.recorded import StoredFile, VaultMedia
    from videoattention.services.vault import MediaLibrary, MediaVault, RecordedMedia, TrackWriter

STREAM = video_stream(6)
CLUSTERS = STREAM[STREAM.index(b"\x1f\x43\xb6\x75") :]


async def opened(root: Path, pieces: list[bytes]) -> VaultMedia:
    write_file(root, pieces)
    return await FolderLibrary(root).open(VIDEO, KEY)


async def test_both_sides_are_what_the_ports_promise(tmp_path: Path) -> None:
    vault: MediaVault = FolderVault(tmp_path)
    library: MediaLibrary = FolderLibrary(tmp_path)
    writer: TrackWriter = vault.create(VIDEO, KEY)
    writer.media(STREAM)
    writer.close()
    await vault.make_durable()
    media: RecordedMedia = await library.open(VIDEO, KEY)
    assert media.complete


async def test_an_opened_file_tells_what_it_holds(tmp_path: Path) -> None:
    media = await opened(tmp_path, in_pieces(STREAM, 500))
    assert media.complete
    assert (media.torn, media.frames) == (0, 60)
    assert media.duration == pytest.approx(2.4)
    assert (media.seal.length, media.seal.sha256) == (len(STREAM), hashlib.sha256(STREAM).hexdigest())
    assert media.marks == (MARK,)
    assert list(media.pictures) == list(range(0, 2400, 40))
    whole = await read_all(media)
    assert len(whole) == media.size
    assert whole.endswith(CLUSTERS)


async def test_gaps_come_back_as_they_were_kept(tmp_path: Path) -> None:
    gap = MediaGap(start=1.5, end=2.25, cause="leg_lost")
    writer = FolderVault(tmp_path).create(VIDEO, KEY)
    writer.media(STREAM)
    writer.gap(gap)
    writer.close()
    assert (await FolderLibrary(tmp_path).open(VIDEO, KEY)).gaps == (gap,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
async def test_any_split_of_the_stream_gives_the_same_bytes_for_any_range(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(STREAM)), max_size=12)))
    edges = [0, *cuts, len(STREAM)]
    pieces = [STREAM[start:end] for start, end in pairwise(edges)]
    media = await opened(tmp_path_factory.mktemp("vault"), pieces)
    whole = await read_all(media)
    assert whole.endswith(CLUSTERS)
    start = data.draw(st.integers(0, media.size))
    end = data.draw(st.integers(start, media.size))
    assert await read_all(media, start, end) == whole[start:end]


async def test_a_long_range_comes_in_bounded_pieces(tmp_path: Path) -> None:
    stream = video_stream(40, filler=3000)
    media = await opened(tmp_path, in_pieces(stream, 50_000))
    pieces = [piece async for piece in media.read(0, media.size)]
    assert len(pieces) > 3
    assert max(len(piece) for piece in pieces) <= 256 * 1024 + MEDIA_LIMIT
    assert b"".join(pieces).endswith(stream[stream.index(b"\x1f\x43\xb6\x75") :])


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 4), (0, 1 << 40)])
async def test_a_range_outside_of_the_media_is_a_mistake(tmp_path: Path, start: int, end: int) -> None:
    media = await opened(tmp_path, [STREAM])
    with pytest.raises(ValueError, match="outside"):
        media.read(start, end)


async def test_the_tag_is_strong_and_the_same_for_the_same_media_only(tmp_path: Path) -> None:
    first = await opened(tmp_path / "1", in_pieces(STREAM, 100))
    again = await opened(tmp_path / "2", in_pieces(STREAM, 999))
    other = await opened(tmp_path / "3", [video_stream(5)])
    assert first.etag == again.etag != other.etag
    assert first.etag.startswith('"')
    assert first.etag.endswith('"')


@pytest.mark.parametrize("identity", [AUDIO, FileIdentity("..", "..", 1, VIDEO.track)])
async def test_a_file_that_is_not_there_is_missing(tmp_path: Path, identity: FileIdentity) -> None:
    write_file(tmp_path, [STREAM])
    with pytest.raises(MediaMissing):
        await FolderLibrary(tmp_path).open(identity, KEY)


@pytest.mark.parametrize("stream", [b"", stream_head(), STREAM[: len(stream_head()) + 20], b"\0" * 100])
async def test_a_file_without_a_whole_frame_is_missing(tmp_path: Path, stream: bytes) -> None:
    with pytest.raises(MediaMissing):
        await opened(tmp_path, [stream])


async def test_a_link_is_not_followed(tmp_path: Path) -> None:
    path = write_file(tmp_path, [STREAM])
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MediaMissing):
        await FolderLibrary(tmp_path).open(VIDEO, KEY)


async def test_a_disk_that_will_not_be_read_is_not_missing_media(tmp_path: Path) -> None:
    path = write_file(tmp_path, [STREAM])
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageFailed) as refused:
        await FolderLibrary(tmp_path).open(VIDEO, KEY)
    assert refused.value.code == "storage_failed"


async def test_another_key_opens_nothing_even_after_the_right_one_did(tmp_path: Path) -> None:
    write_file(tmp_path, [STREAM])
    library = FolderLibrary(tmp_path)
    await library.open(VIDEO, KEY)
    with pytest.raises(MediaTampered, match="part 1, citizen-video, record 0"):
        await library.open(VIDEO, OTHER_KEY)


async def test_a_file_still_being_written_plays_up_to_what_is_sealed(tmp_path: Path) -> None:
    writer = FolderVault(tmp_path).create(VIDEO, KEY)
    library = FolderLibrary(tmp_path)
    half = STREAM.index(b"\x1f\x43\xb6\x75", len(STREAM) // 2)
    writer.media(STREAM[:half])
    writer.seal_record()
    before = await library.open(VIDEO, KEY)
    writer.media(STREAM[half:])
    writer.close()
    after = await library.open(VIDEO, KEY)
    assert (before.complete, after.complete) == (False, True)
    assert before.frames < after.frames == 60
    assert (await read_all(after)).endswith(CLUSTERS)


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[FileIdentity]:
    """Which files were indexed, in order."""
    seen: list[FileIdentity] = []

    def counted(stored: StoredFile) -> VaultMedia:
        seen.append(stored.identity)
        return index_file(stored)

    monkeypatch.setattr("videoattention.adapters.vault.library.index_file", counted)
    return seen


async def test_a_file_is_indexed_once_however_many_ask(tmp_path: Path, indexed: list[FileIdentity]) -> None:
    write_file(tmp_path, [STREAM])
    library = FolderLibrary(tmp_path)
    first, *others = await asyncio.gather(*(library.open(VIDEO, KEY) for _ in range(5)))
    assert all(other is first for other in others)
    assert indexed == [VIDEO]


async def test_the_file_used_longest_ago_is_forgotten_when_memory_is_short(
    tmp_path: Path, indexed: list[FileIdentity]
) -> None:
    parts = [FileIdentity("interior", "r1", part, VIDEO.track) for part in range(3)]
    for part in parts:
        write_file(tmp_path, in_pieces(STREAM, 100), part)
    memory = (await FolderLibrary(tmp_path).open(parts[0], KEY)).memory
    indexed.clear()
    library = FolderLibrary(tmp_path, index_memory=2 * memory)
    for nth in (0, 1, 0, 2, 0, 1):
        await library.open(parts[nth], KEY)
    assert [identity.part for identity in indexed] == [0, 1, 2, 1]


async def test_an_erased_file_is_forgotten(tmp_path: Path) -> None:
    path = write_file(tmp_path, [STREAM])
    library = FolderLibrary(tmp_path)
    media = await library.open(VIDEO, KEY)
    path.unlink()
    with pytest.raises(MediaMissing):
        await library.open(VIDEO, KEY)
    assert not library._opened
    with pytest.raises(MediaMissing):
        await read_all(media)


async def test_a_change_after_opening_is_found_while_reading(tmp_path: Path) -> None:
    media = await opened(tmp_path, in_pieces(STREAM, 500))
    path = path_of(tmp_path)
    stored = bytearray(path.read_bytes())
    stored[len(stored) // 2] ^= 1
    path.write_bytes(stored)
    with pytest.raises(MediaTampered, match="part 1, citizen-video, record"):
        await read_all(media)


def test_nothing_stored_shows_the_media(tmp_path: Path) -> None:
    secret = b"a face nobody else may see"
    write_file(tmp_path, [STREAM + secret * 50])
    stored = path_of(tmp_path).read_bytes()
    assert secret not in stored
    assert b"V_VP8" not in stored
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path_of(tmp_path)]
