"""Handing over a file in the call: chosen in the page's language, refused at its field."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.async_api import FileChooser, Page, Route

pytestmark = pytest.mark.browser

LETTER: Any = {"name": "carta.docx", "mimeType": "application/msword", "buffer": b"PK"}
TOLD = """() => {
  const [field, fault] = ["hand-over-file", "hand-over-file-fault"].map((id) => document.getElementById(id));
  const named = field.getAttribute("aria-describedby").split(" ").includes(fault.id);
  return [named && fault.checkVisibility(), field.ariaInvalid === "true", document.activeElement === field];
}"""


@pytest.fixture
def browsers_language() -> str:
    """Another than the page's."""
    return "de-DE"


async def refused(route: Route) -> None:
    """The service's answer to a file that it does not take."""
    await route.fulfill(status=422, json={"ok": False, "code": "document_kind"})


@pytest.mark.parametrize("case", ["citizen-talking", "desk-talking"])
async def test_a_file_that_is_refused_is_told_where_it_was_chosen(page: Page, address: str, case: str) -> None:
    await page.route("**/attention/papers", refused)
    await page.route("**/desk/papers/*", refused)
    await page.goto(f"{address}/page/{case}?lang=ca")
    card = page.locator(".card:has(.hand-over)")
    assert "Tria un fitxer" in await card.inner_text()
    assert "Encara no heu triat cap fitxer" in await card.inner_text()
    await page.click('[data-part="hand-over"] [type="submit"]')
    await page.get_by_text("Trieu primer un fitxer.").wait_for()
    assert await page.evaluate(TOLD) == [True, True, True]
    await page.set_input_files("#hand-over-file", LETTER)
    assert "carta.docx" in await card.inner_text()
    assert await page.evaluate(TOLD) == [False, False, True]
    await page.click('[data-part="hand-over"] [type="submit"]')
    await page.get_by_text("Només es poden lliurar fitxers PDF, PNG i JPEG.").wait_for()
    assert await page.evaluate(TOLD) == [True, True, True]
    assert not await page.locator('[data-part="failure"]').is_visible()


async def test_the_button_that_chooses_opens_the_browsers_dialog_by_mouse_and_by_keyboard(
    page: Page, address: str
) -> None:
    opened: asyncio.Queue[FileChooser] = asyncio.Queue()
    page.on("filechooser", opened.put_nowait)  # from the beginning: a dialog that nobody awaits opens for nobody
    await page.goto(f"{address}/page/citizen-talking?lang=en")
    await page.get_by_text("Choose a file", exact=True).click()
    await (await opened.get()).set_files(LETTER)
    assert "carta.docx" in await page.locator(".hand-over").inner_text()
    await page.locator("#hand-over-file").focus()
    await page.keyboard.press("Enter")
    await opened.get()
