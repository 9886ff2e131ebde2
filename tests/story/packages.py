"""A recording, or an attention without one, given away, and checked where there is no service."""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from tests.story.evidence import database_of
from videoattention import offline
from videoattention.adapters.db.tables import attentions

if TYPE_CHECKING:
    from tests.story.people import Person
    from tests.story.running import RunningService

CHECKED_WITHIN_S = 60

NOTHING: Final = "Nothing was recorded of this attention; the journal of it is whole"
"""What is said offline of an attention that no recorder was let into."""

WHY: Final = ("--purpose", "Requeriment del jutjat 12/2026", "--by", "nuria")


async def proves_itself(service: RunningService, recording: str, elsewhere: Path) -> str:
    """Export the recording and check the package in a folder of its own: what the check said; fails unless it holds."""
    name = f"{recording}.zip"
    status, said = await service.command("recordings", "export", recording, "--to", name, *WHY)
    assert status == 0, said
    await asyncio.to_thread(_carry, service.folder / name, elsewhere)
    return await checked(elsewhere / name)


async def proves_nothing_recorded(service: RunningService, elsewhere: Path) -> str:
    """Export the newest attention, of which there is no recording, and check the package in a folder of its own.

    What the check said; fails unless it holds, and unless it says that nothing was recorded.
    """
    said = await proves_its_journal(service, elsewhere)
    assert NOTHING in said, said
    return said


async def proves_its_journal(service: RunningService, elsewhere: Path) -> str:
    """Export the newest attention, of which no recording is left, and check the package in a folder of its own."""
    name = await newest(service)
    status, said = await service.command("attentions", "export", name, "--to", f"{name}.zip", *WHY)
    assert status == 0, said
    await asyncio.to_thread(_carry, service.folder / f"{name}.zip", elsewhere)
    return await checked(elsewhere / f"{name}.zip")


async def newest(service: RunningService) -> str:
    """The attention that was begun last."""
    database = database_of(service)
    try:
        async with database.reading() as connection:
            query = select(attentions.c.id).order_by(attentions.c.arrived_at.desc()).limit(1)
            found: str = (await connection.execute(query)).scalar_one()
            return found
    finally:
        await database.close()


async def given_by_two(first: Person, second: Person, attention: str, folder: Path) -> Path:
    """The package of an attention, out of the pages: the first asks for it, the second approves, the first fetches it.

    Without a case nothing is asked, and who approves cannot fetch it.
    """
    await first.page.goto(f"{first.base}/archive/attentions")
    await first.page.click(f'a[href="/archive/attentions/{attention}"]')
    await first.page.fill("#purpose", "Requeriment 12/2026 del jutjat")
    await first.press("ask-export")
    assert await first.page.locator("#case[aria-invalid]").count() == 1
    await first.page.fill("#case", "EXP-2026/0412")
    await first.press("ask-export")
    await first.page.locator('[data-stage="asked"]').wait_for()
    assert await first.page.locator('[data-action="approve-export"]').count() == 0
    await first.page.goto(f"{first.base}/archive/exports")
    listed = first.page.locator(f'[data-package="attention"]:has(a[href="/archive/attentions/{attention}"])')
    assert "staff-" not in await listed.inner_text()  # people have names there
    await listed.locator("h2 a").click()
    await second.page.goto(f"{second.base}/archive/attentions")
    await second.press("approve-export")
    await second.page.locator('[data-stage="approved"]').wait_for()
    assert await second.page.locator('[data-action="fetch-export"]').count() == 0
    await first.page.reload()
    async with first.page.expect_download() as coming:
        await first.press("fetch-export")
    package = folder / "given.zip"
    fetched = await coming.value
    assert re.fullmatch(rf"paquet-atencio-\d{{4}}-\d\d-\d\d-{attention}\.zip", fetched.suggested_filename)
    await fetched.save_as(package)
    await first.page.reload()
    await first.page.locator('[data-stage="given"]').wait_for()
    assert await first.page.locator('[data-action="fetch-export"]').count() == 0
    return package


def no_byte_can_change(package: Path) -> None:
    """Change one byte in the middle of every member, one at a time; fails unless each is found out."""
    whole = package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        members = archive.infolist()
    for member in members:
        changed = bytearray(whole)
        begins = whole.index(member.filename.encode(), member.header_offset) + len(member.filename) + len(member.extra)
        changed[begins + member.file_size // 2] ^= 1
        with pytest.raises(offline.DoesNotHold):
            list(offline.check(io.BytesIO(bytes(changed)), offline.Given()))


async def checked(package: Path) -> str:
    """What `videoattention-verify`, copied beside the package, says of it; fails unless it holds."""
    status, told = await _check(package)
    assert status == 0, told
    return told


async def _check(package: Path) -> tuple[int | None, str]:
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
    return checking.returncode, told.decode()


def _carry(package: Path, elsewhere: Path) -> None:
    elsewhere.mkdir(exist_ok=True)
    shutil.move(package, elsewhere / package.name)
