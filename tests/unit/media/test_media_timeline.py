from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videoattention.adapters.media.rtp import (
    SenderReport,
    ahead,
    key_frame_request,
    read_rtp,
    repaired,
    sender_reports,
)
from videoattention.adapters.media.timeline import MediaTime, SenderClock

WALL, NTP = 1_800_000_000.0, 4_000_000_000.0


@settings(deadline=None)
@given(
    audio_zero=st.integers(0, 2**32 - 1),
    video_zero=st.integers(0, 2**32 - 1),
    delays=st.lists(st.floats(0.001, 0.3), min_size=2, max_size=8),
    jitter=st.floats(0, 0.5),
)
def test_sound_and_picture_sent_together_are_placed_together(
    audio_zero: int, video_zero: int, delays: list[float], jitter: float
) -> None:
    clock = SenderClock()
    for n, delay in enumerate(delays):
        for ssrc, rate, zero in ((1, 48000, audio_zero), (2, 90000, video_zero)):
            report = SenderReport(ssrc, NTP + n, (zero + n * rate) % 2**32)
            clock.note(report, WALL + n + delay * (1 + ssrc / 10))
    sound = clock.place(1, (audio_zero + 48000) % 2**32, rate=48000, wall=WALL + 1.01)
    picture = clock.place(2, (video_zero + 90000) % 2**32, rate=90000, wall=WALL + 1.01 + jitter)
    assert abs(sound - picture) < 0.001
    assert WALL + 1 <= sound <= WALL + 1 + min(delays) * 1.2 + 0.001


def test_without_reports_or_with_absurd_ones_the_arrival_counts() -> None:
    clock = SenderClock()
    assert clock.place(1, 5, rate=48000, wall=WALL) == WALL
    clock.note(SenderReport(1, 0.0, 5), WALL)
    assert clock.sender_time(1, 5, rate=48000, wall=WALL) == 0
    clock.note(SenderReport(1, NTP, 5 + 48000 * 100), WALL)
    assert clock.place(1, 5, rate=48000, wall=WALL) == WALL


def test_a_frozen_start_keeps_early_readings_and_the_live_clock_late_ones() -> None:
    live = SenderClock()
    live.note(SenderReport(1, NTP, 0), WALL)
    frozen = live.frozen_start()
    for n in range(1, 200):
        # this sender's counter runs 1 % fast
        report = SenderReport(1, NTP + n, round(n * 48480) % 2**32)
        live.note(report, WALL + n)
        frozen.note(report, WALL + n)
    assert frozen.place(1, 0, rate=48000, wall=WALL) == pytest.approx(WALL, abs=0.001)
    late = live.sender_time(1, 199 * 48480, rate=48000, wall=WALL + 199)
    assert late == pytest.approx(NTP + 199, abs=0.001)


def test_sources_and_readings_are_bounded() -> None:
    clock = SenderClock()
    for ssrc in range(1000):
        clock.note(SenderReport(ssrc, NTP, 0), WALL)
    assert len(clock._readings) == 16


def test_media_time_counts_through_the_wrap_and_never_falls() -> None:
    time = MediaTime(rate=90000)
    start = 2**32 - 90000
    assert time.at(start, source=1, arrived=10.0) == 0
    assert time.at(0, source=1, arrived=11.0) == 1000
    assert time.at(2**32 - 45000, source=1, arrived=11.1) == 1000
    assert time.at(90000, source=1, arrived=12.0) == 2000


def test_another_source_or_a_wild_counter_is_set_by_arrival() -> None:
    time = MediaTime(rate=48000)
    time.at(0, source=1, arrived=10.0)
    assert time.at(123456789, source=2, arrived=11.0) == 1000
    assert time.at(123456789 + 960, source=2, arrived=11.02) == 1020
    assert time.at(1, source=2, arrived=12.0) == 2000


def test_a_pause_of_minutes_is_kept() -> None:
    time = MediaTime(rate=90000)
    time.at(0, source=1, arrived=0.0)
    assert time.at(90000 * 300, source=1, arrived=300.5) == 300_000


def test_a_report_is_read_from_a_compound_packet() -> None:
    report = struct.pack("!BBHIQIII", 0x80, 200, 6, 77, int(NTP) << 32 | 1 << 31, 1234, 1, 1)
    description = struct.pack("!BBHI", 0x81, 202, 1, 77)
    assert list(sender_reports(description + report)) == [SenderReport(77, NTP + 0.5, 1234)]
    assert list(sender_reports(report[:-1])) == []


def test_a_key_frame_is_asked_for_as_rfc_4585_says() -> None:
    assert key_frame_request(0x01020304, asker=9).hex() == "81ce00020000000901020304"


def test_rtx_gives_the_original_and_padding_nothing() -> None:
    packet = read_rtp(bytes.fromhex("80e1000500000007000000090102aabb"))
    assert packet is not None
    original = repaired(packet, payload_type=96, ssrc=3)
    assert original is not None
    assert (original.payload_type, original.sequence, original.ssrc, original.payload) == (96, 0x102, 3, b"\xaa\xbb")
    assert original.marker
    padding = read_rtp(bytes.fromhex("a0610005000000070000000900000004"))
    assert padding is not None
    assert repaired(padding, payload_type=96, ssrc=3) is None


def test_extensions_sources_and_padding_are_left_out() -> None:
    packet = read_rtp(bytes.fromhex("b1600001000000000000000100000002bede000110aa0000beef0002"))
    assert packet is not None
    assert packet.payload == b"\xbe\xef"


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_no_packet_breaks_the_readers(packet: bytes) -> None:
    read_rtp(packet)
    list(sender_reports(packet))


@settings(deadline=None)
@given(st.integers(0, 65535), st.integers(-32768, 32767))
def test_ahead_is_the_shortest_way(start: int, step: int) -> None:
    assert ahead((start + step) & 0xFFFF, start, bits=16) == step
