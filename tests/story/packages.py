"""A recording given away, and checked where there is no service."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from videoattention import offline

if TYPE_CHECKING:
    from tests.story.running import RunningService

CHECKED_WITHIN_S = 60


async def proves_itself(service: RunningService, recording: str, elsewhere: Path) -> str:
    """Export the recording and check the package in a folder of its own: what the check said; fails unless it holds."""
    name = f"{recording}.zip"
    why = ("--purpose", "Requeriment del jutjat 12/2026", "--by", "nuria")
    status, said = await service.command("recordings", "export", recording, "--to", name, *why)
    assert status == 0, said
    await asyncio.to_thread(_carry, service.folder / name, elsewhere)
    return await checked(elsewhere / name)


async def checked(package: Path) -> str:
    """What `videoattention-verify`, copied beside the package, says of it; fails unless it holds."""
    await asyncio.to_thread(shutil.copy, Path(offline.__file__), package.parent / "verify.py")
    checking = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "verify.py",
        package.name,
        cwd=package.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(CHECKED_WITHIN_S):
        told, _ = await checking.communicate()
    assert checking.returncode == 0, told.decode()
    return told.decode()


def _carry(package: Path, elsewhere: Path) -> None:
    elsewhere.mkdir(exist_ok=True)
    shutil.move(package, elsewhere / package.name)
