"""The little WebM reader and the prefix it makes: what a browser must know, from streams cut anywhere."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vault.samples import Frame, cluster, delta_frame, key_frame, stream_head, video_stream
from videoattention.adapters.vault import ebml
from videoattention.adapters.vault.ebml import EbmlBroken, children, element, read_head, read_unsigned, unsigned
from videoattention.adapters.vault.playable import playable_prefix
from videoattention.adapters.vault.webm_index import WebmIndex, WebmScan


def scanned(data: bytes, piece: int = 1 << 20) -> WebmIndex:
    scan = WebmScan()
    for at in range(0, len(data), piece):
        scan.feed(data[at : at + piece])
    assert scan.playable
    return scan.index


def played(data: bytes) -> bytes:
    index = scanned(data)
    return playable_prefix(index) + data[index.first_cluster : index.end]


def segment_of(data: bytes) -> tuple[bytes, int]:
    """The segment's body and where it begins."""
    header = read_head(data, 0)
    assert header is not None
    assert header.size is not None
    segment = read_head(data, header.body + header.size)
    assert segment is not None
    assert (segment.ident, segment.body + (segment.size or 0)) == (ebml.SEGMENT, len(data))
    return data[segment.body :], segment.body


@pytest.mark.parametrize("sized", [True, False])
def test_what_a_browser_must_know_is_found(sized: bool) -> None:  # noqa: FBT001 - pytest passes parameters by name
    data = video_stream(4, sized=sized)
    index = scanned(data)
    assert index.frames == 40
    assert index.duration == pytest.approx(1.6)
    assert (index.width, index.height) == (640, 360)
    assert list(index.cue_times) == [0, 800]
    assert data[index.first_cluster :].startswith(unsigned(ebml.CLUSTER))
    assert all(data[at:].startswith(unsigned(ebml.CLUSTER)) for at in index.cue_positions)
    assert index.end == len(data)


@pytest.mark.parametrize("sized", [True, False])
@given(piece=st.integers(1, 300))
def test_how_the_bytes_come_makes_no_difference(sized: bool, piece: int) -> None:  # noqa: FBT001 - as above
    data = video_stream(3, sized=sized)
    assert scanned(data, piece) == scanned(data)


@pytest.mark.parametrize("sized", [True, False])
@given(data=st.data())
def test_a_stream_cut_anywhere_plays_up_to_its_last_whole_frame(sized: bool, data: st.DataObject) -> None:  # noqa: FBT001
    whole = video_stream(3, sized=sized)
    cut = data.draw(st.integers(0, len(whole)))
    scan = WebmScan()
    scan.feed(whole[:cut])
    if scan.playable:
        assert scan.index.end <= cut
        body, _ = segment_of(played(whole[:cut]))
        if sized:
            assert [ident for ident, _ in children(body)][:3] == [ebml.INFO, ebml.TRACKS, ebml.CUES]


def test_the_prefix_knows_the_duration_the_size_and_the_places() -> None:
    body, _ = segment_of(played(video_stream(4, sized=True)))
    parts = dict(list(children(body))[:3])
    assert struct.unpack(">d", dict(children(parts[ebml.INFO]))[ebml.DURATION]) == (1600,)
    entry = dict(children(dict(children(parts[ebml.TRACKS]))[ebml.TRACK_ENTRY]))
    video = {ident: read_unsigned(value) for ident, value in children(entry[ebml.VIDEO])}
    assert video == {ebml.PIXEL_WIDTH: 640, ebml.PIXEL_HEIGHT: 360}
    cues = [dict(children(cue)) for _, cue in children(parts[ebml.CUES])]
    assert [read_unsigned(cue[ebml.CUE_TIME]) for cue in cues] == [0, 800]
    for cue in cues:
        place = read_unsigned(dict(children(cue[ebml.CUE_TRACK_POSITIONS]))[ebml.CUE_CLUSTER_POSITION])
        found = read_head(body, place)
        assert found is not None
        assert found.ident == ebml.CLUSTER
        time = next(child for ident, child in children(body[found.body :]) if ident == ebml.TIMECODE)
        assert read_unsigned(time) == read_unsigned(cue[ebml.CUE_TIME])


def test_every_picture_has_its_own_instant() -> None:
    later = [Frame(133, delta_frame(), key=False), Frame(134, delta_frame(), key=False), Frame(500, delta_frame())]
    data = stream_head() + cluster(0, [Frame(0, key_frame(320, 180))], sized=False) + cluster(133, later, sized=False)
    assert list(scanned(data).picture_times) == [0, 133, 134, 500]


def test_a_key_frame_inside_a_cluster_can_be_sought_to() -> None:
    frames = [Frame(400, delta_frame(), key=False), Frame(500, key_frame(320, 180)), Frame(600, key_frame(320, 180))]
    data = stream_head() + cluster(0, [Frame(0, key_frame(320, 180))], sized=False) + cluster(400, frames, sized=False)
    assert list(scanned(data).cue_times) == [0, 500]


def test_sound_has_a_cue_each_second() -> None:
    data = stream_head(b"A_OPUS")
    for first in range(0, 3000, 250):
        data += cluster(first, [Frame(at, b"\xfc" * 50) for at in range(first, first + 250, 20)], sized=False)
    index = scanned(data)
    assert list(index.cue_times) == [0, 1000, 2000]
    assert (index.width, index.height) == (0, 0)
    assert index.duration == pytest.approx(3.01)
    assert not index.picture_times


def test_a_block_group_is_a_frame_and_a_key_frame_if_it_refers_to_none() -> None:
    block = element(ebml.BLOCK, b"\x81\x00\x14\x00" + key_frame(320, 180))
    later = element(ebml.BLOCK, b"\x81\x00\x28\x00" + delta_frame()) + element(ebml.REFERENCE_BLOCK, b"\xec")
    groups = element(ebml.BLOCK_GROUP, block) + element(ebml.BLOCK_GROUP, later)
    index = scanned(stream_head() + element(ebml.CLUSTER, element(ebml.TIMECODE, b"\0") + groups))
    assert (index.frames, list(index.cue_times), index.width) == (2, [20], 320)


def test_what_follows_the_clusters_is_left_out() -> None:
    data = video_stream(2, sized=True)
    assert played(data + element(ebml.CUES, b"")) == played(data)


def test_a_last_frame_after_a_long_pause_is_shown_for_100_ms() -> None:
    data = stream_head() + cluster(0, [Frame(0, key_frame(320, 180)), Frame(9000, delta_frame())], sized=False)
    assert scanned(data).duration == pytest.approx(9.1)


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 20,
        stream_head() + element(ebml.SIMPLE_BLOCK, b"\x81\0\0\x80"),
        stream_head() + cluster(1 << 63, [Frame(1 << 63, b"")], sized=False),
        element(ebml.TIMECODE, bytes(9)),
        stream_head() + unsigned(ebml.TRACKS) + b"\xff",
        stream_head() + ebml.head_of(ebml.SIMPLE_BLOCK, 1 << 25),
        stream_head() + element(ebml.SIMPLE_BLOCK, b"\x81"),
        stream_head() + element(ebml.SIMPLE_BLOCK, b"\x40\x80\0\0\x80"),
        element(ebml.TRACKS, element(ebml.TRACK_ENTRY, b"") * 2),
        element(ebml.TRACKS, b"\xae\x85"),
    ],
)
def test_what_is_not_a_recording_is_refused(data: bytes) -> None:
    with pytest.raises(EbmlBroken):
        WebmScan().feed(data)


def test_a_track_without_a_codec_cannot_be_played() -> None:
    tracks = element(ebml.TRACKS, element(ebml.TRACK_ENTRY, element(ebml.TRACK_NUMBER, b"\x01")))
    with pytest.raises(EbmlBroken):
        playable_prefix(scanned(tracks + cluster(0, [Frame(0, b"")], sized=True)))


@given(data=st.binary(max_size=400), head=st.sampled_from([b"", stream_head()]))
def test_no_bytes_do_worse_than_be_refused(data: bytes, head: bytes) -> None:
    scan = WebmScan()
    try:
        scan.feed(head + data)
        if scan.playable:
            playable_prefix(scan.index)
    except EbmlBroken:
        pass


@given(size=st.integers(0, 1 << 40))
def test_a_size_is_read_as_it_was_written(size: int) -> None:
    head = read_head(ebml.head_of(ebml.SEGMENT, size), 0)
    assert head is not None
    assert (head.ident, head.size) == (ebml.SEGMENT, size)
