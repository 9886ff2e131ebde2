"""The people of a story, each in a browser context of their own. What they do is what a person clicks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.clip import Clip, page_script

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page

CITIZEN_CLIP = Clip(tone_hz=1000, grey=110)
INFORMER_CLIP = Clip(tone_hz=600, grey=60)

WATCH = """
(() => {
  const first = {};
  window.__firstFrame = first;
  addEventListener("DOMContentLoaded", () => {
    for (const video of document.querySelectorAll("video")) {
      if (video.muted) continue;
      video.requestVideoFrameCallback?.(() => { first.at ??= Date.now(); });
    }
  });
  const Connection = window.RTCPeerConnection;
  window.__connections = [];
  window.RTCPeerConnection = function (...words) {
    const made = new Connection(...words);
    window.__connections.push(made);
    made.addEventListener("connectionstatechange", () => {
      if (made.connectionState === "connected") window.__connectedAt ??= Date.now();
    });
    return made;
  };
  window.RTCPeerConnection.prototype = Connection.prototype;
})();
"""
"""Notes when the page was connected and when it showed the first picture, and keeps its connections to be asked."""

CLIP_LEAST_MS = 3200
"""Milliseconds in which an authorisation can have been said; the service takes no less."""

FRAMES_SENT = """
async () => {
  const report = await window.__connections.at(-1).getStats();
  const sent = [...report.values()].find((one) => one.type === "outbound-rtp" && one.kind === "video");
  return { frames: sent.framesSent, at: sent.timestamp / 1000 };
}
"""


@dataclass(frozen=True, slots=True)
class FramesSent:
    """What a browser's statistics say: pictures sent until ``at`` (Unix seconds)."""

    frames: int
    at: float


@dataclass(slots=True)
class Person:
    """Somebody at a page. ``problems`` collects what the browser complained of."""

    context: BrowserContext
    page: Page
    base: str
    problems: list[str] = field(default_factory=list)

    async def press(self, action: str) -> None:
        """Press the visible button of an action."""
        await self.page.locator(f'[data-action="{action}"]:visible').first.click()

    async def until(self, **state: str) -> None:
        """Wait until the page's state says all of this."""
        wanted = "".join(f'[data-{name}="{value}"]' for name, value in state.items())
        await self.page.wait_for_selector(f"main{wanted}", state="attached")

    async def state(self, name: str) -> str:
        """What the page's state says."""
        return await self.page.locator("main").first.get_attribute(f"data-{name}") or ""

    async def text(self) -> str:
        """What is to be read on the page."""
        return await self.page.inner_text("body")

    async def sign_in(self, subject: str, path: str) -> None:
        """Open a workplace and choose who to be at the stand-in provider."""
        await self.page.goto(self.base + path)
        await self.page.click(f'button[name="person"][value="{subject}"]')
        await self.page.wait_for_url(f"{self.base}{path}*")

    async def see(self) -> None:
        """Wait until the other person's picture moves."""
        await self.page.wait_for_function(
            """() => [...document.querySelectorAll("video")].some(
                 (v) => !v.muted && v.videoWidth > 0 && v.currentTime > 0 && !v.paused)"""
        )

    async def frames_sent(self) -> FramesSent:
        """How many pictures this page's camera has sent on its connection until now."""
        told = await self.page.evaluate(FRAMES_SENT)
        return FramesSent(told["frames"], told["at"])

    async def leave(self) -> None:
        """Close every page of this person."""
        await self.context.close()


async def arrive(
    browser: Browser, base: str, *, clip: Clip | None = None, language: str = "ca-ES", width: int = 1280
) -> Person:
    """A new person with a browser of their own; ``clip`` is what their camera and microphone give."""
    context = await browser.new_context(locale=language, viewport={"width": width, "height": 800})
    context.set_default_timeout(20_000)
    if clip is not None:
        await context.add_init_script(page_script(clip))
    await context.add_init_script(WATCH)
    page = await context.new_page()
    person = Person(context, page, base)
    page.on("pageerror", lambda error: person.problems.append(str(error)))
    page.on("console", lambda said: person.problems.append(said.text) if said.type == "error" else None)
    return person


async def take_turn(citizen: Person, office: str = "oac-girona", procedure: str = "consulta") -> None:
    """From the entry page to the line."""
    await citizen.page.goto(citizen.base + "/")
    await citizen.page.click(f'a[href^="/start/{office}/{procedure}"]')
    await citizen.press("continue")
    await citizen.page.wait_for_url("**/attention*")


async def become_available(informer: Person) -> None:
    """Ready for the next citizen."""
    await informer.until(connection="connected")
    await informer.press("available")
    await informer.page.wait_for_selector(
        'main:not([data-readiness="paused"]):not([data-readiness="missed"])', state="attached"
    )


async def raise_to_attended(citizen: Person, informer: Person, *, assurance: str = "substantial") -> None:
    """The level is proposed, the citizen identifies, consents, and the recorder is in the call for both."""
    await informer.press("propose-attended")
    await identify(citizen, informer, assurance=assurance)
    await informer.press("ask-consent")
    await citizen.press("accept-consent")
    for person in (citizen, informer):
        await person.until(level="attended", recorder="in_call")


async def raise_to_assisted(citizen: Person, informer: Person) -> None:
    """The level is proposed, the citizen identifies, consents, and says the authorisation to the recorder."""
    await informer.press("propose-assisted")
    if await informer.state("identification") != "done":
        await identify(citizen, informer)
    await informer.press("ask-consent")
    await citizen.press("accept-consent")
    for person in (citizen, informer):
        await person.until(level="assisted", clip="wanted", recorder="in_call")


async def clip_heard(citizen: Person, informer: Person) -> None:
    """The informer heard the authorisation: the recorder leaves, for both."""
    await informer.page.wait_for_timeout(CLIP_LEAST_MS)
    await informer.press("end-clip")
    for person in (citizen, informer):
        await person.until(level="assisted", clip="done", recorder="absent")


async def conclude(informer: Person, outcome: str) -> None:
    """The informer writes what came of it, and chooses the most that it can have been."""
    await informer.until(stage="wrapping_up")
    await informer.page.fill('textarea[name="outcome"]', outcome)
    await informer.page.locator('input[name="kind"]:visible').first.check()
    await informer.press("conclude")
    await informer.until(stage="idle")


async def identify(citizen: Person, informer: Person, *, assurance: str = "substantial") -> None:
    """The citizen signs in at the citizens' provider, in a window of its own."""
    await informer.press("ask-identification")
    async with citizen.context.expect_page() as opened:
        await citizen.press("identify")
    window = await opened.value
    await window.check(f'input[name="assurance"][value="{assurance}"]')
    await window.click('button[name="person"][value="citizen-clara"]')
    await window.wait_for_url("**/attention/identified*")
    await window.close()
    await informer.until(identification="done")
