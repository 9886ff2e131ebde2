"""A disk that fills while a call is recorded, as it really fills; what people are told, and what is left of it."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_stories import a_call
from tests.story.evidence import sealed
from tests.story.people import raise_to_attended
from tests.story.running import RunningService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SIZE = 24 * 2**20
BACK_WITHIN = 10.0
FRAMES = """() => [...document.querySelectorAll("video")].find((video) => !video.muted)
  .getVideoPlaybackQuality().totalVideoFrames"""


@asynccontextmanager
async def small_disk(folder: Path) -> AsyncIterator[None]:
    """A file system of its own in this folder, of `SIZE` bytes."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    await asyncio.to_thread(folder.mkdir)
    mounting = await asyncio.create_subprocess_exec("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "small", str(folder))
    assert await mounting.wait() == 0
    try:
        yield
    finally:
        await (await asyncio.create_subprocess_exec("umount", "--lazy", str(folder))).wait()


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service, with a small disk for the recordings."""
    async with small_disk(tmp_path / "recordings"), RunningService(tmp_path) as running:
        yield running


def fill(folder: Path) -> Path:
    """Leave not a byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(2**16)):
                pass
        except OSError:
            return filler
    raise AssertionError


async def the_other_moves(person: Person) -> None:
    before = await person.page.evaluate(FRAMES)
    await person.page.wait_for_function(f"(before) => ({FRAMES})() > before + 5", arg=before)


async def test_a_full_disk_stops_the_recording_and_not_the_call(chromium: Browser, service: RunningService) -> None:
    citizen, informer = people = await a_call(chromium, chromium, service)
    await raise_to_attended(citizen, informer)
    await citizen.page.wait_for_timeout(2_000)  # two seconds of recording, to be found afterwards
    filler = fill(service.recordings)
    full = time.monotonic()
    for person in people:
        await person.until(recorder="hindered", level="attended")
        assert "no es pot desar" in await person.text()
        assert not await person.page.locator(".recording-sign").is_visible()
    assert time.monotonic() - full < 3.0
    for person in people:
        await the_other_moves(person)
    filler.unlink()
    free = time.monotonic()
    for person in people:
        await person.until(recorder="in_call")
        await person.page.locator(".recording-sign").wait_for()
        assert "El que s'ha dit mentrestant no s'ha gravat." in await person.text()
    assert time.monotonic() - free < BACK_WITHIN
    await citizen.page.wait_for_timeout(2_000)  # and two more of the new part
    await citizen.press("hang-up")
    await informer.until(stage="wrapping_up")
    await told_afterwards(service)
    for person in people:
        assert not person.problems
        await person.leave()


async def told_afterwards(service: RunningService) -> None:
    found = await sealed(service)
    first, last = found.parts[0], found.parts[-1]
    assert (first.cause, last.cause) == ("no_space", "stopped")
    assert all(max(track.duration for track in part.tracks) >= 1.0 for part in (first, last))
    assert found.fact("RecordingInterrupted").body["cause"] == "no_space"
    assert found.fact("RecordingResumed").seq > found.fact("RecordingInterrupted").seq
    told = found.fact("RecordingSealed").body
    assert told["complete"] is False
    assert "no_space" in told["causes"]  # type: ignore[operator]  # a list in the body
    for words in (("journal", "verify"), ("recordings", "verify", "--all")):
        status, said = await service.command(*words)
        assert status == 0, said
