"""The bytes of a stored file, wherever they lie: in the folder, or in the object store that they went to from there."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import io
import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from videoattention.services.vault import MediaMissing, StorageFailed

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


class StoredBytes(Protocol):
    """One file, to be read by several threads at once. Everything raises `MediaMissing` or `StorageFailed`."""

    def stamp(self) -> Hashable:
        """What changes when the file grows, moves, or is replaced by another."""

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The file at its first byte, with `read`, `seek` and `tell`."""


@dataclass(frozen=True, slots=True)
class FolderBytes:
    """A file of the folder."""

    path: Path

    def stamp(self) -> Hashable:
        """The file system's own marks."""
        with reading():
            found = self.path.stat(follow_symlinks=False)
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The file itself; a link in its place counts as no file."""
        with reading(), os.fdopen(os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW), "rb") as file:
            yield file


@dataclass(frozen=True, slots=True)
class MovedBytes:
    """A file that is ``here`` until it is moved ``there``, at any moment, even between two reads of one player.

    It is removed here only after it was confirmed there, so one of the two has it whenever it exists at all.
    """

    here: StoredBytes
    there: StoredBytes

    def stamp(self) -> Hashable:
        """That of the place that has it."""
        try:
            return self.here.stamp()
        except MediaMissing:
            return self.there.stamp()

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The file where it is now."""
        with ExitStack() as opened:
            try:
                file = opened.enter_context(self.here.open())
            except MediaMissing:
                file = opened.enter_context(self.there.open())
            yield file


def is_being_written(file: BinaryIO) -> bool:
    """Whether a writer still holds the file: its lock ends with its last commit, or with its process.

    While ``file`` stays open nobody moves it either.
    """
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (AttributeError, io.UnsupportedOperation):
        return False  # one that is far away is written by nobody
    return False


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Turn what the disk says into what the reader of a recording must know."""
    try:
        yield
    except OSError as error:
        if error.errno in _NOT_THERE:
            raise MediaMissing("there is no such file") from None
        sentence = f"recordings cannot be read: {os.strerror(error.errno or 0)}"
        raise StorageFailed("storage_failed", sentence) from error
