"""What a page makes of the change from one view to the next: what is told, what stands out, where the focus goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.pages.served import served
from tests.browser.pages.test_pages_act import press, push, stage_is
from tests.unit.pages.made_up import CITIZEN_VIEWS, DESK_VIEWS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    async with served() as address:
        yield address


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    context = await chromium.new_context(locale="ca-ES", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


@pytest.mark.parametrize(
    ("side", "own", "told"),
    [
        ("citizen", "decline-level", ("You said no", "The informer withdrew the proposal")),
        ("desk", "drop-proposal", ("You withdrew the proposal", "The person preferred to go on")),
    ],
)
async def test_a_proposal_that_goes_is_told_as_it_went(
    page: Page, address: str, side: str, own: str, told: tuple[str, str]
) -> None:
    of_own, of_other = told
    views = CITIZEN_VIEWS if side == "citizen" else DESK_VIEWS
    await page.goto(f"{address}/page/{side}-proposed?lang=en")
    await push(page, views["proposed"])
    await push(page, views["talking"])
    await page.locator(".notice", has_text=of_other).wait_for()
    await push(page, views["proposed"])
    await page.locator(".notice", has_text=of_other).wait_for(state="hidden")
    await press(page, own)
    await push(page, views["identification"])
    await push(page, views["talking"])
    await push(page, views["talking"])
    await page.locator(".notice", has_text=of_own).wait_for()
    await push(page, views["proposed"])
    await push(page, views["refused"])
    await stage_is(page, news="none")


PAINTED = "(button) => getComputedStyle(button).backgroundColor"


@pytest.mark.parametrize(
    ("case", "plain", "strong"),
    [
        ("proposed", "ask-consent", "ask-identification"),
        ("identified", "drop-proposal", "ask-consent"),
        ("withdrawn", "propose-attended", ""),
    ],
)
async def test_one_step_stands_out_at_the_desk(page: Page, address: str, case: str, plain: str, strong: str) -> None:
    await page.goto(f"{address}/page/desk-{case}")
    panel = page.locator(".level-panel")
    ground = await panel.evaluate(PAINTED)
    assert await panel.locator(f'[data-action="{plain}"]').evaluate(PAINTED) == ground
    if strong:
        assert await panel.locator(f'[data-action="{strong}"]').evaluate(PAINTED) != ground
