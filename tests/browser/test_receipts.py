"""What a citizen takes home from an attended call: the form, files, the receipt, and the way back by link and PIN."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.story.certificate import certificate_in
from tests.story.people import (
    CITIZEN_CLIP,
    INFORMER_CLIP,
    Person,
    arrive,
    become_available,
    raise_to_attended,
    take_turn,
)
from tests.story.running import RunningService
from videoattention import offline
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.domain.levels import Level
from videoattention.domain.policies import BUILT_IN
from videoattention.services.policies import KeptPolicy, fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

ORGANISATION = "gencat-demo"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_an_attended_citizen_takes_papers_home_and_comes_back_for_them(chromium: Browser, tmp_path: Path) -> None:
    certificate, password = certificate_in(tmp_path)
    said = {
        "VIDEOATTENTION_PAPERS_CERTIFICATE": str(certificate),
        "VIDEOATTENTION_PAPERS_PASSWORD_FILE": str(password),
    }
    async with RunningService(tmp_path, extra=said) as service:
        await _with_form(service)
        informer, citizen = await _attended(chromium, service)
        form = await _papers_change_hands(informer, citizen)
        await citizen.press("hang-up")
        await _conclude(informer)
        await citizen.until(stage="closed")
        receipt = await _receipt_holds(citizen, tmp_path)
        assert {one["sha256"] for one in receipt["documents"]} == {_sha256(data) for data in (form, PDF, PNG)}
        assert [event["event_state"] for event in receipt["consents"][0]["events"]] == ["requested", "given"]
        await _signed_pdf(tmp_path, form)
        link, pin = await _link(citizen)
        await _comes_back(chromium, service, link, pin, form)
        await _package_holds(service, tmp_path)
        for person in (citizen, informer):
            assert person.problems == []
            await person.leave()


async def test_five_wrong_pins_lock_the_link_of_an_informative_call(chromium: Browser, tmp_path: Path) -> None:
    async with RunningService(tmp_path) as service:
        informer, citizen = await _talking(chromium, service)
        await citizen.press("hang-up")
        await _conclude(informer)
        await citizen.until(stage="closed")
        told = json.loads(await _downloaded(citizen, '.goodbye a[href="/attention/receipt.json"]'))
        assert told["attention"]["nothing_stored_beyond_outcome"] is True
        link, pin = await _link(citizen)
        await _is_locked(chromium, service, link, pin)
        for person in (citizen, informer):
            assert person.problems == []
            await person.leave()


async def _with_form(service: RunningService) -> None:
    """The organisation's policy demands the form of article 30 at the attended level."""
    policy = BUILT_IN.with_level(replace(BUILT_IN.general.of(Level.ATTENDED), form=True))
    database = Database(f"sqlite+aiosqlite:///{service.folder / 'data' / 'videoattention.sqlite3'}")
    now = datetime.now(UTC)
    async with DatabaseRegister(database).begin(ORGANISATION, "administrator:laia", now) as transaction:
        await transaction.policies.add(KeptPolicy(policy, fingerprint(policy), "El formulari", "laia", now))
        await transaction.commit()
    await database.close()


async def _attended(browser: Browser, service: RunningService) -> tuple[Person, Person]:
    informer, citizen = await _talking(browser, service)
    await raise_to_attended(citizen, informer)
    return informer, citizen


async def _talking(browser: Browser, service: RunningService) -> tuple[Person, Person]:
    informer = await arrive(browser, service.url, clip=INFORMER_CLIP)
    await informer.sign_in("staff-marta", "/desk")
    await become_available(informer)
    citizen = await arrive(browser, service.url, clip=CITIZEN_CLIP)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    for person in (citizen, informer):
        await person.until(stage="talking", media="connected")
    return informer, citizen


async def _papers_change_hands(informer: Person, citizen: Person) -> bytes:
    """The form is delivered by itself, then each side hands over a file; returns the form."""
    for person in (citizen, informer):
        await person.page.wait_for_selector(
            '.call [data-paper]:has-text("consentiment-"), .desk-side [data-paper]:has-text("consentiment-")'
        )
    form = await _downloaded(citizen, ".call-side [data-paper] a[download]")
    assert form.startswith(b"%PDF-")
    assert await _downloaded(informer, ".desk-side [data-paper] a[download]") == form
    await _hand_over(citizen, "contracte.pdf", PDF)
    await informer.page.wait_for_selector('.desk-side [data-paper]:has-text("contracte.pdf")')
    await _hand_over(informer, "resguard.png", PNG)
    await citizen.page.wait_for_selector('.call-side [data-paper]:has-text("resguard.png")')
    assert await _downloaded(citizen, '.call-side [data-paper]:has-text("resguard.png") a') == PNG
    assert await _downloaded(informer, '.desk-side [data-paper]:has-text("contracte.pdf") a') == PDF
    return form


async def _hand_over(person: Person, name: str, data: bytes) -> None:
    picked: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    await person.page.set_input_files("#hand-over-file", picked)
    await person.page.click('[data-part="hand-over"] button')


async def _downloaded(person: Person, link: str) -> bytes:
    address = await person.page.locator(link).first.get_attribute("href")
    answer = await person.context.request.get(person.base + str(address))
    assert answer.status == 200, address
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    return await answer.body()


async def _conclude(informer: Person) -> None:
    await informer.until(stage="wrapping_up")
    await informer.page.fill('textarea[name="outcome"]', "S'ha presentat la sol·licitud 2026/0412.")
    await informer.page.locator('input[name="kind"]:visible').first.check()
    await informer.press("conclude")
    await informer.until(stage="idle")


async def _receipt_holds(citizen: Person, folder: Path) -> dict[str, Any]:
    jws = await _downloaded(citizen, '.goodbye a[href="/attention/receipt.jws"]')
    pdf = await _downloaded(citizen, '.goodbye a[href="/attention/receipt.pdf"]')
    pem = await (await citizen.context.request.get(citizen.base + "/attention/key.pem")).body()
    message, _, signature = jws.rpartition(b".")
    key = load_pem_public_key(pem)
    assert isinstance(key, Ed25519PublicKey)
    key.verify(_decoded(signature), message)
    told: dict[str, Any] = json.loads(_decoded(message.partition(b".")[2]))
    assert told["pdf"] == {"sha256": _sha256(pdf), "bytes": len(pdf), "signed": True}
    await _signed_pdf(folder, pdf)
    return told


async def _signed_pdf(folder: Path, data: bytes) -> None:
    file = folder / "paper.pdf"
    file.write_bytes(data)
    said = await asyncio.to_thread(_run, "pdfsig", "-nocert", str(file))
    assert "Signature is Valid" in said, said
    assert "Total document signed" in said, said
    assert "Tagged:          yes" in await asyncio.to_thread(_run, "pdfinfo", str(file))


def _run(*words: str) -> str:
    return subprocess.run(words, check=False, capture_output=True, text=True, timeout=30).stdout  # noqa: S603 - poppler's


async def _link(citizen: Person) -> tuple[str, str]:
    await citizen.page.click('.goodbye form[action="/attention/receipt-link"] button')
    link = await citizen.page.locator("a.secret").inner_text()
    return link, await citizen.page.locator("output.secret").inner_text()


async def _comes_back(browser: Browser, service: RunningService, link: str, pin: str, form: bytes) -> None:
    later = await arrive(browser, service.url, width=390)
    await later.page.goto(link)
    await later.until(link="filled")
    assert later.page.url == service.url + "/receipt"
    await later.page.fill("#pin", pin.lower().replace("-", " "))
    await later.page.click('main form button[type="submit"]')
    await later.page.wait_for_selector("#rights")
    read = await later.text()
    assert "2026/0412" in read
    assert await _downloaded(later, '.papers li:has-text("Consentiment de representació") a') == form
    assert await (await later.context.request.get(service.url + "/attention")).text()
    # what opens the papers opens nothing else
    (token,) = [one["value"] for one in await later.context.cookies() if one["name"] == "__Host-receipt"]
    answer = await later.context.request.get(service.url + "/attention", headers={"Cookie": f"__Host-citizen={token}"})
    assert answer.status == 404
    assert later.problems == []
    await later.leave()


async def _is_locked(browser: Browser, service: RunningService, link: str, pin: str) -> None:
    stranger = await arrive(browser, service.url)
    await stranger.page.goto(link)
    for wrong in ("AAAA-AAAA", "BBBB-BBBB", "CCCC-CCCC", "DDDD-DDDD", "EEEE-EEEE", pin):
        await stranger.page.fill("#pin", wrong)
        async with stranger.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            await stranger.page.click('main form button[type="submit"]')
        assert (await answered.value).status == 403, wrong
        await stranger.page.wait_for_selector("#refused")
        assert await stranger.page.locator('[data-part="closed"]').count() == (wrong in {"EEEE-EEEE", pin}), wrong
    await stranger.page.fill("#pin", "AAAA-AAA0")
    await stranger.page.click('main form button[type="submit"]')
    await stranger.page.wait_for_selector("#pin-fault")
    assert await stranger.page.input_value("#token"), "the code of the link is kept"
    await stranger.leave()


async def _package_holds(service: RunningService, folder: Path) -> None:
    async with asyncio.timeout(40):
        while True:
            _, said = await service.command("recordings", "list", "--json")
            (one,) = json.loads(said)
            if one["stage"] == "sealed":
                break
    why = ("--purpose", "Requeriment del jutjat", "--by", "nuria")
    status, said = await service.command("recordings", "export", one["recording"], "--to", "package.zip", *why)
    assert status == 0, said
    with (folder / "package.zip").open("rb") as file:
        sentences = list(offline.check(file, offline.Given()))
    assert any(sentence.startswith("The receipts hold: ") for sentence in sentences), sentences


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _decoded(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
