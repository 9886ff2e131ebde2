"""Both browsers start, and have a camera and a microphone that nobody has to allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

pytestmark = pytest.mark.browser

ASK_FOR_MEDIA = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const kinds = stream.getTracks().map((track) => `${track.kind} ${track.readyState}`);
  for (const track of stream.getTracks()) track.stop();
  return kinds.sort();
}"""


@pytest.fixture
async def page_address() -> AsyncIterator[str]:
    async def empty_page(_: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>empty</title>", content_type="text/html")

    application = web.Application()
    application.router.add_get("/", empty_page)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://localhost:{runner.addresses[0][1]}/"
    await runner.cleanup()


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
