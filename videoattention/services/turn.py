"""The TURN servers that pages may come through, and the passwords that open them for ten minutes.

The password is the one of "A REST API For Access To TURN Services" (draft-uberti-behave-turn-rest-00), which coturn
checks under ``use-auth-secret``: the name begins with the time until which it holds, and whoever knows the shared
secret can compute the password from the name. The TURN server and the service need not talk to each other.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from videoattention.domain.people import Side
    from videoattention.services.ports import Clock

HOLDS = timedelta(minutes=10)
"""How long a password opens a new way; one that is open by then stays so (docs/decisions/0015-turn.md)."""

_URL = re.compile(
    r"(?P<scheme>turns?):(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?)"
    r"(?::(?P<port>[0-9]{1,5}))?(?:\?transport=(?P<transport>udp|tcp))?",
)
_LAST_PORT = 65535


class Transport(StrEnum):
    """How a page reaches a TURN server; from there to the media worker it is always UDP."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class TurnServer:
    """One address of a TURN server; ``url`` is as the operator and the browsers write it (RFC 7065)."""

    url: str
    host: str
    port: int
    transport: Transport


def turn_server(url: str) -> TurnServer | None:
    """The server that a URL names; nothing for text that is no such URL, or that browsers cannot use (DTLS)."""
    read = _URL.fullmatch(url)
    if read is None or (read["scheme"], read["transport"]) == ("turns", "udp"):
        return None
    tls = read["scheme"] == "turns"
    port = int(read["port"] or (5349 if tls else 3478))
    transport = Transport.TLS if tls else Transport(read["transport"] or "udp")
    return TurnServer(url, read["host"].strip("[]"), port, transport) if 0 < port <= _LAST_PORT else None


@dataclass(frozen=True, slots=True)
class Password:
    """What a TURN server asks for."""

    username: str
    password: str = field(repr=False)


def password(secret: str, name: str, until: datetime) -> Password:
    """The password that ``name`` has at every TURN server of this secret, up to a time."""
    username = f"{int(until.timestamp())}:{name}"
    proof = hmac.digest(secret.encode(), username.encode(), "sha1")
    return Password(username, base64.b64encode(proof).decode())


def name_in_call(secret: str, call: str, side: Side) -> str:
    """How one side of one call is called at the TURN server.

    The same for the whole call, so that the server can count what one side uses; without the secret it tells neither
    the call nor the person.
    """
    return hmac.digest(secret.encode(), f"{call} {side}".encode(), "sha256").hex()[:24]


@dataclass(frozen=True, slots=True)
class IceServer:
    """Where a page may find a relay for sound and picture, and the password for it (as in WebRTC's `RTCIceServer`)."""

    urls: tuple[str, ...]
    username: str
    credential: str = field(repr=False)


class TurnPasses:
    """Gives the sides of live calls what opens the TURN servers."""

    def __init__(self, urls: tuple[str, ...], secret: str, clock: Clock) -> None:
        self._urls = urls
        self._secret = secret
        self._clock = clock

    def of(self, call: str, side: Side) -> tuple[IceServer, ...]:
        """For a connection that this side of the call makes now; empty where there is no TURN server."""
        if not self._urls:
            return ()
        name = name_in_call(self._secret, call, side)
        opens = password(self._secret, name, self._clock.now() + HOLDS)
        return (IceServer(self._urls, opens.username, opens.password),)
