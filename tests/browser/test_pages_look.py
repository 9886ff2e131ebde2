"""Every page in every stage as people see it: nothing sideways, nothing against the policy, nothing axe finds serious.

With PAGES_PICTURES=<folder> each page is also kept there as a picture, to be looked at.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.pages.served import ASKED, CASES, PROJECT, served
from tests.integration.identity.town import Town, a_town
from tests.unit.pages import made_up
from videoattention.services.identity import Realm

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser

AXE = (PROJECT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PHONE = (360, 740)
DESKTOP = (1280, 800)
LOOKS = {"phone-light": (PHONE, "light"), "desktop-dark": (DESKTOP, "dark")}
ALL_LOOKS = LOOKS | {"phone-dark": (PHONE, "dark"), "desktop-light": (DESKTOP, "light")}
IN_ALL_LOOKS = ("entry", "citizen-waiting", "citizen-attended", "desk-attended", "recording-player", "archive")
SEEN = [(case, look) for case in CASES for look in (ALL_LOOKS if case in IN_ALL_LOOKS else LOOKS)]

FIND_SERIOUS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  if (found.passes.length < 5) return ["axe did not look at the page"];
  return found.violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => id + nodes.map(({target, failureSummary}) => ` ${target} ${failureSummary}`).join(";"));
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
CUT_OFF = """() => [...document.querySelectorAll("button, .badge, a.button, h1, h2, h3, td, th")]
  .filter((element) => element.checkVisibility() && !element.matches(".visually-hidden"))
  .filter((element) => element.scrollWidth > element.clientWidth + 1)
  .filter((element) => getComputedStyle(element).display !== "inline")
  .map((element) => `${element.outerHTML.slice(0, 80)} ${element.scrollWidth} > ${element.clientWidth}`)"""


@dataclass
class Window:
    """A window of one size and one scheme of colours; ``heard`` is what the browser complained of."""

    page: Page
    heard: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Hear violations of the policy, errors of scripts and answers that failed."""
        page, heard = self.page, self.heard
        page.on("console", lambda said: heard.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on(
            "response", lambda answer: heard.append(f"{answer.url} {answer.status}") if answer.status >= 400 else None
        )

    async def open(self, address: str) -> None:
        """Go to a page and wait until its scripts have begun."""
        self.heard.clear()
        await self.page.goto(address, wait_until="load")
        await self.page.evaluate("() => document.fonts.ready")

    async def is_sound(self, name: str) -> None:
        """Look at the page, in every way that a machine can."""
        folder = os.environ.get("PAGES_PICTURES")
        if folder:
            await self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
        await self.page.evaluate(AXE)
        assert await self.page.evaluate(FIND_SERIOUS) == []
        for look in (OVERFLOWING, TOO_SMALL, CUT_OFF):
            assert await self.page.evaluate(look) == []
        assert self.heard == []


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    async with served() as address:
        yield address


@pytest.fixture(scope="module")
async def windows(chromium: Browser) -> AsyncIterator[dict[str, Window]]:
    opened = {}
    for look, ((width, height), scheme) in ALL_LOOKS.items():
        options: dict[str, Any] = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
        context = await chromium.new_context(**options, reduced_motion="reduce", locale="ca-ES")
        opened[look] = Window(await context.new_page())
        opened[look].listen()
    yield opened
    for window in opened.values():
        await window.page.context.close()


@pytest.mark.parametrize(("case", "look"), SEEN)
async def test_a_page_is_sound_to_look_at(windows: dict[str, Window], address: str, case: str, look: str) -> None:
    await windows[look].open(f"{address}/page/{case}")
    await windows[look].is_sound(f"{case}-{look}")


DENIED = """() => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotAllowedError"); };
  document.querySelector('[data-action="try-again"]').click(); }"""
TELL = "([name, detail]) => line.tell(name, detail)"
FAIL = (
    """() => { line.answer = {ok: false, code: "stale"}; document.querySelector('[data-action="hang-up"]').click(); }"""
)
ONCE_IN_CALL = """() => new Promise((resolve) => {
  const main = document.querySelector("main");
  const look = () => main.dataset.media === "connected" && resolve();
  new MutationObserver(look).observe(main, { attributes: true });
  look();
})"""
GONE = "() => talk.tell('state', 'elsewhere')"
WITHDRAW = """() => {
  line.command = () => new Promise(() => {});
  document.querySelector('[data-action="confirm-withdraw"]').click();
}"""
MOVED: dict[str, tuple[str, list[tuple[str, Any]], str]] = {
    "consent": ("citizen-identified", [(TELL, ["view", asdict(ASKED)])], "#consent[open]"),
    "withdrawal": (
        "citizen-attended",
        [("() => document.querySelector('[data-action=withdraw-consent]').click()", None)],
        "#withdrawal[open]",
    ),
    "devices": (
        "citizen-talking",
        [("() => document.querySelector('[data-action=choose-devices]').click()", None)],
        "#devices[open]",
    ),
    "reconnecting": ("citizen-talking", [(TELL, ["connection", "reconnecting"])], ".notice.warning:visible"),
    "ended": ("desk-available", [(TELL, ["connection", "ended"])], ".notice.problem:visible"),
    "ended-in-call": (
        "citizen-talking",
        [(ONCE_IN_CALL, None), (TELL, ["connection", "ended"])],
        "main[data-media=ended]",
    ),
    "elsewhere": ("citizen-attended", [(ONCE_IN_CALL, None), (GONE, None)], "main[data-media=elsewhere]"),
    "desk-elsewhere": (
        "desk-talking",
        [(TELL, ["view", asdict(made_up.DESK_VIEWS["attended"])]), (ONCE_IN_CALL, None), (GONE, None)],
        "main[data-media=elsewhere]",
    ),
    "withheld": ("citizen-attended", [(ONCE_IN_CALL, None), (WITHDRAW, None)], "[data-part=withheld]:visible"),
    "refused": ("citizen-talking", [(FAIL, None)], "[data-part=failure]:visible"),
    "denied": ("devices", [(DENIED, None)], "[data-problem=denied]:visible"),
    "desk-in-call": (
        "desk-talking",
        [(TELL, ["view", asdict(made_up.DESK_VIEWS["attended"])])],
        "main[data-media=connected]",
    ),
    "line-of-many": (
        "desk-paused-empty",
        [(TELL, ["view", asdict(made_up.DESK_VIEWS["available"])])],
        ".turn:nth-child(4)",
    ),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("moved", MOVED)
async def test_a_page_is_sound_after_something_happened(
    windows: dict[str, Window], address: str, moved: str, look: str
) -> None:
    case, happenings, sign = MOVED[moved]
    window = windows[look]
    await window.open(f"{address}/page/{case}")
    for script, argument in happenings:
        await window.page.evaluate(script, argument)
    await window.page.locator(sign).first.wait_for()
    await window.is_sound(f"moved-{moved}-{look}")


@pytest.fixture(scope="module")
async def town() -> AsyncIterator[Town]:
    async with a_town() as town:
        yield town


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("realm", Realm)
async def test_the_stand_in_is_sound_to_look_at(
    windows: dict[str, Window], town: Town, realm: Realm, look: str
) -> None:
    pending = await town.clients[realm].begin("/desk")
    await windows[look].open(pending.url)
    await windows[look].is_sound(f"stand-in-{realm}-{look}")


@pytest.mark.parametrize("case", IN_ALL_LOOKS)
async def test_a_page_is_sound_in_english(windows: dict[str, Window], address: str, case: str) -> None:
    window = windows["phone-light"]
    await window.open(f"{address}/page/{case}?lang=en")
    assert await window.page.evaluate("() => document.documentElement.lang") == "en"
    await window.is_sound(f"{case}-en-phone-light")
