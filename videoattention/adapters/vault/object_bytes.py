"""Reading a file out of the object store: by blocks, of which those last used are kept, and ahead where it goes on."""

from __future__ import annotations

import io
import os
from collections import OrderedDict
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO, cast

from videoattention.services.vault import MediaMissing

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from _typeshed import WriteableBuffer

    from videoattention.adapters.vault.object_store import ObjectMark, ObjectStore

BLOCK = 1024 * 1024
AHEAD = 4
"""Blocks fetched at once by who reads one after another; who jumps gets one."""

_BLOCKS_KEPT = 32


class Blocks:
    """The blocks of all objects that were read last, encrypted as they lie there: 32 MiB at most."""

    def __init__(self, store: ObjectStore) -> None:
        """Read from ``store``."""
        self.store = store
        self._kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str, mark: ObjectMark, nth: int) -> bytes:
        """The block ``nth`` of an object."""
        with self._lock:
            found = self._kept.get((name, mark.etag, nth))
            if found is not None:
                self._kept.move_to_end((name, mark.etag, nth))
                return found
            goes_on = nth == 0 or (name, mark.etag, nth - 1) in self._kept
        many = AHEAD if goes_on else 1
        fetched = self.store.read(name, nth * BLOCK, min((nth + many) * BLOCK, mark.size))
        pieces = [bytes(fetched[at : at + BLOCK]) for at in range(0, len(fetched), BLOCK)]
        with self._lock:
            self._kept.update({(name, mark.etag, nth + more): piece for more, piece in enumerate(pieces)})
            while len(self._kept) > _BLOCKS_KEPT:
                self._kept.popitem(last=False)
        return pieces[0]


class ObjectBytes:
    """A file of the object store: `videoattention.adapters.vault.stored.StoredBytes`.

    It is written once, so what lies there is asked for only once, and by `stamp`.
    """

    def __init__(self, blocks: Blocks, name: str) -> None:
        """Nothing is asked of the store yet."""
        self._blocks = blocks
        self._name = name
        self._mark: ObjectMark | None = None

    def stamp(self) -> Hashable:
        """The object's mark."""
        self._mark = self._found()
        return self._mark

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The object at its first byte; it is fetched as it is read."""
        self._mark = self._mark or self._found()
        yield cast("BinaryIO", io.BufferedReader(_ObjectReader(self._blocks, self._name, self._mark)))

    def _found(self) -> ObjectMark:
        found = self._blocks.store.mark(self._name)
        if found is None:
            # a bucket that is gone answers like a file that is not there, and must not be taken for it
            self._blocks.store.names(self._name)
            raise MediaMissing("there is no such object")
        return found


class _ObjectReader(io.RawIOBase):
    """One reading of an object, by blocks."""

    def __init__(self, blocks: Blocks, name: str, mark: ObjectMark) -> None:
        self._blocks = blocks
        self._name = name
        self._mark = mark
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._mark.size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, into: WriteableBuffer) -> int:
        """As much as the block at this place has of it; 0 at the end."""
        if self._at >= self._mark.size:
            return 0
        target = memoryview(into).cast("B")
        nth, inside = divmod(self._at, BLOCK)
        found = self._blocks.get(self._name, self._mark, nth)[inside : inside + len(target)]
        target[: len(found)] = found
        self._at += len(found)
        return len(found)
