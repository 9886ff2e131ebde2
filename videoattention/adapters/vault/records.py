"""Walking a vault file: every record in turn, verified, until its end or the first thing that is not as written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from videoattention.adapters.vault.format import (
    HEAD_SIZE,
    MEDIA_LIMIT,
    TAG_SIZE,
    RecordCipher,
    RecordForged,
    RecordHead,
    RecordKind,
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


class RecordWalk:
    """Goes through a file once. The attributes hold once the iteration has ended.

    ``complete``: the final record is there and agrees; ``torn``: bytes of an unfinished record at the end; ``seal``:
    length and hash of the media that is there.
    """

    def __init__(self, file: BinaryIO, identity: FileIdentity, *, cipher: RecordCipher) -> None:
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
        if len(raw) < HEAD_SIZE:
            self.torn = len(raw)
            return None
        try:
            head = self._checked_head(number, raw)
            body = self._file.read(head.length)
            if len(body) < head.length:
                self.torn = len(raw) + len(body)
                return None
            plain = self._cipher.open_body(number, head, body=body)
        except RecordForged as forged:
            raise tampered(self._identity, number, str(forged)) from None
        return Record(number=number, position=position, kind=head.kind, plain=plain)

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
