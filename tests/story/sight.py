"""Identification by sight as its two people click it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.story.people import arrive
from videoattention.domain.visual_stages import SUSPICIOUS

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.story.people import Person
    from tests.story.running import RunningService

ZONE: Final = "IDESPBAA000589599999999R<<<<<<\n8001014F3506019ESP<<<<<<<<<<<5\nESPANOLA<ESPANOLA<<CARMEN<<<<<"
"""A card that nobody has; its digits hold until 2035."""

NUMBER: Final = "612 345 678"


async def stage(person: Person, name: str) -> None:
    """Wait until the identification stands there on this page."""
    await person.page.wait_for_selector(f'#visual[data-visual="{name}"]', state="visible")


async def begin(citizen: Person, informer: Person) -> None:
    """Asked for, begun, and agreed to."""
    await informer.press("ask-visual")
    await informer.press("begin-visual")
    await stage(citizen, "informed")
    assert "Identificació visual" in await citizen.text()
    await citizen.press("accept-images")


async def read_code(browser: Browser, service: RunningService) -> str:
    """What the phone of the demonstration shows last."""
    phone = await arrive(browser, service.url, width=390)
    await phone.page.goto(f"{service.url}/demo/phone")
    found = re.search(r"\b\d{6}\b", await phone.page.locator(".messages li").first.inner_text())
    await phone.leave()
    assert found
    return found[0]


async def prove_code(browser: Browser, service: RunningService, citizen: Person, informer: Person) -> None:
    """The code is sent, and the citizen types it."""
    await stage(informer, "code")
    await informer.page.fill("#visual-phone", NUMBER)
    await informer.page.click('[data-form="send-code"] button')
    await citizen.page.wait_for_selector('#visual[data-code="sent"]')
    await citizen.page.fill("#visual #visual-code", await read_code(browser, service))
    await citizen.page.click('[data-form="type-code"] button')


async def tick(informer: Person, part: str) -> None:
    """Everything of a list was seen."""
    rows = informer.page.locator(f'[data-part="{part}"] > li')
    await rows.first.wait_for(state="visible")
    for place in range(await rows.count()):
        button = rows.nth(place).locator('button[data-value="yes"]')
        await button.click()
        await informer.page.wait_for_function(
            """([part, place]) => document.querySelectorAll(`[data-part="${part}"] > li`)[place]
                 .querySelector('[data-value="yes"]').ariaPressed === "true" """,
            arg=[part, place],
        )


async def show_document(informer: Person) -> None:
    """The kind is chosen, its features are seen, its digits hold."""
    await stage(informer, "document")
    await informer.page.select_option("#visual-kind", "dni4")
    await tick(informer, "visual-features")
    await informer.page.fill("#visual-number", "99999999-r")
    await informer.page.fill("#visual-zone", ZONE)
    await informer.page.click('[data-form="read-document"] button')
    await informer.page.wait_for_selector('#visual[data-paper="sound"]')
    await informer.press("finish-visual")


async def act(informer: Person) -> None:
    """The actions are seen."""
    await stage(informer, "actions")
    await tick(informer, "visual-actions")
    await informer.press("finish-visual")


async def take_stills(informer: Person) -> None:
    """Face, front and back, each shown again as it was kept."""
    await stage(informer, "stills")
    for kind in ("face", "front", "back"):
        await informer.page.click(f'[data-action="shoot"][data-kind="{kind}"]')
        await informer.page.wait_for_function(
            '(kind) => document.querySelector(`[data-shot="${kind}"] img`)?.naturalWidth > 0', arg=kind
        )
    await informer.press("finish-visual")
    await stage(informer, "decision")


async def stop(informer: Person, reason: str) -> None:
    """It is ended for a reason."""
    await informer.page.click("#visual .stop-visual summary")
    await informer.page.select_option("#visual-reason", reason)
    if reason in SUSPICIOUS:
        await informer.page.check("#visual-witnessed")
    await informer.page.click('[data-form="stop-visual"] button')
    await stage(informer, "stopped")
