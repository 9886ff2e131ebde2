"""Two aiortc people who talk through a media plane of the same process."""

from __future__ import annotations

import asyncio
import base64
import time
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import av
from aiortc import (
    AudioStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)

from tests.fakes.plain_vault import PlainVault
from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.domain.people import Side
from videoattention.services.media import (
    ConsentProof,
    Describe,
    Described,
    DescriptionKind,
    Join,
    Negotiate,
    Record,
    Report,
    Track,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

R = TypeVar("R")

CONSENT = ConsentProof("consent-1", 7, "ab" * 32)


class Reports:
    """Everything the plane told, to look at and to wait for."""

    def __init__(self) -> None:
        self.all: list[Report] = []
        self._more = asyncio.Event()
        self.react: Callable[[Report], None] = lambda _: None

    def __call__(self, report: Report) -> None:
        self.all.append(report)
        self._more.set()
        self.react(report)

    def of(self, kind: type[R]) -> list[R]:
        return [report for report in self.all if isinstance(report, kind)]

    async def wait(self, kind: type[R], holds: Callable[[R], bool] = lambda _: True, *, within: float = 15) -> R:
        async with asyncio.timeout(within):
            while True:
                found = [report for report in self.of(kind) if holds(report)]
                if found:
                    return found[0]
                self._more.clear()
                await self._more.wait()


class Person:
    """A page's side of the protocol, with aiortc in place of a browser."""

    def __init__(self, plane: MediaPlane, side: Side, peer: str) -> None:
        self.plane, self.side, self.peer = plane, side, peer
        self.connection: RTCPeerConnection | None = None
        self.received = {"audio": 0, "video": 0}
        self.counted = asyncio.Event()
        self.sizes: set[tuple[int, int]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self.epoch = 0

    async def negotiate(self, order: Negotiate) -> None:
        await self.close()
        configuration = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self.connection = connection = RTCPeerConnection(configuration)
        self.epoch = order.epoch
        connection.add_listener("track", self._consume)
        if order.offers:
            connection.addTrack(AudioStreamTrack())
            connection.addTrack(VideoStreamTrack())
            await connection.setLocalDescription(await connection.createOffer())
            await self._describe(DescriptionKind.OFFER)

    async def described(self, report: Described) -> None:
        connection = self.connection
        assert connection is not None
        await connection.setRemoteDescription(RTCSessionDescription(sdp=report.sdp, type=report.kind))
        if report.kind is DescriptionKind.OFFER:
            connection.addTrack(AudioStreamTrack())
            connection.addTrack(VideoStreamTrack())
            await connection.setLocalDescription(await connection.createAnswer())
            await self._describe(DescriptionKind.ANSWER)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self.connection is not None:
            await self.connection.close()

    async def _describe(self, kind: DescriptionKind) -> None:
        assert self.connection is not None
        sdp = self.connection.localDescription.sdp
        await self.plane.obey(Describe("call", self.side, self.peer, self.epoch, kind, sdp))

    def _consume(self, track: object) -> None:
        self._tasks.append(asyncio.create_task(self._count(track)))

    async def _count(self, track: object) -> None:
        while True:
            frame = await track.recv()  # type: ignore[attr-defined]
            self.received["video" if isinstance(frame, av.VideoFrame) else "audio"] += 1
            self.counted.set()


class Conversation:
    """A plane with a citizen and an informer in ``call``, who follow what it tells them."""

    def __init__(self, plane: MediaPlane, reports: Reports, vault: PlainVault) -> None:
        self.plane, self.reports, self.vault = plane, reports, vault
        self.people = {side: Person(plane, side, f"{side}-1") for side in Side}
        self._frame = asyncio.Event()
        for person in self.people.values():
            person.counted = self._frame
        self._queue: asyncio.Queue[Report] = asyncio.Queue()
        reports.react = self._queue.put_nowait
        self._task = asyncio.create_task(self._follow())

    async def join(self) -> None:
        for side in Side:
            await self.plane.obey(Join("call", side, self.people[side].peer))

    async def heard(self, packets: int = 5, *, within: float = 20) -> None:
        """Wait until both have decoded some sound and pictures more."""
        goals = {(p, kind): p.received[kind] + packets for p in self.people.values() for kind in p.received}
        async with asyncio.timeout(within):
            while any(person.received[kind] < goal for (person, kind), goal in goals.items()):
                self._frame.clear()
                await self._frame.wait()

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        for person in self.people.values():
            await person.close()

    async def _follow(self) -> None:
        while True:
            report = await self._queue.get()
            if isinstance(report, Negotiate):
                await self.people[report.side].negotiate(report)
            elif isinstance(report, Described):
                await self.people[report.side].described(report)


@asynccontextmanager
async def conversation(folder: Path) -> AsyncIterator[Conversation]:
    reports, vault = Reports(), PlainVault(folder)
    async with MediaPlane(MediaSettings(), vault=vault, tell=reports, wall=time.time) as plane:
        talk = Conversation(plane, reports, vault)
        try:
            yield talk
        finally:
            await talk.close()


def record(part: int = 1, *, consent: ConsentProof = CONSENT, start: float | None = None) -> Record:
    keys = {track: base64.b64encode(bytes([n]) * 32).decode() for n, track in enumerate(Track)}
    return Record("call", "org", "rec", part, time.time() if start is None else start, consent, keys)


def decoded(path: Path) -> list[Fraction]:
    """The times of every frame of a file; fails if one cannot be decoded."""
    with av.open(str(path)) as file:
        return [Fraction(f.pts) * f.time_base for f in file.decode(file.streams[0]) if f.pts is not None]
