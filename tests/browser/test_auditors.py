"""Two auditors: a finding that a second person confirms, and a package that a second person lets be."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_proof import a_recorded_call
from tests.story.evidence import database_of, sealed
from tests.story.people import arrive
from tests.story.running import RunningService
from videoattention import offline
from videoattention.adapters.db.queries.views import DatabaseViews

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.story.evidence import Evidence
    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


async def test_a_finding_is_confirmed_and_a_package_is_given_away_by_two_people(
    chromium: Browser, tmp_path: Path
) -> None:
    async with RunningService(tmp_path) as service:
        await a_recorded_call(chromium, service)
        found = await sealed(service)
        first, second = [await auditor(chromium, service, who) for who in ("staff-nuria", "staff-oriol")]
        await without_a_case_nothing_opens(first, found)
        await look(first, found)
        await check_the_seal(first)
        await judge(first, "findings", "No s'hi sent com s'explica el consentiment.")
        assert await first.page.locator('[data-action="open-review"]').count() == 0
        await look(second, found)
        await judge(second, "findings", "S'hi confirma: no s'explica.")
        assert await second.page.locator('[data-part="review"][data-stage="closed"]').count() == 1
        package = await give_away(first, second, found, tmp_path)
        kinds = await journal(service, found)
        for person in (first, second):
            assert not [said for said in person.problems if "422" not in said]
            await person.leave()
    expected = ["ReviewAsked", "ReviewOpened", "VerdictGiven", "ReviewOpened", "VerdictGiven", "ReviewClosed"]
    assert [kind for kind in kinds if "Review" in kind or kind == "VerdictGiven"] == expected
    assert [kind for kind in kinds if "Export" in kind] == ["ExportAsked", "ExportDecided", "RecordingExported"]
    assert "SealChecked" in kinds
    checked = verified(package, tmp_path / "elsewhere")
    assert checked.returncode == 0, checked.stdout
    assert "It was given away by auditor:staff-nuria for this purpose: Requeriment 12/2026 del jutjat" in checked.stdout
    assert "Oriol Batlle approved that, for the case 2026/117." in checked.stdout


async def test_the_policy_of_an_administrator_asks_a_second_person_to_judge_what_is_fine(
    chromium: Browser, tmp_path: Path
) -> None:
    async with RunningService(tmp_path) as service:
        await two_are_to_judge(chromium, service)
        await a_recorded_call(chromium, service)
        found = await sealed(service)
        first, second = [await auditor(chromium, service, who) for who in ("staff-nuria", "staff-oriol")]
        await state_why(first, found)
        assert "La política demana que la jutgin dues persones" in await first.text()
        await judge(first, "fine", "")
        await nobody_judges_twice(first)
        await second.page.goto(f"{service.url}/archive/reviews")
        line = second.page.locator(f'.queue li:has(a[href="/archive/recordings/{found.recording.id}"])')
        assert "Falta la segona revisió" in await line.inner_text()
        assert "Núria Vidal" in await line.inner_text()
        await state_why(second, found)
        await judge(second, "fine", "")
        assert await second.page.locator('[data-part="review"][data-stage="closed"]').count() == 1
        await second.page.goto(f"{service.url}/archive/reviews")
        assert await line.count() == 0
        package = await give_away(first, second, found, tmp_path)
        kinds = await journal(service, found)
        for person in (first, second):
            assert not [said for said in person.problems if "422" not in said]
            await person.leave()
    expected = ["ReviewAsked", "ReviewOpened", "VerdictGiven", "ReviewOpened", "VerdictGiven", "ReviewClosed"]
    assert [kind for kind in kinds if "Review" in kind or kind == "VerdictGiven"] == expected
    checked = verified(package, tmp_path / "elsewhere")
    assert checked.returncode == 0, checked.stdout
    assert "Oriol Batlle approved that, for the case 2026/117." in checked.stdout


async def two_are_to_judge(browser: Browser, service: RunningService) -> None:
    """An administrator ticks it for the attended level, looks at the difference and makes it, with a reason."""
    pere = await arrive(browser, service.url)
    await pere.sign_in("staff-pere", "/settings")
    page = pere.page
    await page.goto(f"{service.url}/settings/levels/attended")
    await page.check("#second_review")
    await page.click('[data-action="review"]')
    assert "Sí" in await page.locator('.differences [data-field="second_review"] .new').inner_text()
    await page.fill("#reason", "La inspecció demana que ho mirin dues persones")
    await page.click('[data-action="make"]')
    await page.wait_for_selector('main[data-version="1"]')
    assert not pere.problems
    await pere.leave()


async def nobody_judges_twice(first: Person) -> None:
    """Whoever judged first is not asked again, and is refused if they ask all the same."""
    page = first.page
    assert await page.locator('[data-part="review"][data-stage="judged"]').count() == 1
    assert await page.locator('[data-action="open-review"]').count() == 0
    status, told = await page.evaluate(
        """async () => {
          const form = document.querySelector('[data-part="package"] form:has(#export-purpose)');
          const body = new URLSearchParams({ csrf: form.elements.csrf.value });
          const answer = await fetch(form.action.replace(/exports$/, "review/open"), { method: "POST", body });
          return [answer.status, await answer.text()];
        }"""
    )
    assert status == 422
    assert 'data-stage="judged"' in told


async def state_why(person: Person, found: Evidence) -> None:
    page = person.page
    await page.goto(f"{person.base}/archive/recordings/{found.recording.id}")
    await page.fill('[name="purpose"]', "Revisió que demana la política")
    await page.fill('[name="case"]', "2026/117")
    await person.press("state-purpose")
    await page.locator('[data-part="player"]').wait_for()


async def auditor(browser: Browser, service: RunningService, subject: str) -> Person:
    person = await arrive(browser, service.url)
    await person.sign_in(subject, "/archive")
    return person


async def without_a_case_nothing_opens(person: Person, found: Evidence) -> None:
    await person.page.goto(f"{person.base}/archive/reviews")
    await person.page.click(f'.queue a[href="/archive/recordings/{found.recording.id}"]')
    await person.page.fill('[name="purpose"]', "Revisió que demana la política")
    await person.press("state-purpose")
    assert await person.page.locator("#case[aria-invalid]").count() == 1
    assert await person.page.locator('[data-part="player"]').count() == 0
    assert await person.page.locator(".journal").count() == 0


async def look(person: Person, found: Evidence) -> None:
    """State why, play the recording with the keys, and go where something happened."""
    page = person.page
    await state_why(person, found)
    player = page.locator('[data-part="player"]')
    await page.locator('[data-action="play"]:enabled').wait_for()
    await page.locator('[data-part="stage"]').click()
    for _ in range(2):
        await page.keyboard.press("<")
    assert await page.locator('[data-action="rate"]').input_value() == "0.5"
    await page.keyboard.press("k")
    await page.locator('[data-part="player"][data-state="playing"]').wait_for()
    await page.wait_for_function("() => document.querySelector('[data-track=citizen-video]').currentTime > 0.3")
    await page.keyboard.press(" ")
    await page.locator('[data-part="player"][data-state="paused"]').wait_for()
    await page.locator("[data-seek]").last.click()
    await page.locator("li:last-child > [data-seek][aria-current]").wait_for()
    end = await place(person)
    await page.locator("[data-seek]").first.click()
    await page.wait_for_function(f"() => Number(document.querySelector('[data-action=seek]').value) < {end / 2}")
    begin = await place(person)
    await page.locator('[data-part="stage"]').click()
    for _ in range(10):
        await page.keyboard.press(".")
    await page.wait_for_function(f"() => Number(document.querySelector('[data-action=seek]').value) > {begin}")
    await the_very_picture_is_shown(person)
    await page.keyboard.press(">")
    assert await page.locator('[data-action="rate"]').input_value() == "0.75"
    mark = page.locator('[data-part="watermark"] span').first
    assert person_named(await mark.get_attribute("data-words"), person)
    await page.evaluate("() => document.querySelector('[data-part=watermark]').remove()")
    await page.locator('[data-part="watermark"]').wait_for(state="attached")
    await page.keyboard.press("f")
    await page.wait_for_function("() => document.fullscreenElement?.querySelector('[data-part=watermark]')")
    await page.keyboard.press("f")
    await page.wait_for_function("() => !document.fullscreenElement")
    assert await player.locator("a[download]").count() == 0


BEGINS = """() => {
  const parts = JSON.parse(document.querySelector("[data-part=player]").dataset.parts);
  return parts[0].tracks.find((each) => each.track === "citizen-video").start;
}"""
WANTED = """async (seconds) => {
  const parts = JSON.parse(document.querySelector("[data-part=player]").dataset.parts);
  const track = parts[0].tracks.find((each) => each.track === "citizen-video");
  const { after } = await (await fetch(track.pictures)).json();
  let at = 0;
  const instants = after.map((milliseconds) => (at += milliseconds) / 1000);
  return instants.findLast((instant) => instant <= seconds - track.start);
}"""
SHOWN = """(instant) => {
  const frame = new VideoFrame(document.querySelector("[data-track=citizen-video]"));
  const { timestamp } = frame;
  frame.close();
  return Math.abs(timestamp / 1_000_000 - instant) < 0.0006;
}"""


async def the_very_picture_is_shown(person: Person) -> None:
    """At a mark everything stands still, and at an instant the file's own picture of it is shown."""
    page = person.page
    await page.locator('[data-part="stage"]').click()
    await page.keyboard.press("k")
    await page.locator('[data-part="player"][data-state="playing"]').wait_for()
    await page.locator("[data-seek]").first.click()
    await page.locator('[data-part="player"][data-state="paused"]').wait_for()
    begins = await page.evaluate(BEGINS)  # a busy machine sends its first picture late
    for offset in (1.2, 2.7, 1.9):
        seconds = round(begins + offset, 1)
        await page.locator('[data-action="seek"]').fill(f"{seconds:g}")  # as a browser writes it: 2, and not 2.0
        instant = await page.evaluate(WANTED, seconds)
        assert instant <= seconds  # how long before depends on how often a busy machine sent a picture
        await page.wait_for_function(SHOWN, arg=instant)


async def place(person: Person) -> float:
    return float(await person.page.locator('[data-action="seek"]').input_value())


def person_named(words: str | None, person: Person) -> bool:
    return words is not None and ("staff-nuria" in words or "staff-oriol" in words) and bool(person)


async def check_the_seal(person: Person) -> None:
    await person.press("check")
    await person.page.locator('[data-part="check"][data-stage="holds"]').wait_for()
    assert await person.page.locator('[data-check="holds"]:visible').count() == 1


async def judge(person: Person, verdict: str, words: str) -> None:
    await person.press("open-review")
    for item in await person.page.locator("fieldset.item:has([name^=item-])").all():
        await item.locator('[value="yes"]').check()
    await person.page.locator(f'[name="verdict"][value="{verdict}"]').check()
    await person.press("give-verdict")
    if words:
        assert await person.page.locator("#words[aria-invalid]").count() == 1  # a finding is told in words
        await person.page.fill("#words", words)
        await person.press("give-verdict")
    await person.page.locator(".judgement").first.wait_for()


async def give_away(first: Person, second: Person, found: Evidence, folder: Path) -> Path:
    """The first asks, the second approves, and the first fetches it once."""
    await first.page.fill("#export-purpose", "Requeriment 12/2026 del jutjat")
    await first.press("ask-export")
    assert await first.page.locator('[data-action="approve-export"]').count() == 0
    await second.page.goto(f"{second.base}/archive/exports")
    await second.press("approve-export")
    await second.page.locator('[data-stage="approved"]').wait_for()
    assert await second.page.locator('[data-action="fetch-export"]').count() == 0
    await first.page.goto(f"{first.base}/archive/exports")
    async with first.page.expect_download() as coming:
        await first.press("fetch-export")
    package = folder / "given.zip"
    await (await coming.value).save_as(package)
    await first.page.reload()
    assert await first.page.locator('[data-stage="given"]').count() == 1
    assert await first.page.locator('[data-action="fetch-export"]').count() == 0
    assert found.recording.id in (await coming.value).suggested_filename
    return package


async def journal(service: RunningService, found: Evidence) -> list[str]:
    database = database_of(service)
    try:
        return [line.kind for line in await DatabaseViews(database).journal("gencat-demo", found.recording.attention)]
    finally:
        await database.close()


def verified(package: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the package where there is no service."""
    folder.mkdir()
    shutil.copy(Path(offline.__file__), folder / "verify.py")
    package.rename(folder / "package.zip")
    command = [sys.executable, "-I", "verify.py", "package.zip"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=30)  # noqa: S603 - ours
