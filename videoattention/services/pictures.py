"""Pictures that a browser sends: checked marker by marker and never decoded, so that no decoder can be attacked here.

What says more than the picture itself (the camera's notes, comments) is left out of what is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from videoattention.domain.errors import StepRefused

MOST_BYTES: Final = 4 * 1024 * 1024
_MOST_DOTS: Final = 8192
_START, _END = b"\xff\xd8", b"\xff\xd9"
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_TABLES: Final = frozenset({0xC4, 0xDB, 0xDD})
_SCAN: Final = 0xDA
_JFIF: Final = 0xE0
_NOTES: Final = frozenset({*range(0xE1, 0xF0), 0xFE})
_WITHIN_SCAN: Final = frozenset({0x00, *range(0xD0, 0xD8)})
_KNOWN: Final = frozenset({*_FRAMES, *_TABLES, _SCAN, _JFIF, *_NOTES})
_HEAD_BYTES: Final = 4
_LEAST: Final = 2
_FRAME_BYTES: Final = 9


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG (ISO/IEC 10918-1) with nothing around it; its size in dots."""

    body: bytes
    width: int
    height: int


def jpeg_of(sent: bytes) -> Picture:
    """The picture that was sent; raises ``still_refused`` for anything that is not exactly one JPEG."""
    if len(sent) > MOST_BYTES or not sent.startswith(_START) or not sent.endswith(_END):
        raise _refused()
    kept, size, place = [_START], None, len(_START)
    while sent[place : place + 2] != _END:
        marker, segment = _segment(sent, place)
        if marker in _FRAMES:
            size = _size(segment)
        if marker not in _NOTES:
            kept.append(segment)
        place += len(segment)
        if marker == _SCAN:
            after = _end_of_scan(sent, place)
            kept.append(sent[place:after])
            place = after
    if size is None or place + len(_END) != len(sent):
        raise _refused()
    return Picture(b"".join((*kept, _END)), *size)


def _segment(sent: bytes, place: int) -> tuple[int, bytes]:
    """A marker and its whole segment, which begins with it."""
    head = sent[place : place + 4]
    if len(head) != _HEAD_BYTES or not head.startswith(b"\xff") or head[1] not in _KNOWN:
        raise _refused()
    length = int.from_bytes(head[2:], "big")
    segment = sent[place : place + 2 + length]
    if length < _LEAST or len(segment) != 2 + length:
        raise _refused()
    return head[1], segment


def _size(segment: bytes) -> tuple[int, int]:
    if len(segment) < _FRAME_BYTES:
        raise _refused()
    height, width = int.from_bytes(segment[5:7], "big"), int.from_bytes(segment[7:9], "big")
    if not (0 < width <= _MOST_DOTS and 0 < height <= _MOST_DOTS):
        raise _refused()
    return width, height


def _end_of_scan(sent: bytes, place: int) -> int:
    """Where the next marker is that is no part of the coded picture."""
    while True:
        place = sent.find(b"\xff", place)
        if place < 0 or place + 1 >= len(sent):
            raise _refused()
        if sent[place + 1] not in _WITHIN_SCAN:
            return place
        place += 2


def _refused() -> StepRefused:
    return StepRefused("still_refused", "this is not one JPEG")
