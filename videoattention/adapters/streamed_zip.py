"""A ZIP file that is given away while it is made, and so lies nowhere in plain."""

from __future__ import annotations

import zipfile
from typing import IO


class _Taken:
    """What was written and not taken yet; it cannot be sought in, so the ZIP says lengths after its files."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Keep it until it is taken."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """What was written can still be taken."""

    def take(self) -> bytes:
        """Everything since the last time."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken


class StreamedZip:
    """`videoattention.services.copies.Bundle`: every method returns the bytes that are ready to be sent."""

    def __init__(self) -> None:
        self._out = _Taken()
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_STORED)
        self._member: IO[bytes] | None = None

    def add(self, name: str, data: bytes) -> bytes:
        """A small file as a whole."""
        self._zip.writestr(zipfile.ZipInfo(name), data)
        return self._out.take()

    def begin(self, name: str) -> None:
        """A file that comes piece by piece."""
        self._member = self._zip.open(zipfile.ZipInfo(name), "w", force_zip64=True)

    def piece(self, data: bytes) -> bytes:
        """The next piece of the file that was begun."""
        if self._member is None:
            raise RuntimeError("no file was begun")
        self._member.write(data)
        return self._out.take()

    def end(self) -> bytes:
        """The file that was begun is whole."""
        if self._member is not None:
            self._member.close()
        self._member = None
        return self._out.take()

    def close(self) -> bytes:
        """The list of files, which ends it."""
        self._zip.close()
        return self._out.take()
