"""`kill -9` of media workers at random moments of recorded calls."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import av

from benchmarks.crash.calls import RecordedCall
from benchmarks.crash.evidence import Auditor, Killed, SentUntil, found, frames_of, lost_seconds
from benchmarks.media.pacer import Pacer
from tests.integration.edges import ledger
from tests.integration.edges.talking import talking
from videoattention.services.media import Track

if TYPE_CHECKING:
    import random

    from benchmarks.crash.evidence import Found
    from benchmarks.media.clip import Clip
    from tests.story.running import RunningService

KILLS_A_CALL = 5
DELAY = 0.2, 3.5
"""Seconds, chosen at random, from when the recorder is in every call to the kill."""

INFORMERS = (("staff-marta", "oac-girona"), ("staff-joan", "oac-terres-ebre"))


@dataclass(slots=True)
class Losses:
    """What the kills cost. ``faults`` says it in words."""

    kills: int = 0
    lost_s: list[float] = field(default_factory=list)
    unplayable: int = 0
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, words: str) -> None:
        """Keep it, and say it at once."""
        self.faults.append(words)
        print(words, file=sys.stderr)


class Killing:
    """Kills workers of a running service, and looks at what they left."""

    def __init__(self, service: RunningService, clip: Clip, chance: random.Random) -> None:
        self.losses = Losses()
        self._service = service
        self.clip = clip
        self._chance = chance
        self._sent: dict[Killed, SentUntil] = {}

    async def kill(self, times: int) -> None:
        """So many workers, over calls that end after some of them."""
        while self.losses.kills < times:
            recordings = await self._round(min(KILLS_A_CALL, times - self.losses.kills))
            await self.look_at(recordings)
            print(f"{self.losses.kills} of {times} workers killed", file=sys.stderr)

    async def _round(self, kills: int) -> dict[str, int]:
        """Two calls from beginning to end; gives their recordings and how many gaps each must have."""
        pacer = Pacer()
        async with AsyncExitStack() as stack:
            calls = []
            for informer, office in INFORMERS:
                talk = await stack.enter_async_context(talking(self._service, informer=informer, office=office))
                call = RecordedCall(talk, self._service, self.clip, pacer)
                await call.connect()
                stack.push_async_callback(call.disconnect)
                await talk.raise_to_attended()
                calls.append(call)
            recordings = {call.recording: 0 for call in calls}
            for _ in range(kills):
                for recording in await self._kill_one(calls):
                    recordings[recording] += 1
            await asyncio.sleep(self._chance.uniform(0.2, 1.0))
        return recordings

    async def _kill_one(self, calls: list[RecordedCall]) -> set[str]:
        """Kill a worker that writes, and wait until its calls are recorded again; gives their recordings."""
        await asyncio.gather(*[call.is_recorded() for call in calls])
        await asyncio.sleep(self._chance.uniform(*DELAY))
        victims = self._writing()
        worker = self._chance.choice(sorted(victims))
        files = victims[worker]
        hit = {call.recording: call for call in calls if any(file.recording == call.recording for file in files)}
        before = {recording: call.losses_of_media() for recording, call in hit.items()}
        for file in files:
            track = hit[file.recording].people[file.track.side].sent[file.track.kind]
            self._sent[file] = SentUntil(track, len(track.log), time.time() - asyncio.get_running_loop().time())
        os.kill(worker, signal.SIGKILL)
        self.losses.kills += 1
        last = {recording: max(f.part for f in files if f.recording == recording) for recording in hit}
        await asyncio.gather(*[self._again(call, before[name], last[name]) for name, call in hit.items()])
        return set(hit)

    async def _again(self, call: RecordedCall, before: int, part: int) -> None:
        await call.lost(before)
        await call.connect()
        await call.is_recorded(after=part)

    def _writing(self) -> dict[int, set[Killed]]:
        """The files that each worker of the service holds open."""
        assert self._service.process is not None
        service = self._service.process.pid
        workers = Path(f"/proc/{service}/task/{service}/children").read_text().split()
        writing = {int(worker): _open_files(worker) for worker in workers}
        return {worker: files for worker, files in writing.items() if files}

    async def look_at(self, recordings: dict[str, int]) -> None:
        """Play everything of these recordings, each of which must tell of so many gaps."""
        async with ledger.opened(self._service) as database, Auditor(self._service) as auditor:
            for recording, gaps in recordings.items():
                seen = await found(database, recording)
                if not seen.is_sealed or seen.gaps < gaps:
                    self.losses.unsealed += 1
                    self.losses.fault(f"{recording}: {seen.recording.stage}, {seen.gaps} of {gaps} gaps told")
                for part in seen.parts:
                    for track in Track:
                        await self._play(auditor, seen, Killed(recording, part.number, track))

    async def _play(self, auditor: Auditor, seen: Found, file: Killed) -> None:
        part = next(part for part in seen.parts if part.number == file.part)
        kept = next((kept for kept in part.tracks if kept.track == file.track), None)
        sent = self._sent.get(file)
        webm = await auditor.fetch(file)
        try:
            frames = await asyncio.to_thread(frames_of, webm)
        except (av.FFmpegError, ValueError, IndexError) as error:
            lived = (part.closed_at - part.opened_at).total_seconds() if part.closed_at else 0.0
            self.losses.unplayable += 1
            self.losses.fault(f"{file}: not played after {lived:.2f} s: {error!r}, {len(webm)} bytes")
            return
        if sent is not None and kept is not None:
            clip = self.clip.pictures if file.track.kind == "video" else self.clip.sounds
            until = seen.parts[0].opened_at.timestamp() + kept.start + kept.duration
            lost = lost_seconds(frames, clip, sent, until)
            self.losses.lost_s.append(lost)
            if lost > 1.0:
                self.losses.fault(f"{file}: {lost:.3f} s lost")


def _open_files(worker: str) -> set[Killed]:
    files = set()
    for descriptor in Path(f"/proc/{worker}/fd").iterdir():
        with suppress(FileNotFoundError):
            path = descriptor.readlink()
            if path.suffix == ".vrec":
                part, _, track = path.stem.partition("-")
                files.add(Killed(path.parent.name, int(part), Track(track)))
    return files
