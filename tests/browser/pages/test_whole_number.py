"""The whole number on the desk: for as long as the service says, and of nobody but the person attended."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.pages import made_up

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser

ATTENDED = made_up.DESK_VIEWS["attended"]
SHOWN = '[data-part="whole-number"]'


@pytest.fixture
async def page(page: Page, address: str) -> Page:
    """The desk in a call, with a clock of the test's, and a service that answers with the whole number."""
    await page.clock.install()
    await page.goto(f"{address}/page/desk-attended")
    await page.evaluate("() => { line.answer = { ok: true, document: '00000014Z', seconds: 30 }; }")
    return page


async def reveal(page: Page) -> None:
    await page.locator('[data-action="reveal-identity"]:visible').click()
    await page.locator(SHOWN).wait_for()
    assert await page.locator(SHOWN).inner_text() == "00000014Z"


async def test_it_is_asked_for_the_person_attended_and_goes_by_itself(page: Page) -> None:
    await reveal(page)
    assert ATTENDED.attended
    sent = await page.evaluate("() => line.said")
    assert sent == [["reveal_identity", {"attention": ATTENDED.attended.attention}]]
    await page.clock.run_for(29_000)
    assert await page.locator(SHOWN).is_visible()
    await page.clock.run_for(1_500)
    await page.locator(SHOWN).wait_for(state="hidden")
    assert "00000014Z" not in await page.content()


async def test_another_person_is_never_shown_with_it(page: Page) -> None:
    await reveal(page)
    assert ATTENDED.attended
    next_one = replace(ATTENDED, attended=replace(ATTENDED.attended, attention="another"))
    await page.evaluate("(view) => line.tell('view', view)", asdict(next_one))
    await page.locator(SHOWN).wait_for(state="hidden")
    assert "00000014Z" not in await page.content()


async def test_a_refusal_is_told_and_nothing_shown(page: Page) -> None:
    await page.evaluate("() => { line.answer = { ok: false, code: 'not_yours' }; }")
    await page.locator('[data-action="reveal-identity"]:visible').click()
    await page.locator('[data-part="failure"]').wait_for()
    assert await page.locator(SHOWN).is_hidden()
