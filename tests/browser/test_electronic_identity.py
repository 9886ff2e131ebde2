"""A citizen shows who they are at a login in VÀLid's dialect, and the informer sees no more of it than is needed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.integration.edges import ledger
from tests.story.evidence import sealed
from tests.story.packages import proves_itself
from tests.story.people import CITIZEN_CLIP, INFORMER_CLIP, arrive, become_available, take_turn
from tests.story.running import RunningService
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.logins import EncryptedLogins
from videoattention.adapters.vault.masters import MasterKeyFile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

NUMBER, MASKED = "00000014Z", "•"
SAME_STATE = """async () => {
  const main = document.querySelector("main");
  Object.assign(main.dataset, { ...main.dataset });
  await new Promise((done) => requestAnimationFrame(done));
}"""
"""The desk is told again what it stands for; what watches it has run when this ends."""


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service, whose citizens' login speaks as VÀLid does."""
    async with RunningService(tmp_path, extra={"VIDEOATTENTION_CITIZENS_DIALECT": "valid"}) as running:
        yield running


async def identify_with_certificate(citizen: Person) -> None:
    """In the window of the login: a certificate, high assurance."""
    async with citizen.context.expect_page() as opened:
        await citizen.press("identify")
    window = await opened.value
    assert "/o/oauth2/auth" in window.url
    await window.check('input[name="assurance"][value="high"]')
    await window.check('input[name="method"][value="certificat"]')
    await window.click('button[name="person"][value="citizen-clara"]')
    await window.wait_for_url("**/attention/identified*")
    await window.close()


async def test_attended_by_electronic_identity(chromium: Browser, service: RunningService, tmp_path: Path) -> None:
    informer = await arrive(chromium, service.url, clip=INFORMER_CLIP)
    await informer.sign_in("staff-marta", "/desk")
    await become_available(informer)
    citizen = await arrive(chromium, service.url, clip=CITIZEN_CLIP)
    await take_turn(citizen)
    await informer.until(stage="offered")
    await informer.press("accept-offer")
    for person in (citizen, informer):
        await person.see()
    await informer.press("propose-attended")
    await informer.press("ask-identification")
    await identify_with_certificate(citizen)
    await informer.until(identification="done", assurance="high")
    panel = informer.page.locator(".identity")
    shown = await panel.inner_text()
    assert "Clara Ribas Mestre" in shown
    assert MASKED in shown
    assert NUMBER not in await informer.page.content()
    await panel.screenshot(path=str(tmp_path / "masked.png"))
    await informer.press("reveal-identity")
    whole = informer.page.locator('[data-part="whole-number"]')
    await whole.wait_for()
    await informer.page.evaluate(SAME_STATE)
    assert await whole.inner_text() == NUMBER
    await panel.screenshot(path=str(tmp_path / "whole.png"))
    await informer.press("ask-consent")
    await citizen.press("accept-consent")
    for person in (citizen, informer):
        await person.until(level="attended", recorder="in_call")
    await citizen.press("hang-up")
    await informer.until(stage="wrapping_up")
    await whole.wait_for(state="hidden")
    assert NUMBER not in await informer.page.content()
    found = await sealed(service)
    proved = found.fact("CitizenIdentified").body
    assert (proved["way"], proved["method"], proved["assurance"]) == ("electronic", "certificat", "high")
    assert found.fact("IdentityRevealed").actor == "informer:staff-marta"
    answer = await kept_answer(service, found.recording.attention)
    assert hashlib.sha256(answer).hexdigest() == proved["evidence"]
    assert "complete." in await proves_itself(service, found.recording.id, tmp_path / "elsewhere")
    assert str(proved["evidence"]).encode() in await asyncio.to_thread(everything_in, tmp_path / "elsewhere")
    for person in (citizen, informer):
        assert person.problems == []
        await person.leave()


def everything_in(folder: Path) -> bytes:
    """Every file of the package, one after the other: the proof's hash is among them, and the number is not."""
    (package,) = folder.glob("*.zip")
    with zipfile.ZipFile(package) as files:
        inside = b"".join(files.read(name) for name in files.namelist())
    assert NUMBER.encode() not in inside
    return inside


async def kept_answer(service: RunningService, attention: str) -> bytes:
    """What the login answered, as it is kept."""
    async with ledger.opened(service) as database:
        ring = VaultKeyRing(MasterKeyFile(service.folder / "data" / "master.key"), DatabaseOrganisationKeys(database))
        register = DatabaseRegister(database)
        async with register.begin("gencat-demo", "service", datetime.now(UTC)) as transaction:
            (login,) = await transaction.logins.of(attention)
        answer = await EncryptedLogins(ring).open("gencat-demo", login)
    said = json.loads(answer)
    assert said["userinfo"]["identifier"] == NUMBER
    assert said["evidence"]["evidence"].count(".") == 2
    return answer
