"""Packages as ZIP files without compression: written beside their place under another name, and there when whole."""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from videoattention.services.vault import FileSeal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


class ZipPackage:
    """`videoattention.services.export.Package` in a ZIP file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._hashes: dict[str, str] = {}

    def add(self, name: str, data: bytes) -> None:
        """A small file as a whole."""
        self._archive.writestr(zipfile.ZipInfo(name), data)
        self._hashes[name] = hashlib.sha256(data).hexdigest()

    async def add_stream(self, name: str, pieces: AsyncIterator[bytes]) -> FileSeal:
        """A file piece by piece; returns what was written."""
        digest, length = hashlib.sha256(), 0
        with self._archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
            async for piece in pieces:
                member.write(piece)
                digest.update(piece)
                length += len(piece)
        self._hashes[name] = digest.hexdigest()
        return FileSeal(length, self._hashes[name])

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every file so far, by name."""
        return dict(self._hashes)


class PackageFile:
    """`videoattention.services.export.Packages`, for the one package at ``path``."""

    def __init__(self, path: Path) -> None:
        """Nothing is written yet; raises `OSError` if something is there already, or nothing can be."""
        if path.exists():
            raise FileExistsError(f"{path} is there already")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise NotADirectoryError(f"nothing can be written in the folder {path.parent}")
        self._path = path

    @contextmanager
    def begin(self) -> Iterator[ZipPackage]:
        """A new package, readable by its owner only; if anything goes wrong nothing of it is left."""
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                    yield ZipPackage(archive)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self._path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
