"""What the pages do: what is pressed becomes a command, what is pushed is shown, nobody is turned away."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.pages.served import ASKED
from tests.unit.pages import made_up
from videoattention.services.views import InformerSeen

if TYPE_CHECKING:
    from playwright.async_api import Page

    from videoattention.services.views import CitizenView, DeskView

pytestmark = pytest.mark.browser

SHOWN = """(html) => {
  const main = (html ? new DOMParser().parseFromString(html, "text/html") : document).querySelector("main");
  const browsers = /media|other|connection|sound|camera|voice|picture|news|heard/;
  const told = [...main.querySelectorAll("[data-when]")].filter(({dataset}) => !browsers.test(dataset.when));
  const fields = [...main.querySelectorAll("[data-field]")].filter((field) => !field.closest("dialog, [hidden]"));
  const state = Object.entries(main.dataset).filter(([name]) => !browsers.test(name) && name !== "attention");
  return {
    state: Object.fromEntries(state.sort()),
    told: told.map((element) => `${element.dataset.when} ${element.hidden}`),
    fields: fields.map(({dataset, textContent}) => `${dataset.field}: ${textContent.trim()}`),
  };
}"""


RED_RECORDERS = """() => {
  const red = document.createElement("i");
  red.style.color = "var(--danger)";
  document.body.append(red);
  const icons = [...document.querySelectorAll(".icon-recorder")].filter((icon) => icon.checkVisibility());
  const count = icons.filter((icon) => getComputedStyle(icon).color === getComputedStyle(red).color).length;
  red.remove();
  return count;
}"""


async def press(page: Page, action: str) -> None:
    await page.locator(f'[data-action="{action}"]:visible').first.click()


async def push(page: Page, view: CitizenView | DeskView) -> None:
    await page.evaluate("(view) => line.tell('view', view)", asdict(view))


async def said(page: Page) -> list[list[Any]]:
    """Every command that was sent, and forget them."""
    return await page.evaluate("() => line.said.splice(0)")  # type: ignore[no-any-return]


async def stage_is(page: Page, **state: str) -> None:
    told = "".join(f'[data-{name}="{value}"]' for name, value in state.items())
    await page.locator(f"main{told}").wait_for()


VIEWS = {f"citizen-{name}": view for name, view in made_up.CITIZEN_VIEWS.items()} | {
    f"desk-{name}": view for name, view in made_up.DESK_VIEWS.items()
}


@pytest.mark.parametrize("start", ["citizen-waiting", "desk-paused-empty"])
async def test_the_browser_shows_of_a_view_what_the_server_shows(page: Page, address: str, start: str) -> None:
    await page.goto(f"{address}/page/{start}")
    for case, view in VIEWS.items():
        if case.partition("-")[0] != start.partition("-")[0]:
            continue
        await push(page, view)
        html = await page.evaluate("async (url) => (await fetch(url)).text()", f"{address}/page/{case}")
        assert await page.evaluate(SHOWN, None) == await page.evaluate(SHOWN, html), case


async def test_a_citizen_goes_through_the_attended_level(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting")
    await press(page, "leave-line")
    await push(page, made_up.CITIZEN_VIEWS["proposed"])
    await stage_is(page, stage="talking", media="connected")
    await press(page, "decline-level")
    await push(page, ASKED)
    assert await page.locator("#consent[open] .long-text p").count() == len(ASKED.consents[0].paragraphs)
    await press(page, "accept-consent")
    await push(page, made_up.ATTENDED_VIEW)
    assert not await page.locator("#consent[open]").count()
    await press(page, "withdraw-consent")
    await press(page, "confirm-withdraw")
    await press(page, "informative")
    await press(page, "hang-up")
    assert await said(page) == [
        ["leave_line", {}],
        ["decline_level", {}],
        ["answer_consent", {"consent": "consent-1", "answer": "accept"}],
        ["withdraw_consent", {"consent": "consent-1"}],
        ["return_to_informative", {}],
        ["hang_up", {}],
    ]


async def test_a_text_can_be_put_aside_and_read_again(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-identified")
    await push(page, ASKED)
    await page.keyboard.press("Escape")
    await push(page, replace(ASKED, revision=9))
    assert not await page.locator("#consent[open]").count()
    assert await said(page) == []
    await press(page, "read-consent")
    await press(page, "refuse-consent")
    assert await said(page) == [["answer_consent", {"consent": "consent-1", "answer": "refuse"}]]


async def test_a_keyboard_reaches_the_text_and_the_answers(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-identified")
    await push(page, ASKED)
    focused = set()
    for _ in range(5):
        told = await page.evaluate("() => document.activeElement.dataset.action ?? document.activeElement.dataset.part")
        focused.add(told)
        await page.keyboard.press("Tab")
    assert {"consent-text", "accept-consent", "refuse-consent"} <= focused


async def test_identifying_opens_a_window_of_its_own(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-identification")
    async with page.expect_popup() as opening:
        await press(page, "identify")
    popup = await opening.value
    assert popup.url.endswith("/attention/identify")
    assert page.url.endswith("/page/citizen-identification")


async def test_mute_buttons_stay_pressed_and_count_in_the_next_call(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting")
    await push(page, made_up.TALKING_VIEW)
    await stage_is(page, media="connected")
    await press(page, "mute-audio")
    assert await page.locator('[data-action="mute-audio"]').get_attribute("aria-pressed") == "true"
    assert await page.evaluate("() => talk.muted") == {"audio": True, "video": False}
    await push(page, made_up.WAITING_VIEW)
    await stage_is(page, stage="waiting", media="idle")
    await push(page, made_up.TALKING_VIEW)
    await stage_is(page, media="connected")
    assert await page.evaluate("() => talk.muted") == {"audio": True, "video": False}


async def test_what_is_muted_stays_so_over_a_reload(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting")
    await push(page, made_up.TALKING_VIEW)
    await stage_is(page, media="connected")
    await press(page, "mute-video")
    await page.reload()
    await push(page, made_up.TALKING_VIEW)
    await stage_is(page, media="connected")
    assert await page.locator('[data-action="mute-video"]').get_attribute("aria-pressed") == "true"
    assert await page.evaluate("() => talk.muted") == {"audio": False, "video": True}


async def test_camera_and_microphone_are_let_go_after_the_call(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting")
    await push(page, made_up.TALKING_VIEW)
    await stage_is(page, media="connected", camera="on")
    await page.evaluate("() => { globalThis.tracks = talk.stream.getTracks(); }")
    await push(page, made_up.CITIZEN_VIEWS["ended"])
    await page.wait_for_function("() => tracks.length === 2 && tracks.every((track) => track.readyState === 'ended')")
    assert await page.evaluate("() => talk.state") == "stopped"


async def test_a_refusal_is_told_in_words_and_goes_away(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-talking?lang=en")
    failure = page.locator("[data-part=failure]")
    await page.evaluate("() => { line.answer = {ok: false, code: 'stale'}; }")
    await press(page, "hang-up")
    await failure.get_by_text("Something changed in the meantime.").wait_for()
    assert await failure.is_visible()
    await page.evaluate("() => { line.answer = {ok: false, code: 'a\"]}strange'}; }")
    await press(page, "hang-up")
    await failure.get_by_text("It could not be done.").wait_for()
    assert "Something changed" not in await failure.inner_text(), "the first refusal is told no more"
    await page.evaluate("() => { line.answer = {ok: true}; }")
    await press(page, "hang-up")
    await failure.wait_for(state="hidden")
    assert not await failure.is_visible()


async def test_what_is_pushed_is_text_and_never_markup(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting")
    evil = "<img src=x onerror=alert(1)>"
    view = replace(made_up.TALKING_VIEW, informer=InformerSeen(evil, evil))
    await push(page, replace(view, consents=(made_up.consent("asked", evil, (evil,)),)))
    assert await page.locator("#consent h2").inner_text() == evil
    assert await page.locator("img[src=x]").count() == 0


async def test_changes_are_said_to_those_who_listen(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting?lang=en")
    announcer = page.locator("main > [data-part=announcer]")
    await push(page, made_up.CITIZEN_VIEWS["offered"])
    assert "We are calling an informer for you" in await announcer.inner_text()
    await push(page, made_up.TALKING_VIEW)
    assert "You are in the call" in await announcer.inner_text()
    await push(page, made_up.ATTENDED_VIEW)
    assert "The recorder is in the call" in await announcer.inner_text()


@pytest.mark.parametrize("side", ["citizen", "desk"])
async def test_a_recorder_that_cannot_store_is_told_and_so_is_its_return(page: Page, address: str, side: str) -> None:
    await page.goto(f"{address}/page/{side}-{'waiting' if side == 'citizen' else 'available'}?lang=en")
    announcer = page.locator("main > [data-part=announcer]")
    sign = page.locator(".recording-sign")
    await push(page, VIEWS[f"{side}-attended"])
    await sign.wait_for()
    await push(page, replace(VIEWS[f"{side}-hindered"], revision=80))
    assert "Nothing is being recorded now: the recording cannot be stored." in await announcer.inner_text()
    text = await page.inner_text("main")
    assert "The call goes on, and the recorder comes back by itself." in text
    assert "recorded until" not in text
    assert not await sign.is_visible()
    await push(page, replace(VIEWS[f"{side}-attended"], revision=81))
    assert "The recorder is back" in await announcer.inner_text()
    await push(page, replace(VIEWS[f"{side}-attended"], revision=82))
    text = await page.inner_text("main")
    assert "What was said meanwhile was not recorded." in text
    assert "cannot be stored" not in text
    assert await sign.is_visible()


@pytest.mark.parametrize("side", ["citizen", "desk"])
async def test_a_gap_of_the_recorder_is_told_and_so_is_its_end(page: Page, address: str, side: str) -> None:
    await page.goto(f"{address}/page/{side}-{'waiting' if side == 'citizen' else 'available'}?lang=en")
    announcer = page.locator("main > [data-part=announcer]")
    sign = page.locator(".recording-sign")
    await push(page, replace(VIEWS[f"{side}-entering"], revision=79))
    assert "Nothing is being recorded now" in await announcer.inner_text()
    await push(page, replace(VIEWS[f"{side}-attended"], revision=80))
    await sign.wait_for()
    assert "The recorder is back" not in await page.inner_text("main")  # it entered for the first time
    await push(page, replace(VIEWS[f"{side}-entering"], revision=81))
    assert "Nothing is being recorded now" in await announcer.inner_text()
    text = await page.inner_text("main")
    assert "recorded until" not in text
    assert "You act for the person" not in text
    assert not await sign.is_visible()
    assert await page.evaluate(RED_RECORDERS) == 0
    await push(page, replace(VIEWS[f"{side}-attended"], revision=82))
    assert "The recorder is back" in await announcer.inner_text()
    assert await page.evaluate(RED_RECORDERS) == (1 if side == "citizen" else 0)


async def test_an_informer_is_alerted_until_the_offer_is_answered(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/desk-available?lang=en")
    assert not (await page.title()).startswith("●")
    await push(page, made_up.DESK_VIEWS["offered"])
    assert await page.title() == "● A person is waiting for you"
    assert 0 < int(await page.locator("[data-part=countdown]").inner_text()) <= 20
    await press(page, "accept-offer")
    assert not (await page.title()).startswith("●")
    await push(page, made_up.DESK_VIEWS["missed"])
    await push(page, replace(made_up.DESK_VIEWS["offered"], offer=replace(made_up.OFFER, attention="attention-2")))
    await press(page, "decline-offer")
    assert await said(page) == [
        ["accept_offer", {"attention": "attention-1"}],
        ["decline_offer", {"attention": "attention-2"}],
    ]


async def test_an_informer_goes_through_the_steps(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/desk-available")
    for action in ("pause", "available"):
        await press(page, action)
    await page.locator('[data-action="take"][data-attention="waiting-2"]').click()
    await push(page, made_up.DESK_VIEWS["talking"])
    await press(page, "propose-attended")
    await push(page, made_up.DESK_VIEWS["proposed"])
    await press(page, "ask-identification")
    await push(page, made_up.DESK_VIEWS["identified"])
    for action in ("ask-consent", "drop-proposal"):
        await press(page, action)
    await push(page, made_up.DESK_VIEWS["attended"])
    for action in ("lower-level", "end-call"):
        await press(page, action)
    await push(page, made_up.DESK_VIEWS["wrapping-up"])
    await page.fill("textarea[name=outcome]", "  S'ha informat.  ")
    await page.check('input[name="kind"][value="informed"]')
    await press(page, "conclude")
    its = {"attention": "attention-1"}
    assert await said(page) == [
        ["set_readiness", {"readiness": "paused"}],
        ["set_readiness", {"readiness": "available"}],
        ["take_citizen", {"attention": "waiting-2"}],
        ["propose_level", {**its, "level": "attended"}],
        ["ask_identification", {**its, "way": "electronic"}],
        ["ask_consent", its],
        ["drop_proposal", its],
        ["lower_level", its],
        ["end_call", its],
        ["conclude", {**its, "outcome": "S'ha informat.", "kind": "informed"}],
    ]
    assert await page.input_value("textarea[name=outcome]") == ""


async def test_a_row_that_stays_keeps_the_focus(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/desk-available")
    await page.locator('[data-action="take"][data-attention="waiting-2"]').focus()
    rest = tuple(row for row in made_up.LINE if row.attention != "waiting-4")
    await push(page, replace(made_up.IDLE_DESK, waiting=(*rest, made_up.in_line(0))))
    assert await page.evaluate("() => document.activeElement.dataset.attention") == "waiting-2"
    rows = await page.locator(".turn").evaluate_all("(rows) => rows.map((row) => row.dataset.attention)")
    assert rows == ["waiting-3", "waiting-2", "waiting-1", "waiting-0"]


# --- out of the call while it goes on, and the end of the session ---------------------------------------------------

KEEP_TRACKS = "() => { globalThis.tracks = talk.stream.getTracks(); }"
ALL_ENDED = "() => tracks.length === 2 && tracks.every(({ readyState }) => readyState === 'ended')"


@pytest.fixture(params=["citizen", "desk"])
async def in_call(request: pytest.FixtureRequest, page: Page, address: str) -> str:
    """One side's page in a call, with camera and microphone; their tracks are kept in ``tracks``."""
    side: str = request.param
    start = "waiting" if side == "citizen" else "available"
    await page.goto(f"{address}/page/{side}-{start}?lang=en")
    await push(page, VIEWS[f"{side}-talking"])
    await stage_is(page, media="connected", camera="on")
    await page.evaluate(KEEP_TRACKS)
    return side


async def test_a_call_that_goes_on_elsewhere_is_told_and_can_be_brought_back(page: Page, in_call: str) -> None:
    await page.evaluate("() => { globalThis.before = talk; talk.tell('state', 'elsewhere'); }")
    await page.locator(".screen-cover:visible").get_by_text("This call goes on in another window.").wait_for()
    await stage_is(page, media="elsewhere")
    assert await page.locator("main > [data-part=announcer]").inner_text() == "This call goes on in another window."
    assert await page.evaluate("() => before.state") == "stopped"
    await page.wait_for_function(ALL_ENDED)
    assert not await page.locator('[data-action^="mute-"]:visible').count()
    again = replace(VIEWS[f"{in_call}-talking"], revision=90)
    await push(page, again)
    assert await page.evaluate("() => talk === before"), "a view alone brings nothing back"
    await page.locator('[data-action="bring-here"]').focus()
    await page.keyboard.press("Enter")
    await stage_is(page, media="connected", camera="on")
    assert await page.evaluate("() => talk !== before && talk.state === 'started' && talk.stream.active")
    assert await page.evaluate("() => document.activeElement.dataset.action") == "mute-audio"


async def test_the_next_call_begins_whatever_became_of_this_one(page: Page, in_call: str) -> None:
    await page.evaluate("() => { globalThis.before = talk; talk.tell('state', 'elsewhere'); }")
    await push(page, VIEWS["citizen-waiting" if in_call == "citizen" else "desk-available"])
    await stage_is(page, media="idle")
    await push(page, VIEWS[f"{in_call}-talking"])
    await stage_is(page, media="connected", camera="on")
    assert await page.evaluate("() => talk !== before")


async def test_the_end_of_the_session_ends_the_call_here_at_once(page: Page, in_call: str) -> None:
    await page.evaluate("() => line.close()")
    assert await page.evaluate("() => talk.state") == "stopped"
    assert await page.evaluate(ALL_ENDED)
    await stage_is(page, connection="ended", media="ended")
    notice = page.locator(".notice.problem:visible")
    assert "The session has ended" in await notice.inner_text()
    assert await notice.locator("a:visible").count() == (2 if in_call == "citizen" else 1)
    assert not await page.locator(".controls:visible").count()
    await push(page, replace(VIEWS[f"{in_call}-talking"], revision=90))
    await stage_is(page, media="ended")
    assert await page.evaluate("() => talk.state") == "stopped"


async def test_a_line_that_ends_while_waiting_lets_the_camera_go(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting")
    await stage_is(page, camera="on")
    await page.evaluate(
        "() => { globalThis.tracks = document.querySelector('[data-part=own-preview]').srcObject.getTracks(); }"
    )
    await page.evaluate("() => line.close()")
    assert await page.evaluate(ALL_ENDED)
    await stage_is(page, camera="unknown")


NEVER_ANSWERED = "() => { line.command = () => new Promise((resolve) => { globalThis.acknowledge = resolve; }); }"


async def test_who_hangs_up_is_out_before_the_service_knows(page: Page, in_call: str) -> None:
    await page.evaluate(NEVER_ANSWERED)
    await press(page, "hang-up" if in_call == "citizen" else "end-call")
    assert await page.evaluate("() => talk.state") == "leaving", "the connection waits for the service's answer"
    assert await page.evaluate(ALL_ENDED)
    await page.locator(".screen-cover:visible").get_by_text("You have left the call.").wait_for()
    await push(page, replace(VIEWS[f"{in_call}-talking"], revision=90))
    await page.evaluate("() => acknowledge({ ok: false, code: 'unreachable' })")
    await page.locator("[data-part=failure]:visible").wait_for()
    assert await page.evaluate("() => talk.state") == "stopped"
    await press(page, "bring-here")
    await stage_is(page, media="connected", camera="on")


@pytest.mark.parametrize("action", ["withdraw", "informative"])
async def test_what_is_taken_back_is_silent_before_the_service_knows(page: Page, address: str, action: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting?lang=en")
    await push(page, made_up.ATTENDED_VIEW)
    await stage_is(page, media="connected")
    await press(page, "mute-video")
    await page.evaluate(NEVER_ANSWERED)
    if action == "withdraw":
        await press(page, "withdraw-consent")
    await press(page, "confirm-withdraw" if action == "withdraw" else "informative")
    assert await page.evaluate("() => talk.muted") == {"audio": True, "video": True}
    await page.get_by_text("Your decision has not arrived yet.").wait_for()
    await page.evaluate("() => acknowledge({ ok: true })")
    await page.get_by_text("Your decision has not arrived yet.").wait_for(state="hidden")
    assert await page.evaluate("() => talk.muted") == {"audio": False, "video": True}


async def test_a_withdrawal_that_never_arrived_keeps_silent(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/citizen-waiting?lang=en")
    await push(page, made_up.ATTENDED_VIEW)
    await stage_is(page, media="connected")
    await page.evaluate("() => { line.answer = { ok: false, code: 'unreachable' }; }")
    await press(page, "withdraw-consent")
    await press(page, "confirm-withdraw")
    await page.locator("[data-part=failure]:visible").wait_for()
    await push(page, replace(made_up.ATTENDED_VIEW, revision=90))
    await page.get_by_text("Your decision has not arrived yet.").wait_for()
    assert await page.evaluate("() => talk.muted") == {"audio": True, "video": True}
    await push(page, replace(made_up.CITIZEN_VIEWS["withdrawn"], revision=91))
    await page.get_by_text("Your decision has not arrived yet.").wait_for(state="hidden")
    assert await page.evaluate("() => talk.muted") == {"audio": False, "video": False}


# a question of the browser that stays open until the test answers it
OPEN_QUESTION = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
const allowed = new Promise((resolve) => { globalThis.allow = resolve; });
navigator.mediaDevices.getUserMedia = async (wish) => { await allowed; return ask(wish); };
"""


async def test_a_question_left_open_holds_nobody_up(page: Page, address: str) -> None:
    await page.add_init_script(OPEN_QUESTION)
    await page.goto(f"{address}/page/citizen-waiting")
    await push(page, made_up.TALKING_VIEW)
    await stage_is(page, media="connected")
    assert await page.evaluate("() => talk.stream") is None
    await page.evaluate("() => allow()")
    await page.wait_for_function("() => talk.stream?.getTracks().length === 2")
    assert await page.evaluate("() => talk.state") == "started"


async def test_a_question_left_open_does_not_keep_the_call_from_ending(page: Page, address: str) -> None:
    await page.add_init_script(OPEN_QUESTION)
    await page.goto(f"{address}/page/citizen-waiting")
    await push(page, made_up.TALKING_VIEW)
    await stage_is(page, media="connected")
    await push(page, made_up.CITIZEN_VIEWS["ended"])
    await stage_is(page, stage=made_up.CITIZEN_VIEWS["ended"].stage, media="idle")
    assert await page.evaluate("() => talk.state") == "stopped"


async def test_nobody_is_turned_away_without_devices(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/devices")
    await stage_is(page, camera="on")
    await page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); }; }"
    )
    await press(page, "try-again")
    await page.locator("[data-problem=missing]").wait_for()
    await stage_is(page, camera="none", microphone="none")
    async with page.expect_request("**/attentions") as sending:
        await press(page, "continue")
    request = await sending.value
    assert request.method == "POST"
    assert request.post_data == "csrf=token&office=girona&procedure=ajut"


PICTURE = """() => {
  const canvas = document.createElement("canvas");
  const drawn = canvas.getContext("2d");
  setInterval(() => drawn.fillRect(0, 0, 9, 9), 50);
  talk.tell("remote", canvas.captureStream(20));
}"""


@pytest.mark.parametrize("case", ["citizen-talking", "desk-talking"])
async def test_a_call_without_microphone_or_picture_says_so(page: Page, address: str, case: str) -> None:
    await page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); };"
    )
    await page.goto(f"{address}/page/{case}")
    await push(page, VIEWS[case])
    await stage_is(page, media="connected", camera="none", voice="none")
    assert await page.locator(".unheard").is_visible()
    assert await page.locator(":is([data-action=mute-audio], [data-action=mute-video]):visible").count() == 0
    assert await page.locator(".control.missing:visible").all_inner_texts() == ["Sense micròfon", "Sense càmera"]
    assert await page.locator(".screen-word:visible").count() == 0
    await stage_is(page, picture="none")
    assert await page.locator(".screen-word:visible").count() == 1
    await page.evaluate(PICTURE)
    await stage_is(page, picture="on")
    assert await page.locator(".screen-word:visible").count() == 0


@pytest.mark.parametrize("missing", ["audio", "video"])
async def test_only_what_is_there_can_be_stopped(page: Page, address: str, missing: str) -> None:
    await page.add_init_script(
        """((missing) => {
          const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            if (wanted[missing]) throw new DOMException("", "NotFoundError");
            return open(wanted);
          };
        })"""
        f"('{missing}')"
    )
    await page.goto(f"{address}/page/citizen-talking?lang=en")
    await push(page, made_up.TALKING_VIEW)
    there, words = ("video", "No microphone") if missing == "audio" else ("audio", "No camera")
    voice, camera = ("none", "on") if missing == "audio" else ("on", "none")
    await stage_is(page, media="connected", camera=camera, voice=voice)
    assert await page.locator(f"[data-action=mute-{there}]").is_visible()
    assert not await page.locator(f"[data-action=mute-{missing}]").is_visible()
    assert await page.locator(".control.missing:visible").all_inner_texts() == [words]
    # whoever comes back with the keyboard, from the other window, goes on at a button that is there
    await page.evaluate("() => talk.tell('state', 'elsewhere')")
    await stage_is(page, media="elsewhere")
    assert await page.locator(".control.missing:visible").count() == 0
    await page.locator('[data-action="bring-here"]').focus()
    await page.keyboard.press("Enter")
    await stage_is(page, media="connected", camera=camera, voice=voice)
    goal = "choose-devices" if missing == "audio" else "mute-audio"
    await page.wait_for_function("(goal) => document.activeElement.dataset.action === goal", arg=goal)


@pytest.mark.parametrize(("case", "who"), [("citizen-talking", "The informer"), ("desk-talking", "The person")])
async def test_what_the_other_person_stops_is_said_over_the_picture(
    page: Page, address: str, case: str, who: str
) -> None:
    await page.goto(f"{address}/page/{case}?lang=en")
    await push(page, VIEWS[case])
    await stage_is(page, media="connected", picture="on")
    announcer = page.locator("main > [data-part=announcer]")

    async def sends(camera: str, microphone: str) -> list[str]:
        told = {"attention": "attention-1", "camera": camera, "microphone": microphone}
        await page.evaluate("(sends) => talk.tell('sends', sends)", told)
        words = await page.locator(":is(.screen-word, .voice-sign):visible").all_inner_texts()
        return sorted(word.strip() for word in words)

    assert await sends("on", "on") == []
    assert "microphone" not in await announcer.inner_text()
    assert await sends("off", "on") == [f"{who}'s camera is off."]
    assert await announcer.inner_text() == f"{who}'s camera is off."
    assert await sends("off", "off") == [f"{who}'s camera is off.", f"{who}'s microphone is off."]
    assert await announcer.inner_text() == f"{who}'s microphone is off."
    assert await sends("on", "none") == [f"{who} has no microphone."]
    assert await announcer.inner_text() == f"{who} has no microphone. {who}'s camera is on now."
    assert await sends("none", "on") == [f"{who} has no camera."]
    await push(page, replace(VIEWS[case], revision=90))
    await stage_is(page, othercamera="none", othervoice="back")
    # what does not reach the service at all is another matter, and the same page may go on without a connection
    await page.evaluate("() => talk.tell('other', false)")
    assert await page.locator(".screen-word:visible").count() == 1
    await page.evaluate("() => talk.tell('other', true)")
    await page.evaluate("() => talk.tell('state', 'lost')")
    assert await page.locator(":is(.screen-word, .voice-sign):visible").count() == 0
    await page.evaluate("() => talk.tell('state', 'connected')")
    assert (await page.locator(".screen-word:visible").inner_text()).strip() == f"{who} has no camera."
    assert await sends("on", "on") == []


async def test_the_microphone_is_heard(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/devices")
    await stage_is(page, microphone="heard")
    assert await page.locator("select[data-device=camera] option").count() > 1


async def test_the_bar_plays_pauses_and_seeks(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/recording-player")
    assert await page.evaluate("() => playback.given.parts.length") == len(made_up.PARTS)
    assert await page.evaluate("() => Object.keys(playback.given.elements).sort()") == list(made_up.TRACKS)
    assert await page.locator("[data-part=gaps] span").count() == 1
    await press(page, "play")
    await page.locator("[data-state=playing]").wait_for()
    await press(page, "pause")
    await page.locator('[data-action="seek"]').fill("90")
    await page.locator('[data-action="rate"]').select_option("2")
    assert await page.evaluate("() => playback.asked") == [["play"], ["pause"], ["seek", 90], ["rate", 2]]
    assert await page.locator("[data-part=time]").inner_text() == "1:30"


@pytest.mark.parametrize("reason", ["storage_failed", "not_found", "no_purpose"])
async def test_the_player_says_why_a_file_does_not_come(page: Page, address: str, reason: str) -> None:
    await page.goto(f"{address}/page/recording-player")
    await page.route("**/file", lambda route: route.fulfill(status=503, headers={"X-Reason": reason}))
    await page.evaluate("() => { playback.given.elements['citizen-video'].src = '/file'; }")
    await page.evaluate("() => playback.tell('problem', { track: 'citizen-video', code: 'broken' })")
    told = page.locator('[data-part^="playback-failure"]:visible')
    await told.first.wait_for()
    known = "" if reason == "no_purpose" else f"-{reason}"
    assert await told.count() == 1
    assert await told.get_attribute("data-part") == f"playback-failure{known}"
