"""A recording follows the clocks of whom it records, and tells what did not arrive."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import pytest

from tests.unit.media.packets import opus_packets, rtp, vp8_frames, vp8_packets
from tests.unit.media.test_media_part import FACE, VOICE, WALL, Recorded
from videoattention.adapters.media.rtp import SenderReport, repair_request
from videoattention.adapters.media.timeline import MediaTime
from videoattention.domain.people import Side
from videoattention.services.media import Track

if TYPE_CHECKING:
    from pathlib import Path

NTP = 4_000_000_000.0


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path)


class Sender:
    """Sound and picture of one person; `ppm` is by how much the microphone's clock runs slow."""

    def __init__(self, recorded: Recorded, *, ppm: float = 0.0, ahead: float = 0.0) -> None:
        self.recorded, self.rate, self.ahead = recorded, 48000 * (1 - ppm / 1e6), ahead
        self.voice, self.stalled = 0, 0.0
        self.frame = vp8_frames(1)[0]
        self.sound = opus_packets(1)[0]

    def speak_until(self, end: float) -> None:
        while (self.voice + 1) * 960 / self.rate + self.stalled <= end:
            at = self.voice * 960 / self.rate + self.stalled
            packet = rtp(self.voice, self.sound, timestamp=self.voice * 960, ssrc=VOICE)
            self.recorded.take(packet, at + 0.02, 111)
            self.voice += 1

    def show(self, at: float, number: int) -> None:
        (packet,) = vp8_packets((self.frame,), ssrc=FACE, size=5000, first=number)
        moved = rtp(packet.sequence, packet.payload, timestamp=round(at * 90000), ssrc=FACE, marker=True)
        self.recorded.take(moved, at + 0.02)

    def report(self, at: float) -> None:
        clock = self.recorded.epoch.legs[Side.CITIZEN].sender_clock
        for ssrc, stamp in ((VOICE, (at - self.stalled) * self.rate), (FACE, at * 90000)):
            report = SenderReport(ssrc, NTP + at + self.ahead, round(stamp) % 2**32)
            clock.note(report, WALL + at + 0.02)
            self.recorded.report(report, at + 0.02)


def times(recorded: Recorded, track: Track) -> list[float]:
    with av.open(str(recorded.vault.folder / f"rec-1-{track}.webm"), mode="r") as file:
        return [float(packet.pts * packet.time_base) for packet in file.demux() if packet.pts is not None]


@pytest.mark.parametrize("ppm", [400, -400])
def test_a_microphone_that_runs_slow_or_fast_stays_in_step_with_the_camera(recorded: Recorded, ppm: float) -> None:
    sender = Sender(recorded, ppm=ppm)
    for second in range(600):
        sender.speak_until(second + 1)
        sender.show(second + 1, second)
        if second % 5 == 0:
            sender.report(second + 1)
        recorded.tick(second + 1)
    kept = recorded.close(601)
    sound, picture = (kept[track] for track in (Track.CITIZEN_AUDIO, Track.CITIZEN_VIDEO))
    last_heard = sound.start + times(recorded, Track.CITIZEN_AUDIO)[-1]
    last_shown = picture.start + times(recorded, Track.CITIZEN_VIDEO)[-1]
    really = (sender.voice - 1) * 960 / sender.rate - 600
    assert last_heard - last_shown == pytest.approx(really, abs=0.02)


def test_sound_that_a_busy_machine_lost_is_silence_and_the_rest_is_in_step(recorded: Recorded) -> None:
    sender = Sender(recorded)
    for second in range(20):
        if second == 10:
            sender.stalled = 0.4
        sender.speak_until(second + 1)
        sender.report(second + 1)
    kept = recorded.close(21)[Track.CITIZEN_AUDIO]
    stamps = times(recorded, Track.CITIZEN_AUDIO)
    assert kept.frames == sender.voice
    assert len(stamps) == sender.voice + 20
    assert stamps[-1] == pytest.approx((sender.voice - 1) * 0.02 + 0.4, abs=0.006)


def test_lost_sound_leaves_what_follows_where_it_was(recorded: Recorded) -> None:
    packets = [rtp(n, data, timestamp=n * 960, ssrc=VOICE) for n, data in enumerate(opus_packets(200))]
    for n, packet in enumerate(packets):
        if n % 33 != 7:
            recorded.take(packet, n * 0.02, 111)
            recorded.tick(n * 0.02)
    kept = recorded.close(5)[Track.CITIZEN_AUDIO]
    assert kept.frames == 194
    stamps = times(recorded, Track.CITIZEN_AUDIO)
    assert stamps == pytest.approx([n * 0.02 for n in range(200)], abs=0.0006)
    with av.open(str(recorded.vault.folder / f"rec-1-{Track.CITIZEN_AUDIO}.webm"), mode="r") as file:
        assert sum(frame.samples for frame in file.decode(audio=0)) == 200 * 960


def test_a_second_without_anything_is_told(recorded: Recorded) -> None:
    recorded.speak(0, 50)
    recorded.speak(150, 50, begin=3.0)
    recorded.close(5)
    writer = next(w for i, w in recorded.vault.writers.items() if i.track is Track.CITIZEN_AUDIO)
    (gap,) = writer.gaps
    assert gap.start == pytest.approx(1.0)
    assert gap.end == pytest.approx(3.0)
    assert gap.cause == "nothing_received"


def test_a_pause_of_minutes_is_told_and_not_filled(recorded: Recorded) -> None:
    recorded.speak(0, 5)
    recorded.speak(50 * 200, 5, begin=200)
    recorded.close(201)
    assert len(times(recorded, Track.CITIZEN_AUDIO)) == 10


def test_a_packet_that_nobody_else_brought_back_is_asked_for(recorded: Recorded) -> None:
    packets = vp8_packets(vp8_frames(10), ssrc=FACE)
    recorded.show([p for p in packets if p.sequence not in {5, 7}])
    before = len(recorded.asked)
    recorded.tick(0.45)
    (asked,) = recorded.asked[before:]
    assert asked[:2].hex() == "81cd"
    assert asked[8:12] == FACE.to_bytes(4, "big")
    assert struct.unpack("!HH", asked[12:]) == (5, 0b10)


def test_a_packet_is_not_asked_for_while_the_other_page_may_be_doing_so(recorded: Recorded) -> None:
    packets = vp8_packets(vp8_frames(10), ssrc=FACE)
    recorded.tick(0.0)
    recorded.show([p for p in packets if p.sequence != 5])
    before = len(recorded.asked)
    lost_at = next(p.timestamp for p in packets if p.sequence == 6) / 90000
    recorded.tick(lost_at + 0.1)
    assert len(recorded.asked) == before


def test_many_missing_packets_take_few_entries() -> None:
    missing = [65534, 65535, 0, 14, 15, 100]
    asked = repair_request(7, missing, asker=9)
    entries = list(struct.iter_unpack("!HH", asked[12:]))
    masked = ((number, [0, *(bit + 1 for bit in range(16) if mask >> bit & 1)]) for number, mask in entries)
    named = [(number + step) & 0xFFFF for number, steps in masked for step in steps]
    assert named == missing
    assert len(asked) == 4 * (int.from_bytes(asked[2:4], "big") + 1)


def test_a_key_frame_is_asked_for_each_three_seconds(recorded: Recorded) -> None:
    packets = vp8_packets(vp8_frames(1) + vp8_frames(30)[1:] * 12, ssrc=FACE)
    for packet in packets:
        now = packet.timestamp / 90000
        recorded.take(packet, now)
        recorded.tick(now)
    asked = [request for request in recorded.asked if request[:2].hex() == "81ce"]
    # one at the beginning, then from 3 s on until one comes
    assert 11 <= len(asked) <= 15


def test_a_counter_is_led_by_a_quarter_of_its_steps_and_never_back() -> None:
    time = MediaTime(rate=48000)
    assert time.at(0, source=1, arrived=0.0) == 0
    time.aim(0, -0.03)
    placed = [time.at(n * 960, source=1, arrived=n * 0.02) for n in range(1, 12)]
    assert all(15 <= later - earlier <= 20 for earlier, later in pairwise(placed))
    assert placed[-1] == pytest.approx(11 * 20 - 30, abs=6)
