"""One stored file, checked and ready to play: which record holds which bytes, and how to decrypt just those."""

from __future__ import annotations

import asyncio
import hashlib
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from videoattention.adapters.vault.ebml import EbmlBroken
from videoattention.adapters.vault.format import (
    HEAD_SIZE,
    RecordCipher,
    RecordForged,
    RecordKind,
    unpack_gap,
    unpack_mark,
)
from videoattention.adapters.vault.playable import playable_prefix
from videoattention.adapters.vault.records import Record, RecordWalk, tampered
from videoattention.adapters.vault.webm_index import WebmScan
from videoattention.services.vault import FileSeal, MediaMissing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from videoattention.adapters.vault.stored import StoredBytes
    from videoattention.adapters.vault.webm_index import WebmIndex
    from videoattention.services.vault import ClockMark, FileIdentity, MediaGap

_CHUNK = 256 * 1024
_NANOSECONDS_IN_A_MILLISECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a file's bytes are, which one it must be, and what opens its records."""

    source: StoredBytes
    identity: FileIdentity
    cipher: RecordCipher


class Abandoned(Exception):
    """Nobody waits any more for what was being read."""


@dataclass(slots=True)
class Contents:
    """Where the media records lie: their numbers, places in the file and first media byte; and what else was kept."""

    numbers: array[int] = field(default_factory=lambda: array("L"))
    positions: array[int] = field(default_factory=lambda: array("Q"))
    offsets: array[int] = field(default_factory=lambda: array("Q"))
    length: int = 0
    marks: list[ClockMark] = field(default_factory=list)
    gaps: list[MediaGap] = field(default_factory=list)

    def take(self, record: Record) -> None:
        """Note one record; the next one follows it."""
        if record.kind is RecordKind.MEDIA:
            self.numbers.append(record.number)
            self.positions.append(record.position)
            self.offsets.append(self.length)
            self.length += len(record.plain)
        elif record.kind is RecordKind.CLOCK_MARK:
            self.marks.append(unpack_mark(record.plain))
        elif record.kind is RecordKind.GAP:
            self.gaps.append(unpack_gap(record.plain))

    @property
    def memory(self) -> int:
        """About how many bytes the notes take."""
        tables = (self.numbers, self.positions, self.offsets)
        return sum(len(table) * table.itemsize for table in tables) + 200 * (len(self.marks) + len(self.gaps))


class VaultMedia:
    """A `RecordedMedia` out of a vault file. Nothing of the media is kept in memory between two reads.

    Beside the port's: ``frames``; ``torn``, bytes at the end of the file that a crash left unfinished; ``seal``, length
    and hash of the stored stream as its writer counted them; ``marks`` and ``gaps``, in the order they were written.
    """

    def __init__(self, stored: StoredFile, walk: RecordWalk, *, contents: Contents, index: WebmIndex) -> None:
        """Take what `index_file` found; raises `EbmlBroken`."""
        self._stored = stored
        self._contents = contents
        self._prefix = playable_prefix(index)
        self._first = index.first_cluster
        self.size = len(self._prefix) + index.end - index.first_cluster
        self.duration = index.duration
        self.frames = index.frames
        self.pictures: Sequence[int] = _in_milliseconds(index)
        self.complete = walk.complete
        self.torn = walk.torn
        self.seal = walk.seal
        self.marks = tuple(contents.marks)
        self.gaps = tuple(contents.gaps)
        self.etag = f'"{hashlib.sha256(bytes.fromhex(self.seal.sha256) + self._prefix).hexdigest()}"'

    @property
    def memory(self) -> int:
        """About how many bytes this takes while it stays open."""
        return self._contents.memory + len(self._prefix) + 4 * len(self.pictures)

    def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes ``start <= i < end`` in pieces of about 256 KiB at most, verified again as they are decrypted."""
        if not 0 <= start <= end <= self.size:
            raise ValueError("a range outside of the media")
        return self._pieces(start, end)

    async def _pieces(self, start: int, end: int) -> AsyncIterator[bytes]:
        if prefix := self._prefix[start:end]:
            yield prefix
        shift = self._first - len(self._prefix)
        at = max(start + shift, self._first)
        while at < end + shift:
            piece = await asyncio.to_thread(self._decrypt, at, end + shift)
            at += len(piece)
            yield piece

    def playable_seal(self, stopped: Callable[[], bool]) -> FileSeal:
        """Length and SHA-256 of what a player gets; reads the file, so call it in a thread.

        Raises as `read` does, and `Abandoned` when ``stopped`` says so.
        """
        digest, end = hashlib.sha256(self._prefix), self._first + self.size - len(self._prefix)
        at = self._first
        while at < end:
            if stopped():
                raise Abandoned
            piece = self._decrypt(at, end)
            digest.update(piece)
            at += len(piece)
        return FileSeal(self.size, digest.hexdigest())

    def _decrypt(self, start: int, end: int) -> bytes:
        """The stored media from ``start``, to ``end`` or a whole number of records before it."""
        offsets = self._contents.offsets
        first = nth = bisect_right(offsets, start) - 1
        plain = bytearray()
        with self._stored.source.open() as file:
            while nth < len(offsets) and offsets[nth] < end and len(plain) < _CHUNK:
                plain += self._decrypt_record(file, nth)
                nth += 1
        return bytes(plain[start - offsets[first] : end - offsets[first]])

    def _decrypt_record(self, file: BinaryIO, nth: int) -> bytes:
        number, cipher = self._contents.numbers[nth], self._stored.cipher
        file.seek(self._contents.positions[nth])
        try:
            head = cipher.open_head(number, file.read(HEAD_SIZE))
            return cipher.open_body(number, head, body=file.read(head.length))
        except RecordForged as forged:
            raise tampered(self._stored.identity, number, str(forged)) from None


def _in_milliseconds(index: WebmIndex) -> array[int]:
    """The instants of the pictures; files of ours count in milliseconds, so nothing is lost of them."""
    each = index.scale / _NANOSECONDS_IN_A_MILLISECOND
    return array("I", (round(time * each) for time in index.picture_times))


def index_file(stored: StoredFile) -> VaultMedia:
    """Verify every record of a file and find how to play it; seconds for an hour of picture, so call it in a thread.

    Raises `MediaTampered`, `MediaMissing`, or `StorageFailed` if the disk will not be read.
    """
    contents, scan = Contents(), WebmScan()
    with stored.source.open() as file:
        walk = RecordWalk(file, stored.identity, cipher=stored.cipher)
        try:
            for record in walk:
                contents.take(record)
                if record.kind is RecordKind.MEDIA:
                    scan.feed(record.plain)
            if not scan.playable:
                raise MediaMissing("the file holds no whole frame")
            return VaultMedia(stored, walk, contents=contents, index=scan.index)
        except EbmlBroken as broken:
            raise MediaMissing(f"the file holds nothing that can be played: {broken}") from None
