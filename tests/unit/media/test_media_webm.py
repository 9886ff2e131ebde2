from __future__ import annotations

import io

import av
import pytest

from tests.unit.media.packets import opus_packets, vp8_frames
from videoattention.adapters.media.depacketise import Frame
from videoattention.adapters.media.webm import WebmWriter


def video(frames: tuple[bytes, ...], *, every_ms: int = 33) -> list[bytes]:
    pieces: list[bytes] = []
    writer = WebmWriter(pieces.append, kind="video")
    for n, data in enumerate(frames):
        key = data[0] & 1 == 0
        width, height = (int.from_bytes(data[a : a + 2], "little") & 0x3FFF for a in (6, 8)) if key else (0, 0)
        writer.add(Frame(0, 0.0, data, key, width, height), n * every_ms)
    writer.cut()
    return pieces


def sound(packets: tuple[bytes, ...]) -> list[bytes]:
    pieces: list[bytes] = []
    writer = WebmWriter(pieces.append, kind="audio")
    for n, data in enumerate(packets):
        writer.add(Frame(0, 0.0, data, key=True), n * 20)
    writer.cut()
    return pieces


def test_pictures_decode_whole_at_their_times() -> None:
    with av.open(io.BytesIO(b"".join(video(vp8_frames(30)))), mode="r") as file:
        assert file.streams.video[0].codec_context.name == "vp8"
        frames = list(file.decode(video=0))
    assert [round(1000 * (f.time or 0)) for f in frames] == [33 * n for n in range(30)]
    assert {(f.width, f.height) for f in frames} == {(64, 48)}


def test_sound_decodes_whole() -> None:
    with av.open(io.BytesIO(b"".join(sound(opus_packets(100)))), mode="r") as file:
        frames = list(file.decode(audio=0))
    assert len(frames) == 100
    assert sum(f.samples for f in frames) >= 99 * 960
    assert max(float(f.to_ndarray().max()) for f in frames) > 0.1


def test_a_picture_that_grows_stays_playable() -> None:
    grown = vp8_frames(10) + vp8_frames(10, width=128, height=96)
    with av.open(io.BytesIO(b"".join(video(grown))), mode="r") as file:
        sizes = [(f.width, f.height) for f in file.decode(video=0)]
    assert sizes == [(64, 48)] * 10 + [(128, 96)] * 10


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_any_prefix_of_whole_clusters_plays(kind: str) -> None:
    pieces = sound(opus_packets(100)) if kind == "audio" else video(vp8_frames(30))
    assert len(pieces) >= 3
    with av.open(io.BytesIO(b"".join(pieces[:-1])), mode="r") as file:
        assert len(list(file.decode(file.streams[0]))) >= 15


def test_clusters_are_short_and_begin_at_key_frames() -> None:
    pieces = video(vp8_frames(10) + vp8_frames(10), every_ms=30)
    with av.open(io.BytesIO(b"".join(pieces)), mode="r") as file:
        packets = [p for p in file.demux(video=0) if p.size and p.is_keyframe]
    keys = [round(1000 * (p.pts or 0) * float(p.time_base)) for p in packets]
    assert keys == [0, 300]
    # header, 0-270 ms, 300-570 ms
    assert len(pieces) == 3
    assert len(sound(opus_packets(100))) == 1 + 2000 // 500


def test_a_long_silence_starts_a_new_cluster() -> None:
    pieces: list[bytes] = []
    writer = WebmWriter(pieces.append, kind="audio")
    for at_ms in (0, 20, 100_000):
        writer.add(Frame(0, 0.0, opus_packets(1)[0], key=True), at_ms)
    writer.cut()
    with av.open(io.BytesIO(b"".join(pieces)), mode="r") as file:
        assert [round(f.time or 0, 2) for f in file.decode(audio=0)] == [0, 0.02, 100]


def test_a_file_without_frames_is_empty() -> None:
    pieces: list[bytes] = []
    WebmWriter(pieces.append, kind="video").cut()
    assert pieces == []
