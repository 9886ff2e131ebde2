"""Declared identity as people do it: asked by the informer, a code read on the phone, typed in the page."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.story.people import arrive, become_available, take_turn
from tests.story.running import RunningService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
NUMBER = "612 345 678"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service in a new folder."""
    async with RunningService(tmp_path) as running:
        yield running


async def a_call(browser: Browser, service: RunningService) -> tuple[Person, Person]:
    """A citizen and an informer who talk; their cameras do not matter here."""
    informer = await arrive(browser, service.url)
    await informer.sign_in("staff-marta", "/desk")
    await become_available(informer)
    citizen = await arrive(browser, service.url, width=390)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    for person in (citizen, informer):
        await person.until(stage="talking")
    return citizen, informer


async def ask_for_phone(citizen: Person, informer: Person) -> None:
    await informer.press("propose-assisted")
    await informer.press("ask-phone")
    await citizen.until(way="phone", identification="asked", phone="none")


async def say(citizen: Person, name: str, number: str) -> None:
    await citizen.page.fill("#phone-name", name)
    await citizen.page.fill("#phone-mobile", number)
    await citizen.page.click('#phone-number button[type="submit"]')


async def type_code(citizen: Person, code: str) -> None:
    await citizen.page.fill("#phone-digits", code)
    await citizen.page.click('#phone-code button[type="submit"]')


async def read_code(browser: Browser, service: RunningService) -> str:
    """What the phone of the demonstration shows."""
    phone = await arrive(browser, service.url, width=390)
    await phone.page.goto(f"{service.url}/demo/phone")
    found = re.search(r"\b\d{6}\b", await phone.page.locator(".messages li").first.inner_text())
    await phone.leave()
    assert found
    return found[0]


def written(text: str) -> bool:
    """Whether the number is in the text, or the group of it that is masked; a port may have these digits too."""
    return "612345" in re.sub(r"\s", "", text) or re.search(r"(?<!\d)612(?!\d)", text) is not None


async def fault(citizen: Person, form: str) -> str:
    """What is said beside a form, once something is."""
    words = citizen.page.locator(f"#{form} .fault")
    await words.wait_for(state="visible")
    return (await words.inner_text()).strip()


async def test_a_name_and_a_phone_are_declared(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, service)
    await ask_for_phone(citizen, informer)
    await say(citizen, "Pere Puig i Soler", "806 123 456")
    assert "no és un número de mòbil" in await fault(citizen, "phone-number")
    await say(citizen, "Pere Puig i Soler", NUMBER)
    for person in (citizen, informer):
        await person.until(phone="sent")
        assert "•••• 678" in await person.text()
        assert "612" not in await person.text()
    code = await read_code(chromium, service)
    await type_code(citizen, f"{(int(code) + 1) % 1_000_000:06}")
    assert "Aquest no és el codi" in await fault(citizen, "phone-code")
    await informer.page.get_by_text("Intents que queden: 4").wait_for()
    await type_code(citizen, f"{code[:3]} {code[3:]}")
    for person in (citizen, informer):
        await person.until(identification="done", assurance="declared", way="phone")
    assert "Pere Puig i Soler" in await informer.text()
    assert "Identitat declarada" in await informer.text()
    for person in (citizen, informer):
        assert not person.problems
        await person.leave()
    assert not written(service.log)
    assert code not in service.log


async def test_a_code_that_lapsed_is_told_to_both_and_another_one_holds(
    chromium: Browser, service: RunningService
) -> None:
    citizen, informer = await a_call(chromium, service)
    await ask_for_phone(citizen, informer)
    await say(citizen, "Rosa Vila", NUMBER)
    await citizen.until(phone="sent")
    first = await read_code(chromium, service)
    _let_ten_minutes_pass(service)
    await type_code(citizen, first)
    for person in (citizen, informer):
        await person.until(phone="lapsed")
    assert "han passat deu minuts" in await citizen.text()
    assert "ha caducat" in await informer.text()
    await citizen.page.click('#phone-number button[type="submit"]')
    await citizen.until(phone="sent")
    await type_code(citizen, await read_code(chromium, service))
    await informer.until(identification="done")
    for person in (citizen, informer):
        await person.leave()


async def test_whoever_got_no_message_can_write_another_number(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, service)
    await ask_for_phone(citizen, informer)
    await say(citizen, "Rosa Vila", NUMBER)
    await citizen.until(phone="sent")
    await citizen.press("another-code")
    await citizen.page.locator("#phone-number").wait_for(state="visible")
    await say(citizen, "Rosa Vila", "698 765 432")
    await citizen.until(phone="sent")
    assert "•••• 432" in await citizen.text()
    await type_code(citizen, await read_code(chromium, service))
    await informer.until(identification="done")
    for person in (citizen, informer):
        await person.leave()


def _let_ten_minutes_pass(service: RunningService) -> None:
    """The code was asked for eleven minutes ago."""
    path = service.folder / "data" / "videoattention.sqlite3"
    with sqlite3.connect(path, timeout=10) as database:
        long_ago = datetime.fromtimestamp(datetime.now(UTC).timestamp() - 660, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        database.execute("UPDATE phone_checks SET asked_at = ?", (long_ago,))
    database.close()
