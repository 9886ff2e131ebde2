"""The new link and PIN: copied each by itself, printed each on its sheet, and what is told when that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser

PIN = "K7QM-2PXR"
LINK = "https://video.example.cat/receipt#" + "N2s8" * 6
ON_PAPER = """() => [...document.querySelectorAll("h1, .site-header, .notice, .actions, .secret, .on-paper")]
  .filter((one) => one.checkVisibility()).map((one) => one.dataset.part ?? one.className)"""


@pytest.fixture
async def page(page: Page, address: str) -> Page:
    """The new link and PIN, in a browser that counts what is copied and printed, and refuses to copy when told so."""
    await page.add_init_script("""
      window.copied = [];
      window.refuses = false;
      Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => {
        if (window.refuses) throw new DOMException("", "NotAllowedError");
        window.copied.push(text);
      } } });
      window.printed = [];
      window.print = () => {
        window.printed.push(document.querySelector("main").dataset.printing);
        window.dispatchEvent(new Event("afterprint"));
      };
    """)
    await page.goto(f"{address}/page/rights-link-given?lang=ca")
    return page


async def test_each_is_copied_by_itself_and_that_is_told(page: Page) -> None:
    await page.click('[data-action="copy-link"]')
    await page.locator('[data-sheet="link"] [data-told="copied"]').wait_for()
    await page.click('[data-action="copy-pin"]')
    await page.locator('[data-sheet="pin"] [data-told="copied"]').wait_for()
    assert await page.evaluate("() => window.copied") == [LINK, PIN]
    assert await page.locator("[data-told]:visible").count() == 1, "the words are those of the last one"
    assert await page.evaluate("() => document.activeElement.dataset.action") == "copy-pin"


async def test_where_the_browser_does_not_let_it_be_copied_it_is_marked(page: Page) -> None:
    await page.evaluate("() => { window.refuses = true; }")
    await page.click('[data-action="copy-pin"]')
    await page.locator('[data-sheet="pin"] [data-told="selected"]').wait_for()
    assert await page.evaluate("() => String(getSelection())") == PIN
    assert await page.evaluate("() => window.copied") == []


@pytest.mark.parametrize(("name", "other"), [("link", "pin"), ("pin", "link")])
async def test_a_sheet_is_printed_without_the_other(page: Page, name: str, other: str) -> None:
    await page.click(f'[data-action="print-{name}"]')
    assert await page.evaluate("() => [window.printed, document.querySelector('main').dataset.printing]") == [
        [name],
        None,
    ]
    await page.evaluate("(name) => { document.querySelector('main').dataset.printing = name; }", name)
    await page.emulate_media(media="print")
    assert await page.evaluate(ON_PAPER) == [name, "on-paper"]
    assert not await page.locator(f'[data-sheet="{other}"]').is_visible()


async def test_the_browsers_own_printing_has_them_on_two_sheets(page: Page) -> None:
    await page.emulate_media(media="print", color_scheme="dark")
    assert await page.evaluate(ON_PAPER) == ["link", "on-paper", "pin", "on-paper"]
    breaks = "() => [...document.querySelectorAll('.sheet')].map((one) => getComputedStyle(one).breakBefore)"
    assert await page.evaluate(breaks) == ["auto", "page"]
    printed = await page.pdf()
    assert printed.count(b"/Type /Page\n") == 2
