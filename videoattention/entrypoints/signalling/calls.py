"""The way to the two pages of a call (`videoattention.services.switchboard.PageLink`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.people import Side
from videoattention.entrypoints.signalling import protocol, rooms
from videoattention.entrypoints.signalling.messages import to_wire

if TYPE_CHECKING:
    import socketio

    from videoattention.services import media
    from videoattention.services.sending import Sending
    from videoattention.services.turn import TurnPasses


class CallPages:
    """Both sides of a call are told in the room of its attention, each in its own namespace."""

    def __init__(self, server: socketio.AsyncServer, turn: TurnPasses) -> None:
        self._server = server
        self._turn = turn

    async def negotiate(self, report: media.Negotiate) -> None:
        """Tell a page to make a connection, and what opens the relays for it."""
        servers = self._turn.of(report.call, report.side)
        message = protocol.Negotiate(report.call, report.peer, report.epoch, report.offers, servers)
        await self._tell(report.call, report.side, message)

    async def described(self, report: media.Described) -> None:
        """Give a page the other side's description."""
        message = protocol.MediaDescribed(report.call, report.peer, report.epoch, report.kind.value, report.sdp)
        await self._tell(report.call, report.side, message)

    async def refused(self, report: media.MediaRefused) -> None:
        """Tell a page that its description was refused, and why."""
        message = protocol.DescriptionRefused(report.call, report.peer, report.epoch, report.code)
        await self._tell(report.call, report.side, message)

    async def media_lost(self, call: str) -> None:
        """Tell both pages to join again."""
        for side in Side:
            await self._tell(call, side, protocol.MediaLost(call))

    async def other_side(self, call: str, to: Side, *, connected: bool) -> None:
        """Tell a page whether the other person's media reaches the service."""
        await self._tell(call, to, protocol.OtherSide(call, connected))

    async def other_sends(self, call: str, to: Side, sending: Sending) -> None:
        """Tell a page what the other person's page says that it sends."""
        await self._tell(call, to, protocol.OtherSends(call, sending.camera, sending.microphone))

    async def _tell(self, call: str, side: Side, message: object) -> None:
        name, payload = to_wire(message)
        namespace = rooms.CITIZEN if side is Side.CITIZEN else rooms.DESK
        await self._server.emit(name, payload, room=rooms.of_attention(call), namespace=namespace)
