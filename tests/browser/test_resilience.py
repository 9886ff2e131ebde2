"""What people notice when a process is killed: next to nothing."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_stories import a_call, see_each_other
from tests.story.evidence import decode, sealed
from tests.story.people import CITIZEN_CLIP, arrive, raise_to_attended, take_turn
from tests.story.running import RunningService
from videoattention.services.media import Track

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

BACK_WITHIN_MS = 10_000
NEW_CONNECTION = "(before) => window.__connections.length > before"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service in a new folder."""
    async with RunningService(tmp_path) as running:
        yield running


async def connections(person: Person) -> int:
    return int(await person.page.evaluate("() => window.__connections.length"))


async def reconnected(person: Person, before: int, within_ms: float) -> None:
    """Until the page made a new connection and the other person's picture moves on it."""
    await person.page.wait_for_function(NEW_CONNECTION, arg=before, timeout=within_ms)
    await person.until(media="connected")
    await person.page.wait_for_function(
        """() => [...document.querySelectorAll("video")].some((v) => {
             if (v.muted || !v.videoWidth) return false;
             v.__from ??= v.currentTime;
             return v.currentTime > v.__from + 0.3;
           })""",
        timeout=within_ms,
    )


async def test_a_killed_media_worker_is_replaced_and_the_gap_is_written_down(
    chromium: Browser, service: RunningService
) -> None:
    citizen, informer = await a_call(chromium, chromium, service)
    await raise_to_attended(citizen, informer)
    before = await connections(citizen), await connections(informer)
    old = service.worker_pid()
    await citizen.page.wait_for_timeout(3_000)  # three seconds of recording, to be found afterwards
    os.kill(old, signal.SIGKILL)
    await reconnected(citizen, before[0], BACK_WITHIN_MS)
    await reconnected(informer, before[1], BACK_WITHIN_MS)
    await citizen.page.wait_for_selector('main[data-recorder="in_call"]', state="attached")
    await citizen.page.wait_for_timeout(2_000)  # and two more of the new part
    await citizen.press("hang-up")
    await informer.until(stage="wrapping_up")
    found = await sealed(service)
    kinds = found.facts()
    assert kinds.index("RecordingInterrupted") < kinds.index("RecordingResumed")
    assert found.fact("RecordingResumed").body["gap_seconds"] <= 10  # type: ignore[operator]  # a number in the body
    assert [part.number for part in found.parts] == [1, 2]
    auditor = await arrive(chromium, service.url)
    await auditor.sign_in("staff-nuria", "/archive")
    await auditor.page.goto(f"{service.url}/archive/recordings/{found.recording.id}")
    await auditor.page.fill('[name="purpose"]', "Comprovació després d'una avaria")
    await auditor.page.fill('[name="case"]', "AVARIA-1")
    await auditor.press("state-purpose")
    await auditor.page.wait_for_selector('[data-action="play"]')
    first = await decode(auditor.context, service.url, found, 1, Track.CITIZEN_VIDEO)
    assert first.length >= 2.0
    status, said = await service.command("journal", "verify")
    assert status == 0, said
    for person in (citizen, informer, auditor):
        await person.leave()


async def test_a_killed_service_keeps_the_line_and_the_call(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, chromium, service)
    first = await arrive(chromium, service.url, clip=CITIZEN_CLIP)
    await take_turn(first, office="oac-terres-ebre")
    second = await arrive(chromium, service.url, clip=CITIZEN_CLIP)
    await take_turn(second, office="oac-terres-ebre")
    await second.page.wait_for_function("""() => document.querySelector('[data-field="place"]').textContent === "2" """)
    attention = await citizen.page.locator("main").get_attribute("data-attention")
    before = await connections(citizen), await connections(informer)
    await service.kill()
    await citizen.until(connection="reconnecting")
    await service.start()
    for person in (citizen, informer, first, second):
        await person.page.wait_for_selector('main[data-connection="connected"]', state="attached", timeout=30_000)
    await reconnected(citizen, before[0], 30_000)
    await reconnected(informer, before[1], 30_000)
    await see_each_other(citizen, informer)
    assert await citizen.page.locator("main").get_attribute("data-attention") == attention
    assert await second.page.locator('[data-field="place"]:visible').first.inner_text() == "2"
    assert await first.page.locator('[data-field="place"]:visible').first.inner_text() == "1"
    status, said = await service.command("journal", "verify")
    assert status == 0, said
    for person in (citizen, informer, first, second):
        await person.leave()
