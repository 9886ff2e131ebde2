"""Which files of the folder wait for the object store: those that nobody writes any more."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from glob import glob
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT_EVERY = 5.0
"""Seconds between two counts."""

_PATTERN = "*/*/*.vrec"
_EMPTY_FOR = 60.0
"""Seconds after which a file without a byte is one that a crash left, and not one that is being made."""


def files_of(root: Path) -> list[Path]:
    """Every file of the folder, those that are being written too."""
    names = glob(_PATTERN, root_dir=root)  # noqa: PTH207 - pathlib fails over a folder that goes while it looks
    return sorted(root / name for name in names)


def count_waiting(root: Path) -> int:
    """How many files are closed, or were left by a crash, and are still here, those under way too."""
    return sum(1 for _ in _waiting(root))


class Waiting:
    """Which files wait, for whoever watches the service and for the archive's pages."""

    def __init__(self, root: Path) -> None:
        """Count in this folder; ``count`` is 0 until `run`."""
        self._root = root
        self._closed: dict[tuple[str, str], float] = {}
        self.count = 0

    async def run(self) -> None:
        """Count again and again, for ever."""
        while True:
            self.count, self._closed = await asyncio.to_thread(_counted, self._root)
            await asyncio.sleep(COUNT_EVERY)

    def since(self, organisation: str, recording: str) -> datetime | None:
        """When the first of the recording's files that wait was closed; None if none does."""
        closed = self._closed.get((organisation, recording))
        return None if closed is None else datetime.fromtimestamp(closed, UTC)


def _counted(root: Path) -> tuple[int, dict[tuple[str, str], float]]:
    """How many files wait, and by organisation and recording since when the first does (Unix seconds)."""
    count, closed = 0, dict[tuple[str, str], float]()
    for path, at in _waiting(root):
        count += 1
        whose = (path.parent.parent.name, path.parent.name)
        closed[whose] = min(at, closed.get(whose, at))
    return count, closed


def _waiting(root: Path) -> Iterator[tuple[Path, float]]:
    """Each file that waits, and when its last byte was written."""
    for path in files_of(root):
        if (at := closed_at(path)) is not None:
            yield path, at


def closed_at(path: Path) -> float | None:
    """When the last byte was written of a file that waits (Unix seconds); None if it is being written, or gone."""
    with suppress(OSError), _opened(path, os.O_RDONLY) as file:
        if _locked(file, fcntl.LOCK_SH) and not _is_being_made(file):
            return os.fstat(file.fileno()).st_mtime
    return None


@contextmanager
def left_alone(path: Path) -> Iterator[BinaryIO | None]:
    """Hold a file that nobody writes and nobody else moves; None if somebody does. Raises `OSError`.

    The writer's lock ends with its descriptor, after the last commit, or with its process. So this needs no guess about
    how long a silent file has been silent. The lock that is kept meanwhile can be shared, by whoever only counts.
    """
    with _opened(path, os.O_RDWR) as file:
        alone = _locked(file, fcntl.LOCK_EX) and _locked(file, fcntl.LOCK_SH)
        yield file if alone and _is_still(path, file) and not _is_being_made(file) else None


def _opened(path: Path, how: int) -> BinaryIO:
    return os.fdopen(os.open(path, how | os.O_CLOEXEC | os.O_NOFOLLOW), "rb")


def _locked(file: BinaryIO, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_being_made(file: BinaryIO) -> bool:
    """Whether its writer may just have made it, and not yet locked it."""
    found = os.fstat(file.fileno())
    return not found.st_size and time.time() - found.st_mtime < _EMPTY_FOR


def _is_still(path: Path, file: BinaryIO) -> bool:
    """Whether the name still leads to this file: another may have moved it while the lock was asked for."""
    found = os.fstat(file.fileno())
    try:
        now = path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    return (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino)
