from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.media.packets import opus_packets, rtp, vp8_frames, vp8_packets
from videoattention.adapters.media.depacketise import OpusFrames, Vp8Frames, opus_duration
from videoattention.adapters.media.reorder import Ordered, ReorderWindow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from videoattention.adapters.media.rtp import RtpPacket


def numbers(ordered: Iterable[Ordered]) -> list[int]:
    return [o.packet.sequence for o in ordered]


@settings(deadline=None)
@given(
    start=st.integers(0, 65535),
    count=st.integers(1, 200),
    seed=st.randoms(use_true_random=False),
    lost=st.sets(st.integers(1, 199), max_size=20),
    spread=st.integers(0, 20),
)
def test_what_arrives_within_the_wait_is_given_once_and_in_order(
    start: int, count: int, seed: random.Random, lost: set[int], spread: int
) -> None:
    kept = [n for n in range(count) if n not in lost]
    arrivals = sorted((n + (seed.uniform(0, spread) if n else -1), n) for n in kept)
    doubled = sorted([*arrivals, *((at + seed.uniform(0, 5), n) for at, n in arrivals[::3])])
    window = ReorderWindow(wait=0.4)
    out: list[Ordered] = []
    for at, n in doubled:
        # one packet each 10 ms, displaced by 200 ms at most
        out += window.push(rtp(start + n), at * 0.01)
    out += window.drain()
    assert numbers(out) == [(start + n) & 0xFFFF for n in kept]
    gaps = {o.packet.sequence for o in out if o.after_gap}
    assert gaps == {(start + n) & 0xFFFF for n in kept if n and n - 1 in lost}


def test_a_lost_packet_holds_the_next_for_the_wait_and_no_longer() -> None:
    window = ReorderWindow(wait=0.2)
    assert numbers(window.push(rtp(1), 0.0)) == [1]
    assert numbers(window.push(rtp(3), 0.1)) == []
    assert window.holds_since == 0.1
    assert numbers(window.expire(0.29)) == []
    assert numbers(window.expire(0.31)) == [3]
    assert numbers(window.push(rtp(2), 0.32)) == []


def test_no_sound_is_lost_but_what_the_network_lost() -> None:
    chance = random.Random(3)  # noqa: S311 - a repeatable network
    window, frames, given_out = ReorderWindow(wait=0.2), OpusFrames(), 0
    sent = 0
    for n in range(2000):
        if n and chance.random() < 0.03:
            continue
        sent += 1
        packet = rtp(n, b"\x48sound", timestamp=n * 960)
        given_out += sum(frames.push(o.packet, o.arrived) is not None for o in window.push(packet, n * 0.02))
    given_out += sum(frames.push(o.packet, o.arrived) is not None for o in window.drain())
    assert given_out == sent


def test_the_window_is_bounded() -> None:
    window = ReorderWindow(wait=1000)
    list(window.push(rtp(0), 0))
    given_out = sum(len(list(window.push(rtp(n), 0.0))) for n in range(2, 2000))
    assert given_out >= 2000 - 520


def test_a_sender_that_starts_anew_is_followed() -> None:
    window = ReorderWindow(wait=0.2)
    list(window.push(rtp(30000), 0))
    out = [n for k in range(200) for n in numbers(window.push(rtp(k), 0.1))]
    assert out[-1] == 199
    assert len(out) > 90


@settings(deadline=None)
@given(lost=st.sets(st.integers(0, 400), max_size=10), size=st.integers(20, 1200))
def test_only_whole_frames_come_out_and_a_key_frame_first(lost: set[int], size: int) -> None:
    frames = vp8_frames(10) + vp8_frames(10)
    packets = vp8_packets(frames, size=size)
    out = _depacketised([p for p in packets if p.sequence not in lost])
    assert all(data in frames for data, _ in out)
    assert not out or out[0][1]
    if not lost & set(range(len(packets))):
        assert [data for data, _ in out] == list(frames)
    hurt = {p.timestamp // 3000 for p in packets if p.sequence in lost}
    second = [n for n in hurt if n >= 10]
    if not second:
        assert [data for data, _ in out][-10:] == list(frames[10:])


def _depacketised(packets: list[RtpPacket]) -> list[tuple[bytes, bool]]:
    window, unpacker = ReorderWindow(wait=0.1), Vp8Frames()
    ordered = [o for n, p in enumerate(packets) for o in window.push(p, float(n))] + list(window.drain())
    frames = [unpacker.push(o.packet, o.arrived, after_gap=o.after_gap) for o in ordered]
    return [(frame.data, frame.key) for frame in frames if frame is not None]


def test_a_continuation_is_not_taken_for_a_beginning() -> None:
    packets = vp8_packets(vp8_frames(2), size=50)
    assert _depacketised(packets[1:])[:1] == []
    # a whole key frame, but the packet says that it goes on with one
    liar = rtp(0, b"\x80\x80\x80\x00" + vp8_frames(1)[0], marker=True)
    assert _depacketised([liar]) == []


def test_a_key_frame_tells_its_size() -> None:
    unpacker = Vp8Frames()
    frames = [unpacker.push(p, 0.0) for p in vp8_packets(vp8_frames(1))]
    assert frames[-1] is not None
    assert (frames[-1].width, frames[-1].height) == (64, 48)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=20), st.booleans())
def test_no_payload_breaks_the_depacketisers(payloads: list[bytes], gap: bool) -> None:  # noqa: FBT001 - drawn
    video, sound = Vp8Frames(), OpusFrames()
    for n, payload in enumerate(payloads):
        packet = rtp(n, payload, marker=n % 2 == 0)
        video.push(packet, 0.0, after_gap=gap)
        sound.push(packet, 0.0, after_gap=gap)


def test_opus_says_how_long_it_is() -> None:
    assert opus_duration(opus_packets(1)[0]) == 0.02
    assert opus_duration(b"\xfc") == 0.02
    assert opus_duration(b"\x03\x03") == 0.03
    assert opus_duration(b"\x03") == 0
