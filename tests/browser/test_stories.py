"""What people do, in real browsers, against the service as it is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.story.evidence import Evidence, database_of, evidence, sealed
from tests.story.packages import NOTHING, checked, given_by_two, newest, proves_itself
from tests.story.people import (
    CITIZEN_CLIP,
    INFORMER_CLIP,
    arrive,
    become_available,
    conclude,
    identify,
    raise_to_attended,
    take_turn,
)
from tests.story.running import RunningService
from videoattention.adapters.db.queries.views import DatabaseViews

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service in a new folder."""
    async with RunningService(tmp_path) as running:
        yield running


def assert_ended_in_order(found: Evidence) -> None:
    """The recording was one piece, and ended because the call did."""
    assert not [kind for kind in found.facts() if kind in ("RecordingInterrupted", "RecordingResumed")]
    assert [part.cause for part in found.parts] == ["stopped"]


async def an_informer(browser: Browser, service: RunningService, subject: str = "staff-marta") -> Person:
    informer = await arrive(browser, service.url, clip=INFORMER_CLIP)
    await informer.sign_in(subject, "/desk")
    await become_available(informer)
    return informer


async def a_call(citizens: Browser, informers: Browser, service: RunningService) -> tuple[Person, Person]:
    """A citizen and an informer who see each other."""
    informer = await an_informer(informers, service)
    citizen = await arrive(citizens, service.url, clip=CITIZEN_CLIP)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    await see_each_other(citizen, informer)
    return citizen, informer


async def see_each_other(*people: Person) -> None:
    for person in people:
        await person.until(stage="talking", media="connected")
    for person in people:
        await person.see()


async def nothing_is_stored(service: RunningService) -> bool:
    return not list(service.recordings.rglob("*.vrec"))


async def test_an_informative_attention_is_never_recorded(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, chromium, service)
    assert await citizen.state("recorder") == "absent"
    assert "Marta Puig i Ferrer" in await citizen.text()
    await citizen.press("hang-up")
    await conclude(informer, "Informat dels terminis.")
    await informer.until(stage="idle", readiness="available")
    await citizen.until(stage="closed")
    assert await nothing_is_stored(service)
    status, said = await service.command("journal", "verify")
    assert status == 0, said
    for person in (citizen, informer):
        assert not person.problems
        await person.leave()


async def test_who_stops_the_camera_is_told_of_so_at_the_other_side(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    citizen, informer = await a_call(chromium, chromium, service)
    for person in (citizen, informer):
        await person.until(othercamera="on", othervoice="on")
    await informer.press("mute-video")
    await citizen.until(othercamera="off", othervoice="on")
    assert "Qui us informa té la càmera apagada." in await citizen.text()
    await citizen.page.screenshot(path=str(tmp_path / "off.png"))
    await citizen.page.reload()
    await see_each_other(citizen, informer)
    await citizen.until(othercamera="off")
    await informer.press("mute-video")
    await citizen.until(othercamera="back")
    assert "càmera apagada" not in await citizen.text()
    for person in (citizen, informer):
        assert not person.problems
        await person.leave()


async def test_chromium_talks_with_firefox(chromium: Browser, firefox: Browser, service: RunningService) -> None:
    informer = await an_informer(chromium, service)
    citizen = await arrive(firefox, service.url)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    await see_each_other(citizen, informer)
    await informer.press("end-call")
    await citizen.until(stage="wrapping_up")
    for person in (citizen, informer):
        await person.leave()


async def test_refusing_the_consent_keeps_the_call_informative(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    citizen, informer = await a_call(chromium, chromium, service)
    await informer.press("propose-attended")
    await identify(citizen, informer)
    await informer.press("ask-consent")
    await citizen.press("refuse-consent")
    for person in (citizen, informer):
        await person.until(level="informative", proposed="none", recorder="absent")
        await person.see()
    assert await nothing_is_stored(service)
    await informer.press("end-call")
    await conclude(informer, "Vindrà a l'oficina.")
    for person in (citizen, informer):
        await person.leave()
    auditor, officer = await arrive(chromium, service.url), await arrive(chromium, service.url)
    await auditor.sign_in("staff-nuria", "/archive/attentions")
    await officer.sign_in("staff-montse", "/archive/attentions")
    said = await checked(await given_by_two(auditor, officer, await newest(service), tmp_path))
    assert NOTHING in said
    assert "the consent to record was refused, and none was in force" in said
    assert "staff-montse approved that, for the case EXP-2026/0412." in said
    for person in (auditor, officer):
        assert not [problem for problem in person.problems if "422" not in problem]
        await person.leave()


async def test_a_low_assurance_is_not_enough(chromium: Browser, service: RunningService) -> None:
    citizen, informer = await a_call(chromium, chromium, service)
    await informer.press("propose-attended")
    await informer.press("ask-identification")
    async with citizen.context.expect_page() as opened:
        await citizen.press("identify")
    window = await opened.value
    await window.check('input[name="assurance"][value="low"]')
    await window.click('button[name="person"][value="citizen-clara"]')
    await window.wait_for_url("**/attention/identified*")
    told = await window.locator('main[data-identified="too_low"]').inner_text()
    assert "La manera que heu triat dona un nivell de seguretat baix." in told
    assert "demana un nivell substancial o superior" in told
    await window.close()
    for person in (citizen, informer):
        await person.until(identification="too_low")
    assert await informer.state("level") == "informative"
    for person in (citizen, informer):
        await person.leave()


async def test_withdrawing_stops_the_recording_at_once(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    citizen, informer = await a_call(chromium, chromium, service)
    await raise_to_attended(citizen, informer)
    await citizen.press("withdraw-consent")
    await citizen.press("confirm-withdraw")
    for person in (citizen, informer):
        await person.until(level="informative", recorder="absent")
        await person.see()
    await citizen.press("hang-up")
    await informer.until(stage="wrapping_up")
    found = await sealed(service)
    withdrawn, ended = found.fact("ConsentWithdrawn").at, found.parts[0].closed_at
    assert ended is not None
    assert (ended - withdrawn).total_seconds() <= 1.0
    assert_ended_in_order(found)
    assert "complete." in await proves_itself(service, found.recording.id, tmp_path / "elsewhere")
    for person in (citizen, informer):
        await person.leave()


async def test_an_unanswered_offer_goes_to_the_next_informer(chromium: Browser, service: RunningService) -> None:
    first = await an_informer(chromium, service, "staff-marta")
    second = await an_informer(chromium, service, "staff-joan")
    citizen = await arrive(chromium, service.url, clip=CITIZEN_CLIP)
    await take_turn(citizen)
    await first.until(stage="offered")
    await second.page.wait_for_selector('main[data-stage="offered"]', state="attached", timeout=40_000)
    await first.until(stage="idle", readiness="missed")
    assert await citizen.page.locator('[data-field="place"]:visible').first.inner_text() == "1"
    await second.press("accept-offer")
    await see_each_other(citizen, second)
    assert "Joan Serra" in await citizen.text()
    for person in (first, second, citizen):
        await person.leave()


async def test_the_place_survives_a_closed_tab(chromium: Browser, service: RunningService) -> None:
    earlier = await arrive(chromium, service.url, clip=CITIZEN_CLIP)
    await take_turn(earlier)
    later = await arrive(chromium, service.url, clip=CITIZEN_CLIP)
    await take_turn(later)
    await later.page.wait_for_function("""() => document.querySelector('[data-field="place"]').textContent === "2" """)
    await earlier.page.close()
    earlier.page = await earlier.context.new_page()
    await earlier.page.goto(service.url + "/attention")
    await earlier.until(stage="waiting", connection="connected")
    assert await earlier.page.locator('[data-field="place"]:visible').first.inner_text() == "1"
    await earlier.press("leave-line")
    await later.page.wait_for_function("""() => document.querySelector('[data-field="place"]').textContent === "1" """)
    for person in (earlier, later):
        await person.leave()


async def test_a_workplace_of_others_says_who_is_signed_in_and_where_they_work(
    chromium: Browser, service: RunningService
) -> None:
    informer = await arrive(chromium, service.url)
    await informer.sign_in("staff-marta", "/desk")
    refused = await informer.page.goto(service.url + "/archive")
    assert refused is not None
    assert refused.status == 403
    assert "Marta Puig i Ferrer" in await informer.text()
    await informer.page.click('main a[href="/desk"]')
    await informer.until(stage="idle")
    administrator = await arrive(chromium, service.url)
    await administrator.sign_in("staff-pere", "/desk")
    assert not await administrator.page.locator('main a[href="/desk"], main a[href="/archive"]').count()
    await administrator.press("sign-out")
    await administrator.page.click('button[name="confirm"]')
    await administrator.page.wait_for_url("**/signed-out*")
    for person in (informer, administrator):
        await person.leave()


async def test_another_organisation_s_auditor_is_refused_and_it_is_written_down(
    chromium: Browser, service: RunningService
) -> None:
    citizen, informer = await a_call(chromium, chromium, service)
    await raise_to_attended(citizen, informer)
    await citizen.press("hang-up")
    await informer.until(stage="wrapping_up")
    found = await evidence(service)
    assert_ended_in_order(found)
    stranger = await arrive(chromium, service.url)
    await stranger.sign_in("staff-ricard", "/archive")
    assert found.recording.id not in await stranger.page.content()
    answer = await stranger.context.request.get(f"{service.url}/archive/recordings/{found.recording.id}")
    assert answer.status == 404
    bytes_asked = await stranger.context.request.get(
        f"{service.url}/archive/recordings/{found.recording.id}/parts/1/citizen-video"
    )
    assert bytes_asked.status == 404
    not_an_auditor = await informer.context.request.get(
        f"{service.url}/archive/recordings/{found.recording.id}/parts/1/citizen-video"
    )
    assert not_an_auditor.status == 403
    database = database_of(service)
    lines = await DatabaseViews(database).journal("gencat-demo", found.recording.attention)
    await database.close()
    assert any(line.kind == "PlaybackRefused" and line.body["reason"] == "role" for line in lines)
    for person in (citizen, informer, stranger):
        await person.leave()
