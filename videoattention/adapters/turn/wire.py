"""One connection to a TURN server (RFC 8656), and single questions over it.

The only module of this package that touches aioice, whose version is pinned exactly: its client asks for IPv4 only and
keeps allocations alive by itself, which a probe must not; what it knows of messages, passwords and the three
transports is used as it is.
"""

from __future__ import annotations

import asyncio
import ssl
import struct
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from aioice import stun, turn

from videoattention.services.turn import Transport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from videoattention.services.turn import Password, TurnServer

GRANTED: Final = 0
SILENT: Final = -1
WITHIN: Final = 4.0
"""Seconds in which an answer must come."""

_FAMILIES: Final = {4: 0x01000000, 6: 0x02000000}
_RELAYS: Final = {"udp": 0x11000000, "tcp": 0x06000000}
_PORT: Final = 50000  # of the addresses asked about: a permission is of an address, and nothing is sent there
_FIRST_CHANNEL: Final = 0x4000

# RFC 8656, section 18.6; aioice does not know it
stun.ATTRIBUTES_BY_NAME.setdefault(
    "REQUESTED-ADDRESS-FAMILY",
    (0x0017, "REQUESTED-ADDRESS-FAMILY", lambda family: struct.pack("!I", family), lambda _: None),
)


class TurnLine:
    """A connection to a TURN server. Answers are `GRANTED`, `SILENT`, or the error's number (RFC 8656, section 19)."""

    def __init__(self, client: turn.TurnClientProtocol) -> None:
        self._client = client
        self._channel = _FIRST_CHANNEL
        self._allocated = False

    async def allocate(self, *, family: int = 4, relays: str = "udp") -> int:
        """Ask for a relay of IPv4 or IPv6 (``family`` 4 or 6), for datagrams (``udp``) or connections (``tcp``)."""
        wanted = {"REQUESTED-TRANSPORT": _RELAYS[relays], "REQUESTED-ADDRESS-FAMILY": _FAMILIES[family]}
        answer = await self._ask(stun.Method.ALLOCATE, wanted)
        self._allocated = self._allocated or answer == GRANTED
        return answer

    async def permits(self, address: str) -> bool:
        """Whether it would relay to an address, by a permission or by a channel.

        Raises `TimeoutError` when it does not say: silence is no refusal.
        """
        permission = await self._ask(stun.Method.CREATE_PERMISSION, {"XOR-PEER-ADDRESS": (address, _PORT)})
        self._channel += 1
        words = {"CHANNEL-NUMBER": self._channel, "XOR-PEER-ADDRESS": (address, _PORT)}
        answers = (permission, await self._ask(stun.Method.CHANNEL_BIND, words))
        if GRANTED not in answers and SILENT in answers:
            raise TimeoutError
        return GRANTED in answers

    async def refresh(self, *, seconds: int = 600) -> int:
        """Ask to keep the relay for so long; 0 gives it back."""
        return await self._ask(stun.Method.REFRESH, {"LIFETIME": seconds})

    async def close(self) -> None:
        """Give the relay back, and end the connection."""
        try:
            if self._allocated:
                await self.refresh(seconds=0)
        finally:
            self._client.transport.abort()

    async def _ask(self, method: stun.Method, words: dict[str, Any]) -> int:
        request = stun.Message(message_method=method, message_class=stun.Class.REQUEST, attributes=words)
        try:
            async with asyncio.timeout(WITHIN):
                await self._client.request_with_retry(request)
        except stun.TransactionFailed as failed:
            return failed.response.error_code or SILENT
        except (stun.TransactionError, TimeoutError):
            return SILENT
        return GRANTED


@asynccontextmanager
async def line_to(server: TurnServer, opens: Password | None) -> AsyncIterator[TurnLine]:
    """Connect, with a password or as nobody; raises `OSError` where nothing can be reached, or TLS is not believed."""
    line = TurnLine(await _connect(server, opens))
    try:
        yield line
    finally:
        with suppress(OSError):
            await line.close()


async def _connect(server: TurnServer, opens: Password | None) -> turn.TurnClientProtocol:
    loop = asyncio.get_running_loop()
    where = (server.host, server.port)
    async with asyncio.timeout(WITHIN):
        if server.transport is Transport.UDP:
            _, datagrams = await loop.create_datagram_endpoint(
                lambda: turn.TurnClientUdpProtocol(where, *_words(opens)), remote_addr=where
            )
            return datagrams
        tls = ssl.create_default_context() if server.transport is Transport.TLS else None
        _, stream = await loop.create_connection(
            lambda: turn.TurnClientTcpProtocol(where, *_words(opens)), *where, ssl=tls
        )
        return stream


def _words(opens: Password | None) -> tuple[str | None, str | None, int, int]:
    """What aioice's clients take besides the server: name, password, and two durations that a probe does not use."""
    durations = turn.DEFAULT_ALLOCATION_LIFETIME, turn.DEFAULT_CHANNEL_REFRESH_TIME
    return (opens.username, opens.password, *durations) if opens else (None, None, *durations)
