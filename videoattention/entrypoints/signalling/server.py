"""The Socket.IO server: its limits, its namespaces, and how a session's sockets are ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import socketio

from videoattention.entrypoints.signalling import protocol, rooms
from videoattention.entrypoints.signalling.channel import Channel
from videoattention.entrypoints.signalling.messages import to_wire

if TYPE_CHECKING:
    from videoattention.entrypoints.signalling.citizen import CitizenAttendant
    from videoattention.entrypoints.signalling.desk import DeskAttendant
    from videoattention.entrypoints.signalling.workers import WorkerAttendant

LARGEST_FRAME = 1_000_000
"""Bytes that the transport takes: more than a message may have, so that one too large is refused in words."""


def new_server(public_url: str) -> socketio.AsyncServer:
    """A server for the pages of this service only; messages of one peer are handled in order."""
    return socketio.AsyncServer(
        async_mode="aiohttp",
        async_handlers=False,
        cors_allowed_origins=[public_url],
        max_http_buffer_size=LARGEST_FRAME,
        ping_interval=5,
        ping_timeout=10,
        http_compression=False,
        logger=False,
        engineio_logger=False,
    )


def register(
    server: socketio.AsyncServer, citizens: CitizenAttendant, *, desks: DeskAttendant, workers: WorkerAttendant
) -> None:
    """Open the three namespaces; any other is refused by the library."""
    server.register_namespace(Channel(rooms.CITIZEN, protocol.CITIZEN_MESSAGES, citizens))
    server.register_namespace(Channel(rooms.DESK, protocol.DESK_MESSAGES, desks))
    server.register_namespace(Channel(rooms.WORKER, protocol.WORKER_MESSAGES, workers))


class Sockets:
    """The live connections of browser sessions."""

    def __init__(self, server: socketio.AsyncServer) -> None:
        self._server = server

    async def close_session(self, key: str, cause: str) -> None:
        """Tell the session's pages, then disconnect them."""
        name, payload = to_wire(protocol.SessionEnded(cause))
        for namespace in (rooms.CITIZEN, rooms.DESK):
            room = rooms.of_session(key)
            await self._server.emit(name, payload, room=room, namespace=namespace)
            for sid, _ in list(self._server.manager.get_participants(namespace, room)):
                await self._server.disconnect(sid, namespace=namespace)
