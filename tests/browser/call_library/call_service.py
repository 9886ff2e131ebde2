"""The small service with a real switchboard and real media workers, which can be started and killed."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from typing import TYPE_CHECKING

from tests.browser.call_library.service import DONE, Answer, Payload, Service
from tests.fakes.plain_vault import PlainVault
from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.domain.people import Side
from videoattention.services import media
from videoattention.services.sending import Sending
from videoattention.services.switchboard import Switchboard

if TYPE_CHECKING:
    from pathlib import Path

SIDES = {"/citizen": Side.CITIZEN, "/desk": Side.INFORMER}
NAMESPACES = {side: namespace for namespace, side in SIDES.items()}


class NoRecorder:
    """Nothing is recorded here."""

    def both_connected(self, call: str) -> None: ...

    def reported(self, report: object) -> None: ...

    def kept(self, call: str) -> None: ...

    def worker_lost(self, call: str) -> None: ...


class CallService(Service):
    """Pages join and negotiate as in the product. Use `start_worker` first; `close` at the end."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._board = Switchboard(self, self, NoRecorder())
        self._workers: dict[str, MediaPlane] = {}
        self._dead: list[MediaPlane] = []
        self._reports: asyncio.Queue[tuple[str, media.Report]] = asyncio.Queue()
        self._following = asyncio.create_task(self._follow())

    async def start_worker(self, name: str) -> None:
        def tell(report: media.Report) -> None:
            self._reports.put_nowait((name, report))

        # Firefox does not go to the loopback address: the worker picks one as in the product
        plane = MediaPlane(MediaSettings(), vault=PlainVault(self._folder), tell=tell, wall=time.time)
        plane.start()
        self._workers[name] = plane
        await self._board.worker_ready(name, ())

    async def kill_worker(self, name: str) -> None:
        """It answers nothing any more, and says no good-bye."""
        plane = self._workers.pop(name)
        asyncio.get_running_loop().remove_reader(plane._port._socket)
        self._dead.append(plane)
        await self._board.worker_gone(name)

    async def close(self) -> None:
        self._following.cancel()
        await asyncio.gather(self._following, return_exceptions=True)
        for plane in (*self._workers.values(), *self._dead):
            await plane.stop()

    async def reply(self, namespace: str, name: str, payload: Payload) -> Answer:
        if name == "join_media":
            joined = await self._board.join(media.Join(payload["attention"], SIDES[namespace], payload["peer"]))
            return DONE if joined else {"ok": False, "code": "no_worker"}
        if name == "tell_sending":
            sending = Sending(payload["camera"], payload["microphone"])
            told = await self._board.tell_sending(payload["attention"], SIDES[namespace], sending)
            return DONE if told else {"ok": False, "code": "no_worker"}
        if name == "describe_media":
            kind = media.DescriptionKind(payload.pop("kind"))
            call, side = payload.pop("attention"), SIDES[namespace]
            await self._board.describe(media.Describe(call=call, side=side, kind=kind, **payload))
        return DONE

    # --- the switchboard's links --------------------------------------------------------------------------------------

    async def send(self, worker: str, order: media.Order | media.Drain) -> None:
        if worker in self._workers and not isinstance(order, media.Drain):
            await self._workers[worker].obey(order)

    async def negotiate(self, report: media.Negotiate) -> None:
        await self._push_report("negotiate", report)

    async def described(self, report: media.Described) -> None:
        await self._push_report("media_described", report)

    async def refused(self, report: media.MediaRefused) -> None:
        await self._push_report("description_refused", report)

    async def media_lost(self, call: str) -> None:
        for namespace in SIDES:
            await self.push("media_lost", {"attention": call}, namespace=namespace)

    async def other_side(self, call: str, to: Side, *, connected: bool) -> None:
        await self.push("other_side", {"attention": call, "connected": connected}, namespace=NAMESPACES[to])

    async def other_sends(self, call: str, to: Side, sending: Sending) -> None:
        push = {"attention": call, "camera": sending.camera, "microphone": sending.microphone}
        await self.push("other_sends", push, namespace=NAMESPACES[to])

    async def _push_report(self, name: str, report: media.Negotiate | media.Described | media.MediaRefused) -> None:
        payload = dataclasses.asdict(report)
        payload["attention"] = payload.pop("call")
        await self.push(name, payload, namespace=NAMESPACES[payload.pop("side")])

    async def _follow(self) -> None:
        while True:
            worker, report = await self._reports.get()
            await self._board.report(worker, report)
