"""Identification by sight in the pages alone: what a view makes of them, what is said, how light is judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages.test_pages_act import push
from tests.unit.pages.made_up import CITIZEN_VIEWS
from tests.unit.pages.made_up_visual import ACTIONS, CITIZENS, DESKS, FEATURES
from tests.unit.pages.made_up_visual import SHOWN as SHOWN_TO_CITIZENS
from videoattention.services.views import PhoneSeen

if TYPE_CHECKING:
    from playwright.async_api import Page

    from videoattention.services.views import CitizenView, DeskView

pytestmark = pytest.mark.browser

SHOWN = """() => {
  const part = document.querySelector("#visual");
  const shown = [...part.querySelectorAll("[data-when]")].filter((one) => !one.closest("[hidden]"));
  return [{ ...part.dataset, hint: "" }, shown.map((one) => one.innerText.trim())];
}"""


@pytest.mark.parametrize(("side", "views"), [("citizen", CITIZENS), ("desk", DESKS)])
async def test_a_view_that_is_pushed_shows_what_the_server_shows(
    page: Page, address: str, side: str, views: dict[str, CitizenView] | dict[str, DeskView]
) -> None:
    """One page is taken through every view, and compared with each as the server makes it."""
    made = {}
    for name in views:
        await page.goto(f"{address}/page/{side}-{name}")
        made[name] = await page.evaluate(SHOWN)
    await page.goto(f"{address}/page/{side}-sight-asked")
    for name, view in views.items():
        await push(page, view)
        assert await page.evaluate(SHOWN) == made[name], name


async def test_a_tick_keeps_the_focus_and_says_what_was_seen(page: Page, address: str) -> None:
    view = DESKS["sight-document-read"]
    assert view.attended
    await page.goto(f"{address}/page/desk-sight-document-read")
    await push(page, view)
    button = page.locator('[data-part="visual-features"] > li').nth(2).locator('[data-value="no"]')
    await button.focus()
    await page.keyboard.press("Enter")
    said = await page.evaluate("() => line.said.at(-1)")
    assert said[0] == "tick_feature"
    assert (said[1]["feature"], said[1]["seen"]) == (FEATURES[2].name, False)
    ticked = (*FEATURES[:2], replace(FEATURES[2], ticked="no"))
    await push(
        page, replace(view, attended=replace(view.attended, visual=replace(view.attended.visual, features=ticked)))
    )
    assert await button.get_attribute("aria-pressed") == "true"
    assert await button.evaluate("(button) => button === document.activeElement")


async def test_another_version_of_the_text_under_the_same_title_takes_its_place(page: Page, address: str) -> None:
    """The page outlives a service that comes back with another version; what is agreed to is what is read."""
    view = CITIZENS["sight-informed"]
    await page.goto(f"{address}/page/citizen-sight-informed")
    await push(page, view)
    await push(page, CITIZENS["sight-asked"])
    later = replace(view.visual, paragraphs=("Un altre.", "I un altre."), version="2")
    await push(page, replace(view, visual=later))
    words = page.locator('[data-part="visual-text"] > p')
    assert await words.all_inner_texts() == ["Un altre.", "I un altre."]
    for at, answer in (("visual-1", "accept"), ("visual-2", "refuse")):
        await push(page, replace(view, visual=replace(later, id=at)))
        await page.locator(f'[data-action="{answer}-images"]:visible').click()
        said = await page.evaluate("() => line.said.at(-1)")
        assert (said[0], said[1]["visual"], said[1]["answer"]) == ("answer_images", at, answer)


async def test_every_button_and_form_says_one_command(page: Page, address: str) -> None:
    for case, selector, command in (
        ("asked", '[data-action="begin-visual"]', "begin_visual"),
        ("decision", '[data-action="accept-visual"]', "accept_visual"),
        ("actions", f'[data-name="{ACTIONS[1].name}"][data-value="yes"]', "tick_action"),
    ):
        await page.goto(f"{address}/page/desk-sight-{case}")
        await page.locator(f"{selector}:visible").click()
        assert (await page.evaluate("() => line.said.at(-1)"))[0] == command
    await page.goto(f"{address}/page/desk-sight-code-sent")
    await page.fill("#visual-code", " 123456 ")
    await page.keyboard.press("Enter")
    said = await page.evaluate("() => line.said.at(-1)")
    assert (said[0], said[1]["code"]) == ("enter_visual_code", "123456")


ABOUT = """(id) => {
  const [field, fault] = [document.getElementById(id), document.getElementById(`${id}-fault`)];
  const named = field.getAttribute("aria-describedby").split(" ").includes(fault.id);
  const top = document.querySelector('[data-part="failure"]').checkVisibility();
  return [fault.checkVisibility() && named, field.ariaInvalid === "true", document.activeElement === field, top];
}"""
REFUSE = "(code) => { line.answer = { ok: false, code }; }"


@pytest.mark.parametrize(
    ("case", "field", "typed", "code", "words"),
    [
        ("desk-sight-code", "visual-phone", "12", "number_malformed", "telèfon"),
        ("desk-sight-code-sent", "visual-code", "123456", "code_wrong", "No és el codi"),
        ("citizen-sight-code-sent", "visual-code", "123456", "code_wrong", "No és el codi"),
        ("desk-sight-document-read", "visual-zone", "IDESP", "mrz_unreadable", "tres de 30"),
    ],
)
async def test_a_refusal_is_told_at_its_field_until_that_is_typed_in_again(  # noqa: PLR0917 - a case has five parts
    page: Page, address: str, case: str, field: str, typed: str, code: str, words: str
) -> None:
    await page.goto(f"{address}/page/{case}")
    await page.evaluate(REFUSE, code)
    await page.fill(f"#{field}", typed)
    await page.locator(f'form:has(#{field}) [type="submit"]').click()
    await page.locator(f"#{field}-fault", has_text=words).wait_for()
    assert await page.evaluate(ABOUT, field) == [True, True, True, False]
    await page.locator(f"#{field}").press("1")
    await page.locator(f"#{field}-fault").wait_for(state="hidden")
    assert await page.evaluate(ABOUT, field) == [False, False, True, False]


@pytest.mark.parametrize(
    ("case", "form", "first", "told"),
    [
        ("desk-sight-code", "send-code", "visual-phone", 1),
        ("citizen-sight-code-sent", "type-code", "visual-code", 1),
        ("desk-sight-document", "read-document", "visual-number", 2),
        ("desk-sight-actions", "stop-visual", "visual-reason", 1),
    ],
)
async def test_what_is_left_empty_is_told_at_its_field_in_the_language_of_the_page(  # noqa: PLR0917 - a case has four parts
    page: Page, address: str, case: str, form: str, first: str, told: int
) -> None:
    await page.goto(f"{address}/page/{case}")
    if case == "desk-sight-document":
        view = DESKS["sight-document-read"]
        assert view.attended
        await push(page, view)
    if form == "stop-visual":
        await page.click("#visual .stop-visual summary")
    await page.click(f'[data-form="{form}"] [type="submit"]')
    words = page.locator(f'[data-form="{form}"] .fault:visible')
    assert [text.strip() for text in await words.all_inner_texts()] == ["Això encara falta."] * told
    assert await page.evaluate("() => document.activeElement.id") == first
    assert await page.evaluate("() => line.said.length") == 0


TOGETHER = """() => ["video.remote", "#visual"].map((what) => {
  const { top, bottom } = document.querySelector(what).getBoundingClientRect();
  return top >= 0 && top < innerHeight && (what === "#visual" || bottom <= innerHeight);
})"""


async def test_the_picture_stays_beside_the_steps_wherever_they_are_scrolled(page: Page, address: str) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(f"{address}/page/desk-sight-document-read")
    assert await page.evaluate(TOGETHER) == [True, True]
    await page.locator('[data-form="read-document"] button').scroll_into_view_if_needed()
    await page.evaluate("() => scrollBy(0, 200)")
    assert (await page.evaluate(TOGETHER))[0]


async def test_the_citizen_is_spoken_to_and_told_how_far_it_is(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-sight-actions?lang=en")
    told = await page.locator("#visual").inner_text()
    assert "4 of 6" in told
    assert "Cover part of the document with a finger" in told
    await push(
        page, replace(CITIZENS["sight-actions"], visual=replace(SHOWN_TO_CITIZENS["actions"], actions=("turn_left",)))
    )
    assert await page.locator(".asked li").all_inner_texts() == ["Turn your head to your left"]


async def test_neither_answer_to_images_looks_better(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-sight-informed")
    looks = "(button) => [getComputedStyle(button).backgroundColor, getComputedStyle(button).borderColor]"
    accept, refuse = (page.locator(f'.even [data-action="{one}-images"]') for one in ("accept", "refuse"))
    assert await accept.evaluate(looks) == await refuse.evaluate(looks)
    boxes = [await accept.bounding_box(), await refuse.bounding_box()]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["width"] == boxes[1]["width"]


JUDGED = """async () => {
  const { judged } = await import("/static/elements/still-shot.js");
  const dot = (value) => (_, place) => value(place % 160, Math.floor(place / 160));
  const of = (value) => judged(Float32Array.from({ length: 160 * 90 }, dot(value)));
  return [of(() => 20), of(() => 240), of((x) => 60 + x), of((x, y) => ((x >> 2) + (y >> 2)) % 2 ? 90 : 160)];
}"""


async def test_light_and_sharpness_are_told_in_a_word(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/desk-sight-stills")
    assert await page.evaluate(JUDGED) == ["dark", "bright", "blurred", "good"]


OTHER = """async ([open, facing, cameras]) => {
  const { otherCamera } = await import("/static/call/devices.js");
  const track = { getSettings: () => ({ deviceId: open, facingMode: facing }) };
  return otherCamera({ getVideoTracks: () => [track] }, cameras.map(([id, label]) => ({ id, label })));
}"""
PHONE = [["1", "camera2 1, facing front"], ["3", "camera2 3, facing front"], ["0", "camera2 0, facing back"]]


@pytest.mark.parametrize(
    ("opened", "facing", "cameras", "other"),
    [
        ("1", "user", PHONE, "0"),
        ("0", "environment", PHONE, "1"),
        ("a", None, [["a", "Integrated"], ["b", "USB"]], "b"),
        ("b", None, [["a", "Integrated"], ["b", "USB"]], "a"),
        ("a", "user", [["a", "Integrated"]], ""),
        ("x", "user", [["x", "Càmera frontal"], ["y", "Càmera posterior"]], "y"),
    ],
)
async def test_the_other_camera_is_the_back_one_first(  # noqa: PLR0917 - a case has four parts
    page: Page, address: str, opened: str, facing: str | None, cameras: list[list[str]], other: str
) -> None:
    await page.goto(f"{address}/page/citizen-sight-document")
    assert await page.evaluate(OTHER, [opened, facing, cameras]) == other


async def test_the_informer_turns_and_mirrors_what_they_see(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/desk-sight-stills")
    video = page.locator('[data-part="remote-video"]')
    for degrees in ("90", "180", "270", "0"):
        await page.click('[data-action="turn-picture"]')
        assert await video.get_attribute("data-turn") == degrees
    await page.click('[data-action="mirror-picture"]')
    assert "mirrored" in (await video.get_attribute("class") or "")


async def test_a_suspicion_of_fraud_is_told_and_witnessed_before_it_is_filed(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/desk-sight-code")
    fraud = page.locator("#visual-reason [data-fraud]")
    neutral = page.locator("#visual-reason option:not([data-fraud], [value=''])")
    assert (await fraud.count(), await neutral.count()) == (5, 4)
    assert await page.locator("#visual-reason :disabled").count() == 5
    await push(page, DESKS["sight-document-read"])
    assert await page.locator("#visual-reason :disabled").count() == 0
    await page.click("#visual .stop-visual summary")
    witnessed, stop = page.locator("#visual-witnessed"), page.locator('[data-form="stop-visual"] [type="submit"]')
    await page.select_option("#visual-reason", "doubt")
    assert not await witnessed.is_visible()
    await page.select_option("#visual-reason", "not_live")
    until = await page.evaluate("() => new Date(Date.now() + 1826 * 86400000).getUTCFullYear()")
    assert str(until) in await page.locator('[data-field="suspected-until"]').inner_text()
    await stop.click()
    await page.locator("#visual-witnessed-fault").wait_for()
    assert await page.evaluate("() => line.said.length") == 0
    await witnessed.check()
    await stop.click()
    said = await page.evaluate("() => line.said.at(-1)")
    assert (said[0], said[1]["reason"], said[1]["witnessed"]) == ("stop_visual", "not_live", True)


IN_SIGHT = """(what) => {
  const { top, bottom } = document.querySelector(what).getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""


@pytest.mark.parametrize(
    ("before", "view", "seen"),
    [
        ("proposed", CITIZEN_VIEWS["phone-asked"], ("#phone-title", "#phone-mobile", ".screen")),
        ("proposed", CITIZENS["sight-informed"], ("#visual h3", ".screen")),
        ("proposed", CITIZEN_VIEWS["identification"], ('[data-action="identify"]',)),
        ("clip-entering", CITIZEN_VIEWS["clip"], (".clip .notice", ".recording-sign")),
    ],
)
async def test_a_step_that_comes_is_brought_before_the_eyes_on_a_phone(
    page: Page, address: str, before: str, view: CitizenView, seen: tuple[str, ...]
) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"{address}/page/citizen-{before}")
    await page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    await push(page, view)
    for what in seen:
        assert await page.evaluate(IN_SIGHT, what), what
    assert await page.evaluate("() => document.activeElement.dataset.landing") == "always"


CODE_SENT = replace(CITIZEN_VIEWS["phone-asked"], phone=PhoneSeen("sent", "•••• 678", 5, "2026-11-20T10:25:30+00:00"))
RECORDED_TOO = replace(
    CITIZEN_VIEWS["attended"],
    identification_asked=True,
    identification_way="phone",
    phone=CODE_SENT.phone,
)
UNCOVERED = """(what) => {
  const { left, top, width, height } = document.querySelector(what).getBoundingClientRect();
  const places = [[0.05, 0.1], [0.5, 0.5], [0.9, 0.9]].map(([x, y]) => [left + x * width, top + y * height]);
  return places.every(([x, y]) => document.elementFromPoint(x, y)?.closest(what));
}"""


@pytest.mark.parametrize("size", [(360, 640, 260), (390, 844, 336)])
@pytest.mark.parametrize(
    ("view", "field"),
    [
        (CITIZEN_VIEWS["phone-asked"], "#phone-name"),
        (CITIZEN_VIEWS["phone-asked"], "#phone-mobile"),
        (CODE_SENT, "#phone-digits"),
        (RECORDED_TOO, "#phone-digits"),
    ],
)
async def test_a_code_is_typed_with_the_other_person_in_sight(
    page: Page, address: str, view: CitizenView, field: str, size: tuple[int, int, int]
) -> None:
    width, height, keyboard = size
    await page.set_viewport_size({"width": width, "height": height})
    await page.goto(f"{address}/page/citizen-proposed")
    assert await page.locator("meta[name=viewport][content*='interactive-widget=resizes-content']").count() == 1
    await push(page, view)
    assert await page.evaluate(IN_SIGHT, ".screen")
    await page.locator(field).focus()
    # a keyboard that opens takes its height from the page, and the browser brings what is typed in into sight
    await page.set_viewport_size({"width": width, "height": height - keyboard})
    await page.locator(field).evaluate("(field) => field.scrollIntoView({ block: 'nearest' })")
    for what in (field, f"label[for={field[1:]}]"):
        assert await page.evaluate(IN_SIGHT, what), what
        assert await page.evaluate(UNCOVERED, what), what
    assert await page.evaluate(IN_SIGHT, ".screen")
    assert await page.evaluate("() => document.querySelector('.remote').getBoundingClientRect().height") > 80
    await page.locator(field).click()  # nothing lies over it
