"""Both browsers start, and have a camera and a microphone that nobody has to allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.browser

ASK_FOR_MEDIA = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const kinds = stream.getTracks().map((track) => `${track.kind} ${track.readyState}`);
  for (const track of stream.getTracks()) track.stop();
  return kinds.sort();
}"""


async def _kinds_of_media(browser: Browser, address: str) -> object:
    context = await browser.new_context()
    try:
        page = await context.new_page()
        await page.goto(address)
        return await page.evaluate(ASK_FOR_MEDIA)
    finally:
        await context.close()


async def test_chromium_gives_media(chromium: Browser, page_address: str) -> None:
    assert await _kinds_of_media(chromium, page_address) == ["audio live", "video live"]


async def test_firefox_gives_media(firefox: Browser, page_address: str) -> None:
    assert await _kinds_of_media(firefox, page_address) == ["audio live", "video live"]
