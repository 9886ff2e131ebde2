"""What one stored file holds, for its seal: the encrypted bytes, the media, and what a player gets of it.

The file is read once for its own hash, its records and its index; its records are decrypted a second time for the hash
of what a player gets, because the prefix that makes it playable comes first and is known last.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from videoattention.adapters.vault.ebml import EbmlBroken
from videoattention.adapters.vault.format import RecordKind
from videoattention.adapters.vault.recorded import Abandoned, Contents, StoredFile, VaultMedia
from videoattention.adapters.vault.records import RecordWalk
from videoattention.adapters.vault.stored import is_being_written
from videoattention.adapters.vault.webm_index import WebmScan
from videoattention.services.vault import FileSeal, MeasuredFile, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from videoattention.adapters.vault.records import Record

_CHUNK = 256 * 1024


class HashedFile:
    """A file that is hashed while it is read: each byte once, in its order, however often it is read again."""

    def __init__(self, file: BinaryIO) -> None:
        """Read ``file``, which is at its start."""
        self._file = file
        self._digest = hashlib.sha256()
        self._hashed = 0

    def read(self, size: int = -1) -> bytes:
        """As any file's; what was not read before is hashed."""
        at = self._file.tell()
        data = self._file.read(size)
        if at <= self._hashed < at + len(data):
            self._digest.update(data[self._hashed - at :])
            self._hashed = at + len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """As any file's; what is left out so must be read later, by `whole` at the latest."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As any file's."""
        return self._file.tell()

    def whole(self, stopped: Callable[[], bool]) -> FileSeal:
        """Length and hash of the file, whatever of it was read so far; raises `Abandoned`."""
        self.seek(self._hashed)
        while self.read(_CHUNK):
            _go_on(stopped)
        return FileSeal(self._hashed, self._digest.hexdigest())


class _Found:
    """What the records hold; media that is no WebM is counted and cannot be played."""

    def __init__(self) -> None:
        self.contents = Contents()
        self.scan: WebmScan | None = WebmScan()

    def take(self, record: Record) -> None:
        self.contents.take(record)
        if record.kind is RecordKind.MEDIA and self.scan is not None:
            try:
                self.scan.feed(record.plain)
            except EbmlBroken:
                self.scan = None

    def as_played(self, stored: StoredFile, walk: RecordWalk) -> VaultMedia | None:
        if self.scan is None or not self.scan.playable:
            return None
        try:
            return VaultMedia(stored, walk, contents=self.contents, index=self.scan.index)
        except EbmlBroken:
            return None


def measure_file(stored: StoredFile, stopped: Callable[[], bool]) -> MeasuredFile:
    """Read a file whole: seconds for an hour of picture, so call it in a thread; memory does not grow with it.

    Raises `MediaMissing`, `Abandoned` soon after ``stopped`` says so, and `StorageFailed`, also for a file that a
    worker still holds: what it adds later would not be in the seal.
    """
    with stored.source.open() as file:
        if is_being_written(file):
            raise StorageFailed("storage_failed", "the file is still being written")
        hashed = HashedFile(file)
        walk = RecordWalk(hashed, stored.identity, cipher=stored.cipher)
        try:
            found = _walked(walk, stopped)
            media = found.as_played(stored, walk)
            playable = media.playable_seal(stopped) if media else None
        except MediaTampered:
            return MeasuredFile(file=hashed.whole(stopped), fault="file_tampered")
        return MeasuredFile(
            file=hashed.whole(stopped),
            media=walk.seal,
            playable=playable,
            duration=media.duration if media else 0.0,
            frames=media.frames if media else 0,
            complete=walk.complete,
            torn_bytes=walk.torn,
            gaps=tuple(found.contents.gaps),
            marks=tuple(found.contents.marks),
        )


def _walked(walk: RecordWalk, stopped: Callable[[], bool]) -> _Found:
    found = _Found()
    for record in walk:
        _go_on(stopped)
        found.take(record)
    return found


def _go_on(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise Abandoned
