"""The clip in a real page: picture and sound are in step where the page gets them."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import pytest

from tests.clip import Clip, Sample, beeps, flashes, page_script, pair

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.browser

# both series on the page's own clock: each presented frame's mean red, and the loudness that an analyser hears
OBSERVE = """async (seconds) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true });
  await video.play();
  const pen = new OffscreenCanvas(16, 12).getContext("2d", { willReadFrequently: true });
  const sound = new AudioContext();
  const analyser = new AnalyserNode(sound, { fftSize: 256 });
  sound.createMediaStreamSource(stream).connect(analyser);
  const heard = [], seen = [], samples = new Float32Array(256), end = performance.now() + seconds * 1000;
  const watch = (now) => {
    pen.drawImage(video, 0, 0, 16, 12);
    const { data } = pen.getImageData(0, 0, 16, 12);
    seen.push([now / 1000, data.filter((_, index) => index % 4 === 0).reduce((a, b) => a + b) / 192]);
    video.requestVideoFrameCallback(watch);
  };
  video.requestVideoFrameCallback(watch);
  while (performance.now() < end) {
    analyser.getFloatTimeDomainData(samples);
    heard.push([performance.now() / 1000, Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / 256)]);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  const ended = stream.getTracks().map((track) => (track.stop(), track.readyState));
  return { heard, seen, ended };
}"""


async def test_flash_and_beep_reach_the_page_together(chromium: Browser, page_address: str) -> None:
    context = await chromium.new_context()
    try:
        page = await context.new_page()
        await page.add_init_script(page_script(Clip(width=320, height=240)))
        await page.goto(page_address)
        observed = await page.evaluate(OBSERVE, 5)
    finally:
        await context.close()
    picture = [Sample(at=at, value=value) for at, value in observed["seen"]]
    offsets = pair(flashes(picture), beeps([Sample(at=at, value=value) for at, value in observed["heard"]]))
    assert len(offsets) >= 4
    assert abs(statistics.median(offsets)) < 0.1
    assert len(picture) >= 0.8 * 5 * 30
    assert observed["ended"] == ["ended", "ended"]


async def test_a_page_may_ask_for_one_of_them(chromium: Browser, page_address: str) -> None:
    context = await chromium.new_context()
    try:
        page = await context.new_page()
        await page.add_init_script(page_script(Clip()))
        await page.goto(page_address)
        asked = "async (wish) => (await navigator.mediaDevices.getUserMedia(wish)).getTracks().map((t) => t.kind)"
        assert await page.evaluate(asked, {"audio": True}) == ["audio"]
        assert await page.evaluate(asked, {"video": True}) == ["video"]
    finally:
        await context.close()
