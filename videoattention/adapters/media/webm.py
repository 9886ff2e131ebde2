"""A minimal WebM of one track, written live: nothing is ever gone back to, so any prefix of whole clusters plays.

The segment has no size (RFC 8794, section 6.2), clusters have theirs. Each call of the sink is the header or one whole
cluster. Width and height are those of the first key frame; a picture that grows says so in its own frames.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.adapters.media.depacketise import Frame

_EBML, _SEGMENT, _INFO, _TRACKS, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
_TIMESTAMP, _SIMPLE_BLOCK = 0xE7, 0xA3
_SIMPLE_BLOCK_ID = bytes([_SIMPLE_BLOCK])
_BLOCK = struct.Struct("!BhB")
_UNKNOWN_SIZE = b"\x01\xff\xff\xff\xff\xff\xff\xff"
_LONGEST_CLUSTER_MS = 500
_SHORTEST_CLUSTER_MS = 250


def element(identity: int, body: bytes) -> bytes:
    """One EBML element with a known size."""
    return _identity(identity) + _length(len(body)) + body


def _length(size: int) -> bytes:
    """A size as RFC 8794 (section 6) writes it, in one, two, four or eight octets."""
    octets = 1 if size < 0x7F else 2 if size < 0x3FFF else 4 if size < 0x0FFF_FFFF else 8  # noqa: PLR2004
    return (size | 1 << 7 * octets).to_bytes(octets, "big")


def _identity(identity: int) -> bytes:
    return identity.to_bytes((identity.bit_length() + 7) // 8, "big")


def _number(identity: int, value: int) -> bytes:
    return element(identity, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _text(identity: int, value: str) -> bytes:
    return element(identity, value.encode())


def opening(track: bytes) -> bytes:
    """What stands before the clusters of a file whose TrackEntry has these children (RFC 9559)."""
    ebml = _number(0x4286, 1) + _number(0x42F7, 1) + _number(0x42F2, 4) + _number(0x42F3, 8)
    ebml += _text(0x4282, "webm") + _number(0x4287, 4) + _number(0x4285, 2)
    info = _number(0x2AD7B1, 1_000_000) + _text(0x4D80, "videoattention") + _text(0x5741, "videoattention")
    entry = _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x9C, 0) + _text(0x22B59C, "und") + track
    return (
        element(_EBML, ebml)
        + _identity(_SEGMENT)
        + _UNKNOWN_SIZE
        + element(_INFO, info)
        + element(_TRACKS, element(0xAE, entry))
    )


def opus_track() -> bytes:
    """Stereo Opus at 48 kHz; the seek pre-roll is RFC 7845's 80 ms."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 0, 48000, 0, 0)
    sound = element(0xB5, struct.pack("!d", 48000.0)) + _number(0x9F, 2)
    private = _text(0x86, "A_OPUS") + element(0x63A2, head) + _number(0x56AA, 0) + _number(0x56BB, 80_000_000)
    return _number(0x83, 2) + private + element(0xE1, sound)


def vp8_track(width: int, height: int) -> bytes:
    """VP8 pictures, at first of this size."""
    return _number(0x83, 1) + _text(0x86, "V_VP8") + element(0xE0, _number(0xB0, width) + _number(0xBA, height))


class WebmWriter:
    """Writes frames of one track to ``sink``; the header goes before the first.

    Clusters are cut at 500 ms, at key frames of pictures after 250 ms, and by `cut`.
    """

    def __init__(self, sink: Callable[[bytes], None], *, kind: str) -> None:
        self._sink = sink
        self._kind = kind
        self._opened = False
        self._blocks: list[bytes] = []
        self._base = 0

    def add(self, frame: Frame, at_ms: int) -> None:
        """Add a frame ``at_ms`` milliseconds after the first; times never fall."""
        if not self._opened:
            self._open(frame)
        age = at_ms - self._base
        if age >= _LONGEST_CLUSTER_MS or (self._kind == "video" and frame.key and age >= _SHORTEST_CLUSTER_MS):
            self.cut()
        if not self._blocks:
            self._base = at_ms
        data = frame.data
        header = _BLOCK.pack(0x81, at_ms - self._base, 0x80 if frame.key else 0)
        self._blocks += (_SIMPLE_BLOCK_ID, _length(len(data) + _BLOCK.size), header, data)

    def cut(self) -> None:
        """End the cluster, if there is one, and hand it to the sink."""
        if not self._blocks:
            return
        blocks, self._blocks = self._blocks, []
        self._sink(element(_CLUSTER, _number(_TIMESTAMP, self._base) + b"".join(blocks)))

    def _open(self, frame: Frame) -> None:
        self._opened = True
        track = opus_track() if self._kind == "audio" else vp8_track(frame.width, frame.height)
        self._sink(opening(track))
