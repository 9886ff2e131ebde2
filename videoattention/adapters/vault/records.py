"""Walking a vault file: every record in turn, verified, until its end or the first thing that is not as written."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from videoattention.adapters.vault.format import (
    FINAL_RECORD_SIZE,
    HEAD_SIZE,
    MEDIA_LIMIT,
    TAG_SIZE,
    RecordCipher,
    RecordForged,
    RecordHead,
    RecordKind,
    looks_final,
    pack_final,
)
from videoattention.services.vault import FileSeal, MediaTampered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from videoattention.services.vault import FileIdentity


@dataclass(frozen=True, slots=True)
class Record:
    """A verified record: its number, where it begins in the file, and its content."""

    number: int
    position: int
    kind: RecordKind
    plain: bytes


class Readable(Protocol):
    """As much of a file as a walk needs."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, or all that are left."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to another place."""

    def tell(self) -> int:
        """The place of the next byte."""


class RecordWalk:
    """Goes through a file once. The attributes hold once the iteration has ended.

    ``complete``: the final record is there and agrees; ``torn``: bytes of an unfinished record at the end; ``seal``:
    length and hash of the media that is there.
    """

    def __init__(self, file: Readable, identity: FileIdentity, *, cipher: RecordCipher) -> None:
        """Read ``file`` from its start, as the file ``identity``."""
        self._file = file
        self._identity = identity
        self._cipher = cipher
        self._digest = hashlib.sha256()
        self._length = 0
        self.complete = False
        self.torn = 0

    @property
    def seal(self) -> FileSeal:
        """Length and SHA-256 of the media so far."""
        return FileSeal(length=self._length, sha256=self._digest.hexdigest())

    def __iter__(self) -> Iterator[Record]:
        """Every whole record; raises `MediaTampered`."""
        if not self._header_is_whole():
            return
        position, number = len(self._cipher.header), 0
        while (record := self._next(number, position)) is not None:
            self._account(record)
            yield record
            position = self._file.tell()
            number += 1

    def _header_is_whole(self) -> bool:
        found = self._file.read(len(self._cipher.header))
        if found == self._cipher.header:
            return True
        if not self._cipher.header.startswith(found):
            raise tampered(self._identity, None, "the header is not this file's")
        self.torn = len(found)
        return False

    def _next(self, number: int, position: int) -> Record | None:
        raw = self._file.read(HEAD_SIZE)
        if raw and self.complete:
            raise tampered(self._identity, number, "something follows the final record")
        try:
            head = self._checked_head(number, raw) if len(raw) == HEAD_SIZE else None
            body = self._file.read(head.length) if head else b""
            if head is None or len(body) < head.length:
                self._end_torn(number, len(raw) + len(body))
                return None
            plain = self._cipher.open_body(number, head, body=body)
        except RecordForged as forged:
            raise tampered(self._identity, number, str(forged)) from None
        return Record(number=number, position=position, kind=head.kind, plain=plain)

    def _end_torn(self, number: int, left: int) -> None:
        """Take what is left of the file as a write that a crash cut short, unless it still ends in a final record.

        A crash does not leave one behind what it cut; somebody who takes bytes out does.
        """
        self.torn = left
        if left >= FINAL_RECORD_SIZE:
            self._file.seek(-FINAL_RECORD_SIZE, os.SEEK_END)
            if looks_final(self._file.read()):
                raise tampered(self._identity, number, "bytes are missing before the final record")

    def _checked_head(self, number: int, raw: bytes) -> RecordHead:
        head = self._cipher.open_head(number, raw)
        if head.offset != self._length or not TAG_SIZE <= head.length <= MEDIA_LIMIT + TAG_SIZE:
            raise RecordForged("it does not continue the record before it")
        return head

    def _account(self, record: Record) -> None:
        if record.kind is RecordKind.MEDIA:
            self._length += len(record.plain)
            self._digest.update(record.plain)
        elif record.kind is RecordKind.FINAL:
            if record.plain != pack_final(self._length, self._digest.digest()):
                raise tampered(self._identity, record.number, "the media is not what the final record says")
            self.complete = True


def tampered(identity: FileIdentity, record: int | None, what: str) -> MediaTampered:
    """The error that names the place: part, track and record (None is the header)."""
    place = "header" if record is None else f"record {record}"
    return MediaTampered(f"part {identity.part}, {identity.track.value}, {place}: {what}")
