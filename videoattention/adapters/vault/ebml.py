"""EBML in the small (RFC 8794): element ids, variable-size numbers, elements; enough for WebM (RFC 9559)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

EBML = 0x1A45DFA3
SEGMENT = 0x18538067
INFO = 0x1549A966
TIMECODE_SCALE = 0x2AD7B1
DURATION = 0x4489
TRACKS = 0x1654AE6B
TRACK_ENTRY = 0xAE
TRACK_NUMBER = 0xD7
CODEC_ID = 0x86
VIDEO = 0xE0
PIXEL_WIDTH = 0xB0
PIXEL_HEIGHT = 0xBA
DISPLAY_WIDTH = 0x54B0
DISPLAY_HEIGHT = 0x54BA
CLUSTER = 0x1F43B675
TIMECODE = 0xE7
SIMPLE_BLOCK = 0xA3
BLOCK_GROUP = 0xA0
BLOCK = 0xA1
REFERENCE_BLOCK = 0xFB
CUES = 0x1C53BB6B
CUE_POINT = 0xBB
CUE_TIME = 0xB3
CUE_TRACK_POSITIONS = 0xB7
CUE_TRACK = 0xF7
CUE_CLUSTER_POSITION = 0xF1

_LONGEST_ID = 4
_LONGEST_SIZE = 8


class EbmlBroken(Exception):
    """These bytes are not EBML."""


@dataclass(frozen=True, slots=True)
class ElementHead:
    """An element begins: its id (with the marker bits), size of its body (None: unknown) and where the body begins."""

    ident: int
    size: int | None
    body: int


def read_head(data: bytes | bytearray, at: int) -> ElementHead | None:
    """Read the head of the element at ``at``; None if it is cut off by the end of the data. Raises `EbmlBroken`."""
    ident = _read_number(data, at, longest=_LONGEST_ID)
    if ident is None:
        return None
    at += ident[1]
    size = _read_number(data, at, longest=_LONGEST_SIZE)
    if size is None:
        return None
    value, width = size
    mask = (1 << 7 * width) - 1
    value &= mask
    return ElementHead(ident=ident[0], size=None if value == mask else value, body=at + width)


def children(body: bytes) -> Iterator[tuple[int, bytes]]:
    """The ids and bodies of the elements inside a master element of known size; raises `EbmlBroken`."""
    at = 0
    while at < len(body):
        head = read_head(body, at)
        if head is None or head.size is None or head.body + head.size > len(body):
            raise EbmlBroken("an element does not fit in the one around it")
        at = head.body + head.size
        yield head.ident, body[head.body : at]


def element(ident: int, body: bytes) -> bytes:
    """Write an element."""
    return head_of(ident, len(body)) + body


def head_of(ident: int, size: int) -> bytes:
    """Write the head of an element whose body has ``size`` bytes."""
    width = ((size + 1).bit_length() + 6) // 7  # all ones would mean an unknown size
    coded = size | 1 << 7 * width
    return ident.to_bytes((ident.bit_length() + 7) // 8, "big") + coded.to_bytes(width, "big")


def unsigned(value: int, width: int = 0) -> bytes:
    """Write an unsigned integer in ``width`` bytes, or as few as it takes."""
    return value.to_bytes(width or max(1, (value.bit_length() + 7) // 8), "big")


def read_unsigned(body: bytes | bytearray) -> int:
    """Read an unsigned integer; raises `EbmlBroken` if it has more than eight bytes."""
    if len(body) > _LONGEST_SIZE:
        raise EbmlBroken("an integer is longer than allowed")
    return int.from_bytes(body, "big")


def float64(value: float) -> bytes:
    """Write a float of eight bytes."""
    return struct.pack(">d", value)


def with_children(body: bytes, replaced: Mapping[int, bytes], *, without: Iterable[int] = ()) -> bytes:
    """A master element's body with some children's bodies replaced, or appended where there were none."""
    dropped = {*replaced, *without}
    kept = [element(ident, child) for ident, child in children(body) if ident not in dropped]
    return b"".join(kept + [element(ident, child) for ident, child in replaced.items()])


def _read_number(data: bytes | bytearray, at: int, *, longest: int) -> tuple[int, int] | None:
    """A variable-size number with its marker bit, and its width; None if it is cut off."""
    if at >= len(data):
        return None
    width = 9 - data[at].bit_length()
    if width > longest:
        raise EbmlBroken("an element's id or size is longer than allowed")
    if at + width > len(data):
        return None
    return int.from_bytes(data[at : at + width], "big"), width
