"""What every test of a page asks for: the pages, served once for a module, and a browser's page to look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.pages.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    """Where the pages are served: each is under ``/page/<case>``."""
    async with served() as address:
        yield address


@pytest.fixture
def browsers_language() -> str:
    """What the browser says that its person reads; a module whose page must not follow it says another."""
    return "ca-ES"


@pytest.fixture
async def page(chromium: Browser, browsers_language: str) -> AsyncIterator[Page]:
    """A page of a browser of its own, which waits 10 s for what a test asks of it."""
    context = await chromium.new_context(locale=browsers_language, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    yield await context.new_page()
    await context.close()
