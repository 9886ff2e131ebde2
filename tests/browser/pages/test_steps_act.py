"""What a page makes of the change from one view to the next: what is told, what stands out, where the focus goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages.test_pages_act import press, push, said, stage_is
from tests.unit.pages.made_up import CITIZEN_VIEWS, DESK_VIEWS
from videoattention.services.views import CitizenView

if TYPE_CHECKING:
    from playwright.async_api import Page

    from videoattention.services.views import DeskView

pytestmark = pytest.mark.browser


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
        ("proposed", "drop-proposal", "ask-identification"),
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


FOCUSED = "() => document.activeElement.id || document.activeElement.dataset.action || document.activeElement.tagName"


async def focused(page: Page) -> str:
    return str(await page.evaluate(FOCUSED))


async def test_the_focus_goes_on_with_the_stage_at_the_desk(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/desk-available")
    await push(page, DESK_VIEWS["offered"])
    await page.locator('[data-action="accept-offer"]').focus()
    await page.keyboard.press("Enter")
    await push(page, DESK_VIEWS["talking"])
    assert await focused(page) == "call-title"
    await page.locator('[data-action="propose-attended"]').focus()
    await push(page, DESK_VIEWS["proposed"])
    assert await focused(page) == "level-title"
    await page.locator('[data-action="pause"]').focus()
    await push(page, DESK_VIEWS["identification"])
    assert await focused(page) == "pause"
    await push(page, DESK_VIEWS["wrapping-up"])
    assert await focused(page) == "outcome"
    await push(page, DESK_VIEWS["paused-empty"])
    assert await focused(page) == "H2"


async def test_the_focus_comes_back_from_dialogs(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-identified")
    await push(page, CITIZEN_VIEWS["consent"])
    await page.locator("#consent[open]").wait_for()
    await press(page, "accept-consent")
    await page.wait_for_function("() => document.activeElement.id === 'proposal-title'")
    await push(page, CITIZEN_VIEWS["attended"])
    assert await focused(page) == "level-title"
    await press(page, "withdraw-consent")
    await press(page, "keep-consent")
    await page.wait_for_function("() => document.activeElement.dataset.action === 'withdraw-consent'")
    await press(page, "withdraw-consent")
    await press(page, "confirm-withdraw")
    await push(page, CITIZEN_VIEWS["withdrawn"])
    await page.wait_for_function("() => document.activeElement.id === 'level-title'")
    await push(page, CITIZEN_VIEWS["ended"])
    assert await focused(page) == "goodbye-title"


async def test_a_refused_press_leaves_the_focus_on_its_button(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/desk-talking")
    await page.evaluate("() => { line.answer = {ok: false, code: 'stale'}; }")
    await page.locator('[data-action="propose-attended"]').focus()
    await page.keyboard.press("Enter")
    await page.locator("[data-part=failure]").wait_for()
    assert await focused(page) == "propose-attended"


@pytest.mark.parametrize("side", ["citizen", "desk"])
async def test_how_long_a_clip_still_lasts_is_told_with_its_number_or_not_at_all(
    page: Page, address: str, side: str
) -> None:
    seen = CITIZEN_VIEWS["clip"] if side == "citizen" else DESK_VIEWS["clip"]
    until = (datetime.now(UTC) + timedelta(seconds=90)).isoformat()
    await page.goto(f"{address}/page/{side}-clip-entering")
    left = page.locator(".clip .left")
    await push(page, with_clip_until(seen, ""))
    assert await left.evaluate("(words) => getComputedStyle(words).visibility") == "hidden"
    await push(page, with_clip_until(seen, until))
    # at once, not with the next tick of the clock
    assert await left.evaluate("(words) => [/[0-9]/.test(words.innerText), getComputedStyle(words).visibility]") == [
        True,
        "visible",
    ]


def with_clip_until(view: CitizenView | DeskView, until: str) -> CitizenView | DeskView:
    if isinstance(view, CitizenView):
        return replace(view, clip_until=until)
    assert view.attended
    return replace(view, attended=replace(view.attended, clip_until=until))


@pytest.mark.parametrize("blank", ["", "  \n "])
async def test_an_outcome_is_asked_for_in_words_at_its_field(page: Page, address: str, blank: str) -> None:
    await page.goto(f"{address}/page/desk-wrapping-up?lang=ca")
    fault = page.get_by_text("Escriviu el resultat abans de desar.")
    await page.fill("#outcome", blank)
    await press(page, "conclude")
    await fault.wait_for()
    assert await focused(page) == "outcome"
    assert await page.locator("#outcome").get_attribute("aria-describedby") == "outcome-fault outcome-hint"
    assert await said(page) == []
    await page.fill("#outcome", "S'ha informat.")
    await fault.wait_for(state="hidden")
    await press(page, "conclude")
    await page.get_by_text("Trieu què ha estat abans de desar.").wait_for()
    assert await page.evaluate("() => document.activeElement.name") == "kind"
    assert await said(page) == []
    await page.check('input[name="kind"][value="unfinished"]')
    await press(page, "conclude")
    assert [name for name, _ in await said(page)] == ["conclude"]


async def test_who_waits_in_another_tab_sees_it_in_the_title(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting?lang=en")
    waiting = await page.title()
    await push(page, CITIZEN_VIEWS["offered"])
    assert await page.title() == "● We are calling an informer for you"
    await push(page, CITIZEN_VIEWS["waiting"])
    assert await page.title() == waiting
    await push(page, CITIZEN_VIEWS["talking"])
    assert (await page.title()).startswith("You are in the call")
    await push(page, CITIZEN_VIEWS["closed-attended"])
    assert await page.title() == waiting


async def test_without_a_microphone_nobody_is_asked_to_speak(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/devices?lang=en")
    await stage_is(page, camera="on")
    await page.get_by_text("Say something").wait_for()
    await page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); }; }"
    )
    await press(page, "try-again")
    await stage_is(page, microphone="none")
    await page.get_by_text("the informer will not hear you").wait_for()
    assert not await page.get_by_text("Say something").is_visible()
    assert not await page.locator("meter").is_visible()
