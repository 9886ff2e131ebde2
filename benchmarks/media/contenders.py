"""What is compared: each contender runs the three cases with the same participants' load, and says what it kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from benchmarks.media.janus import JanusCalls, JanusRecorders, JanusServer
from benchmarks.media.kept import Kept, kept_in_vault, packets_in
from benchmarks.media.ours import OurCalls, OurWorker
from benchmarks.media.window import fall_silent, measure, sent_packets, warm
from videoattention.domain.people import Side
from videoattention.services.media import Track
from videoattention.services.vault import FileIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.media.clip import Clip
    from benchmarks.media.pacer import Pacer
    from benchmarks.media.participant import Participant
    from benchmarks.media.window import Window

_RECORDER_SETTLES = 0.7


class Contender(Protocol):
    """A server with its participants."""

    name: str

    async def start(self, clip: Clip, senders: int) -> None:
        """Start the server and bring everybody in."""

    async def together(self, seconds: float) -> tuple[Window, Window, Kept]:
        """Measure relay, then relay and recording."""

    async def alone(self, seconds: float) -> tuple[Window, Kept]:
        """Measure recording without relay."""

    async def stop(self) -> None:
        """End everything."""


class Ours:
    """The worker of this repository; recording alone is the tap with the two legs of each call cut apart."""

    name = "ours"

    def __init__(self, folder: Path, pacer: Pacer, *, core: int | None = None, profile: Path | None = None) -> None:
        self._folder = folder / "ours"
        self._worker = OurWorker(self._folder, core=core, profile=profile)
        self._pacer = pacer

    async def start(self, clip: Clip, senders: int) -> None:
        """Start the worker and bring everybody in."""
        self._clip = clip
        await self._worker.start()
        self._calls = OurCalls(self._worker, clip, senders)
        await self._calls.connect()
        for person in self._calls.people:
            self._pacer.keep(person)

    async def together(self, seconds: float) -> tuple[Window, Window, Kept]:
        """Measure relay, then relay and recording."""
        await warm(self._calls.senders, self._pacer)
        relay = await self._window(seconds)
        recording, kept = await self._recorded(seconds)
        return relay, recording, kept

    async def alone(self, seconds: float) -> tuple[Window, Kept]:
        """Measure the tap."""
        self._worker.tap_only(on=True)
        await warm(self._calls.senders, self._pacer)
        measured = await self._recorded(seconds)
        self._worker.tap_only(on=False)
        return measured

    async def stop(self) -> None:
        """End everything."""
        for person in self._calls.people:
            self._pacer.forget(person)
        await self._calls.close()
        await self._worker.stop()

    async def _window(self, seconds: float) -> Window:
        calls = self._calls
        return await measure(self._worker.pid, calls.senders, calls.people, pacer=self._pacer, seconds=seconds)

    async def _recorded(self, seconds: float) -> tuple[Window, Kept]:
        calls = self._calls
        before = {person: {kind: len(track.log) for kind, track in person.sent.items()} for person in calls.people}
        recordings = await calls.record()
        await asyncio.sleep(_RECORDER_SETTLES)
        window = await self._window(seconds)
        await fall_silent(calls.senders, self._pacer)
        await calls.stop_recording(recordings)
        sent = {}
        for call, recording in recordings.items():
            sides = dict(zip(Side, calls.calls[call], strict=True))
            for track in Track:
                person = sides[track.side]
                if person in calls.senders:
                    log = person.sent[track.kind].log[before[person][track.kind] :]
                    sent[FileIdentity("bench", recording, 1, track)] = log
        kept = await kept_in_vault(self._folder, self._worker.keys, sent, self._clip)
        for file in await asyncio.to_thread(lambda: list(self._folder.rglob("*.vrec"))):
            file.unlink()
        return window, kept


class Janus:
    """Janus; recording alone is another plugin, whose participants are brought in for it."""

    name = "janus"

    def __init__(self, folder: Path, pacer: Pacer, *, core: int | None = None) -> None:
        self._server = JanusServer(folder / "janus", core=core)
        self._pacer = pacer
        self._recorders: JanusRecorders | None = None

    async def start(self, clip: Clip, senders: int) -> None:
        """Start the server and bring everybody in."""
        self._clip = clip
        await self._server.start()
        self._server.pin()
        self._calls = JanusCalls(self._server, clip, senders)
        await self._calls.connect()
        for person in self._calls.people:
            self._pacer.keep(person)

    async def together(self, seconds: float) -> tuple[Window, Window, Kept]:
        """Measure relay, then relay and recording."""
        calls, pacer = self._calls, self._pacer
        await warm(calls.senders, pacer)
        relay = await measure(self._server.pid, calls.senders, calls.people, pacer=pacer, seconds=seconds)
        await calls.record()
        before = sent_packets(calls.senders)
        await asyncio.sleep(_RECORDER_SETTLES)
        recording = await measure(self._server.pid, calls.senders, calls.people, pacer=pacer, seconds=seconds)
        await fall_silent(calls.senders, pacer)
        await calls.stop_recording()
        return relay, recording, self._kept(sent_packets(calls.senders) - before)

    async def alone(self, seconds: float) -> tuple[Window, Kept]:
        """Measure recording; its participants send from the moment at which they are in."""
        recorders, pacer = JanusRecorders(self._server, self._clip, len(self._calls.senders)), self._pacer
        await recorders.connect()
        await warm(recorders.senders, pacer)
        await asyncio.sleep(_RECORDER_SETTLES)
        window = await measure(self._server.pid, recorders.senders, recorders.people, pacer=pacer, seconds=seconds)
        await fall_silent(recorders.senders, pacer)
        await recorders.stop_recording()
        kept = self._kept(sent_packets(recorders.senders))
        await _leave(recorders.people, pacer)
        await recorders.close()
        return window, kept

    async def stop(self) -> None:
        """End everything."""
        await _leave(self._calls.people, self._pacer)
        await self._calls.close()
        await self._server.stop()

    def _kept(self, sent: int) -> Kept:
        """Packets counted, not compared: Janus rewrites their headers."""
        present = packets_in(self._server.recordings)
        for file in self._server.recordings.iterdir():
            file.unlink()
        return Kept(sent, max(0, sent - present))


async def _leave(people: Sequence[Participant], pacer: Pacer) -> None:
    for person in people:
        pacer.forget(person)
