"""The media workers' side: each proves the shared secret, then takes orders and reports."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from hmac import compare_digest
from typing import TYPE_CHECKING

import structlog

from videoattention.entrypoints.signalling import rooms
from videoattention.entrypoints.signalling.messages import to_wire
from videoattention.entrypoints.signalling.protocol import WorkerReady
from videoattention.services.copies_elsewhere import CopiesTold
from videoattention.services.media import StillHere, WorkerLoad

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import socketio
    from aiohttp import web

    from videoattention.services.copies_elsewhere import CopiesElsewhere
    from videoattention.services.media import Drain, Order, Report
    from videoattention.services.switchboard import Switchboard

_log = structlog.get_logger()

STILL_HERE_EVERY = 1.0
"""Seconds between two words that the service is there."""


@dataclass(frozen=True, slots=True)
class WorkerPeer:
    """One connected worker; its name is its connection's, which nobody else can take."""

    sid: str


class Workers:
    """The way to the workers (`videoattention.services.switchboard.WorkerLink`).

    ``pause``: lets so many seconds pass.
    """

    def __init__(
        self, server: socketio.AsyncServer, *, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._server = server
        self._pause = pause

    async def send(self, worker: str, order: Order | Drain) -> None:
        """Pass an order on."""
        name, payload = to_wire(order)
        await self._server.emit(name, payload, to=worker, namespace=rooms.WORKER)

    async def run(self) -> None:
        """Tell every worker that the service is there, until cancelled: a silent one can tell of no withdrawal."""
        name, payload = to_wire(StillHere())
        while True:
            try:
                await self._server.emit(name, payload, namespace=rooms.WORKER)
            except Exception:  # noqa: BLE001 - whatever one connection does, the others must hear of the service
                _log.exception("still_here_failed")
            await self._pause(STILL_HERE_EVERY)


class WorkerAttendant:
    """Answers on ``/media``."""

    def __init__(self, secret: str, switchboard: Switchboard, copies: CopiesElsewhere) -> None:
        self._secret = secret
        self._switchboard = switchboard
        self._copies = copies

    async def admit(self, sid: str, _: web.Request, auth: Mapping[str, object]) -> WorkerPeer | None:
        """A worker that knows the secret."""
        said = auth.get("secret")
        if not isinstance(said, str) or not _is_same(said, self._secret):
            _log.warning("worker_refused")
            return None
        return WorkerPeer(sid)

    async def arrived(self, peer: WorkerPeer) -> None:
        """It offers itself with `WorkerReady`, and tells of its folder with `CopiesTold`."""
        self._copies.joined(peer.sid)

    async def gone(self, peer: WorkerPeer) -> None:
        """Its calls go to another."""
        _log.info("worker_gone", worker=peer.sid)
        self._copies.gone(peer.sid)
        await self._switchboard.worker_gone(peer.sid)

    async def holds(self, _: WorkerPeer) -> bool:
        """The secret does not change while the service runs."""
        return True

    async def heard(self, peer: WorkerPeer, message: object) -> Mapping[str, object] | None:
        """Take note of what it says."""
        if isinstance(message, WorkerReady):
            _log.info("worker_ready", worker=peer.sid, name=message.worker, calls=len(message.calls))
            await self._switchboard.worker_ready(
                peer.sid, message.calls, name=message.worker, capacity=message.capacity
            )
            return None
        if isinstance(message, WorkerLoad):
            await self._switchboard.worker_load(peer.sid, message)
            return None
        if isinstance(message, CopiesTold):
            self._copies.told(peer.sid, message)
            return None
        report: Report = message  # type: ignore[assignment]  # the vocabulary has nothing else
        await self._switchboard.report(peer.sid, report)
        return None


def _is_same(said: str, secret: str) -> bool:
    """Whether somebody said the secret; JSON can bring what is no text at all."""
    return compare_digest(said.encode(errors="surrogatepass"), secret.encode())
