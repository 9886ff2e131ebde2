"""Nobody is turned away for a missing device, and what is wrong has a name."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.call_library.service import Service, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser

BOTH = {"camera": True, "microphone": True}
IMPORT = """async () => {
  const [devices, alarm] = await Promise.all(["devices", "alarm"].map((name) => import(`/static/call/${name}.js`)));
  Object.assign(globalThis, devices, alarm);
}"""
OPEN = """async (wish) => {
  const { stream, problems } = await openDevices(wish);
  return { kinds: stream?.getTracks().map(({ kind }) => kind).sort() ?? null, problems };
}"""
# a browser in which some kinds of device fail, alone or with others
FAIL = """
const failures = %s;
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
globalThis.asked = [];
navigator.mediaDevices.getUserMedia = async (constraints) => {
  asked.push(constraints);
  for (const kind of ["video", "audio"])
    if (constraints[kind] && failures[kind]) throw new DOMException("as told", failures[kind]);
  return real(constraints);
};
"""


@asynccontextmanager
async def _page(browser: Browser, script: str = "") -> AsyncIterator[Page]:
    async with serving(Service()) as service, await browser.new_context() as context:
        await context.add_init_script(script)
        page = await context.new_page()
        await page.goto(service.address.replace("127.0.0.1", "localhost"))
        await page.evaluate(IMPORT)
        yield page


async def _open(page: Page, **wish: object) -> Any:  # noqa: ANN401 - what the page says
    return await page.evaluate(OPEN, wish)


async def test_both_are_opened_at_once_as_large_and_clean_as_can_be(chromium: Browser) -> None:
    async with _page(chromium, FAIL % "{}") as page:
        assert await _open(page, **BOTH) == {"kinds": ["audio", "video"], "problems": []}
        [asked] = await page.evaluate("() => asked")
        assert (asked["video"]["width"], asked["video"]["height"]) == ({"ideal": 1280}, {"ideal": 720})
        assert asked["audio"]["echoCancellation"] is True


async def test_only_what_is_wanted_is_asked_for(chromium: Browser) -> None:
    async with _page(chromium, FAIL % "{}") as page:
        assert await _open(page, microphone=True) == {"kinds": ["audio"], "problems": []}
        assert await _open(page, camera=False, microphone=False) == {"kinds": None, "problems": []}
        [asked] = await page.evaluate("() => asked")
        assert asked["video"] is False


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("NotAllowedError", "denied"),
        ("NotFoundError", "missing"),
        ("OverconstrainedError", "missing"),
        ("NotReadableError", "busy"),
        ("AbortError", "busy"),
        ("SecurityError", "insecure"),
        ("InvalidStateError", "failed"),
    ],
)
async def test_a_camera_that_fails_leaves_the_microphone(chromium: Browser, error: str, reason: str) -> None:
    async with _page(chromium, FAIL % json.dumps({"video": error})) as page:
        assert await _open(page, **BOTH) == {"kinds": ["audio"], "problems": [f"camera-{reason}"]}
        assert await _open(page, camera=True) == {"kinds": None, "problems": [f"camera-{reason}"]}


async def test_two_that_fail_are_told_each(chromium: Browser) -> None:
    failures = json.dumps({"video": "NotFoundError", "audio": "NotAllowedError"})
    async with _page(chromium, FAIL % failures) as page:
        problems = ["camera-missing", "microphone-denied"]
        assert await _open(page, **BOTH) == {"kinds": None, "problems": problems}


async def test_a_browser_that_hides_the_devices_is_told_as_insecure(chromium: Browser) -> None:
    async with _page(chromium, "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })") as page:
        problems = ["camera-insecure", "microphone-insecure"]
        assert await _open(page, **BOTH) == {"kinds": None, "problems": problems}
        assert await page.evaluate("() => listDevices()") == {"cameras": [], "microphones": [], "speakers": []}


async def test_devices_are_listed_and_one_can_be_chosen(chromium: Browser) -> None:
    async with _page(chromium) as page:
        await _open(page, **BOTH)
        listed = await page.evaluate("() => listDevices()")
        assert listed["cameras"]
        assert len(listed["microphones"]) > 1
        chosen = listed["microphones"][-1]
        assert chosen["label"]
        used = """async (microphone) => {
          const { stream } = await openDevices({ microphone });
          return stream.getAudioTracks()[0].getSettings().deviceId;
        }"""
        assert await page.evaluate(used, chosen["id"]) == chosen["id"]
        assert await page.evaluate(used, "unplugged since"), "another one serves"


async def test_a_choice_is_remembered_in_this_tab(chromium: Browser) -> None:
    async with _page(chromium) as page:
        assert await page.evaluate("() => remembered()") == {}
        await page.evaluate("() => { remember({ camera: 'c1', speaker: 's1' }); remember({ camera: 'c2' }); }")
        await page.reload()
        await page.evaluate(IMPORT)
        assert await page.evaluate("() => remembered()") == {"camera": "c2", "speaker": "s1"}


async def test_a_browser_without_storage_remembers_nothing(chromium: Browser) -> None:
    forbid = "Object.defineProperty(globalThis, 'sessionStorage', { get() { throw new DOMException('no'); } })"
    async with _page(chromium, forbid) as page:
        assert await page.evaluate("() => { remember({ camera: 'c1' }); return remembered(); }") == {}


async def test_the_level_follows_the_sound_until_it_is_ended(chromium: Browser) -> None:
    async with _page(chromium) as page:
        levels = await page.evaluate(
            """async () => {
              const context = new AudioContext();
              const tone = new OscillatorNode(context);
              const volume = new GainNode(context, { gain: 0 });
              const output = context.createMediaStreamDestination();
              tone.connect(volume).connect(output);
              tone.start();
              const ending = new AbortController();
              let level, told = 0;
              watchLevel(output.stream, (now) => { level = now; told += 1; }, ending.signal);
              const until = async (holds) => {
                while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
                return level;
              };
              const silent = await until(() => told > 3);
              volume.gain.value = 0.1;
              const soft = await until(() => level > 0.4);
              volume.gain.value = 1;
              const loud = await until(() => level > 0.9);
              ending.abort();
              const before = told;
              await new Promise((resolve) => setTimeout(resolve, 300));
              return { silent, soft, loud, after: told - before };
            }"""
        )
        assert levels["silent"] == 0
        assert 0.4 < levels["soft"] < 0.75
        assert 0.9 < levels["loud"] <= 1
        assert levels["after"] == 0


COUNT_NOTES = """
globalThis.notes = 0;
globalThis.contexts = [];
globalThis.OscillatorNode = class extends OscillatorNode { start(...at) { notes += 1; super.start(...at); } };
globalThis.AudioContext = class extends AudioContext { constructor() { super(); contexts.push(this); } };
"""


async def test_the_alarm_rings_again_until_it_is_stopped(chromium: Browser) -> None:
    async with _page(chromium, COUNT_NOTES) as page:
        await page.evaluate("() => { globalThis.bell = new Alarm(); bell.start(); bell.start(); }")
        await page.wait_for_function("() => notes === 2")
        await page.wait_for_function("() => notes === 4", timeout=8000)
        assert await page.evaluate("() => contexts.length") == 1
        await page.evaluate("() => bell.stop()")
        await page.wait_for_function("() => contexts[0].state === 'closed'")
        await page.evaluate("() => bell.start()")
        await page.wait_for_function("() => notes === 6")
        await page.evaluate("() => bell.stop()")


async def test_the_tone_of_the_speaker_test_ends(chromium: Browser) -> None:
    async with _page(chromium, COUNT_NOTES) as page:
        await page.evaluate("() => tone()")
        assert await page.evaluate("() => [notes, contexts[0].state]") == [2, "closed"]
