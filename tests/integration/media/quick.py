"""Many short calls of people who only speak: connected in a moment, with nothing to encode but silence."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiortc import AudioStreamTrack, RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from tests.fakes.plain_vault import PlainVault
from tests.integration.media.talk import Reports
from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.domain.people import Side
from videoattention.services.media import (
    CloseCall,
    Describe,
    Described,
    DescriptionKind,
    Join,
    LegChanged,
    MediaRefused,
    Negotiate,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from videoattention.services.media import Report


class Speaker:
    """One side of one call."""

    def __init__(self, plane: MediaPlane, call: str, side: Side) -> None:
        self._plane, self._call, self._side = plane, call, side
        configuration = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self.connection = RTCPeerConnection(configuration)
        self.heard = 0
        self.connection.add_listener("track", self._listen)
        self._listening: list[asyncio.Task[None]] = []
        self._epoch = 0

    async def told(self, report: Negotiate | Described) -> None:
        """What the worker told this side's page."""
        self._epoch = report.epoch
        if isinstance(report, Negotiate):
            if report.offers:
                self.connection.addTrack(AudioStreamTrack())
                await self._describe(await self.connection.createOffer(), DescriptionKind.OFFER)
            return
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=report.sdp, type=report.kind))
        if report.kind is DescriptionKind.OFFER:
            self.connection.addTrack(AudioStreamTrack())
            await self._describe(await self.connection.createAnswer(), DescriptionKind.ANSWER)

    async def _describe(self, description: RTCSessionDescription, kind: DescriptionKind) -> None:
        await self.connection.setLocalDescription(description)
        sdp = self.connection.localDescription.sdp
        await self._plane.obey(Describe(self._call, self._side, f"{self._side}-1", self._epoch, kind, sdp))

    def _listen(self, track: object) -> None:
        self._listening.append(asyncio.create_task(self._count(track)))

    async def _count(self, track: object) -> None:
        while True:
            await track.recv()  # type: ignore[attr-defined]
            self.heard += 1

    async def close(self) -> None:
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)
        await self.connection.close()


class QuickCalls:
    """A plane, and whoever joins it."""

    def __init__(self, plane: MediaPlane, reports: Reports) -> None:
        self.plane, self.reports = plane, reports
        self._people: dict[tuple[str, Side], Speaker] = {}
        self._following: set[asyncio.Task[None]] = set()
        reports.react = self._react

    @property
    def ufrags(self) -> list[str]:
        """The worker's halves of the ICE credentials: whoever is on the way can read them in any check."""
        lines = [line for report in self.reports.of(Described) for line in report.sdp.splitlines()]
        return [line.partition(":")[2] for line in lines if line.startswith("a=ice-ufrag:")]

    @asynccontextmanager
    async def call(self, name: str, *, within: float = 20) -> AsyncIterator[tuple[Speaker, Speaker]]:
        """Both sides are connected; raises `TimeoutError` when they do not come to be."""
        people = {side: Speaker(self.plane, name, side) for side in Side}
        self._people.update({(name, side): person for side, person in people.items()})
        try:
            for side in Side:
                await self.plane.obey(Join(name, side, f"{side}-1"))
            for side in Side:
                await self.reports.wait(LegChanged, _up(name, side), within=within)
            yield people[Side.CITIZEN], people[Side.INFORMER]
        finally:
            await asyncio.gather(*self._following, return_exceptions=True)
            await asyncio.gather(*(person.close() for person in people.values()))
            await self.plane.obey(CloseCall(name))

    def _react(self, report: Report) -> None:
        if isinstance(report, Negotiate | Described):
            task = asyncio.create_task(self._people[report.call, report.side].told(report))
            self._following.add(task)
            task.add_done_callback(self._following.discard)
        assert not isinstance(report, MediaRefused), report


def _up(call: str, side: Side) -> Callable[[LegChanged], bool]:
    return lambda r: (r.call, r.side, r.connected) == (call, side, True)


@asynccontextmanager
async def quick_calls(folder: Path, host: str = "127.0.0.1") -> AsyncIterator[QuickCalls]:
    reports = Reports()
    settings = MediaSettings(host=host)
    async with MediaPlane(settings, vault=PlainVault(folder), tell=reports, wall=time.time) as plane:
        yield QuickCalls(plane, reports)
