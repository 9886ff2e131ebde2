"""A package that is being written, and whatever ends that."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from videoattention.adapters.packages import PackageFile, PassingPackage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PLAIN = b"in the clear, and long enough to be found where it lies"


def test_nothing_of_a_package_has_a_name_before_it_is_whole(tmp_path: Path) -> None:
    """So a process that is killed leaves no media in the clear."""
    place = tmp_path / "package.zip"
    with PackageFile(place).begin() as package:
        package.add("media/1-citizen-video.webm", b"in the clear")
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == [place]
    assert place.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(place) as archive:
        assert archive.read("media/1-citizen-video.webm") == b"in the clear"


def test_what_was_put_in_its_place_meanwhile_stays(tmp_path: Path) -> None:
    place = tmp_path / "package.zip"

    def write() -> None:
        with PackageFile(place).begin() as package:
            package.add("manifest.json", b"{}")
            place.write_bytes(b"somebody else's")

    with pytest.raises(FileExistsError):
        write()
    assert place.read_bytes() == b"somebody else's"
    assert list(tmp_path.iterdir()) == [place]


def test_a_file_system_without_nameless_files_does_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, real = tmp_path / "package.zip", os.open

    def refusing(path: Path, flags: int, *rest: int) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "not here")
        return real(path, flags, *rest)

    def write(data: bytes | str) -> None:
        with PackageFile(place).begin() as package:
            package.add("manifest.json", data)  # type: ignore[arg-type]  # what is no bytes ends it half way

    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(TypeError):
        write("no bytes")
    assert list(tmp_path.iterdir()) == []
    write(b"{}")
    assert list(tmp_path.iterdir()) == [place]
    assert zipfile.ZipFile(place).namelist() == ["manifest.json"]


def nameless(folder: Path) -> bytes:
    """What lies on the disk of the one file without a name that this process has open there."""
    opened = [entry for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()]
    (found,) = [entry for entry in opened if os.readlink(entry).startswith(str(folder))]  # noqa: PTH115 - of a deleted file
    return found.read_bytes()


async def test_a_package_that_passes_through_lies_nowhere_in_the_clear(tmp_path: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for size in (1, 15, 17, 70_001, 300_000):
            yield (PLAIN * size)[:size]

    passing = PassingPackage(tmp_path)
    with passing.begin() as package:
        package.add("manifest.json", PLAIN)
        sealed = await package.add_stream("media/1-citizen-video.webm", pieces())
    veiled = nameless(tmp_path)
    whole = b"".join([piece async for piece in passing.read()])
    passing.close()
    assert PLAIN not in veiled
    assert b"media/1-" not in veiled
    assert (len(veiled), veiled[:2] == b"PK", whole[:2]) == (len(whole), False, b"PK")
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert hashlib.sha256(archive.read("media/1-citizen-video.webm")).hexdigest() == sealed.sha256
        assert not any(info.flag_bits for info in archive.infolist()), "the check of packages takes no other"


async def test_two_packages_of_the_same_are_veiled_by_different_keys(tmp_path: Path) -> None:
    laid = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        passing = PassingPackage(folder)
        with passing.begin() as package:
            package.add("manifest.json", PLAIN)
        laid.append(nameless(folder))
        passing.close()
    assert laid[0] != laid[1]


def test_only_what_is_kept_is_brought_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that passes through would keep every call waiting for the disk."""
    brought: list[int] = []
    monkeypatch.setattr(os, "fsync", brought.append)
    passing = PassingPackage(tmp_path)
    with passing.begin() as package:
        package.add("manifest.json", b"{}")
    assert (brought, passing.size > 0) == ([], True)
    passing.close()
    with PackageFile(tmp_path / "package.zip").begin() as package:
        package.add("manifest.json", b"{}")
    assert len(brought) == 2
