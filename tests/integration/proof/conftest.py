"""Sealed recordings, each test with a copy of its own, and the program's commands over them."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.recorded import RecordedPlace, settings_in
from videoattention import cli, offline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


@dataclass(slots=True)
class Operator:
    """Whoever types commands at the machine that has ``folder``."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    async def command(self, *words: str) -> Said:
        """Run one of the program's commands."""
        return await self._run(cli.main, words)

    async def check(self, *words: str) -> Said:
        """Run `videoattention-verify`."""
        return await self._run(offline.main, words)

    async def exported(self, recording: str = "r1", name: str = "package.zip") -> Path:
        """Give a recording away."""
        to = self.folder / name
        why = ("--purpose", "Requeriment 12/2026 del jutjat", "--by", "núria")
        ended = await self.command("recordings", "export", recording, "--to", str(to), *why)
        assert (ended.status, ended.out.startswith(recording)) == (0, True), ended
        return to

    def file(self, recording: str, name: str) -> Path:
        """One stored file."""
        (found,) = (self.folder / "recordings").glob(f"*/{recording}/{name}.vrec")
        return found

    async def _run(self, run: Callable[[Sequence[str]], object], words: Sequence[str]) -> Said:
        self.capsys.readouterr()
        # a command has a loop of its own, and so a thread of its own here
        status = await asyncio.to_thread(_ended, run, words)
        said = self.capsys.readouterr()
        return Said(status, said.out, said.err)


def _ended(run: Callable[[Sequence[str]], object], words: Sequence[str]) -> int:
    try:
        run(words)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture(scope="module")
async def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three recordings; not to be changed."""
    folder = tmp_path_factory.mktemp("recorded")
    place = RecordedPlace(folder)
    await place.begin()
    await place.three()
    await place.close()
    return folder


@pytest.fixture
def operator(
    recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    """Somebody with a copy of the folder."""
    folder = tmp_path / "service"
    shutil.copytree(recorded, folder)
    for name, value in settings_in(folder).items():
        monkeypatch.setenv(name, value)
    return Operator(folder, capsys)
