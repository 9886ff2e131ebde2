"""Which files of the folder wait for the object store: those that nobody writes any more."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATTERN = "*/*/*.vrec"
_EMPTY_FOR = 60.0
"""Seconds after which a file without a byte is one that a crash left, and not one that is being made."""


def files_of(root: Path) -> list[Path]:
    """Every file of the folder, those that are being written too, oldest recordings last touched first."""
    return sorted(Path(root).glob(_PATTERN))


def count_waiting(root: Path) -> int:
    """How many files are closed, or were left by a crash, and are still here."""
    waiting = 0
    for path in files_of(root):
        with suppress(OSError), left_alone(path) as file:
            waiting += file is not None
    return waiting


@contextmanager
def left_alone(path: Path) -> Iterator[BinaryIO | None]:
    """Hold a file that nobody writes and nobody else moves; None if somebody does. Raises `OSError`.

    The writer's lock ends with its descriptor, after the last commit, or with its process. So this needs no guess about
    how long a silent file has been silent.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW), "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        found = os.fstat(file.fileno())
        being_made = not found.st_size and time.time() - found.st_mtime < _EMPTY_FOR
        yield None if being_made or not _is_still(path, found) else file


def _is_still(path: Path, found: os.stat_result) -> bool:
    """Whether the name still leads to this file: another may have moved it while the lock was asked for."""
    try:
        now = path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    return (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino)
