"""The layout of a vault file and what binds each of its bytes to its place.

A file is ``header`` then records, nothing else (decision 0005):

* header: magic (8), version (1), then organisation, recording and track, each a length byte and ASCII, then part (2);
* record: length of the body (4), kind (1), offset (8), check (16), body.

Numbers are big-endian. ``offset`` is the media bytes stored before the record. ``body`` is AES-256-GCM; ``check`` is a
GCM tag over the record's own head alone, so that a length is known to be true before anybody relies on it: without it,
a changed length near the end of a file would look like a write that a crash cut short.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from videoattention.services.vault import ClockMark, MediaGap

if TYPE_CHECKING:
    from videoattention.services.vault import FileIdentity

MAGIC = b"\x8bVREC\r\n\x1a"
VERSION = 1
KEY_SIZE = 32
TAG_SIZE = 16
MEDIA_LIMIT = 64 * 1024
"""Most media bytes in one record: what a reader must decrypt at once."""

_FIELDS = struct.Struct(">IBQ")
_COUNTER = struct.Struct(">Q")
_MARK = struct.Struct(">dddd")
_GAP = struct.Struct(">dd")
_FINAL = struct.Struct(">Q32s")
HEAD_SIZE = _FIELDS.size + TAG_SIZE
FINAL_RECORD_SIZE = HEAD_SIZE + _FINAL.size + TAG_SIZE
_FINAL_FORM = struct.Struct(">IB")
_LAST_PART = 9999
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
# The two uses of a record's counter get different nonces under the same key: GCM never sees one twice.
_FOR_BODY = b"\0\0\0\0"
_FOR_HEAD = b"\0\0\0\1"


class RecordKind(IntEnum):
    """What a record holds."""

    MEDIA = 1
    CLOCK_MARK = 2
    GAP = 3
    FINAL = 4


class RecordForged(Exception):
    """A record is not what was written at this place of this file."""


@dataclass(frozen=True, slots=True)
class RecordHead:
    """The head of a record: ``length`` of the body that follows, in bytes, tag included."""

    length: int
    kind: RecordKind
    offset: int


def file_path(identity: FileIdentity) -> PurePosixPath:
    """Where the file lies under the vault's root; raises `ValueError` for names outside the safe alphabet.

    The alphabet has no dot and no separator, so no name can lead out of the root.
    """
    for name in (identity.organisation, identity.recording):
        if not _SAFE_NAME.fullmatch(name):
            raise ValueError("an organisation or recording has a name that is not safe as a folder")
    if not 0 <= identity.part <= _LAST_PART:
        raise ValueError(f"a part is numbered 0 to {_LAST_PART}")
    file_name = f"{identity.part:04d}-{identity.track.value}.vrec"
    return PurePosixPath(identity.organisation, identity.recording, file_name)


def file_header(identity: FileIdentity) -> bytes:
    """The first bytes of the file: who it says it is. Raises `ValueError` as `file_path` does."""
    file_path(identity)
    names = (identity.organisation, identity.recording, identity.track.value)
    fields = b"".join(bytes((len(name),)) + name.encode("ascii") for name in names)
    return MAGIC + bytes((VERSION,)) + fields + identity.part.to_bytes(2, "big")


class RecordCipher:
    """Seals and opens the records of one file under the data key used for that file only."""

    def __init__(self, identity: FileIdentity, key: bytes) -> None:
        """Take 32 bytes of key; raises `ValueError` for another size or an unsafe identity."""
        if len(key) != KEY_SIZE:
            raise ValueError("a data key has 32 bytes")
        self.header = file_header(identity)
        self._aead = AESGCM(key)

    def seal(self, counter: int, kind: RecordKind, *, offset: int, plain: bytes) -> bytes:
        """Make the record number ``counter``, ready to append. A counter is used once in a file's life."""
        fields = _FIELDS.pack(len(plain) + TAG_SIZE, kind, offset)
        number = _COUNTER.pack(counter)
        bound = self.header + number + fields
        check = self._aead.encrypt(_FOR_HEAD + number, b"", bound)
        return fields + check + self._aead.encrypt(_FOR_BODY + number, plain, bound)

    def open_head(self, counter: int, raw: bytes) -> RecordHead:
        """Read the ``HEAD_SIZE`` bytes before a body; raises `RecordForged`."""
        fields, check = raw[: _FIELDS.size], raw[_FIELDS.size :]
        number = _COUNTER.pack(counter)
        try:
            self._aead.decrypt(_FOR_HEAD + number, check, self.header + number + fields)
        except InvalidTag:
            raise RecordForged("its head does not verify") from None
        length, kind, offset = _FIELDS.unpack(fields)
        return RecordHead(length=length, kind=RecordKind(kind), offset=offset)

    def open_body(self, counter: int, head: RecordHead, *, body: bytes) -> bytes:
        """Decrypt a body of ``head.length`` bytes; raises `RecordForged`."""
        number = _COUNTER.pack(counter)
        bound = self.header + number + _FIELDS.pack(head.length, head.kind, head.offset)
        try:
            return self._aead.decrypt(_FOR_BODY + number, body, bound)
        except InvalidTag:
            raise RecordForged("its content does not verify") from None


def pack_mark(clock: ClockMark) -> bytes:
    """The content of a clock mark."""
    return _MARK.pack(clock.wall, clock.monotonic, clock.media, clock.sender_ntp)


def unpack_mark(plain: bytes) -> ClockMark:
    """The reverse of `pack_mark`."""
    wall, monotonic, media, sender_ntp = _MARK.unpack(plain)
    return ClockMark(wall=wall, monotonic=monotonic, media=media, sender_ntp=sender_ntp)


def pack_gap(gap: MediaGap) -> bytes:
    """The content of a gap."""
    return _GAP.pack(gap.start, gap.end) + gap.cause.encode()


def unpack_gap(plain: bytes) -> MediaGap:
    """The reverse of `pack_gap`."""
    start, end = _GAP.unpack_from(plain)
    return MediaGap(start=start, end=end, cause=plain[_GAP.size :].decode())


def looks_final(tail: bytes) -> bool:
    """Whether the last bytes of a file have the outer form of a final record; chance gives one in 2^40."""
    return tail[: _FINAL_FORM.size] == _FINAL_FORM.pack(_FINAL.size + TAG_SIZE, RecordKind.FINAL)


def pack_final(length: int, digest: bytes) -> bytes:
    """The content of the final record: bytes of media and their SHA-256."""
    return _FINAL.pack(length, digest)
