"""Which bytes of a representation a GET asks for (RFC 9110, 13.1.5 and 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST_HEADER = 200
_SPECIFIER = re.compile(r"bytes=[ \t]*(?:([0-9]+)-([0-9]*)|-([0-9]+))[ \t]*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes ``start <= i < end`` of a representation of ``size`` bytes; never empty."""

    start: int
    end: int
    size: int

    @property
    def content_range(self) -> str:
        """The value of Content-Range for the 206."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


class RangeNotSatisfiable(Exception):
    """Nothing that was asked for exists: answer 416 with ``content_range``."""

    def __init__(self, size: int) -> None:
        """Tell how large the representation is."""
        super().__init__("the range lies outside of the representation")
        self.content_range = f"bytes */{size}"


def requested_range(header: str | None, if_range: str | None, *, size: int, etag: str) -> ByteRange | None:
    """The one range to send as a 206, or None to send the whole as a 200.

    ``header`` and ``if_range`` are the request's Range and If-Range; ``etag`` is the representation's strong entity
    tag, in its quotes. A range that is malformed, of another unit, or one of several is ignored, as the RFC lets a
    server do (14.2); so is every range if If-Range names anything but this very tag. Raises `RangeNotSatisfiable`.
    """
    if header is None or len(header) > _LONGEST_HEADER:
        return None
    if if_range is not None and if_range.strip() != etag:
        return None
    asked = _SPECIFIER.fullmatch(header.strip())
    if asked is None:
        return None
    first, last, suffix = asked.groups()
    if suffix is not None:
        return _satisfiable(max(0, size - int(suffix)), size, size=size)
    if last and int(last) < int(first):
        return None
    return _satisfiable(int(first), min(size, int(last) + 1) if last else size, size=size)


def _satisfiable(start: int, end: int, *, size: int) -> ByteRange:
    if start >= size:
        raise RangeNotSatisfiable(size)
    return ByteRange(start=start, end=end, size=size)
