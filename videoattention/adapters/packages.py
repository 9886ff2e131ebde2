"""Packages as ZIP files without compression: there when they are whole.

They have media in the clear, so until then they have no name: a process that is killed leaves nothing of one. Where the
file system has no such files, they are written beside their place under another name.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import tempfile
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from videoattention.services.vault import FileSeal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

_PIECE: Final = 1 << 18


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
                # in threads: calls and pages are served meanwhile
                await asyncio.to_thread(member.write, piece)
                await asyncio.to_thread(digest.update, piece)
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
        try:
            nameless = os.open(self._path.parent, os.O_RDWR | os.O_TMPFILE | os.O_CLOEXEC, 0o600)
        except OSError:  # this file system has no files without a name
            with self._named() as file:
                with _package_in(file) as package:
                    yield package
                os.fsync(file.fileno())
        else:
            with os.fdopen(nameless, "w+b") as file:
                with _package_in(file) as package:
                    yield package
                os.fsync(file.fileno())
                self._name(file)

    def _name(self, file: BinaryIO) -> None:
        """Give the file its name, unless that is taken now; until then it goes with the process, whatever ends it."""
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.link(f"/proc/self/fd/{file.fileno()}", self._path.name, dst_dir_fd=folder)
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _named(self) -> Iterator[BinaryIO]:
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                yield file
            draft.rename(self._path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


class PassingPackage:
    """`videoattention.services.export.Packages`, for one that is passed on and kept nowhere: it never has a name."""

    def __init__(self, folder: Path) -> None:
        """Where there is room for it; `close` lets it go."""
        self._file: BinaryIO = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - open until it was passed on

    @contextmanager
    def begin(self) -> Iterator[ZipPackage]:
        """A new package; what is read is whole only after this was left without an error.

        It is never brought to the disk on purpose: it ends with the process, and that would keep everybody waiting.
        """
        with _package_in(self._file) as package:
            yield package

    @property
    def size(self) -> int:
        """Bytes."""
        return os.fstat(self._file.fileno()).st_size

    async def read(self) -> AsyncIterator[bytes]:
        """From the beginning, piece by piece."""
        await asyncio.to_thread(self._file.seek, 0)
        while piece := await asyncio.to_thread(self._file.read, _PIECE):
            yield piece

    def close(self) -> None:
        """Let it go; nothing of it is left."""
        self._file.close()


@contextmanager
def _package_in(file: BinaryIO) -> Iterator[ZipPackage]:
    """A package that is whole at the end."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        yield ZipPackage(archive)
    file.flush()
