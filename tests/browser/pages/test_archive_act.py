"""The auditor's pages at work: a player that is all in sight, marks that can be read, forms that are sent once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

pytestmark = pytest.mark.browser

DESK, PHONE = (1280, 800), (390, 844)

BELOW_THE_FOLD = """() => ["[data-track=citizen-video]", "[data-track=informer-video]", ".player-bar", ".timeline"]
  .map((name) => [name, document.querySelector(name).getBoundingClientRect()])
  .filter(([, box]) => !box.height || box.top < 0 || box.bottom > innerHeight)
  .map(([name, { top, bottom }]) => `${name} ${top} ${bottom}`)"""

OUTSIDE_OF_A_PICTURE = """() => {
  const pictures = [...document.querySelectorAll(".stage video")].map((video) => video.getBoundingClientRect());
  const marks = [...document.querySelectorAll(".watermark > span")].filter((mark) => mark.checkVisibility());
  const within = (mark, box) =>
    mark.left >= box.left && mark.right <= box.right && mark.top >= box.top && mark.bottom <= box.bottom;
  const boxes = marks.map((mark) => mark.getBoundingClientRect());
  const bare = pictures.filter((picture) => !boxes.some((mark) => within(mark, picture)));
  const cut = boxes.filter((mark) => !pictures.some((picture) => within(mark, picture)));
  return [...bare.map(() => "a picture without a mark"), ...cut.map((mark) => `cut at ${mark.left} ${mark.top}`)];
}"""

PRESSED_TWICE = """(button) => {
  const kept = [];
  addEventListener("submit", (event) => kept.push(event.defaultPrevented));
  button.click();
  button.click();
  const told = button.form.querySelector('[data-part="sending"]');
  return [kept, button.getAttribute("aria-disabled"), told.checkVisibility()];
}"""


async def look(page: Page, address: str, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{address}/page/recording-player")
    await page.locator(".watermark > span").first.wait_for()


async def test_pictures_controls_and_story_are_on_one_screen(page: Page, address: str) -> None:
    await look(page, address, DESK)
    assert await page.evaluate(BELOW_THE_FOLD) == []


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_every_mark_lies_whole_on_a_picture(page: Page, address: str, size: tuple[int, int]) -> None:
    await look(page, address, size)
    assert await page.evaluate(OUTSIDE_OF_A_PICTURE) == []


async def test_a_failure_is_told_only_while_something_does_not_play(page: Page, address: str) -> None:
    await look(page, address, DESK)
    told = page.locator('[data-part^="playback-failure"]:visible')
    assert await told.count() == 0
    await page.evaluate("() => playback.tell('problem', { track: 'citizen-video', code: 'broken' })")
    await told.first.wait_for()
    assert await page.evaluate(BELOW_THE_FOLD) == []
    await page.evaluate("() => playback.tell('mended', null)")
    assert await told.count() == 0


async def test_a_verdict_says_at_once_that_it_is_on_its_way_and_goes_once(page: Page, address: str) -> None:
    sent: list[str] = []
    answer = asyncio.Event()

    async def hold(route: Route) -> None:
        sent.append(route.request.post_data or "")
        await answer.wait()
        await route.fulfill(body="<!DOCTYPE html><title>Done</title><h1>Done</h1>", content_type="text/html")

    await page.goto(f"{address}/page/recording-verdict")
    await page.route("**/review/verdict", hold)
    assert await page.locator('[data-action="give-verdict"]').evaluate(PRESSED_TWICE) == [[False, True], "true", True]
    answer.set()
    await page.get_by_role("heading", name="Done").wait_for()
    assert len(sent) == 1
    assert "item-consent_heard=yes" in sent[0]


async def test_a_review_is_given_back_by_its_own_button(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/recording-verdict")
    await page.route("**/review/leave", lambda route: route.fulfill(body="left", content_type="text/plain"))
    async with page.expect_request("**/review/leave") as sending:
        await page.locator('[data-action="leave-review"]').click()
    assert (await sending.value).method == "POST"
