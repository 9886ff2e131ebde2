"""From packets in order to frames: VP8 (RFC 7741) and Opus (RFC 7587)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from videoattention.adapters.media.rtp import RtpPacket

_MOST_FRAME = 2 * 1024 * 1024
_START_CODE = b"\x9d\x01\x2a"
_KEY_HEADER = 10


@dataclass(slots=True)
class Frame:
    """One picture or one packet of sound; not frozen, as `RtpPacket`.

    ``arrived`` is the arrival of its first packet; sizes are 0 but in key frames of pictures; ``duration`` in seconds,
    0 if unknown.
    """

    timestamp: int
    arrived: float
    data: bytes
    key: bool
    width: int = 0
    height: int = 0
    duration: float = 0.0


class OpusFrames:
    """Each packet is a frame."""

    broken = False
    begun: float | None = None

    def push(self, packet: RtpPacket, arrived: float, *, after_gap: bool = False) -> Frame | None:  # noqa: ARG002
        """Give the packet's frame; None for padding. A gap before it changes nothing."""
        payload = packet.payload
        if not payload:
            return None
        return Frame(packet.timestamp, arrived, payload, True, 0, 0, opus_duration(payload))


class Vp8Frames:
    """Whole frames only, a key frame first and after every gap.

    ``broken`` tells that only a key frame helps; ``begun`` is the arrival of the first packet of an unfinished frame.
    """

    def __init__(self) -> None:
        self.broken = True
        self.begun: float | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._timestamp = 0

    def push(self, packet: RtpPacket, arrived: float, *, after_gap: bool = False) -> Frame | None:
        """Take the next packet, which arrived then; give the frame that it completes."""
        if after_gap:
            self._break()
        if not packet.payload:
            return None
        begins, body = _vp8_body(packet.payload)
        if begins:
            self._begin(packet.timestamp, arrived)
        if self.begun is None or body is None or packet.timestamp != self._timestamp:
            self._break()
            return None
        self._parts.append(body)
        self._size += len(body)
        if self._size > _MOST_FRAME:
            self._break()
            return None
        return self._finish() if packet.marker else None

    def _begin(self, timestamp: int, arrived: float) -> None:
        if self.begun is not None:
            self._break()
        self.begun, self._timestamp = arrived, timestamp
        self._parts, self._size = [], 0

    def _break(self) -> None:
        self.broken, self.begun = True, None
        self._parts, self._size = [], 0

    def _finish(self) -> Frame | None:
        data, arrived = b"".join(self._parts), self.begun or 0.0
        self.begun, self._parts, self._size = None, [], 0
        key = data[0] & 1 == 0
        if not key:
            return None if self.broken else Frame(self._timestamp, arrived, data, key=False)
        if len(data) < _KEY_HEADER or data[3:6] != _START_CODE:
            self.broken = True
            return None
        self.broken = False
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return Frame(self._timestamp, arrived, data, key=True, width=width, height=height)


def _vp8_body(payload: bytes) -> tuple[bool, bytes | None]:
    """Whether this payload begins a frame (S bit of partition 0), and what follows its descriptor; None if broken."""
    first = payload[0]
    at = 1
    if first & 0x80 and len(payload) > at:
        extension = payload[at]
        at += 1
        if extension & 0x80:
            at += 2 if len(payload) > at and payload[at] & 0x80 else 1
        at += bool(extension & 0x40) + bool(extension & 0x30)
    begins = bool(first & 0x10) and first & 0x07 == 0
    return begins, payload[at:] if len(payload) > at else None


def nothing_heard(after: Frame) -> Frame | None:
    """A frame of sound that says that nothing was received (RFC 6716, section 3.2.1: a length of zero).

    It is as long as each frame in the packet before it; None if that one was malformed.
    """
    one = bytes([after.data[0] & 0xFC])
    duration = opus_duration(one)
    return Frame(0, after.arrived, one, key=True, duration=duration) if after.duration else None


def opus_duration(packet: bytes) -> float:
    """Seconds of sound in an Opus packet, from its first bytes (RFC 6716, section 3.1); 0 if it is malformed."""
    configuration, code = packet[0] >> 3, packet[0] & 0x03
    frame: float
    if configuration < 12:  # noqa: PLR2004 - the table of the RFC: SILK, hybrid, CELT
        frame = (10, 20, 40, 60)[configuration & 3]
    elif configuration < 16:  # noqa: PLR2004 - as above
        frame = (10, 20)[configuration & 1]
    else:
        frame = (2.5, 5, 10, 20)[configuration & 3]
    if code == 0:
        return frame / 1000
    if code in {1, 2}:
        return 2 * frame / 1000
    return min((packet[1] & 0x3F) * frame, 120) / 1000 if len(packet) > 1 else 0.0
