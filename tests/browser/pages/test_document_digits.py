"""The check digits as the informer types: the page computes what the service computes, and tells it at the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.story.sight import ZONE
from tests.unit.domain.test_papers import CARD, DNI, LONG_NUMBER, PASSPORT
from videoattention.domain.errors import StepRefused
from videoattention.domain.mrz import zone_of
from videoattention.domain.papers import DocumentKind, number_fits, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Page

pytestmark = pytest.mark.browser

COMPUTE = """async ([numbers, zones]) => {
  const { numberFits, wrongInZone } = await import("/static/elements/document-digits.js");
  const fits = numbers.map(([kind, typed]) => numberFits(kind, typed) ?? null);
  return [fits, zones.map((typed) => wrongInZone(typed) ?? null)];
}"""
WHOLE = 9
"""Signs of a DNI or NIE: of fewer the page says nothing yet."""


def numbers() -> Iterator[str]:
    """Numbers of every kind, as people write them: every letter, one sign too few or too many, and other things."""
    for digits in ("99999999", "00000000", "12345678", "X1234567", "y0000000", "Z7654321", "W1234567"):
        for letter in "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ19":
            yield f"{digits}{letter}"
    yield from (
        "12.345.678-z",
        "X-1234567/L",
        "12345678ZZ",
        "PAA000001",
        "paa0000",
        "1234567890",
        "ÀAA",
        "12345678 · Z",
    )


def zones() -> Iterator[str]:
    """Whole lines, each with another sign in every place, and lines that are not whole."""
    for zone in (ZONE, DNI, CARD, LONG_NUMBER, PASSPORT):
        yield zone
        yield zone.lower().replace("\n", " \n\n")
        yield zone[:-1]
        yield zone.replace("<", "?", 1)
        for place, sign in enumerate(zone):
            if sign != "\n":
                yield f"{zone[:place]}{'7' if sign != '7' else '<'}{zone[place + 1 :]}"
    yield ""


def wrong_in(typed: str) -> set[str] | None:
    try:
        return {str(check) for check in zone_of(typed).wrong}
    except StepRefused:
        return None


async def test_the_page_computes_what_the_service_computes(page: Page, address: str) -> None:
    asked = [(str(kind), typed) for kind in DocumentKind for typed in numbers()]
    lines = list(zones())
    await page.goto(f"{address}/page/desk-sight-document")
    fits, wrong = await page.evaluate(COMPUTE, [asked, lines])
    for (kind, typed), told in zip(asked, fits, strict=True):
        unfinished = kind != "passport" and len(plain(typed)) < WHOLE
        assert told == (None if unfinished else number_fits(DocumentKind(kind), plain(typed))), (kind, typed)
    for typed, found in zip(lines, wrong, strict=True):
        assert (None if found is None else set(found)) == wrong_in(typed), typed


async def test_it_is_told_at_the_field_while_it_is_typed_and_the_focus_stays(page: Page, address: str) -> None:
    await page.goto(f"{address}/page/desk-sight-document-read")
    told = page.locator("#visual-number-told")
    await page.fill("#visual-number", "")
    await page.locator("#visual-number").press_sequentially("99999999")
    assert not await told.inner_text()
    await page.locator("#visual-number").press("A")
    assert "no és d'aquesta mena" in await told.inner_text()
    await page.fill("#visual-number", "99999999-r")
    assert "La lletra correspon" in await told.inner_text()
    await page.fill("#visual-zone", ZONE.replace("8001014", "8001015"))
    assert "dígit de control de la data de naixement" in await page.locator("#visual-zone-told").inner_text()
    await page.fill("#visual-zone", ZONE)
    assert "quadren" in await page.locator("#visual-zone-told").inner_text()
    assert await page.evaluate("() => document.activeElement.id") == "visual-zone"
    assert await page.evaluate("() => line.said.length") == 0, "nothing is sent before it is asked for"
