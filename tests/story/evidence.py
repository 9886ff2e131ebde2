"""What a recording really holds: decoded from the bytes that an auditor is served, beside what the journal says."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.clip import beeps, flashes, pair, picture_of, sound_of
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.queries.views import DatabaseViews

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import BrowserContext

    from tests.clip import Sample
    from tests.story.running import RunningService
    from videoattention.services.media import Track
    from videoattention.services.views import JournalLine, PartSeen, RecordingSeen

SEALED_WITHIN_TENTHS = 300


@dataclass(frozen=True, slots=True)
class Decoded:
    """One track of one part: its samples, at seconds of the recording's time line."""

    track: Track
    samples: tuple[Sample, ...]
    start: float

    @property
    def times(self) -> list[float]:
        """When each sample is, on the time line."""
        return [self.start + sample.at for sample in self.samples]

    @property
    def length(self) -> float:
        """Seconds from the first sample to the last."""
        return self.samples[-1].at - self.samples[0].at


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything about one recording."""

    recording: RecordingSeen
    parts: tuple[PartSeen, ...]
    journal: Sequence[JournalLine]

    def fact(self, kind: str) -> JournalLine:
        """The first fact of a kind; fails when there is none."""
        return next(line for line in self.journal if line.kind == kind)

    def facts(self) -> list[str]:
        """The kinds of all facts, in order."""
        return [line.kind for line in self.journal]

    def consented_seconds(self) -> float:
        """From the consent to the hang-up."""
        return (self.fact("CallEnded").at - self.fact("ConsentGiven").at).total_seconds()


def database_of(service: RunningService) -> Database:
    """The service's own database, seen from outside."""
    url = service.database_url or f"sqlite+aiosqlite:///{service.folder / 'data' / 'videoattention.sqlite3'}"
    return Database(url)


async def evidence(service: RunningService, organisation: str = "gencat-demo") -> Evidence:
    """The newest recording of an organisation, with its journal."""
    database = database_of(service)
    try:
        views = DatabaseViews(database)
        newest = (await views.recordings(organisation, "ca"))[0]
        found = await views.recording(organisation, newest.id, "ca")
        assert found is not None
        return Evidence(*found, await views.journal(organisation, newest.attention))
    finally:
        await database.close()


async def sealed(service: RunningService, organisation: str = "gencat-demo") -> Evidence:
    """The newest recording as soon as it is sealed; the service seals after the call, in its own time."""
    for _ in range(SEALED_WITHIN_TENTHS):
        found = await evidence(service, organisation)
        if found.recording.stage == "sealed":
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(found.recording.stage)


async def decode(auditor: BrowserContext, base: str, found: Evidence, part: int, track: Track) -> Decoded:
    """Fetch a track as the auditor may, and decode it whole."""
    answer = await auditor.request.get(f"{base}/archive/recordings/{found.recording.id}/parts/{part}/{track}")
    assert answer.status == 200, (answer.status, track)
    body = io.BytesIO(await answer.body())
    seen = next(part_seen for part_seen in found.parts if part_seen.number == part)
    start = next(kept.start for kept in seen.tracks if kept.track == track)
    samples = picture_of(body) if track.kind == "video" else sound_of(body)
    return Decoded(track, tuple(samples), start)


def offsets_ms(picture: Decoded, sound: Decoded) -> list[float]:
    """How far each beep is from its flash, in milliseconds; positive when the beep is late."""
    seen = [picture.start + at for at in flashes(picture.samples)]
    heard = [sound.start + at for at in beeps(sound.samples)]
    return [1000 * offset for offset in pair(seen, heard)]
