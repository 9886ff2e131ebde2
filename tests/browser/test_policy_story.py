"""An administrator makes a procedure stricter: attentions that begin then demand more, those under way do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.story.people import CITIZEN_CLIP, INFORMER_CLIP, arrive, become_available, conclude, take_turn
from tests.story.running import RunningService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

IDCAT = "/settings/procedures/idcat/attended"
WHY = "El certificat obre totes les portes: cal la màxima seguretat"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service in a new folder."""
    async with RunningService(tmp_path) as running:
        yield running


async def comes(browser: Browser, service: RunningService) -> Person:
    """A citizen takes a turn for the certificate."""
    citizen = await arrive(browser, service.url, clip=CITIZEN_CLIP)
    await take_turn(citizen, procedure="idcat")
    return citizen


async def attended(citizen: Person, informer: Person) -> None:
    """The informer answers the offer."""
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    for person in (citizen, informer):
        await person.until(stage="talking")


async def identified_substantially(citizen: Person, informer: Person) -> None:
    """The attended level is proposed, and the citizen signs in with an assurance that is substantial."""
    await informer.press("propose-attended")
    await informer.press("ask-identification")
    async with citizen.context.expect_page() as opened:
        await citizen.press("identify")
    window = await opened.value
    await window.check('input[name="assurance"][value="substantial"]')
    await window.click('button[name="person"][value="citizen-clara"]')
    await window.wait_for_url("**/attention/identified*")
    await window.close()


async def look_at(page: Page, identity: str) -> None:
    """Write another identity in the form, and ask what would change."""
    await page.select_option("#identity", identity)
    await page.click('[data-action="review"]')


async def make(page: Page, version: int) -> None:
    """Make what is looked at, with the reason."""
    await page.fill("#reason", WHY)
    await page.click('[data-action="make"]')
    await page.wait_for_selector(f'main[data-version="{version}"]')


async def made_stricter(pere: Person) -> None:
    """The weaker rule is refused with the reason; the stricter one is shown as a difference, then made."""
    page = pere.page
    await page.click("details summary")
    await page.click(f'a[href="{IDCAT}"]')
    await look_at(page, "declared")
    await page.click("#problems a")
    assert await page.evaluate("document.activeElement.id") == "identity"
    assert "Un tràmit pot ser més estricte que el seu nivell, mai menys." in await pere.text()
    await look_at(page, "high")
    row = page.locator('.differences [data-field="identity"]')
    assert "Verificada: nivell substancial o superior" in await row.locator(".old").inner_text()
    assert "Verificada: nivell alt" in await row.locator(".new").inner_text()
    await make(page, 1)
    told = await pere.text()
    assert WHY in told
    assert "Pere Casals" in told


async def test_a_stricter_procedure_holds_for_who_comes_afterwards(chromium: Browser, service: RunningService) -> None:
    pere = await arrive(chromium, service.url)
    await pere.sign_in("staff-pere", "/settings")
    before = await comes(chromium, service)
    await made_stricter(pere)

    marta = await arrive(chromium, service.url, clip=INFORMER_CLIP)
    await marta.sign_in("staff-marta", "/desk")
    await become_available(marta)
    await attended(before, marta)
    await identified_substantially(before, marta)
    await marta.until(identification="done", assurance="substantial")
    await before.press("hang-up")
    await conclude(marta, "Ja té el certificat")
    await before.leave()

    after = await comes(chromium, service)
    await attended(after, marta)
    await identified_substantially(after, marta)
    await marta.until(identification="too_low", assurance="substantial")

    await pere.page.goto(f"{service.url}/settings/versions/0")
    await pere.page.click('[data-action="again"]')
    await make(pere.page, 2)
    await pere.page.goto(f"{service.url}/settings")
    assert "Cap tràmit no exigeix més que el seu nivell." in await pere.text()
    assert await marta.state("identification") == "too_low", "who began under the stricter rules stays under them"
    assert ["422" in problem for problem in pere.problems] == [True], "the weaker rule, which was refused"
    for person in (marta, before, after):
        assert not person.problems
