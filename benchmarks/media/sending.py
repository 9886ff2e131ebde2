"""One track of a participant as it is sent: known frames, a known clock, sequence numbers without holes."""

from __future__ import annotations

import secrets
import struct
from array import array
from typing import TYPE_CHECKING

from benchmarks.media.clip import FPS, SOUND_SAMPLES, SOUNDS_A_SECOND
from benchmarks.media.session_description import OPUS, VP8

if TYPE_CHECKING:
    from benchmarks.media.clip import Clip

_HEADER = struct.Struct("!BBHII")
_DESCRIPTOR = struct.Struct("!BBH")
_REMEMBERED = 512
_TELLING = 60


class SentTrack:
    """Frames of a clip in a loop. ``kind`` is ``audio`` or ``video``.

    Frame ``n`` is due ``n * interval`` seconds after the first, and its time stamp is ``n`` frames later: the
    track's clock. ``drift`` (parts per million) makes that clock, and so the frames, faster than the wall's.
    ``log`` holds the place in the clip of every frame sent; ``sent_at`` the wall time of each packet by its sequence.
    """

    def __init__(self, kind: str, clip: Clip, *, drift: float = 0.0) -> None:
        self.kind = kind
        self.ssrc = secrets.randbits(32)
        self.sequence = secrets.randbits(15)
        self.packets = self.octets = 0
        self.log = array("H")
        self.sent_at = array("d", bytes(8 * 65536))
        self.remembered: dict[int, bytes] = {}
        self._clip = clip
        self._place = 0
        self._number = 0
        self._picture = secrets.randbits(14)
        self._ticks = SOUND_SAMPLES if kind == "audio" else 90_000 // FPS
        self._interval = (1 / SOUNDS_A_SECOND if kind == "audio" else 1 / FPS) / (1 + drift / 1e6)
        self._first_timestamp = secrets.randbits(32)
        self._begins: float | None = None

    def resume(self, now: float) -> float:
        """Begin, or go on after a pause, at the first frame that is not due before ``now``; gives its time."""
        if self._begins is None:
            self._begins = now
        self._number = max(self._number, -int(-(now - self._begins) // self._interval))
        self._place = 0 if self.kind == "video" else self._place
        return self._due()

    def restart(self) -> None:
        """The next picture is the key frame that begins the clip."""
        self._place = 0

    def timestamp_at(self, now: float) -> int:
        """What the track's clock shows."""
        assert self._begins is not None
        return (self._first_timestamp + round((now - self._begins) / self._interval * self._ticks)) & 0xFFFFFFFF

    def ahead(self, received: bytes) -> int | None:
        """By how much the sequence number of a packet that was received is ahead of what it was when it was sent."""
        for sequence, packet in self.remembered.items():
            if packet[-_TELLING:] == received[-_TELLING:]:
                return int.from_bytes(received[2:4], "big") - sequence
        return None

    def next_frame(self) -> tuple[list[bytes], float]:
        """The packets of the frame that is due, and when the next one is."""
        timestamp = (self._first_timestamp + self._number * self._ticks) & 0xFFFFFFFF
        self.log.append(self._place)
        packets = self._sound(timestamp) if self.kind == "audio" else self._pieces(timestamp)
        self.packets += len(packets)
        self.octets += sum(map(len, packets)) - _HEADER.size * len(packets)
        self._number += 1
        return packets, self._due()

    def sent_time(self, number: int) -> float:
        """When frame ``number`` was due, on the monotonic clock; the n-th of the ``log`` if there was no pause."""
        assert self._begins is not None
        return self._begins + number * self._interval

    def _due(self) -> float:
        assert self._begins is not None
        return self._begins + self._number * self._interval

    def _sound(self, timestamp: int) -> list[bytes]:
        sounds = self._clip.sounds
        payload = sounds[self._place]
        self._place = (self._place + 1) % len(sounds)
        return [self._packet(OPUS, timestamp, payload)]

    def _pieces(self, timestamp: int) -> list[bytes]:
        pieces = self._clip.pieces[self._place]
        self._place = (self._place + 1) % len(self._clip.pieces)
        self._picture = (self._picture + 1) & 0x7FFF
        # the descriptor of RFC 7741: X, and S on the first piece; I; a picture number of 15 bits
        later = _DESCRIPTOR.pack(0x80, 0x80, 0x8000 | self._picture)
        first = b"\x90" + later[1:]
        last = len(pieces) - 1
        return [
            self._packet(VP8 | (0x80 if n == last else 0), timestamp, (later if n else first) + piece)
            for n, piece in enumerate(pieces)
        ]

    def _packet(self, second: int, timestamp: int, payload: bytes) -> bytes:
        self.sequence = (self.sequence + 1) & 0xFFFF
        packet = _HEADER.pack(0x80, second, self.sequence, timestamp, self.ssrc) + payload
        self.remembered[self.sequence] = packet
        self.remembered.pop((self.sequence - _REMEMBERED) & 0xFFFF, None)
        return packet
