"""What may come over the wire at all, decided before the Socket.IO library acts on it.

The library trusts what it decodes: an event that is called ``disconnect`` runs its own handler of that name, binary
attachments are gathered without a bound, and what cannot be decoded is never answered. Here everything that is not a
plain event of text becomes an event that is named `UNREADABLE`, which is refused and acknowledged like any other.
"""

from __future__ import annotations

import json
from typing import Any, Final

from engineio.async_drivers.aiohttp import WebSocket
from socketio import packet

UNREADABLE: Final = ""
"""The name under which an event arrives that cannot be read."""

TOO_LARGE: Final = "\0"
"""The name under which an event arrives that is not worth reading, for no message is as long."""

LARGEST_TEXT: Final = 131_072
"""Characters of JSON that are read at all: twice what a message may have, for letters can be written as escapes."""

_RESERVED: Final = frozenset({"connect", "connect_error", "disconnect"})
_KINDS: Final = frozenset("0123456")


class TooLarge(ValueError):
    """Longer than anything that is read; reading it would hold everybody up."""


class Json:
    """The JSON of both libraries; it raises nothing but `ValueError`, also for what is nested too deep to be read."""

    @staticmethod
    def loads(text: str, **options: Any) -> Any:  # noqa: ANN401 - the library's interface
        """Read it; raises `TooLarge` without having looked."""
        if len(text) > LARGEST_TEXT:
            raise TooLarge("too large")
        try:
            return json.loads(text, **options)
        except RecursionError:
            raise ValueError("nested too deep") from None

    @staticmethod
    def dumps(value: object, **options: Any) -> str:  # noqa: ANN401 - the library's interface
        """Write it."""
        return json.dumps(value, **options)


class TextPacket(packet.Packet):  # type: ignore[misc]  # the library has no types
    """A packet of Socket.IO without attachments, whose events have a name."""

    json = Json
    packet_type: int
    data: Any

    def __init__(self, *given: Any, encoded_packet: object = None, **named: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(*given, **named)
        if encoded_packet is not None:  # the library takes an empty one for none at all
            self.decode(encoded_packet)

    def decode(self, encoded_packet: object) -> int:
        """Read what came; never raises and never waits for an attachment."""
        fault = self._fault(encoded_packet)
        if self.packet_type in {packet.CONNECT, packet.DISCONNECT, packet.ACK}:
            self.data = self.data if fault is None else None
        elif fault is not None or self.packet_type != packet.EVENT or not _is_event(self.data):
            self.packet_type, self.data = packet.EVENT, [fault or UNREADABLE]
        return 0

    def _fault(self, encoded_packet: object) -> str | None:
        if not isinstance(encoded_packet, str):
            return UNREADABLE
        try:
            super().decode(encoded_packet)
        except TooLarge:
            return TOO_LARGE
        except (ValueError, TypeError):
            return UNREADABLE
        return None


def _is_event(data: object) -> bool:
    return isinstance(data, list) and bool(data) and isinstance(data[0], str) and data[0] not in _RESERVED


class TextFrames(WebSocket):  # type: ignore[misc]  # the library has no types
    """A WebSocket of Engine.IO; a frame that is none of its packets ends the connection, as the library would not."""

    async def wait(self) -> str | bytes:
        """The next frame; raises `OSError` at the end of the connection."""
        frame: str | bytes = await super().wait()
        if isinstance(frame, str) and frame[:1] not in _KINDS:
            raise OSError("not a packet of Engine.IO")
        return frame
