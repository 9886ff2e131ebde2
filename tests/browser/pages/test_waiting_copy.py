"""A copy that has to wait is shown, and said to those who listen, and so is its end; it takes nothing away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages.test_pages_act import VIEWS, push

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser

NOTICE = "main .notice:visible"
WAITS = "Its copy waits"


@pytest.mark.parametrize("side", ["citizen", "desk"])
async def test_a_copy_that_waits_is_told_and_so_is_its_end(page: Page, address: str, side: str) -> None:
    await page.goto(f"{address}/page/{side}-{'waiting' if side == 'citizen' else 'available'}?lang=en")
    said, notice = page.locator("main > [data-part=announcer]"), page.locator(NOTICE, has_text=WAITS)
    await push(page, VIEWS[f"{side}-attended"])
    assert not await notice.count()
    await push(page, VIEWS[f"{side}-copy-waits"])  # of the same revision: nothing was written in the journal
    assert await notice.count() == 1
    assert WAITS in await said.inner_text()
    assert await page.locator(".recording-sign").is_visible()
    await push(page, VIEWS[f"{side}-attended"])
    assert not await notice.count()
    assert "The archive can be reached again" in await said.inner_text()
    await push(page, replace(VIEWS[f"{side}-entering"], revision=80))
    assert await page.locator("main").get_attribute("data-news") == "none"
