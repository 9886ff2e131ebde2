from __future__ import annotations

import base64
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import av
import pytest

from tests.fakes.plain_vault import PlainVault
from tests.unit.media.packets import on_wire, opus_packets, rtp, vp8_frames, vp8_packets
from videoattention.adapters.media.part import Moment, Part, admits
from videoattention.adapters.media.rtp import RtpPacket, SenderReport
from videoattention.adapters.media.sources import Codec, Sources
from videoattention.adapters.media.timeline import SenderClock
from videoattention.domain.people import Side
from videoattention.services.media import ConsentProof, Record, Track, TrackKept
from videoattention.services.vault import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from videoattention.adapters.media.epoch import Epoch

WALL = 1_800_000_000.0
VOICE, FACE, REPAIR = 11, 22, 33
CONSENT = ConsentProof("consent-1", 3, "0f" * 32)
KEYS = {track: base64.b64encode(bytes(32)).decode() for track in Track}
ORDER = Record("call", "org", "rec", 1, WALL, CONSENT, KEYS)


class FakeLeg:
    def __init__(self) -> None:
        self.sender_clock = SenderClock()
        self.tap: Callable[[tuple[bytes, float]], None] | None = None
        self.tap_control: Callable[[bytes, float], None] | None = None
        self.sent: list[bytes] = []

    def request(self, control: bytes) -> None:
        self.sent.append(control)


class FakeEpoch:
    def __init__(self) -> None:
        self.legs = {side: FakeLeg() for side in Side}
        self.codecs = {96: Codec("vp8"), 97: Codec("rtx", repairs=96), 111: Codec("opus")}
        described = {"audio": frozenset({VOICE}), "video": frozenset({FACE})}
        self.sources = {side: Sources(voice_and_face=dict(described), repairs={REPAIR: FACE}) for side in Side}

    def likely_source(self, track: Track) -> int:
        return FACE if track.kind == "video" else VOICE


class Recorded:
    """A part that is fed packets of the citizen; `now` is both clocks, from 0."""

    def __init__(self, folder: Path) -> None:
        self.vault = PlainVault(folder)
        self.epoch = FakeEpoch()
        self.part = Part(ORDER, self.vault, cast("Epoch", self.epoch), at=Moment(0.0, WALL))
        self.failures: list[Exception] = []
        self.part.listen(self.failures.append)

    @property
    def asked(self) -> list[bytes]:
        return self.epoch.legs[Side.CITIZEN].sent

    def take(self, packet: RtpPacket, now: float, payload_type: int = 96) -> None:
        leg = self.epoch.legs[Side.CITIZEN]
        assert leg.tap is not None
        leg.tap((on_wire(replace(packet, payload_type=payload_type)), now))
        try:
            self.part.drain()
        except StorageFailed as failure:
            self.failures.append(failure)

    def report(self, report: SenderReport, now: float) -> None:
        packet = struct.pack("!BBHIQIII", 0x80, 200, 6, report.ssrc, int(report.ntp * 2**32), report.timestamp, 0, 0)
        leg = self.epoch.legs[Side.CITIZEN]
        assert leg.tap_control is not None
        leg.tap_control(packet, now)

    def speak(self, first: int = 0, count: int = 100, *, begin: float = 0.0) -> None:
        for n, data in enumerate(opus_packets(count), first):
            self.take(rtp(n, data, timestamp=n * 960, ssrc=VOICE), begin + (n - first) * 0.02, 111)

    def show(self, packets: list[RtpPacket], *, begin: float = 0.0) -> None:
        for packet in packets:
            self.take(packet, begin + packet.timestamp / 90000)

    def tick(self, now: float) -> None:
        self.part.tick(Moment(now, WALL + now))

    def close(self, now: float = 10.0) -> dict[Track, TrackKept]:
        return {kept.track: kept for kept in self.part.close(Moment(now, WALL + now))}

    def frames(self, track: Track) -> int:
        with av.open(str(self.vault.folder / f"rec-1-{track}.webm"), mode="r") as file:
            return len(list(file.decode(file.streams[0])))


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path)


def test_each_track_has_its_file_and_silent_ones_are_empty(recorded: Recorded) -> None:
    recorded.speak()
    recorded.show(vp8_packets(vp8_frames(30), ssrc=FACE))
    kept = recorded.close()
    assert (kept[Track.CITIZEN_AUDIO].frames, kept[Track.CITIZEN_VIDEO].frames) == (100, 30)
    assert kept[Track.CITIZEN_AUDIO].duration == pytest.approx(2.0)
    assert (recorded.frames(Track.CITIZEN_AUDIO), recorded.frames(Track.CITIZEN_VIDEO)) == (100, 30)
    for track in (Track.INFORMER_AUDIO, Track.INFORMER_VIDEO):
        assert (kept[track].frames, kept[track].length) == (0, 0)
    assert not recorded.failures


def test_a_key_frame_is_asked_for_at_once_and_until_it_comes(recorded: Recorded) -> None:
    recorded.tick(0.0)
    assert [request[:2].hex() for request in recorded.asked] == ["81ce"]
    assert recorded.asked[0][-4:] == FACE.to_bytes(4, "big")
    recorded.tick(0.5)
    assert len(recorded.asked) == 1
    recorded.tick(0.8)
    assert len(recorded.asked) == 2
    recorded.show(vp8_packets(vp8_frames(3), ssrc=FACE), begin=2.0)
    recorded.tick(3.0)
    assert len(recorded.asked) == 2


def test_pictures_begin_with_a_key_frame(recorded: Recorded) -> None:
    packets = vp8_packets(vp8_frames(10) + vp8_frames(10), ssrc=FACE)
    recorded.show([p for p in packets if p.timestamp >= 5 * 3000])
    assert recorded.close()[Track.CITIZEN_VIDEO].frames == 10


def test_a_lost_packet_costs_pictures_until_the_next_key_frame_which_is_asked_for(recorded: Recorded) -> None:
    packets = vp8_packets(vp8_frames(10) + vp8_frames(10), ssrc=FACE)
    recorded.show([p for p in packets if p.timestamp != 4 * 3000])
    before = len(recorded.asked)
    recorded.tick(1.2)
    assert recorded.close()[Track.CITIZEN_VIDEO].frames == 14
    assert len(recorded.asked) >= before


def test_rtx_repairs_and_repeats_nothing(recorded: Recorded) -> None:
    packets = vp8_packets(vp8_frames(10), ssrc=FACE)
    lost = packets[7]
    recorded.show([p for p in packets if p is not lost])
    for sequence, original in enumerate([lost, lost, packets[3]]):
        payload = original.sequence.to_bytes(2, "big") + original.payload
        again = replace(original, sequence=sequence, ssrc=REPAIR, payload=payload)
        recorded.take(again, 0.35, 97)
    assert recorded.close()[Track.CITIZEN_VIDEO].frames == 10
    assert recorded.frames(Track.CITIZEN_VIDEO) == 10


def test_a_second_picture_of_the_same_page_is_not_mixed_in(recorded: Recorded) -> None:
    recorded.show(vp8_packets(vp8_frames(10), ssrc=FACE))
    recorded.show(vp8_packets(vp8_frames(10), ssrc=99), begin=0.5)
    assert recorded.close()[Track.CITIZEN_VIDEO].frames == 10


def test_a_page_that_describes_no_source_is_followed_by_what_it_sends(recorded: Recorded) -> None:
    recorded.epoch.sources[Side.CITIZEN].voice_and_face.clear()
    recorded.show(vp8_packets(vp8_frames(10), ssrc=99))
    recorded.show(vp8_packets(vp8_frames(10), ssrc=98), begin=0.1)
    recorded.show(vp8_packets(vp8_frames(5), ssrc=97), begin=5)
    kept = recorded.close()[Track.CITIZEN_VIDEO]
    assert kept.frames == 15
    assert kept.duration == pytest.approx(5.17, abs=0.05)


def test_sender_reports_put_sound_and_picture_in_step(recorded: Recorded) -> None:
    # the picture is 250 ms late on the way; both were sent at 1.0 s
    for n in range(3):
        recorded.report(SenderReport(VOICE, 4e9 + n, n * 48000), n + 0.020)
        recorded.report(SenderReport(FACE, 4e9 + n, n * 90000), n + 0.025)
    recorded.speak(50, 50, begin=1.02)
    later = [replace(p, timestamp=p.timestamp + 90000) for p in vp8_packets(vp8_frames(10), ssrc=FACE)]
    recorded.show(later, begin=0.27)
    kept = recorded.close()
    assert kept[Track.CITIZEN_AUDIO].start == pytest.approx(1.02, abs=0.001)
    assert kept[Track.CITIZEN_VIDEO].start == pytest.approx(1.02, abs=0.001)


def test_media_sent_before_the_recorder_entered_is_left_out(recorded: Recorded) -> None:
    recorded.report(SenderReport(VOICE, 4e9, 0), -1.0)
    # on the way for 100 ms longer than the report: sent 0.1 s before the entry, and after it
    recorded.speak(45, 50, begin=0.0)
    kept = recorded.close()[Track.CITIZEN_AUDIO]
    assert kept.frames == 45
    assert kept.start == pytest.approx(0.0, abs=0.001)


def test_reports_that_come_late_move_sound_and_picture_together(recorded: Recorded) -> None:
    recorded.speak(0, 50)
    recorded.show(vp8_packets(vp8_frames(10), ssrc=FACE), begin=0.03)
    # the first second was 200 ms slower than the next
    recorded.report(SenderReport(VOICE, 4e9 + 1, 48000), 0.8)
    recorded.report(SenderReport(FACE, 4e9 + 1, 90000), 0.8)
    kept = recorded.close()
    assert kept[Track.CITIZEN_AUDIO].start == pytest.approx(0.0, abs=0.001)
    assert kept[Track.CITIZEN_VIDEO].start == pytest.approx(0.0, abs=0.001)
    assert kept[Track.INFORMER_AUDIO].start == 0


def test_what_is_complete_excludes_what_is_held(recorded: Recorded) -> None:
    recorded.speak(0, 5)
    assert recorded.part.cut(Moment(0.1, WALL + 0.1)) == pytest.approx(WALL + 0.1)
    recorded.speak(6, 5, begin=0.12)
    assert recorded.part.cut(Moment(0.25, WALL + 0.25)) == pytest.approx(WALL + 0.12)
    recorded.tick(0.5)
    assert recorded.part.cut(Moment(0.5, WALL + 0.5)) == pytest.approx(WALL + 0.5)


def test_what_was_cut_is_in_the_file(recorded: Recorded) -> None:
    recorded.speak(0, 30)
    recorded.part.cut(Moment(0.6, WALL + 0.6))
    assert recorded.frames(Track.CITIZEN_AUDIO) == 30


def test_the_clocks_are_marked_each_two_seconds(recorded: Recorded) -> None:
    recorded.epoch.legs[Side.CITIZEN].sender_clock.note(SenderReport(VOICE, 4e9, 0), WALL)
    recorded.speak(0, 500)
    for n in range(51):
        recorded.tick(n * 0.2)
    writer = next(w for i, w in recorded.vault.writers.items() if i.track is Track.CITIZEN_AUDIO)
    assert 4 <= len(writer.marks) <= 6
    assert writer.marks[-1].media == pytest.approx(9.98)
    assert writer.marks[-1].sender_ntp == pytest.approx(4e9 + 9.98)


def test_a_failing_vault_is_told_and_raises_nothing(recorded: Recorded) -> None:
    recorded.vault.fails_with = "no_space"
    recorded.speak(0, 60)
    assert isinstance(recorded.failures[0], StorageFailed)
    kept = recorded.close()
    assert {k.length for k in kept.values()} == {0}
    assert {k.sha256 for k in kept.values()} == {""}


@pytest.mark.parametrize("keys", [{}, dict.fromkeys(Track, "short"), dict.fromkeys(Track, "%%%")])
def test_a_part_without_four_keys_is_not_opened(tmp_path: Path, keys: dict[Track, str]) -> None:
    with pytest.raises(StorageFailed):
        Part(replace(ORDER, keys=keys), PlainVault(tmp_path), cast("Epoch", FakeEpoch()), at=Moment(0.0, WALL))
    assert not list(tmp_path.iterdir())


def test_if_one_file_cannot_be_made_none_stays_open(tmp_path: Path) -> None:
    vault = PlainVault(tmp_path)
    (tmp_path / "rec-1-informer-audio.webm").touch()
    with pytest.raises(StorageFailed):
        Part(ORDER, vault, cast("Epoch", FakeEpoch()), at=Moment(0.0, WALL))
    for writer in vault.writers.values():
        with pytest.raises(ValueError, match="closed"):
            writer.media(b"")


@pytest.mark.parametrize(
    "proof",
    [
        replace(CONSENT, consent=""),
        replace(CONSENT, hash=""),
        replace(CONSENT, hash="not a hash"),
        replace(CONSENT, fact=0),
    ],
)
def test_a_proof_of_consent_names_a_fact(proof: ConsentProof) -> None:
    assert admits(CONSENT)
    assert not admits(proof)
