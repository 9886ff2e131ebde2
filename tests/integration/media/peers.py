"""People made of aiortc."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import av
from aiortc import (
    AudioStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)

from videoattention.services.media import Describe, Described, DescriptionKind, Negotiate

if TYPE_CHECKING:
    from videoattention.adapters.media.plane import MediaPlane
    from videoattention.domain.people import Side


class AiortcPerson:
    """A page's side of the protocol, with aiortc in place of a browser."""

    def __init__(self, plane: MediaPlane, side: Side) -> None:
        self.plane, self.side, self.peer = plane, side, f"{side}-1"
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
