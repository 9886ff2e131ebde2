"""Identification by sight, in real browsers against the service as it is started."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.story import sight
from tests.story.evidence import sealed
from tests.story.packages import proves_itself, proves_nothing_recorded
from tests.story.people import CITIZEN_CLIP, INFORMER_CLIP, arrive, become_available, conclude, take_turn
from tests.story.running import RunningService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service in a new folder."""
    async with RunningService(tmp_path) as running:
        yield running


async def a_call(browser: Browser, service: RunningService, subject: str = "staff-marta") -> tuple[Person, Person]:
    """A citizen at a phone and an informer who see each other."""
    informer = await arrive(browser, service.url, clip=INFORMER_CLIP)
    await informer.sign_in(subject, "/desk")
    await become_available(informer)
    citizen = await arrive(browser, service.url, clip=CITIZEN_CLIP, width=390)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    for person in (citizen, informer):
        await person.until(stage="talking", media="connected")
    for person in (citizen, informer):
        await person.see()
    return citizen, informer


async def picture(name: str, *people: Person) -> None:
    """Keep the pages as pictures, light and dark, where SIGHT_PICTURES names a folder."""
    folder = os.environ.get("SIGHT_PICTURES")
    for number, person in enumerate(people if folder else ()):
        for scheme in ("light", "dark"):
            await person.page.emulate_media(color_scheme=scheme)
            await person.page.screenshot(path=Path(folder or "") / f"{name}-{number}-{scheme}.png", full_page=True)


def facts(service: RunningService) -> list[str]:
    with sqlite3.connect(service.folder / "data" / "videoattention.sqlite3") as database:
        return [kind for (kind,) in database.execute("SELECT kind FROM journal ORDER BY seq")]


async def an_auditor_sees_the_stills(browser: Browser, service: RunningService, recording: str) -> None:
    """With a purpose and a case, as the recording itself; without them not."""
    auditor = await arrive(browser, service.url)
    await auditor.sign_in("staff-nuria", "/archive")
    page = f"{service.url}/archive/recordings/{recording}"
    refused = await auditor.page.goto(f"{page}/identification")
    assert refused
    assert refused.status == 403
    await auditor.page.goto(page)
    await auditor.page.fill("#purpose", "Reclamació de la ciutadana")
    await auditor.page.fill("#case", "EXP-2026/0412")
    await auditor.press("state-purpose")
    await auditor.page.click(f'a[href$="{recording}/identification"]')
    await auditor.page.wait_for_selector(".shots img >> nth=2")
    assert "99999999R" in await auditor.text()
    assert facts(service)[-1] == "IdentificationSeen"
    await picture("identification", auditor)
    await auditor.leave()


@pytest.mark.timeout(240)  # an identification, its receipt, its package and the auditor, on a machine that is busy
async def test_a_citizen_is_identified_by_sight(chromium: Browser, service: RunningService, tmp_path: Path) -> None:
    citizen, informer = await a_call(chromium, service)
    await informer.press("propose-attended")
    await sight.begin(citizen, informer)
    await sight.stage(informer, "code")
    await picture("code", citizen, informer)
    await sight.prove_code(chromium, service, citizen, informer)
    await sight.stage(informer, "document")
    await informer.page.select_option("#visual-kind", "dni4")
    await informer.page.wait_for_selector('#visual[data-kind="dni4"]')
    await picture("document", citizen, informer)
    await sight.show_document(informer)
    await sight.stage(citizen, "actions")
    await picture("actions", citizen, informer)
    await sight.act(informer)
    await sight.take_stills(informer)
    await picture("decision", citizen, informer)
    await informer.press("accept-visual")
    await informer.until(identification="done", way="visual")
    await sight.stage(citizen, "accepted")
    assert "Us hem identificat" in await citizen.text()
    assert "CARMEN ESPANOLA" in await informer.text()
    told = facts(service)
    assert told.index("VisualAgreed") < told.index("StillTaken") < told.index("VisualIdentified")
    assert told.count("StillTaken") == 3
    assert "CitizenIdentified" in told
    await informer.press("ask-consent")
    await citizen.press("accept-consent")
    for person in (citizen, informer):
        await person.until(level="attended", recorder="in_call")
    await citizen.press("hang-up")
    await informer.until(stage="wrapping_up")
    await _the_receipt_tells_the_pictures(citizen, service)
    for person in (citizen, informer):
        assert not person.problems
        await person.leave()
    found = await sealed(service)
    assert found.facts().index("VisualIdentified") < found.facts().index("RecorderAdmitted")
    checked = await proves_itself(service, found.recording.id, tmp_path / "elsewhere")
    assert "3 still pictures by which the citizen was identified" in checked
    await an_auditor_sees_the_stills(chromium, service, found.recording.id)


async def _the_receipt_tells_the_pictures(citizen: Person, service: RunningService) -> None:
    """The consent to images with its text, and each still."""
    answer = await citizen.context.request.get(f"{service.url}/attention/receipt.json")
    told = await answer.json()
    (images,) = (one for one in told["consents"] if [it["purpose"] for it in one["purposes"]] == ["images"])
    assert (images["state"], images["privacy_notice"]["text"]) == ("given", "images")
    assert {still["kind"] for still in told["images"][0]["stills"]} == {"face", "front", "back"}


async def _the_receipt_tells_that_it_was_stopped(citizen: Person, service: RunningService) -> None:
    """That it was begun and not completed, no picture and no reason."""
    answer = await citizen.context.request.get(f"{service.url}/attention/receipt.json")
    told = await answer.json()
    assert (told["attention"]["identifying"], told["attention"]["identified"]) == ("sight", None)
    assert [(one["kept"], one["kept_until"]) for one in told["images"]] == [("untaken", None)]
    assert "coercion" not in await answer.text()


async def test_a_connection_lost_for_long_begins_the_step_again_on_both_pages(
    chromium: Browser, service: RunningService
) -> None:
    citizen, informer = await a_call(chromium, service)
    await informer.press("propose-attended")
    await sight.begin(citizen, informer)
    await sight.prove_code(chromium, service, citizen, informer)
    await sight.stage(informer, "document")
    await informer.page.select_option("#visual-kind", "dni4")
    await sight.tick(informer, "visual-features")
    await citizen.page.close()
    await informer.page.wait_for_selector('#visual[data-pause="yes"]', timeout=30_000)
    assert "s'ha perdut més de 10 segons" in await informer.page.locator("#visual").inner_text()
    citizen.page = await citizen.context.new_page()
    await citizen.page.goto(service.url + "/attention")
    for person in (citizen, informer):
        await person.page.wait_for_selector('#visual[data-pause="no"][data-again="yes"]', timeout=30_000)
        assert "aquest pas ha tornat a començar" in await person.page.locator("#visual").inner_text()
    assert await informer.page.locator("#visual").get_attribute("data-kind") == "none"
    told = facts(service)
    assert told.index("VisualInterrupted") < told.index("VisualResumed")
    for person in (citizen, informer):
        await person.leave()


async def test_a_suspicion_is_kept_apart_for_auditors_who_say_why(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, service)
    await informer.press("propose-attended")
    await sight.begin(citizen, informer)
    await sight.prove_code(chromium, service, citizen, informer)
    await sight.show_document(informer)
    await sight.act(informer)
    await sight.take_stills(informer)
    await sight.stop(informer, "not_the_holder")
    await sight.stage(citizen, "ended")
    refused = await informer.page.goto(service.url + "/archive/suspicions")
    assert refused
    assert refused.status == 403
    auditor = await arrive(chromium, service.url)
    await auditor.sign_in("staff-nuria", "/archive/suspicions")
    await auditor.page.click('[data-part="suspicion"]')
    assert "99999999R" not in await auditor.text()
    await auditor.page.fill("#purpose", "Denúncia 44/2026 dels Mossos")
    await auditor.press("state-purpose")
    assert await auditor.page.locator("#case[aria-invalid]").count() == 1
    assert "99999999R" not in await auditor.text()
    await auditor.page.fill("#case", "DIL-44/2026")
    await auditor.press("state-purpose")
    await auditor.page.wait_for_selector(".shots img >> nth=2")
    told = await auditor.text()
    assert "99999999R" in told
    assert "no n'és la titular" in told
    await auditor.page.wait_for_function(
        "() => [...document.querySelectorAll('.shots img')].every((still) => still.naturalWidth > 300)"
    )
    await picture("suspicion", auditor)
    assert facts(service)[-1] == "SuspicionOpened"
    # the address of a picture is worth nothing to another auditor
    still = await auditor.page.locator(".shots img").first.get_attribute("src")
    other = await arrive(chromium, service.url)
    await other.sign_in("staff-oriol", "/archive/suspicions")
    answer = await other.page.request.get(f"{service.url}{still}")
    assert (answer.status, facts(service)[-1]) == (403, "AccessRefused")
    await other.leave()
    for person in (citizen, informer, auditor):
        await person.leave()


async def test_a_stop_for_coercion_is_not_shown_to_whoever_reads_along(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    citizen, informer = await a_call(chromium, service)
    await informer.press("propose-attended")
    await sight.begin(citizen, informer)
    await sight.stage(informer, "code")
    await sight.stop(informer, "coercion")
    await sight.stage(citizen, "ended")
    told = await citizen.page.locator("#visual").inner_text()
    assert "La identificació no s'ha completat" in told
    assert "coacci" not in (await citizen.text()).lower()
    await picture("ended", citizen, informer)
    assert "VisualStopped" in facts(service)
    await informer.press("drop-proposal")
    await informer.until(proposed="none")
    await informer.press("end-call")
    await citizen.until(stage="wrapping_up")
    assert "Es va començar i no es va completar" in await citizen.text()
    await conclude(informer, "La identificació no s'ha completat.")
    await _the_receipt_tells_that_it_was_stopped(citizen, service)
    await picture("goodbye-ended", citizen)
    await proves_nothing_recorded(service, tmp_path / "elsewhere")
    (package,) = (tmp_path / "elsewhere").glob("*.zip")
    assert b"coercion" not in package.read_bytes(), "the suspicion is kept apart, and given away by nobody"
    for person in (citizen, informer):
        assert not person.problems
        await person.leave()


async def test_a_lapsed_habilitation_cannot_begin_and_says_when_it_lapsed(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    citizen, informer = await a_call(chromium, service, "staff-quim")
    await informer.press("propose-assisted")
    await informer.press("ask-visual")
    await sight.stage(informer, "asked")
    told = await informer.page.locator("#visual").inner_text()
    assert "ha caducat" in told
    assert "31 de març del 2026" in told
    assert not await informer.page.locator('[data-action="begin-visual"]').is_visible()
    await picture("lapsed", citizen, informer)
    answered = await informer.page.evaluate(
        """async () => {
             const { Signalling } = await import("/static/call/signalling.js");
             const line = new Signalling("/desk");
             const attention = document.querySelector("main").dataset.attention;
             await new Promise((there) => { line.addEventListener("view", there, { once: true }); line.connect(); });
             return line.command("begin_visual", { attention });
           }"""
    )
    assert answered == {"ok": False, "code": "habilitation_lapsed"}
    assert "VisualBegun" not in facts(service)
    await informer.press("drop-proposal")
    await informer.until(proposed="none")
    await informer.press("end-call")
    await conclude(informer, "Ha demanat hora amb una altra persona.")
    await proves_nothing_recorded(service, tmp_path / "elsewhere")
    for person in (citizen, informer):
        await person.leave()
