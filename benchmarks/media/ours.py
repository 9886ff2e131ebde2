"""Our worker under load: its process, the orders that the service would give, and participants in pairs."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import secrets
import sys
import time
from typing import TYPE_CHECKING, TypeVar, cast

from benchmarks.media.participant import Participant
from benchmarks.media.processes import pin, weigh
from videoattention.domain.people import Side
from videoattention.entrypoints.signalling.messages import Vocabulary, to_wire
from videoattention.entrypoints.signalling.protocol import WORKER_MESSAGES
from videoattention.services.media import (
    ConsentProof,
    Describe,
    Described,
    DescriptionKind,
    Join,
    LegChanged,
    MediaRefused,
    Negotiate,
    PartClosed,
    PartOpened,
    Record,
    RecordingRefused,
    StopRecording,
    Track,
)
from videoattention.services.vault import FileIdentity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.media.clip import Clip
    from videoattention.services.media import Order, Report

_CONSENT = ConsentProof("consent-1", 1, "ab" * 32)
_AT_ONCE = 4
_WITHIN = 30.0
_RAMP = 1.0
R = TypeVar("R")


class OurWorker:
    """The worker's process. ``keys`` are those of every file that was ordered, to read them afterwards."""

    def __init__(self, folder: Path, *, core: int | None = None, profile: Path | None = None) -> None:
        self.keys: dict[FileIdentity, bytes] = {}
        self._folder = folder
        self._core = core
        self._profile = profile
        self._waiting: list[tuple[Callable[[Report], bool], asyncio.Future[Report]]] = []
        self._pages: dict[tuple[str, Side], Participant] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the process."""
        arguments = ["-m", "benchmarks.media.worker", "--folder", str(self._folder)]
        arguments += ["--profile", str(self._profile)] if self._profile else []
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 20,
            start_new_session=True,
        )
        if self._core is not None:
            weigh(self.pid)
        pin(self.pid, self._core)
        self._reading = asyncio.create_task(self._read())

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    async def stop(self) -> None:
        """End it and wait for its end."""
        self._say("end", {})
        try:
            await asyncio.wait_for(self._process.wait(), _WITHIN)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        self._reading.cancel()

    def order(self, order: Order) -> None:
        """Give an order."""
        self._say(*to_wire(order))

    def tap_only(self, *, on: bool) -> None:
        """Cut the legs of all calls from each other, or join them again."""
        self._say("tap_only", {"on": on})

    async def report(self, kind: type[R], holds: Callable[[R], bool] = lambda _: True, within: float = _WITHIN) -> R:
        """Wait for the next report of a kind that holds; ask before giving the order that brings it."""
        wanted: asyncio.Future[Report] = asyncio.get_running_loop().create_future()
        self._waiting.append((lambda report: isinstance(report, kind) and holds(report), wanted))
        return cast("R", await asyncio.wait_for(wanted, within))

    async def join(self, call: str, citizen: Participant, informer: Participant) -> None:
        """Bring two into a call; returns when the media of both is connected."""
        people = {Side.CITIZEN: citizen, Side.INFORMER: informer}
        connected = [
            asyncio.ensure_future(
                self.report(LegChanged, lambda r, side=side: r.call == call and r.side is side and r.connected)  # type: ignore[misc]
            )
            for side in Side
        ]
        await asyncio.sleep(0)
        for side, person in people.items():
            self._pages[call, side] = person
            self.order(Join(call, side, f"{call}-{side}"))
        await asyncio.gather(*connected)

    async def record(self, call: str, recording: str) -> PartOpened:
        """Admit the recorder to a call."""
        keys = {track: secrets.token_bytes(32) for track in Track}
        for track, key in keys.items():
            self.keys[FileIdentity("bench", recording, 1, track)] = key
        encoded = {track: base64.b64encode(key).decode() for track, key in keys.items()}
        opened = asyncio.ensure_future(self.report(PartOpened, lambda r: r.recording == recording))
        await asyncio.sleep(0)
        self.order(Record(call, "bench", recording, 1, time.time(), _CONSENT, encoded))
        return await opened

    async def stop_recording(self, call: str, recording: str) -> PartClosed:
        """The recorder leaves; returns when its files are durable."""
        closed = asyncio.ensure_future(self.report(PartClosed, lambda r: r.recording == recording))
        await asyncio.sleep(0)
        self.order(StopRecording(call, recording))
        return await closed

    def _say(self, name: str, payload: dict[str, object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, payload]).encode() + b"\n")

    async def _read(self) -> None:
        assert self._process.stdout is not None
        vocabulary = Vocabulary(WORKER_MESSAGES)
        while line := await self._process.stdout.readline():
            name, payload = json.loads(line)
            report = cast("Report", vocabulary.parse(name, payload))
            self._react(report)
            for entry in list(self._waiting):
                holds, wanted = entry
                if not wanted.done() and holds(report):
                    wanted.set_result(report)
                if wanted.done():
                    self._waiting.remove(entry)

    def _react(self, report: Report) -> None:
        if isinstance(report, (MediaRefused, RecordingRefused)):
            raise RuntimeError(f"the worker refused: {report}")  # noqa: TRY004 - no wrong type, a refusal
        if isinstance(report, Negotiate) and report.offers:
            sdp = self._pages[report.call, report.side].offer()
            self._describe(report, DescriptionKind.OFFER, sdp)
        elif isinstance(report, Described):
            page = self._pages[report.call, report.side]
            if report.kind is DescriptionKind.OFFER:
                self._describe(report, DescriptionKind.ANSWER, page.answer(report.sdp))
            self._begin(page, report.sdp)

    def _describe(self, report: Negotiate | Described, kind: DescriptionKind, sdp: str) -> None:
        self.order(Describe(report.call, report.side, report.peer, report.epoch, kind, sdp))

    def _begin(self, page: Participant, sdp: str) -> None:
        task = asyncio.create_task(page.connect(sdp))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class OurCalls:
    """``senders`` participants in calls of two; with one alone, the other end of the call is there and says nothing."""

    def __init__(self, worker: OurWorker, clip: Clip, senders: int) -> None:
        self.worker = worker
        people = [Participant(clip) for _ in range(max(senders, 2))]
        self.senders = people[:senders]
        self.people = people
        self.calls = {f"call-{n}-{secrets.token_hex(3)}": people[2 * n : 2 * n + 2] for n in range(len(people) // 2)}

    async def connect(self) -> None:
        """Bring all in, a few at once."""
        free = asyncio.Semaphore(_AT_ONCE)

        async def one(call: str, citizen: Participant, informer: Participant) -> None:
            async with free:
                await self.worker.join(call, citizen, informer)
                citizen.listens_to(informer)
                informer.listens_to(citizen)

        await asyncio.gather(*[one(call, *pair) for call, pair in self.calls.items()])

    async def record(self) -> dict[str, str]:
        """Admit the recorder to every call, one after the other within a second; gives each call's recording."""
        recordings = {call: f"{call}-{secrets.token_hex(2)}" for call in self.calls}
        opened = []
        for call, name in recordings.items():
            opened.append(asyncio.ensure_future(self.worker.record(call, name)))
            await asyncio.sleep(_RAMP / len(recordings))
        await asyncio.gather(*opened)
        return recordings

    async def stop_recording(self, recordings: dict[str, str]) -> list[PartClosed]:
        """The recorder leaves every call."""
        return await asyncio.gather(*[self.worker.stop_recording(call, name) for call, name in recordings.items()])

    async def close(self) -> None:
        """Everybody leaves."""
        for person in self.people:
            with contextlib.suppress(ConnectionError):
                await person.close()
