"""Levels as people raise and lower them in a call, and what is left of it for whoever checks afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.story.evidence import Evidence, sealed
from tests.story.packages import proves_itself, proves_nothing_recorded
from tests.story.people import (
    CITIZEN_CLIP,
    INFORMER_CLIP,
    arrive,
    become_available,
    clip_heard,
    conclude,
    identify,
    raise_to_assisted,
    raise_to_attended,
    take_turn,
)
from tests.story.running import RunningService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

AT_ONCE_S = 1.0


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service in a new folder."""
    async with RunningService(tmp_path) as running:
        yield running


async def a_call(browser: Browser, service: RunningService) -> tuple[Person, Person]:
    """A citizen and an informer who hear and see each other."""
    informer = await arrive(browser, service.url, clip=INFORMER_CLIP)
    await informer.sign_in("staff-marta", "/desk")
    await become_available(informer)
    citizen = await arrive(browser, service.url, clip=CITIZEN_CLIP)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    for person in (citizen, informer):
        await person.until(stage="talking", media="connected")
    return citizen, informer


async def connections(person: Person) -> int:
    """How many connections the page has made since it was loaded."""
    made: int = await person.page.evaluate("() => window.__connections.length")
    return made


async def leave(*people: Person) -> None:
    for person in people:
        assert not person.problems
        await person.leave()


def seconds_from(found: Evidence, fact: str) -> float:
    """From a fact to the last moment of the newest recording."""
    ended = found.parts[-1].closed_at
    assert ended is not None
    return (ended - found.fact(fact).at).total_seconds()


async def test_assisted_with_a_clip_that_the_informer_hears(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    citizen, informer = await a_call(chromium, service)
    await raise_to_assisted(citizen, informer)
    assert "Autoritzo qui m'informa" in await citizen.text()
    await clip_heard(citizen, informer)
    assert "no es grava res més" in await citizen.text()
    found = await sealed(service)
    assert seconds_from(found, "ClipEnded") <= AT_ONCE_S
    await informer.press("end-call")
    await informer.until(stage="wrapping_up")
    assert not await informer.page.locator('input[name="kind"]:checked').count(), "it is the informer who says it"
    assert await informer.page.locator('input[name="kind"][value="helped"]').is_visible()
    assert not await informer.page.locator('input[name="kind"][value="represented"]').is_visible()
    await conclude(informer, "Ha presentat la sol·licitud ella mateixa.")
    await citizen.until(stage="closed", recorded="clip")
    said = await proves_itself(service, found.recording.id, tmp_path / "elsewhere")
    assert "complete." in said
    await leave(citizen, informer)


async def show_phone(citizen: Person, informer: Person, browser: Browser, base: str) -> None:
    """Name and mobile, and the code that the phone of the demonstration shows."""
    await informer.press("ask-phone")
    await citizen.until(way="phone", identification="asked")
    await citizen.page.fill("#phone-name", "Pere Puig i Soler")
    await citizen.page.fill("#phone-mobile", "612 345 678")
    await citizen.page.click('#phone-number button[type="submit"]')
    await citizen.until(phone="sent")
    phone = await arrive(browser, base, width=390)
    await phone.page.goto(f"{base}/demo/phone")
    code = re.search(r"\b\d{6}\b", await phone.page.locator(".messages li").first.inner_text())
    await phone.leave()
    assert code
    await citizen.page.fill("#phone-digits", code[0])
    await citizen.page.click('#phone-code button[type="submit"]')
    await informer.until(identification="done", assurance="declared")


async def test_assisted_with_a_pin_and_a_clip(chromium: Browser, service: RunningService, tmp_path: Path) -> None:
    citizen, informer = await a_call(chromium, service)
    await informer.press("propose-assisted")
    await show_phone(citizen, informer, chromium, service.url)
    await informer.press("ask-consent")
    await citizen.press("accept-consent")
    for person in (citizen, informer):
        await person.until(level="assisted", clip="wanted", recorder="in_call")
    await clip_heard(citizen, informer)
    found = await sealed(service)
    assert seconds_from(found, "ClipEnded") <= AT_ONCE_S
    assert "complete." in await proves_itself(service, found.recording.id, tmp_path / "elsewhere")
    await leave(citizen, informer)


async def test_taking_back_an_assisted_consent_counts_while_the_clip_runs_and_after_it(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    citizen, informer = await a_call(chromium, service)
    await raise_to_assisted(citizen, informer)
    await citizen.press("withdraw-consent")
    await citizen.press("confirm-withdraw")
    for person in (citizen, informer):
        await person.until(level="informative", recorder="absent", clip="none")
    found = await sealed(service)
    assert seconds_from(found, "ConsentWithdrawn") <= AT_ONCE_S
    await raise_to_assisted(citizen, informer)
    await clip_heard(citizen, informer)
    await citizen.press("withdraw-consent")
    await citizen.press("confirm-withdraw")
    for person in (citizen, informer):
        await person.until(level="informative", force="no")
    assert "complete." in await proves_itself(service, found.recording.id, tmp_path / "elsewhere")
    await leave(citizen, informer)


async def test_up_and_down_in_one_call_without_connecting_again(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, service)
    before = await connections(citizen), await connections(informer)
    await raise_to_assisted(citizen, informer)
    await informer.press("propose-attended")
    await informer.press("ask-consent")
    await citizen.press("accept-consent")
    for person in (citizen, informer):
        await person.until(level="attended", recorder="in_call", clip="none")
    await raise_to_assisted(citizen, informer)
    await citizen.press("informative")
    for person in (citizen, informer):
        await person.until(level="informative", recorder="absent")
        await person.see()
    assert (await connections(citizen), await connections(informer)) == before
    await informer.press("end-call")
    await informer.until(stage="wrapping_up")
    found = await sealed(service)
    causes = [line.body["cause"] for line in found.journal if line.kind == "RecorderDismissed"]
    assert causes == ["level_changed", "level_changed", "level_lowered"]
    await leave(citizen, informer)


async def test_a_step_that_is_undone_is_named_and_the_call_goes_on(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, service)
    await informer.press("propose-attended")
    await informer.press("ask-identification")
    for person in (citizen, informer):
        await person.until(identification="asked", way="electronic")
    await informer.press("end-call")
    await informer.page.locator('[data-part="undone"]').wait_for()
    shown = informer.page.locator('[data-part="undone"]')
    assert "Hi ha un nivell proposat" in await shown.inner_text()
    assert "S'ha demanat la identificació" in await shown.inner_text()
    await citizen.until(stage="talking", media="connected")
    await shown.locator('a[href="#undone-identification"]').click()
    await informer.press("stop-identification")
    await citizen.until(identification="missing")
    await informer.press("drop-proposal")
    await shown.wait_for(state="hidden")
    await informer.press("end-call")
    await citizen.until(stage="wrapping_up")
    await leave(citizen, informer)


async def test_who_cannot_click_is_witnessed_and_can_take_it_back(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, service)
    await informer.press("propose-attended")
    await identify(citizen, informer)
    await informer.press("ask-consent")
    await informer.press("witness")
    await informer.page.fill("#witness-note", "Massa curt")
    await informer.page.fill("#witness-note", "curt")
    await informer.press("witness-accept")
    assert await informer.page.locator('[data-part="witness-fault"]').is_visible()
    await informer.page.fill("#witness-note", "Té les mans embenades; ha dit que sí en veu alta.")
    await informer.press("witness-accept")
    for person in (citizen, informer):
        await person.until(level="attended", recorder="in_call", hand="witness")
    assert "Qui us informa ha anotat que heu acceptat" in await citizen.text()
    await citizen.press("withdraw-consent")
    await citizen.press("confirm-withdraw")
    for person in (citizen, informer):
        await person.until(level="informative", recorder="absent")
    found = await sealed(service)
    assert found.fact("ConsentWitnessed").body["answer"] == "give"
    assert "embenades" not in str([line.body for line in found.journal]), "the note stays out of the journal"
    assert seconds_from(found, "ConsentWithdrawn") <= AT_ONCE_S
    await leave(citizen, informer)


async def test_a_lapsed_habilitation_cannot_begin_and_says_when_it_lapsed(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    informer = await arrive(chromium, service.url)
    await informer.sign_in("staff-quim", "/desk")
    await become_available(informer)
    citizen = await arrive(chromium, service.url)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    await informer.until(stage="talking", bar="lapsed")
    assert "31 de març" in await informer.text()
    assert not await informer.page.locator('[data-action="propose-attended"]').is_visible()
    assert await informer.page.locator('[data-action="propose-assisted"]').is_visible()
    await informer.press("end-call")
    await conclude(informer, "Ha demanat hora amb una altra persona.")
    await proves_nothing_recorded(service, tmp_path / "elsewhere")
    await leave(citizen, informer)


async def test_attended_and_refused(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, service)
    await raise_to_attended(citizen, informer)
    await informer.press("propose-assisted")
    await informer.press("ask-consent")
    await citizen.press("refuse-consent")
    for person in (citizen, informer):
        await person.until(level="attended", proposed="none", recorder="in_call", force="yes")
    assert "tot continua com estava" in await citizen.text()
    await leave(citizen, informer)
