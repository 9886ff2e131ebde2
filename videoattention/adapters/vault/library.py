"""The reading side: a stored file checked once, then played in any order by decrypting what is asked for.

Opening decrypts the whole file, record by record, and keeps none of it: only where each record lies, and the prefix
that makes it seekable. Nothing here writes.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention.adapters.vault.checking import check_file
from videoattention.adapters.vault.format import RecordCipher, file_path
from videoattention.adapters.vault.measuring import measure_file
from videoattention.adapters.vault.object_bytes import Blocks, ObjectBytes
from videoattention.adapters.vault.recorded import StoredFile, VaultMedia, index_file
from videoattention.adapters.vault.stored import FolderBytes, MovedBytes
from videoattention.services.vault import MeasuredFile, MediaMissing

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from videoattention.adapters.vault.object_store import ObjectStore
    from videoattention.adapters.vault.stored import StoredBytes
    from videoattention.services.sealed import SealedFile
    from videoattention.services.vault import FileIdentity

_INDEX_MEMORY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Opened:
    stamp: Hashable
    key: bytes
    media: VaultMedia


class FolderLibrary:
    """Opens the files of a `FolderVault`, in its folder or in the object store that they were moved to.

    It keeps the indexes of those last used, within ``index_memory`` bytes.
    """

    def __init__(self, root: Path, index_memory: int = _INDEX_MEMORY, *, store: ObjectStore | None = None) -> None:
        """Take the vault's folder, and the object store if there is one."""
        self._root = root
        self._store = store
        self._blocks = Blocks(store) if store is not None else None
        self._index_memory = index_memory
        self._opened: OrderedDict[FileIdentity, _Opened] = OrderedDict()
        # One file at a time: several at once would take the processor from the event loop, and none would open sooner.
        self._opening = asyncio.Lock()

    async def open(self, identity: FileIdentity, key: bytes) -> VaultMedia:
        """Check and index a file, or take its index from memory if neither file nor key changed since.

        Raises `MediaMissing`, `MediaTampered`, `StorageFailed`, and `ValueError` for a key that is not 32 bytes.
        """
        stored = self._stored(identity, key, self._blocks)
        try:
            # outside of the lock: an object store that does not answer holds up nobody who needs another file
            stamp = await asyncio.to_thread(stored.source.stamp)
        except MediaMissing:
            self._opened.pop(identity, None)
            raise
        async with self._opening:
            known = self._opened.pop(identity, None)
            if known is None or known.stamp != stamp or not hmac.compare_digest(known.key, key):
                media = await asyncio.to_thread(index_file, stored)
                known = _Opened(stamp=stamp, key=key, media=media)
            self._keep(identity, known)
            return known.media

    async def measure(self, identity: FileIdentity, key: bytes) -> MeasuredFile:
        """Read a file whole; a missing or changed one is told. Raises `StorageFailed`, and `ValueError` as `open`."""
        cancelled = threading.Event()
        try:
            return await asyncio.to_thread(measure_file, self._afresh(identity, key), cancelled.is_set)
        except MediaMissing:
            return MeasuredFile(fault="file_missing")
        finally:
            cancelled.set()

    async def check(self, identity: FileIdentity, key: bytes, sealed: SealedFile) -> None:
        """Compare a file with its seal, byte by byte; raises `MediaTampered` with the record, else as `open`."""
        stored, cancelled = self._afresh(identity, key), threading.Event()

        def read() -> None:
            with stored.source.open() as file:
                check_file(file, identity, cipher=stored.cipher, sealed=sealed, stopped=cancelled.is_set)

        try:
            await asyncio.to_thread(read)
        finally:
            cancelled.set()

    async def has_any(self, identities: Sequence[FileIdentity]) -> bool:
        """Whether any of these files is in the folder."""
        paths = [self._root / file_path(identity) for identity in identities]
        return await asyncio.to_thread(lambda: any(os.path.lexists(path) for path in paths))

    def forget(self, organisation: str, recording: str) -> None:
        """Let go of the keys and indexes of a recording's files."""
        theirs = [each for each in self._opened if (each.organisation, each.recording) == (organisation, recording)]
        for identity in theirs:
            del self._opened[identity]

    def _afresh(self, identity: FileIdentity, key: bytes) -> StoredFile:
        """As `_stored`, without what is kept of the store: what is proved must be what lies there now."""
        return self._stored(identity, key, Blocks(self._store) if self._store is not None else None)

    def _stored(self, identity: FileIdentity, key: bytes, blocks: Blocks | None) -> StoredFile:
        try:
            name = file_path(identity)
        except ValueError as error:
            raise MediaMissing(str(error)) from None
        source: StoredBytes = FolderBytes(self._root / name)
        if blocks is not None:
            source = MovedBytes(source, ObjectBytes(blocks, str(name)))
        return StoredFile(source=source, identity=identity, cipher=RecordCipher(identity, key))

    def _keep(self, identity: FileIdentity, opened: _Opened) -> None:
        self._opened[identity] = opened
        memory = sum(each.media.memory for each in self._opened.values())
        while memory > self._index_memory:
            _, oldest = self._opened.popitem(last=False)
            memory -= oldest.media.memory
