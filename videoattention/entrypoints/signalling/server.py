"""The Socket.IO server: its limits, its namespaces, and how a session's sockets are ended."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import socketio

from videoattention.entrypoints.signalling import protocol, rooms
from videoattention.entrypoints.signalling.channel import WORKERS, Channel
from videoattention.entrypoints.signalling.messages import to_wire
from videoattention.entrypoints.signalling.threshold import Bounds, Threshold
from videoattention.entrypoints.signalling.wire import Json, TextFrames, TextPacket
from videoattention.entrypoints.visitors import CITIZEN, STAFF

if TYPE_CHECKING:
    from videoattention.entrypoints.signalling.citizen import CitizenAttendant
    from videoattention.entrypoints.signalling.desk import DeskAttendant
    from videoattention.entrypoints.signalling.live import LiveCalls
    from videoattention.entrypoints.signalling.workers import WorkerAttendant

LARGEST_FRAME = 1_000_000
"""Bytes that the transport takes: more than a message may have, so that one too large is refused in words."""

BOUNDS = Bounds()


def new_server(public_url: str, bounds: Bounds = BOUNDS) -> socketio.AsyncServer:
    """A server for the pages of this service only; messages of one peer are handled in order."""
    server = socketio.AsyncServer(
        async_mode="aiohttp",
        serializer=TextPacket,
        json=Json,
        # named, because the library would let anybody into its namespace "/" as well
        namespaces=[rooms.CITIZEN, rooms.DESK, rooms.WORKER],
        async_handlers=False,
        cors_allowed_origins=[public_url],
        max_http_buffer_size=LARGEST_FRAME,
        ping_interval=5,
        ping_timeout=10,
        http_compression=False,
        # loggers without handlers of their own: what the libraries say is written as all else is
        logger=logging.getLogger("socketio.server"),
        engineio_logger=logging.getLogger("engineio.server"),
    )
    # the library offers no place for this; a test fails when it moves
    server.eio._async = {**server.eio._async, "websocket": TextFrames}  # noqa: SLF001
    Threshold(server, bounds)
    return server


def register(
    server: socketio.AsyncServer, citizens: CitizenAttendant, *, desks: DeskAttendant, workers: WorkerAttendant
) -> None:
    """Open the three namespaces; any other is refused by the library."""
    server.register_namespace(Channel(rooms.CITIZEN, protocol.CITIZEN_MESSAGES, citizens, cookie=CITIZEN))
    server.register_namespace(Channel(rooms.DESK, protocol.DESK_MESSAGES, desks, cookie=STAFF))
    server.register_namespace(Channel(rooms.WORKER, protocol.WORKER_MESSAGES, workers, pace=WORKERS))


class Sockets:
    """The live connections of browser sessions."""

    def __init__(self, server: socketio.AsyncServer, live: LiveCalls) -> None:
        self._server = server
        self._live = live

    async def close_session(self, key: str, cause: str) -> None:
        """End the session's sound and picture, tell its pages, then disconnect them."""
        await self._live.leave(key)
        name, payload = to_wire(protocol.SessionEnded(cause))
        for namespace in (rooms.CITIZEN, rooms.DESK):
            room = rooms.of_session(key)
            await self._server.emit(name, payload, room=room, namespace=namespace)
            for sid, _ in list(self._server.manager.get_participants(namespace, room)):
                await self._server.disconnect(sid, namespace=namespace)

    async def let_go_of_ended(self) -> None:
        """Look whether the session of every page still holds; one that ran out takes its pages with it."""
        for namespace in (rooms.CITIZEN, rooms.DESK):
            await self._server.namespace_handlers[namespace].let_go_of_ended()
