"""What an administrator demands of a level, as a call meets it: a picture good enough, a clip of so many seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clip import Clip
from tests.story.evidence import sealed
from tests.story.packages import proves_itself
from tests.story.people import (
    CITIZEN_CLIP,
    INFORMER_CLIP,
    arrive,
    become_available,
    conclude,
    identify,
    raise_to_assisted,
    take_turn,
)
from tests.story.running import RunningService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

LINES = 360
SMALL = Clip(width=320, height=240)
GROWN = """() => {
  const size = { width: 960, height: 720 };
  Object.assign(__clip.options, size);
  Object.assign(__clip.canvas, size);
}"""
CLIP_S = 5


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service in a new folder."""
    async with RunningService(tmp_path) as running:
        yield running


async def demanded(browser: Browser, service: RunningService, level: str, **demands: int) -> None:
    """An administrator writes what a level demands, looks at what changes, and makes it so."""
    pere = await arrive(browser, service.url)
    await pere.sign_in("staff-pere", "/settings")
    await pere.page.goto(f"{service.url}/settings/levels/{level}")
    for name, value in demands.items():
        await pere.page.fill(f"#{name}", str(value))
    await pere.press("review")
    await pere.page.fill("#reason", "Acord de la comissió de seguretat del 3 de març")
    await pere.press("make")
    await pere.page.wait_for_selector('main[data-version="1"]')
    await pere.leave()


async def a_call(browser: Browser, service: RunningService, clip: Clip) -> tuple[Person, Person]:
    """A citizen whose camera gives the clip, and an informer who sees it."""
    informer = await arrive(browser, service.url, clip=INFORMER_CLIP)
    await informer.sign_in("staff-marta", "/desk")
    await become_available(informer)
    citizen = await arrive(browser, service.url, clip=clip)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    for person in (citizen, informer):
        await person.until(stage="talking", media="connected")
    return citizen, informer


async def left(*people: Person) -> None:
    """Nothing was wrong on their pages, and they go."""
    for person in people:
        assert not person.problems
        await person.leave()


async def test_a_level_waits_for_a_picture_that_is_good_enough(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    await demanded(chromium, service, "attended", picture=LINES)
    citizen, informer = await a_call(chromium, service, SMALL)
    await informer.press("propose-attended")
    for person in (citizen, informer):
        await person.until(proposed="attended", lines="missing")
    assert f"la imatge de la persona tingui {LINES} línies o més" in await informer.text()
    assert "La vostra imatge arriba massa petita" in await citizen.text()
    await identify(citizen, informer)
    await informer.press("ask-consent")
    await citizen.press("accept-consent")
    for person in (citizen, informer):
        await person.until(level="informative", proposed="attended", agreeing="given", lines="missing")
    await citizen.page.evaluate(GROWN)
    for person in (citizen, informer):
        await person.until(level="attended", lines="none", recorder="in_call")
    await citizen.press("hang-up")
    await informer.until(stage="wrapping_up")
    found = await sealed(service)
    seen = [line.body["lines"] for line in found.journal if line.kind == "PictureSeen"]
    assert seen[0] == SMALL.height
    assert int(str(seen[-1])) >= LINES
    told = found.facts()
    assert told.index("ConsentGiven") < told.index("LevelRaised") < told.index("RecorderAdmitted")
    assert "complete." in await proves_itself(service, found.recording.id, tmp_path / "elsewhere")
    await left(citizen, informer)


async def test_a_clip_that_ends_by_its_time_is_asked_about_and_can_begin_again(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    await demanded(chromium, service, "assisted", clip_seconds=CLIP_S)
    citizen, informer = await a_call(chromium, service, CITIZEN_CLIP)
    await raise_to_assisted(citizen, informer)
    for person in (citizen, informer):
        await person.until(level="assisted", clip="done", recorder="absent")
    assert "es pot tornar a demanar" in await citizen.text()
    assert "La persona ha dit en veu alta que ho autoritza?" in await informer.text()
    await informer.press("clip-again")
    for person in (citizen, informer):
        await person.until(level="informative", proposed="assisted", identification="done")
    await informer.press("ask-consent")
    await citizen.press("accept-consent")
    for person in (citizen, informer):
        await person.until(level="assisted", clip="done", recorder="absent")
    await informer.press("clip-heard")
    await informer.until(heard="yes")
    assert "l'autorització queda desada" in await informer.text()
    await informer.press("end-call")
    await conclude(informer, "Ha presentat la sol·licitud ella mateixa.")
    found = await sealed(service)
    assert [line.body["cause"] for line in found.journal if line.kind == "ClipEnded"] == ["time", "time"]
    assert "complete." in await proves_itself(service, found.recording.id, tmp_path / "elsewhere")
    await left(citizen, informer)
