"""Moving closed files from the folder to the object store: sent, read back, compared, and only then removed here.

There is no list of what is to be done: it is what lies in the folder and nobody writes. So a crash at any moment leaves
nothing to repair, and an outage leaves files that wait.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Self, cast

import structlog

from videoattention.adapters.vault.object_store import PIECE
from videoattention.adapters.vault.waiting import closed_at, count_waiting, files_of, left_alone
from videoattention.services.vault import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from videoattention.adapters.vault.object_store import ObjectStore

_log = structlog.get_logger()

LOOK_EVERY = 2.0
"""Seconds between two looks at the folder."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 3.0
"""Seconds before the store is tried again; doubled while it fails.

With the time in which `ObjectStore.ask` gives up this stays under 10 s: so soon after its return files move again.
"""

TELL_EVERY = 60.0
"""Seconds between two lines in the log about the same trouble."""

MOST_PER_SECOND = 32 * 1024 * 1024
"""Bytes sent or read back in a second at most: calls share the network."""

REMEMBERED = 500
"""Recordings of which it is known that files of them were moved: enough for those that are not sealed yet."""

_NICE = 10
_ENDS_WITHIN = 1.0

ERASED = "erased"
"""The empty object in a recording's folder that tells every worker not to bring its files back."""


class ObjectDiffers(Exception):
    """What lies in the object store under a file's name is not this file."""


@dataclass(frozen=True, slots=True)
class Paced:
    """A file that is read no faster than the network may be used. ``wait`` tells whether to give up instead."""

    file: BinaryIO
    wait: Callable[[float], bool]

    def read(self, size: int = -1) -> bytes:
        """The next bytes, after the time that they may take."""
        if size > 0 and self.wait(size / MOST_PER_SECOND):
            raise InterruptedError
        return self.file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self.file.tell()


class Uploads:
    """Watches one folder from a thread of its own, which gives way to everything else on this machine.

    Several may watch the same folder. Use it as a context manager or by `start` and `stop`.
    """

    def __init__(self, root: Path, store: ObjectStore) -> None:
        """Nothing moves before `start`."""
        self._root = root
        self._store = store
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)
        self._told: dict[str, float] = {}
        self._failing = False
        self._failed: Path | None = None
        self._stored: dict[tuple[str, str], None] = {}
        self._stuck: dict[Path, None] = {}

    @property
    def stored(self) -> frozenset[tuple[str, str]]:
        """Organisation and recording of the files that were moved last; to be asked for from any thread."""
        return frozenset(self._stored.copy())

    @property
    def stuck(self) -> frozenset[Path]:
        """The files that wait for nothing, for no return of the store moves them; from any thread too."""
        return frozenset(self._stuck.copy())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def under_way(self) -> frozenset[Path]:
        """The files that wait here and will be moved in a moment; none while the store fails. From any thread."""
        if self._failing:
            return frozenset()
        return frozenset(path for path in files_of(self._root) if closed_at(path) is not None) - self.stuck

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is under way is done again by whoever comes next."""
        self._stopped.set()
        self._thread.join(_ENDS_WITHIN)

    def move_all(self) -> None:
        """One look at the folder: every file that waits is moved; raises `StorageFailed` when the store fails."""
        for path in sorted(files_of(self._root), key=lambda path: path == self._failed):
            if self._stopped.is_set():
                return
            try:
                self._move(path)
                self._stuck.pop(path, None)
            except StorageFailed:
                # the others come first next time, should it be this file that the store does not take
                self._failed = path
                raise
            except ObjectDiffers:
                self._stuck[path] = None
                self._tell("object_differs", path=str(path.relative_to(self._root)))
            except FileNotFoundError:
                continue  # another worker moved it
            except OSError as error:
                if self._stopped.is_set():
                    return
                self._stuck[path] = None
                self._tell("waiting_file_unreadable", error=os.strerror(error.errno or 0))

    def _run(self) -> None:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        self._ask_once()
        pause = LOOK_EVERY
        while not self._stopped.wait(pause):
            pause = self._look(pause)

    def _ask_once(self) -> None:
        """A wrong address, key or bucket is told at the start, and not by the first recording."""
        try:
            self._store.mark(ERASED)
            self._store.ask()
        except StorageFailed as error:
            self._tell_unavailable(error)

    def _look(self, pause: float) -> float:
        """Move what waits; gives the seconds until the next look."""
        try:
            if self._failing:
                self._store.ask()
            self.move_all()
        except StorageFailed as error:
            self._tell_unavailable(error)
            pause = min(pause * 2, LONGEST_PAUSE) if self._failing else FIRST_PAUSE
            self._failing = True
            return pause
        except Exception:  # noqa: BLE001 - what waits must not wait for ever because of one thing that nobody foresaw
            _log.exception("uploads_failed")
            return LONGEST_PAUSE
        if self._failing:
            _log.info("object_store_back")
        self._failing = False
        return LOOK_EVERY

    def _move(self, path: Path) -> None:
        with left_alone(path) as file:
            if file is None:
                return
            name = path.relative_to(self._root).as_posix()
            size, digest = os.fstat(file.fileno()).st_size, _digest(_pieces(file))
            if self._store.mark(name) is None:
                file.seek(0)
                self._store.put(name, cast("BinaryIO", Paced(file, self._stopped.wait)))
            lies = self._store.mark(name)
            if lies is None or lies.size != size or _digest(self._read_back(name, size)) != digest:
                raise ObjectDiffers(name)
            self._let_go_of_erased(name)
            self._remember(path)
            path.unlink()
        # another part's file may lie there, or be made just now: then the folder stays
        with suppress(OSError):
            path.parent.rmdir()
        _log.info("recording_uploaded", path=name, size=size)

    def _remember(self, path: Path) -> None:
        """Before it goes from here: whoever looks knows of it all the time."""
        whose = (path.parent.parent.name, path.parent.name)
        self._stored.pop(whose, None)
        self._stored[whose] = None
        if len(self._stored) > REMEMBERED:
            del self._stored[next(iter(self._stored))]

    def _read_back(self, name: str, size: int) -> Iterator[memoryview]:
        for at in range(0, size, PIECE):
            end = min(at + PIECE, size)
            if self._stopped.wait((end - at) / MOST_PER_SECOND):
                raise InterruptedError
            yield self._store.read(name, at, end)

    def _let_go_of_erased(self, name: str) -> None:
        """Of a recording that was erased meanwhile nothing stays, neither there nor here."""
        if self._store.mark(f"{name.rpartition('/')[0]}/{ERASED}") is not None:
            self._store.delete([name])

    def _tell_unavailable(self, error: StorageFailed) -> None:
        self._tell("object_store_unavailable", waiting=count_waiting(self._root), error=str(error))

    def _tell(self, event: str, **what: object) -> None:
        now = time.monotonic()
        key = f"{event} {what.get('path', '')}"
        if now - self._told.get(key, -TELL_EVERY) >= TELL_EVERY:
            self._told[key] = now
            _log.error(event, **what)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _digest(pieces: Iterable[bytes | memoryview]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
