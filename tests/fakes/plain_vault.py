"""A vault that keeps plain files in a folder, remembers what it was asked, and fails when told to."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from videoattention.services.vault import FileSeal, StorageFailed

if TYPE_CHECKING:
    from pathlib import Path

    from videoattention.services.vault import ClockMark, FileIdentity, MediaGap


class PlainWriter:
    """One file; ``sealed`` counts its records, ``marks`` and ``gaps`` are what it was told."""

    def __init__(self, vault: PlainVault, path: Path) -> None:
        self.path = path
        self.marks: list[ClockMark] = []
        self.gaps: list[MediaGap] = []
        self.sealed = 0
        self._vault = vault
        self._waiting = b""
        self._digest = hashlib.sha256()
        self._length = 0
        self._closed = False
        self.fault: StorageFailed | None = None
        path.touch(exist_ok=False)

    def media(self, payload: bytes) -> None:
        self._check()
        self._waiting += payload

    def mark(self, clock: ClockMark) -> None:
        self._check()
        self.marks.append(clock)

    def gap(self, gap: MediaGap) -> None:
        self._check()
        self.gaps.append(gap)

    def seal_record(self) -> None:
        self._check()
        with self.path.open("ab") as file:
            file.write(self._waiting)
        self._digest.update(self._waiting)
        self._length += len(self._waiting)
        self.sealed += bool(self._waiting)
        self._waiting = b""

    def close(self) -> FileSeal:
        self.seal_record()
        self._closed = True
        return FileSeal(self._length, self._digest.hexdigest())

    def _check(self) -> None:
        if self._closed:
            raise ValueError("closed")
        if self._vault.fails_with:
            self.fault = self.fault or StorageFailed(self._vault.fails_with, "as told")
        if self.fault:
            raise self.fault


class PlainVault:
    """Files are ``<recording>-<part>-<track>.webm``. Set ``fails_with`` to a code to make every write fail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fails_with = ""
        self.commits = 0
        self.writers: dict[FileIdentity, PlainWriter] = {}

    def create(self, identity: FileIdentity, key: bytes) -> PlainWriter:
        if self.fails_with:
            raise StorageFailed(self.fails_with, "as told")
        path = self.folder / f"{identity.recording}-{identity.part}-{identity.track}.webm"
        if path.exists():
            raise StorageFailed("storage_failed", "the file exists")
        writer = PlainWriter(self, path)
        self.writers[identity] = writer
        return writer

    async def make_durable(self) -> None:
        if self.fails_with:
            raise StorageFailed(self.fails_with, "as told")
        self.commits += 1
