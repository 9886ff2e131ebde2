"""Packages as ZIP files without compression: there when they are whole.

They have media in the clear, so until then they have no name: a process that is killed leaves nothing of one. Where the
file system has no such files, they are written beside their place under another name. One that is only passed on lies
encrypted: it is nobody's file, and no media is to be on a disk in the clear.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import tempfile
import zipfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from videoattention.services.vault import FileSeal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

_PIECE: Final = 1 << 18
_BLOCK: Final = 16


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


class _Veiled:
    """A file that nobody but this object can read: what lies on the disk is worth nothing to whoever takes that.

    AES-256 in counter mode, under a key that is nowhere else and goes with the object. ZIP writes the head of a member
    twice in the same place: whoever kept both learns its length and its CRC, and no byte of it.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._key, self._first = algorithms.AES256(os.urandom(32)), int.from_bytes(os.urandom(_BLOCK), "big")

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return os.fstat(self._file.fileno()).st_size

    def write(self, piece: bytes) -> int:
        """At the place where it is."""
        return self._file.write(self._veiled(piece, self._file.tell()))

    def read(self, most: int) -> bytes:
        """From the place where it is."""
        at = self._file.tell()
        return self._veiled(self._file.read(most), at)

    def seek(self, at: int, whence: int = os.SEEK_SET) -> int:
        """Another place."""
        return self._file.seek(at, whence)

    def tell(self) -> int:
        """The place."""
        return self._file.tell()

    def flush(self) -> None:
        """Nothing waits in this process."""
        self._file.flush()

    def close(self) -> None:
        """Let it go."""
        self._file.close()

    def _veiled(self, piece: bytes, at: int) -> bytes:
        """Veiled if it was plain, plain if it was veiled."""
        block, within = divmod(at, _BLOCK)
        counter = (self._first + block) % (1 << 8 * _BLOCK)
        passing = Cipher(self._key, modes.CTR(counter.to_bytes(_BLOCK, "big"))).encryptor()
        passing.update(bytes(within))
        return passing.update(piece)


class PassingPackage:
    """`videoattention.services.export.Packages`, for one that is passed on and kept nowhere: it never has a name."""

    def __init__(self, folder: Path) -> None:
        """Where there is room for it; `close` lets it go."""
        self._folder = folder
        self._file: _Veiled | None = None

    @contextmanager
    def begin(self) -> Iterator[ZipPackage]:
        """A new package; what is read is whole only after this was left without an error.

        It is never brought to the disk on purpose: it ends with the process, and that would keep everybody waiting. One
        that cannot be made makes room at once: why is still to be written down, perhaps on the same disk.
        """
        self._file = _Veiled(tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115 - open until it was passed on
        try:
            with _package_in(self._file) as package:
                yield package
        except BaseException:
            self.close()
            raise

    @property
    def size(self) -> int:
        """Bytes; 0 when there is none."""
        return self._file.size if self._file else 0

    async def read(self) -> AsyncIterator[bytes]:
        """From the beginning, piece by piece."""
        file = self._file
        if file is None:
            return
        await asyncio.to_thread(file.seek, 0)
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece

    def close(self) -> None:
        """Let it go; nothing of it is left."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):  # it could not be written, and is closed all the same
                file.close()


@contextmanager
def _package_in(file: BinaryIO | _Veiled) -> Iterator[ZipPackage]:
    """A package that is whole at the end."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        yield ZipPackage(archive)
    file.flush()
