"""The object store dies in the middle of a recorded call and comes back after it: nothing is lost, nothing stops."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import time
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import av
import pytest

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.talking import talking
from tests.integration.vault.test_vault_object_outage import keep_parts
from tests.object_server import SWIFT, ObjectServer, running_object_server
from tests.story.running import RunningService
from videoattention.adapters.vault.object_store import ObjectStore
from videoattention.adapters.vault.waiting import COUNT_EVERY
from videoattention.services.media import Track

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.integration.edges.talking import Talk

ORGANISATION = "gencat-demo"
NOTICED_WITHIN = 20.0
SEALED_WITHIN = 20.0
WAITS = "La còpia espera"
RETURNS_WITHIN = 10.0
"""Seconds from the store's return until every file lies in it and nowhere else."""


@dataclass(slots=True)
class Place:
    """A service, its object store, and an auditor."""

    service: RunningService
    server: ObjectServer
    store: ObjectStore
    auditor: Caller
    recording: str = ""

    @property
    def sizes(self) -> dict[str, int]:
        """The bytes of each file of the recording that is in the folder."""
        files = (self.service.recordings / ORGANISATION / self.recording).glob("*.vrec")
        return {path.name: path.stat().st_size for path in files}

    @property
    def manifest(self) -> dict[str, Any]:
        """What was sealed; empty before."""
        query = "SELECT CAST(manifest AS TEXT) FROM seals WHERE recording = ?"
        told: dict[str, Any] = json.loads(ledger.value(self.service, query, self.recording) or "{}")
        return told

    async def objects(self) -> list[str]:
        """The names of what the store has of the recording."""
        found = await asyncio.to_thread(self.store.names, f"{ORGANISATION}/{self.recording}")
        return sorted(name.rpartition("/")[2] for name in found)

    async def health_tells(self, waiting: int, within: float) -> None:
        """Wait until so many files wait for the store."""
        told = -1.0
        try:
            async with asyncio.timeout(within):
                while (told := (await self.service.health())["waiting_uploads"]) != waiting:  # noqa: ASYNC110 - of another process
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"after {within} s /healthz tells of {told} waiting files, not {waiting}") from None


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A service that moves its recordings, with nothing recorded yet."""
    if not SWIFT.is_dir():
        pytest.skip("OpenStack Swift is not installed: apt-get install python3-swift")
    with running_object_server() as server:
        bucket = server.new_bucket(f"call-{uuid.uuid4().hex}")
        said = {"URL": bucket.url, "BUCKET": bucket.name, "ACCESS_KEY": bucket.access_key}
        said["SECRET_KEY"] = bucket.secret_key
        extra = {f"VIDEOATTENTION_OBJECT_STORE_{name}": value for name, value in said.items()}
        async with RunningService(tmp_path, extra=extra) as service, Caller(service.url) as auditor:
            yield Place(service, server, ObjectStore(bucket), auditor)


async def until(holds: Callable[[], object], within: float, otherwise: str) -> float:
    """Wait for another process, which tells nobody of what it does; the seconds that it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, f"after {within} s {otherwise}"
        await asyncio.sleep(0.05)
    return time.monotonic() - began


@asynccontextmanager
async def recorded_call(place: Place) -> AsyncIterator[Talk]:
    """A call with a file growing for each track; it has ended afterwards."""
    async with talking(place.service) as talk:
        await talk.connect()
        await talk.raise_to_attended()
        query = "SELECT id FROM recordings WHERE attention = ? AND stage = 'capturing'"
        await until(lambda: ledger.value(place.service, query, talk.attention), 10, "nothing is being recorded")
        place.recording = ledger.value(place.service, query, talk.attention)
        await talk.hear(20)
        yield talk
        # before their connections close, which would be an interruption of its own
        await talk.end()


async def heard_and_seen(talk: Talk) -> None:
    """Both go on hearing and seeing the other."""
    try:
        await talk.hear(40)
    except TimeoutError:
        raise AssertionError("the call stopped when the store was gone") from None


async def goes_on(place: Place, talk: Talk) -> None:
    """Both still hear and see, and every file grows, while the worker is busy with a store that does not answer."""
    before = place.sizes
    assert len(before) == len(Track), f"not every track is being recorded: {before}"
    await heard_and_seen(talk)
    await until(lambda: "object_store_unavailable" in place.service.log, NOTICED_WITHIN, "the outage is not in the log")
    noticed = place.sizes
    await heard_and_seen(talk)
    stuck = [name for name, size in place.sizes.items() if not before[name] < noticed[name] < size]
    assert not stuck, f"these files stopped growing when the store was gone: {stuck}"


def _waits_at_the_desk(push: dict[str, Any]) -> bool:
    attended = push["view"]["attended"]
    return attended is not None and bool(attended["copy_waits"])


async def told(place: Place, talk: Talk) -> None:
    """Both pages and the operator know that the copy waits, of a recording that goes on."""
    await talk.view(copy_waits=True, recorder="in_call")
    pushed = await talk.desk.pushed("desk_changed", _waits_at_the_desk)
    assert pushed["view"]["attended"]["recorder"] == "in_call"
    health = await place.service.health()
    assert (health["ok"], health["object_store"]) == (True, "away")
    assert health["object_store_away_since"]


async def told_in_archive(place: Place) -> bool:
    """Whether the list of recordings and the page of this one say that its copy waits: both, or neither."""
    pages = [await place.auditor.get(where) for where in ("/archive", f"/archive/recordings/{place.recording}")]
    assert [page.status for page in pages] == [200, 200]
    (waits,) = {WAITS in page.text for page in pages}
    return waits


async def sealed_whole(place: Place, lasted: float) -> None:
    """The seal says that nothing is missing, of a call that went on for ``lasted`` seconds without the store."""
    await until(lambda: place.manifest, SEALED_WITHIN, "the recording is not sealed: the store is away")
    told = place.manifest
    assert (told["complete"], told["causes"], told["gaps"]) == (True, [], []), f"not sealed as complete: {told}"
    (part,) = told["parts"]
    short = [(track["track"], track["duration"]) for track in part["tracks"] if track["duration"] < lasted]
    assert (len(part["tracks"]), short) == (len(Track), []), f"of {lasted:.1f} s without a store these lack some"
    query = "SELECT body FROM journal WHERE kind IN ('RecordingInterrupted', 'RecordingLost')"
    interrupted = ledger.value(place.service, query)
    assert not interrupted, f"the journal tells of an interruption: {interrupted}"


async def plays(place: Place) -> None:
    """An auditor gets every track, in two ranges, as it was sealed; and it can be decoded."""
    for track in place.manifest["parts"][0]["tracks"]:
        media = f"/archive/recordings/{place.recording}/parts/1/{track['track']}"
        answers = [
            await place.auditor.get(media, headers={"Range": f"bytes={wanted}"}) for wanted in ("0-999", "1000-")
        ]
        assert [answer.status for answer in answers] == [206, 206], f"{media} is not served"
        webm = b"".join(answer.body for answer in answers)
        assert hashlib.sha256(webm).hexdigest() == track["playable_sha256"], f"{media} is not what was sealed"
        with av.open(io.BytesIO(webm), mode="r") as file:
            decoded = sum(1 for _ in file.decode(file.streams[0]))
        assert decoded >= 100, f"{media} decodes to {decoded} frames"


async def says_why(place: Place) -> None:
    """The auditor signs in and states a purpose."""
    await place.auditor.sign_in("staff-nuria", "/archive")
    one = f"/archive/recordings/{place.recording}"
    page = await place.auditor.get(one)
    purpose = {"csrf": page.csrf, "purpose": "Review after an outage of the storage", "case": "2026/117"}
    stated = await place.auditor.post(f"{one}/purpose", purpose)
    assert stated.status == 303, stated.text


async def arrives(place: Place, files: set[str]) -> float:
    """The store is back: every file lies there, and there only; the seconds that it took."""
    vault = place.service.recordings
    took = await until(lambda: not list(vault.glob("*/*/*.vrec")), RETURNS_WITHIN, "files are still in the folder")
    assert set(await place.objects()) == files, "the store does not have every file"
    await place.health_tells(0, COUNT_EVERY + 1)
    return took


async def erased_everywhere(place: Place) -> None:
    """No object but the mark of the erasure, and nothing to play."""
    words = ("--reason", "The period of keeping is over", "--by", "arxiu", "--yes")
    status, said = await place.service.command("recordings", "erase", place.recording, *words)
    assert status == 0, said
    assert await place.objects() == ["erased"], "the store still has something of what was erased"
    answer = await place.auditor.get(f"/archive/recordings/{place.recording}/parts/1/{Track.CITIZEN_VIDEO}")
    assert answer.status in {404, 410}, f"what was erased is answered with {answer.status}"


async def holds(place: Place) -> None:
    """The operator's command finds everything as it was sealed."""
    status, said = await place.service.command("recordings", "verify", "--all")
    assert status == 0, said


async def test_an_outage_in_the_middle_of_a_call_costs_nothing(
    place: Place, record_property: Callable[[str, object], None]
) -> None:
    async with recorded_call(place) as talk:
        await asyncio.to_thread(place.server.kill)
        killed = time.monotonic()
        # of an earlier worker: so that this one asks the store in vain while it records
        left = await keep_parts(place.service.recordings, "left", 1)
        await goes_on(place, talk)
        await told(place, talk)
        lasted = time.monotonic() - killed
    await sealed_whole(place, lasted)
    files = set(place.sizes)
    assert len(files) == len(Track), "not every file is still here"
    await place.health_tells(len(files) + len(left), COUNT_EVERY + 5)
    await says_why(place)
    assert await told_in_archive(place), "the archive says nothing of a copy that waits"
    await plays(place)
    await asyncio.to_thread(place.server.start)
    returned = time.monotonic()
    record_property("seconds_from_return_to_last_upload", round(await arrives(place, files), 2))
    record_property("seconds_from_return_to_health", round(time.monotonic() - returned, 2))
    assert (await place.service.health())["object_store"] == "answers"
    assert not await told_in_archive(place), "the archive tells of a copy that has arrived"
    await plays(place)
    await holds(place)
    await erased_everywhere(place)
    await holds(place)
