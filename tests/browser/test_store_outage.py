"""The object store goes away while a call is recorded, and comes back: both are told, and nothing stops."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_full_disk import the_other_moves
from tests.browser.test_stories import a_call
from tests.integration.vault.test_vault_object_outage import keep_parts, stored
from tests.object_server import SWIFT, ObjectServer, running_object_server
from tests.story.evidence import sealed
from tests.story.people import raise_to_attended
from tests.story.running import RunningService
from videoattention.adapters.vault.object_store import ObjectStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.story.evidence import Evidence
    from tests.story.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

BACK_WITHIN = 10.0
MOVED_WITHIN = 10.0
WAITS = "La còpia espera"


@dataclass(slots=True)
class Place:
    """A service, and the object store that its recordings go to."""

    service: RunningService
    server: ObjectServer
    store: ObjectStore


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """The service with an object store of its own."""
    if not SWIFT.is_dir():
        pytest.skip("OpenStack Swift is not installed: apt-get install python3-swift")
    with running_object_server() as server:
        bucket = server.new_bucket(f"outage-{uuid.uuid4().hex}")
        said = {"URL": bucket.url, "BUCKET": bucket.name, "ACCESS_KEY": bucket.access_key}
        said["SECRET_KEY"] = bucket.secret_key
        extra = {f"VIDEOATTENTION_OBJECT_STORE_{name}": value for name, value in said.items()}
        async with RunningService(tmp_path, extra=extra) as service:
            yield Place(service, server, ObjectStore(bucket))


async def moved(service: RunningService, recording: str, within: float) -> None:
    """Wait until no file of the recording is here any more: a folder tells nobody of its changes."""
    async with asyncio.timeout(within):
        while list(service.recordings.glob(f"*/{recording}/*.vrec")):  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.05)


async def goes_away(place: Place, people: tuple[Person, ...]) -> None:
    """Both read that the copy waits, and go on."""
    await asyncio.to_thread(place.server.kill)
    for person in people:
        await person.until(copy="waits", recorder="in_call", level="attended")
        assert WAITS in await person.text()
        await person.page.locator(".recording-sign").wait_for()
        await the_other_moves(person)


async def comes_back(place: Place, people: tuple[Person, ...]) -> float:
    """The notice goes, and what waited arrives, by themselves; the seconds until both are true."""
    left = await keep_parts(place.service.recordings, "left", 1)  # of an earlier call, which ended meanwhile
    await asyncio.to_thread(place.server.start)
    back = time.monotonic()
    for person in people:
        await person.until(copy="none", recorder="in_call")
    await moved(place.service, "left", BACK_WITHIN - (time.monotonic() - back))
    took = time.monotonic() - back
    for person in people:
        assert WAITS not in await person.text()
    assert await asyncio.to_thread(stored, place.store, "left") == left
    return took


async def kept_whole(place: Place) -> None:
    """One piece, sealed as complete, and all of it in the store."""
    found: Evidence = await sealed(place.service)
    assert [part.cause for part in found.parts] == ["stopped"]
    told = found.fact("RecordingSealed").body
    assert (told["complete"], told["causes"]) == (True, [])
    await moved(place.service, found.recording.id, MOVED_WITHIN)
    status, said = await place.service.command("recordings", "verify", "--all")
    assert status == 0, said


async def test_both_are_told_that_the_copy_waits_and_the_recording_goes_on(
    chromium: Browser, place: Place, record_property: Callable[[str, object], None]
) -> None:
    people = citizen, informer = await a_call(chromium, chromium, place.service)
    await raise_to_attended(citizen, informer)
    assert [await person.state("copy") for person in people] == ["none", "none"]
    await goes_away(place, people)
    record_property("seconds_from_return_until_told_and_moved", round(await comes_back(place, people), 2))
    await citizen.press("hang-up")
    await informer.until(stage="wrapping_up")
    await kept_whole(place)
    for person in people:
        assert not person.problems
        await person.leave()
