"""Erasure: a citizen asks through the link, a hold refuses it, then it is granted; what is left still proves itself."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.story.evidence import sealed
from tests.story.packages import proves_its_journal
from tests.story.people import (
    CITIZEN_CLIP,
    INFORMER_CLIP,
    Person,
    arrive,
    become_available,
    conclude,
    raise_to_attended,
    take_turn,
)
from tests.story.running import RunningService
from videoattention import offline

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(360)]

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of the pages, for whoever looks at them."""


async def test_erasure_is_refused_by_a_hold_then_granted_and_everything_left_holds(
    chromium: Browser, tmp_path: Path
) -> None:
    async with RunningService(tmp_path) as service:
        link, pin = await _attended(chromium, service)
        recording = (await sealed(service)).recording.id
        package = tmp_path / "before.zip"
        said = "--purpose", "Escrit 12 del ciutadà", "--by", "arxiu"
        assert (await service.command("recordings", "export", recording, "--to", str(package), *said))[0] == 0
        hold = "--reason", "Diligències 214/2026 del jutjat 3", "--by", "jutjat"
        assert (await service.command("recordings", "hold", recording, *hold))[0] == 0
        citizen = await _papers(chromium, service, link, pin)
        citizen_number = f"{await citizen.page.get_attribute('main', 'data-attention')}-1"
        officer = await arrive(chromium, service.url)
        await officer.sign_in("staff-montse", "/rights")
        await _picture(officer, "rights-empty")
        await _ask(citizen, "erasure")
        await _decide(officer, "unneeded")
        await citizen.page.reload()
        assert "retenció en vigor" in await citizen.page.inner_text('[data-right="erasure"][data-stage="refused"]')
        assert (await service.command("recordings", "release", recording, *hold))[0] == 0
        await _ask(citizen, "copy")
        await _decide(officer, "access")
        await citizen.page.reload()
        async with citizen.page.expect_download() as downloading:
            await citizen.press("copy")
        copy = await asyncio.to_thread(Path(await (await downloading.value).path()).read_bytes)
        assert any("1 signed receipts" in sentence for sentence in offline.check(io.BytesIO(copy), offline.Given()))
        assert b"citizen-audio.webm" in copy
        assert b"informer-video.webm" not in copy
        await _ask(citizen, "erasure")
        await _decide(officer, "unneeded", understood=False)
        await officer.page.wait_for_selector('[data-right="erasure"] .fault')
        assert await officer.page.locator('[data-part="copy-lost"]').count() == 1
        officer.problems.clear()  # the browser tells of the answer 422 that was wanted
        await citizen.leave()
        citizen = await _papers(chromium, service, *await _new_link(officer, citizen_number))
        assert await citizen.page.locator('[data-part="copy-before-link"]').count() == 1
        await officer.page.goto(f"{service.url}/rights")
        another = await _another_grants(chromium, service, officer)
        await citizen.page.reload()
        await citizen.page.wait_for_selector('[data-keeping="erased"] [data-right="erasure"][data-stage="done"]')
        await _picture(citizen, "citizen-rights")
        await _is_gone(service, recording, package)
        left = await proves_its_journal(service, tmp_path / "elsewhere")
        assert "No recording of this attention exists any more; the journal of it is whole." in left
        assert "of them without words (erased, or of other cases)" in left
        assert "1 were erased, each with its signed certificate" in left
        for person in (citizen, officer, another):
            assert person.problems == []
            await person.leave()


async def _attended(browser: Browser, service: RunningService) -> tuple[str, str]:
    """An attended call from beginning to end; the link and PIN that the citizen takes home."""
    informer = await arrive(browser, service.url, clip=INFORMER_CLIP)
    await informer.sign_in("staff-marta", "/desk")
    await become_available(informer)
    citizen = await arrive(browser, service.url, clip=CITIZEN_CLIP)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    for person in (citizen, informer):
        await person.until(stage="talking", media="connected")
    await raise_to_attended(citizen, informer)
    await citizen.see()
    await citizen.press("hang-up")
    await conclude(informer, "La Clara ha demanat el volant.")
    await citizen.until(stage="closed")
    await citizen.page.click('.goodbye form[action="/attention/receipt-link"] button')
    link = await citizen.page.locator("a.secret").inner_text()
    pin = await citizen.page.locator("output.secret").inner_text()
    for person in (citizen, informer):
        await person.leave()
    return link, pin


async def _papers(browser: Browser, service: RunningService, link: str, pin: str) -> Person:
    citizen = await arrive(browser, service.url, width=390)
    await citizen.page.goto(link)
    await citizen.until(link="filled")
    await citizen.page.fill("#pin", pin)
    await citizen.page.click('main form button[type="submit"]')
    await citizen.page.wait_for_selector("#rights")
    return citizen


async def _ask(citizen: Person, right: str) -> None:
    await citizen.page.select_option("#right", right)
    await citizen.page.fill("#words", "Ja no em cal, i no vull que se'n conservi res.")
    await citizen.press("ask-data")
    await citizen.page.wait_for_selector(f'[data-right="{right}"][data-stage="asked"]')
    await _picture(citizen, f"citizen-{right}")


async def _new_link(officer: Person, number: str) -> tuple[str, str]:
    """The officer gives the citizen, who lost theirs, a new link and PIN."""
    await officer.press("lost-link")
    await officer.page.fill("#number-link", number)
    await officer.press("find")
    await officer.page.check('input[value="shown_identity_document"]')
    await officer.page.check("#seen-link")
    await officer.page.fill("#reason-link", "Ha perdut el paper on els tenia apuntats.")
    await _picture(officer, "rights-link")
    await officer.press("give-link")
    await officer.page.wait_for_selector('[data-given="link"]')
    await _picture(officer, "rights-link-given")
    link = await officer.page.locator('[data-part="link"]').inner_text()
    return link, await officer.page.locator("output.secret").inner_text()


async def _another_grants(browser: Browser, service: RunningService, officer: Person) -> Person:
    """Who gave the link cannot grant what is asked through it, and is told before; another officer grants it."""
    assert await officer.page.locator('[data-part="anothers"]').count() == 1
    assert await officer.page.locator('[data-stage="asked"] optgroup[disabled]').count() == 1
    await _picture(officer, "rights-anothers")
    another = await arrive(browser, service.url)
    await another.sign_in("staff-roser", "/rights")
    assert await another.page.locator('[data-part="link-given"]').count() == 1
    await _decide(another, "unneeded")
    await _picture(another, "rights-done")
    return another


async def _decide(officer: Person, ground: str, *, understood: bool = True) -> None:
    await officer.page.reload()
    card = officer.page.locator('[data-stage="asked"]').first
    await card.locator("summary").first.click()
    await card.locator("select").select_option(ground)
    await card.locator("textarea").first.fill("S'ha mirat la vostra sol·licitud.")
    for box in await card.locator('[name="understood"]').all():
        await box.set_checked(understood)
    await _picture(officer, f"rights-{ground}")
    await card.locator('[data-action="decide"]').click()
    if understood:
        await officer.page.wait_for_selector('main:not(:has([data-stage="asked"]))')


async def _is_gone(service: RunningService, recording: str, package: Path) -> None:
    status, told = await service.command("recordings", "certificate", recording)
    assert status == 0, told
    status, told = await service.command("recordings", "verify", "--all")
    assert status == 0, told
    assert "of them erased" in told, "the journal is compared too"
    assert [path for path in service.recordings.rglob("*.vrec") if recording in str(path)] == []
    with package.open("rb") as file:
        assert list(offline.check(file, offline.Given()))
    status, told = await service.command("retention", "run", "--dry-run", "--json")
    assert status == 0, told


async def _picture(person: Person, name: str) -> None:
    if not PICTURES:
        return
    for scheme in ("light", "dark"):
        await person.page.emulate_media(color_scheme=scheme)
        await person.page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}.png", full_page=True)
