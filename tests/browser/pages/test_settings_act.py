"""Rules of attention: whoever uses a keyboard or hears the page is led to what came of the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser

FOCUSED = "() => [document.activeElement.localName, document.activeElement.innerText]"


@pytest.fixture
def browsers_language() -> str:
    """Another than the page's."""
    return "de-DE"


@pytest.mark.parametrize(
    ("case", "focused"),
    [
        ("settings-difference", ["h1", "Look at the change"]),
        ("settings-no-reason", ["h2", "There is a problem"]),
        ("settings-wrong", ["h2", "There is a problem"]),
        ("settings-overtaken", ["h2", "Somebody was faster"]),
        ("settings-versions", ["h2", "What changed"]),
        ("settings-version", ["h1", "Version 3"]),
    ],
)
async def test_the_focus_is_on_the_heading_of_what_came_of_it(
    page: Page, address: str, case: str, focused: list[str]
) -> None:
    await page.goto(f"{address}/page/{case}?lang=en")
    await page.wait_for_function("() => document.activeElement !== document.body")
    assert await page.evaluate(FOCUSED) == focused


@pytest.mark.parametrize("case", ["settings", "settings-level"])
async def test_a_page_that_was_only_opened_takes_no_focus(page: Page, address: str, case: str) -> None:
    await page.goto(f"{address}/page/{case}?lang=en")
    await page.wait_for_load_state("networkidle")
    assert (await page.evaluate(FOCUSED))[0] == "body"


async def test_the_habilitations_of_the_organisation_are_offered(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/settings-level?lang=en")
    offered = "() => [...document.querySelector('#habilitation').list.options].map((one) => one.value)"
    assert await page.evaluate(offered) == ["attended", "represent-others"]
