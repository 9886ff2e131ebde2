"""Every page in every stage as people see it: nothing sideways, nothing against the policy, nothing axe finds serious.

With PAGES_PICTURES=<folder> each page is also kept there as a picture, to be looked at.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.pages.served import CASES, PROJECT, served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser

AXE = PROJECT / "node_modules/axe-core/axe.min.js"
PHONE = (360, 740)
DESKTOP = (1280, 800)
LOOKS = {"phone-light": (PHONE, "light"), "desktop-dark": (DESKTOP, "dark")}
BOTH_WAYS = ("entry", "devices", "citizen-waiting", "citizen-attended", "desk-attended", "recording-player", "archive")
ALL_LOOKS = LOOKS | {"phone-dark": (PHONE, "dark"), "desktop-light": (DESKTOP, "light")}
SEEN = [(case, look) for case in CASES for look in (ALL_LOOKS if case in BOTH_WAYS else LOOKS)]

FIND_SERIOUS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => `${id}: ${nodes.map(({target, failureSummary}) => target + " " + failureSummary).join("; ")}`);
}"""
OVERFLOWING = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((element) => `${element.tagName} ${element.className} ${element.getBoundingClientRect().right}`)"""
TOO_SMALL = """() => [...document.querySelectorAll("button, select, summary, input[type=range], a.button, nav a")]
  .filter((element) => element.checkVisibility({checkVisibilityCSS: true}))
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, {width, height}]) => width && (width < 44 || height < 44))
  .map(([element, {width, height}]) => `${element.outerHTML.slice(0, 80)} ${width}x${height}`)"""


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    async with served() as address:
        yield address


def listen(page: Page) -> list[str]:
    """What the browser complains of; violations of the policy are among it."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"{request.url} {request.failure}"))
    page.on("response", lambda answer: heard.append(f"{answer.url} {answer.status}") if not answer.ok else None)
    return heard


async def opened(browser: Browser, url: str, look: str) -> tuple[Page, list[str]]:
    (width, height), scheme = ALL_LOOKS[look]
    options: dict[str, Any] = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
    context = await browser.new_context(**options, reduced_motion="reduce", locale="ca-ES")
    page = await context.new_page()
    heard = listen(page)
    await page.goto(url, wait_until="load")
    return page, heard


async def keep_picture(page: Page, name: str) -> None:
    folder = os.environ.get("PAGES_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("case", "look"), SEEN)
async def test_a_page_is_sound_to_look_at(chromium: Browser, address: str, case: str, look: str) -> None:
    page, heard = await opened(chromium, f"{address}/page/{case}", look)
    try:
        await page.evaluate("() => document.fonts.ready")
        await keep_picture(page, f"{case}-{look}")
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        assert await page.evaluate(FIND_SERIOUS) == []
        assert await page.evaluate(OVERFLOWING) == []
        assert await page.evaluate(TOO_SMALL) == []
        assert heard == []
    finally:
        await page.context.close()
