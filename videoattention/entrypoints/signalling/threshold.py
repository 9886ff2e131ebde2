"""Connections that have not yet said whose they are: few of them, and not for long.

A connection of Engine.IO costs memory, a task and a ping before anybody is let into a namespace. Who is let into one is
counted here no more.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import structlog

from videoattention.entrypoints.http.crowd import client_address

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    import socketio

_log = structlog.get_logger()

REFUSED: Final = "too_many"
"""What a connection that finds no room is told, as JSON with status 401; the library's client tries again later."""

_ADMITTED: Final = "videoattention.admitted"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Connections that wait for being let in: of one address, in all, and the seconds that each has.

    Generous for one address: after a restart all pages of a town hall come back from the same one, each for a moment.
    """

    of_address: int = 100
    in_all: int = 2_000
    within: float = 5.0


class Threshold:
    """Stands before the server's own handlers of connections."""

    def __init__(self, server: socketio.AsyncServer, bounds: Bounds) -> None:
        self._server = server
        self._bounds = bounds
        self._waiting: dict[str, str] = {}
        self._of_address: Counter[str] = Counter()
        self._connect = server.eio.handlers["connect"]
        self._disconnect = server.eio.handlers["disconnect"]
        server.eio.on("connect", self._connected)
        server.eio.on("disconnect", self._disconnected)

    async def _connected(self, eio_sid: str, environ: MutableMapping[str, Any]) -> object:
        address = client_address(environ["aiohttp.request"])
        if self._of_address[address] >= self._bounds.of_address or len(self._waiting) >= self._bounds.in_all:
            _log.warning("connection_refused", code=REFUSED, waiting=len(self._waiting))
            return REFUSED
        self._waiting[eio_sid] = address
        self._of_address[address] += 1
        environ[_ADMITTED] = lambda: self._forget(eio_sid)
        asyncio.get_running_loop().call_later(self._bounds.within, self._expire, eio_sid, environ)
        return await self._connect(eio_sid, environ)

    async def _disconnected(self, eio_sid: str, reason: str) -> None:
        self._forget(eio_sid)
        await self._disconnect(eio_sid, reason)

    def _forget(self, eio_sid: str) -> None:
        address = self._waiting.pop(eio_sid, None)
        if address is None:
            return
        self._of_address[address] -= 1
        if not self._of_address[address]:
            del self._of_address[address]

    def _expire(self, eio_sid: str, environ: MutableMapping[str, Any]) -> None:
        if eio_sid in self._waiting:
            _log.info("connection_ended_unadmitted")
            self._server.start_background_task(self._end, eio_sid, environ)

    async def _end(self, eio_sid: str, environ: MutableMapping[str, Any]) -> None:
        """Without a good-bye that somebody silent would never take."""
        socket = self._server.eio.sockets.pop(eio_sid, None)
        if socket is None:
            self._forget(eio_sid)
            return
        await socket.close(wait=False, abort=True, reason=self._server.eio.reason.SERVER_DISCONNECT)
        transport = environ["aiohttp.request"].transport
        if transport is not None and socket.upgraded:
            transport.abort()


def admitted(environ: MutableMapping[str, Any]) -> None:
    """Somebody was let into a namespace of this connection; it waits no more."""
    environ.get(_ADMITTED, _nothing)()


def _nothing() -> None:
    return
