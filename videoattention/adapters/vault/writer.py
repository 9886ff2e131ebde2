"""The writing side: files that only grow, sealed record by record, committed to the disk together."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from videoattention.adapters.vault.format import (
    MEDIA_LIMIT,
    RecordCipher,
    RecordKind,
    file_path,
    pack_final,
    pack_gap,
    pack_mark,
)
from videoattention.services.vault import FileSeal, StorageFailed

if TYPE_CHECKING:
    from pathlib import Path

    from videoattention.services.vault import ClockMark, FileIdentity, MediaGap

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS})
_ATTEMPTS = 3

ROOM_TO_BEGIN: Final = 16 * 2**20
"""Bytes that must be free on the disk for a new file: some seconds of every call that is recorded."""


class FolderVault:
    """Keeps recordings in a folder: ``<root>/<organisation>/<recording>/<part>-<track>.vrec``, mode 0600."""

    def __init__(self, root: Path) -> None:
        """Take the folder; it is made, with mode 0700, when the first file is."""
        self._root = root
        self._files: set[_AppendedFile] = set()
        # One thread of its own: commits stay in order, and a slow disk cannot use up the threads of others.
        self._committing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vault-commit")

    def create(self, identity: FileIdentity, key: bytes) -> FolderTrackWriter:
        """Begin a file that must not exist yet, under a 32-byte key of its own; raises `StorageFailed`."""
        try:
            path = self._root / file_path(identity)
        except ValueError as error:
            raise StorageFailed("storage_failed", str(error)) from None
        self._refuse_without_room()
        cipher = RecordCipher(identity, key)
        file = _AppendedFile(self._new_descriptor(path), folders=tuple(path.parents)[:3])
        self._files.add(file)
        try:
            file.append(cipher.header)
        except StorageFailed:
            file.finished = True
            raise
        return FolderTrackWriter(file, cipher)

    async def make_durable(self) -> None:
        """Commit every file that changed; one that could not be committed says so by its writer's `fault`."""
        # What is finished is settled here: a file closed while the commit runs has a final record to commit yet.
        finished = [file for file in self._files if file.finished]
        changed = [file for file in self._files if file.changed and not file.finished]
        self._files.difference_update(finished)
        for file in changed:
            file.changed = False
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._committing, _commit, changed, finished)

    def _refuse_without_room(self) -> None:
        """A file that is begun on the last free bytes ends before it holds anything, and so do those after it."""
        with contextlib.suppress(FileNotFoundError):
            disk = os.statvfs(self._root)
            # some file systems do not tell
            if disk.f_blocks and disk.f_bavail * disk.f_frsize < ROOM_TO_BEGIN:
                raise _no_space()

    def _new_descriptor(self, path: Path) -> int:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._made(path)
            except FileNotFoundError as error:
                # the recording's folder was empty, and was removed between its being made and the file's being made
                if attempt == _ATTEMPTS:
                    raise _storage_failed(error) from error
            except OSError as error:
                raise _storage_failed(error) from error
        raise AssertionError

    def _made(self, path: Path) -> int:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, _CREATE, 0o600)
        _hold(descriptor)
        return descriptor


class FolderTrackWriter:
    """Writes one file of a `FolderVault`. After a `StorageFailed` it takes nothing more: what is on disk stays so."""

    def __init__(self, file: _AppendedFile, cipher: RecordCipher) -> None:
        """Write to ``file``, which holds its header already."""
        self._file = file
        self._cipher = cipher
        self._waiting = bytearray()
        self._sealed = 0
        self._counter = 0
        self._digest = hashlib.sha256()
        self._closed = False

    @property
    def fault(self) -> StorageFailed | None:
        """Why the file takes nothing more, once a write or a commit of it failed."""
        return self._file.fault

    def media(self, payload: bytes) -> None:
        """Take the next bytes of the WebM; from 64 KiB on they are sealed without being asked for."""
        self._refuse_if_closed()
        self._waiting += payload
        if len(self._waiting) >= MEDIA_LIMIT:
            self._file.append(self._seal_waiting())

    def mark(self, clock: ClockMark) -> None:
        """Keep a reading of the clocks, after the media that waits; both are written."""
        self._append_after_media(RecordKind.CLOCK_MARK, pack_mark(clock))

    def gap(self, gap: MediaGap) -> None:
        """Keep that media is missing here, after the media that waits; both are written."""
        self._append_after_media(RecordKind.GAP, pack_gap(gap))

    def seal_record(self) -> None:
        """Encrypt what waits and write it: from here on it survives the process."""
        self._refuse_if_closed()
        if self._waiting:
            self._file.append(self._seal_waiting())

    def close(self) -> FileSeal:
        """Write the final record; the descriptor goes back with the next `FolderVault.make_durable`.

        Raises `StorageFailed` when the final record cannot be written; the file is closed all the same, as incomplete.
        """
        self._refuse_if_closed()
        self._closed = True
        try:
            self._file.append(self._seal_waiting() + self._seal_final())
        finally:
            self._file.finished = True
        return FileSeal(length=self._sealed, sha256=self._digest.hexdigest())

    def _append_after_media(self, kind: RecordKind, plain: bytes) -> None:
        self._refuse_if_closed()
        self._file.append(self._seal_waiting() + self._seal(kind, plain))

    def _seal_waiting(self) -> bytes:
        media = bytes(self._waiting)
        self._waiting.clear()
        pieces = (media[at : at + MEDIA_LIMIT] for at in range(0, len(media), MEDIA_LIMIT))
        return b"".join(self._seal_media(piece) for piece in pieces)

    def _seal_media(self, piece: bytes) -> bytes:
        record = self._seal(RecordKind.MEDIA, piece)
        self._sealed += len(piece)
        self._digest.update(piece)
        return record

    def _seal_final(self) -> bytes:
        return self._seal(RecordKind.FINAL, pack_final(self._sealed, self._digest.digest()))

    def _seal(self, kind: RecordKind, plain: bytes) -> bytes:
        record = self._cipher.seal(self._counter, kind, offset=self._sealed, plain=plain)
        self._counter += 1
        return record

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise ValueError("the file is closed")


class _AppendedFile:
    """A descriptor that the packet thread appends to and the committing thread syncs, and alone closes.

    If the packet thread closed it, its number could be another file's by the time the commit gets to it.
    """

    def __init__(self, descriptor: int, *, folders: tuple[Path, ...]) -> None:
        self._descriptor = descriptor
        self._new_in = folders
        self.fault: StorageFailed | None = None
        self.changed = True
        self.finished = False

    def append(self, data: bytes) -> None:
        """Write all of ``data``; after a fault nothing more is ever written, or it would follow half a record."""
        if self.fault is not None:
            raise StorageFailed(self.fault.code, str(self.fault))
        self.changed = True
        try:
            written = os.write(self._descriptor, data)
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
        except OSError as error:
            self._break(error)
            raise _storage_failed(error) from error

    def commit(self, synced: set[Path]) -> None:
        """Make the file and its name durable; ``synced`` are the folders done so far."""
        try:
            os.fdatasync(self._descriptor)
            for folder in self._new_in:
                if folder not in synced:
                    _sync_folder(folder)
                    synced.add(folder)
            self._new_in = ()
        except OSError as error:
            # The kernel may drop pages it failed to write and report success next time: do not ask again.
            self._break(error)

    def release(self) -> None:
        """Give the descriptor back."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)

    def _break(self, error: OSError) -> None:
        self.fault = self.fault or _storage_failed(error)


def _hold(descriptor: int) -> None:
    """Lock the file for as long as this descriptor lives: whoever moves closed files away leaves a locked one alone.

    The lock goes with the process, whatever ends it. Nobody locks a file as new as this one, so there is no waiting.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        # a file system without locks does for recording; nothing is moved away from it, for nobody gets a lock
        if error.errno not in _NO_LOCKS:
            os.close(descriptor)
            raise


def _commit(changed: list[_AppendedFile], finished: list[_AppendedFile]) -> None:
    synced: set[Path] = set()
    for file in changed + finished:
        file.commit(synced)
    for file in finished:
        file.release()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _no_space() -> StorageFailed:
    return StorageFailed("no_space", "there is no space left for recordings")


def _storage_failed(error: OSError) -> StorageFailed:
    if error.errno in _NO_SPACE:
        return _no_space()
    return StorageFailed("storage_failed", f"recordings cannot be written: {os.strerror(error.errno or 0)}")
