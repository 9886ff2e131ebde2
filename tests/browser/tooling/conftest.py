"""An address for a page: media are given on localhost only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


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
