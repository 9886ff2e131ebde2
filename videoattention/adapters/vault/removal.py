"""Taking a recording's files away, from the folder and from the object store."""

from __future__ import annotations

import asyncio
import io
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from videoattention.adapters.vault.format import file_path
from videoattention.adapters.vault.stored import reading
from videoattention.adapters.vault.uploads import ERASED
from videoattention.services.media import Track
from videoattention.services.vault import FileIdentity, MediaMissing

if TYPE_CHECKING:
    from pathlib import Path

    from videoattention.adapters.vault.object_store import ObjectStore


class Removal:
    """Removes recordings that no worker writes any more. It may be asked again at any time."""

    def __init__(self, root: Path, store: ObjectStore | None) -> None:
        """Remove from this folder, and from the object store if there is one."""
        self._root = root
        self._store = store

    async def remove(self, organisation: str, recording: str) -> None:
        """Leave no file of the recording; raises `StorageFailed` if some may be left, and `ValueError` for a bad name.

        In the object store an empty object stays in their place: a worker that still has files of the recording finds
        it and lets go of them too.
        """
        folder = file_path(FileIdentity(organisation, recording, 0, next(iter(Track)))).parent
        if self._store is not None:
            await asyncio.to_thread(_remove_objects, self._store, folder)
        await asyncio.to_thread(_remove_files, self._root / folder)


def _remove_objects(store: ObjectStore, folder: PurePosixPath) -> None:
    """First the mark, then the objects: whoever stores one after they were listed looks for the mark after that."""
    mark = str(folder / ERASED)
    if store.mark(mark) is None:
        store.put(mark, io.BytesIO())
    found = [name for name in store.names(str(folder)) if PurePosixPath(name).name != ERASED]
    if found:
        store.delete(found)


def _remove_files(folder: Path) -> None:
    with suppress(MediaMissing), reading():
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()
