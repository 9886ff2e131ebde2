"""A real attended call, recorded, sealed, given away, and checked where there is no service."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from tests.story.packages import proves_itself
from tests.story.people import (
    CITIZEN_CLIP,
    INFORMER_CLIP,
    arrive,
    become_available,
    conclude,
    raise_to_attended,
    take_turn,
)
from tests.story.running import RunningService

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

RECORDED_S = 3


async def test_a_recorded_call_proves_itself_on_another_machine(chromium: Browser, tmp_path: Path) -> None:
    async with RunningService(tmp_path) as service:
        await a_recorded_call(chromium, service)
        recording = await _sealed(service)
        status, said = await service.command("recordings", "verify", "--all")
        assert (status, "complete; holds" in said) == (0, True), said
        said = await proves_itself(service, recording, tmp_path / "elsewhere")
    assert "complete." in said
    assert "4 files, 1 parts" in said


async def a_recorded_call(browser: Browser, service: RunningService) -> None:
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
    await asyncio.sleep(RECORDED_S)
    await citizen.press("hang-up")
    await conclude(informer, "Tramitat.")
    for person in (citizen, informer):
        await person.leave()


async def _sealed(service: RunningService) -> str:
    """The one recording, as soon as it is sealed."""
    async with asyncio.timeout(30):
        while True:
            status, said = await service.command("recordings", "list", "--json")
            assert status == 0, said
            (one,) = json.loads(said)
            if one["stage"] == "sealed":
                assert one["complete"]
                return str(one["recording"])
