"""What the files of a killed worker hold, as an auditor is served them, beside what was sent to it."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import av

from tests.integration.edges.callers import Caller
from videoattention.adapters.db.queries.views import DatabaseViews

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.media.sending import SentTrack
    from tests.story.running import RunningService
    from videoattention.adapters.db.database import Database
    from videoattention.services.media import Track
    from videoattention.services.views import JournalLine, PartSeen, RecordingSeen

ORGANISATION = "gencat-demo"
SEALED_WITHIN = 90.0
PURPOSE = "Check after a breakdown of the machine"


@dataclass(frozen=True, slots=True)
class SentUntil:
    """What a track had been sent when its worker was killed: frames, and what ``wall`` shows at 0 of the clock."""

    track: SentTrack
    frames: int
    wall: float


@dataclass(frozen=True, slots=True)
class Killed:
    """A file that a killed worker was writing."""

    recording: str
    part: int
    track: Track


@dataclass(frozen=True, slots=True)
class Found:
    """A recording as it is told after its call."""

    recording: RecordingSeen
    parts: Sequence[PartSeen]
    journal: Sequence[JournalLine]

    @property
    def is_sealed(self) -> bool:
        """Whether nothing can be added, and the journal says so."""
        return self.recording.stage == "sealed" and any(line.kind == "RecordingSealed" for line in self.journal)

    @property
    def gaps(self) -> int:
        """How often the journal says that it was interrupted."""
        return sum(
            line.kind == "RecordingInterrupted" and line.body["recording"] == self.recording.id for line in self.journal
        )


async def found(database: Database, recording: str) -> Found:
    """Wait for the seal, no longer than `SEALED_WITHIN`, and tell what there is."""
    views = DatabaseViews(database)
    for _ in range(int(SEALED_WITHIN / 0.2)):
        told = await views.recording(ORGANISATION, recording, "ca")
        assert told is not None
        seen = Found(*told[:2], await views.journal(ORGANISATION, told[0].attention))
        if seen.is_sealed:
            return seen
        await asyncio.sleep(0.2)
    return seen


class Auditor:
    """Fetches and plays what was recorded."""

    def __init__(self, service: RunningService) -> None:
        self._caller = Caller(service.url)
        self._allowed: set[str] = set()

    async def __aenter__(self) -> Self:
        """Sign in."""
        await self._caller.__aenter__()
        await self._caller.sign_in("staff-nuria", "/archive")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""
        await self._caller.__aexit__()

    async def fetch(self, file: Killed) -> bytes:
        """The file as a browser gets it; empty if it is not served."""
        one = f"/archive/recordings/{file.recording}"
        if file.recording not in self._allowed:
            page = await self._caller.get(one)
            await self._caller.post(f"{one}/purpose", {"csrf": page.csrf, "purpose": PURPOSE, "case": "2026/117"})
            self._allowed.add(file.recording)
        answer = await self._caller.get(f"{one}/parts/{file.part}/{file.track}")
        return answer.body if answer.status == 200 else b""


def frames_of(webm: bytes) -> list[bytes]:
    """Every encoded frame, once the whole file was decoded; raises if it does not play."""
    frames = []
    with av.open(io.BytesIO(webm), mode="r") as file:
        decoded = 0
        for packet in file.demux(file.streams[0]):
            decoded += len(packet.decode())
            if packet.size:
                frames.append(bytes(packet))
    if not decoded:
        raise ValueError("nothing could be decoded")
    return frames


def lost_seconds(frames: Sequence[bytes], clip: Sequence[bytes], sent: SentUntil, kept_until: float) -> float:
    """From the last frame in the file to the last one sent.

    ``kept_until`` is when the recording says that the file ends (wall). It chooses among frames that look the same.
    """
    place_of = {frame: place for place, frame in enumerate(clip)}
    last = next(place for frame in reversed(frames) if (place := place_of.get(frame)) is not None)
    log = sent.track.log[: sent.frames]
    same = [number for number, place in enumerate(log) if place == last]
    if not same:
        return float("inf")
    number = min(same, key=lambda n: abs(sent.track.sent_time(n) + sent.wall - kept_until))
    return sent.track.sent_time(sent.frames - 1) - sent.track.sent_time(number)
