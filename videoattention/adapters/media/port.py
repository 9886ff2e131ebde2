"""The one UDP port of a worker: which datagram is whose.

A socket of our own is drained at each wake-up, many datagrams in one call; asyncio's datagram transport would take a
call and an object for each.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from videoattention.adapters.media.addresses import advertised_by_default
from videoattention.adapters.media.budget import PacketBudget
from videoattention.adapters.media.datagrams import LARGEST, ROOM, Datagrams
from videoattention.adapters.media.internals import binding_request

if TYPE_CHECKING:
    from videoattention.adapters.media.datagrams import Address
    from videoattention.adapters.media.leg import Leg

_BATCHES_AT_ONCE = 8
# a second of 128 people
_BUFFER = 16 * 1024 * 1024
_SNDBUFFORCE, _RCVBUFFORCE = 32, 33
_STRANGERS_A_SECOND = 1000
_OWNED = 5.0
_SMALLEST_SRTP = 12

_log = structlog.get_logger()


class UdpPort:
    """Routes datagrams to legs: checks by the ufrag that they name, everything else by authenticated address."""

    def __init__(self, host: str, port: int, *, advertised: tuple[str, ...] = ()) -> None:
        """Bind at once; port 0 takes a free one. Raises `OSError`."""
        self._socket = _bound(host, port)
        self.number = int(self._socket.getsockname()[1])
        self.advertised = advertised or advertised_by_default(host)
        self.datagrams = Datagrams(self._socket)
        self.received = 0
        self._by_ufrag: dict[str, Leg] = {}
        self._by_address: dict[Address, Leg] = {}
        self._strangers = PacketBudget(rate=_STRANGERS_A_SECOND, burst=_STRANGERS_A_SECOND)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._readable)

    def close(self) -> None:
        """Stop listening."""
        self._loop.remove_reader(self._socket)
        self.datagrams.close()
        self._socket.close()

    def admit(self, leg: Leg) -> None:
        """Answer checks for this leg's credentials from now on; call it again after they are rotated."""
        for credentials in leg.ice.credentials:
            self._by_ufrag[credentials.ufrag] = leg

    def forget(self, leg: Leg) -> None:
        """Answer and route nothing more for this leg."""
        self._by_ufrag = {ufrag: kept for ufrag, kept in self._by_ufrag.items() if kept is not leg}
        for address in leg.ice.addresses:
            if self._by_address.get(address) is leg:
                del self._by_address[address]

    def send(self, datagram: bytes, address: Address) -> None:
        """Send now or never: a full socket drops."""
        self.datagrams.send(datagram, address)

    def _readable(self) -> None:
        datagrams = self.datagrams
        # until nothing is left: the rest of a picture comes while its first packet is handled, and waking costs more
        for _ in range(_BATCHES_AT_ONCE):
            count = datagrams.receive()
            if not count:
                return
            self.received += count
            now = self._loop.time()
            for place in range(count):
                try:
                    self._take(place, now)
                except Exception as error:  # noqa: BLE001 - one hostile datagram must not cost the others theirs
                    _log.error("media_datagram_failed", error=type(error).__name__)
            datagrams.flush()

    def _take(self, place: int, now: float) -> None:
        datagrams = self.datagrams
        length, address = datagrams.lengths[place], datagrams.sender(place)
        # the ranges of RFC 7983
        if b"\x80" <= datagrams.memory[place * ROOM] <= b"\xbf" and _SMALLEST_SRTP <= length <= LARGEST:
            leg = self._by_address.get(address)
            if leg is not None:
                leg.media(place, length, address, now)
        elif 0 < length <= LARGEST:
            self._route(datagrams.copy(place, length), address)

    def _route(self, datagram: bytes, address: Address) -> None:
        """What is no media: handshakes of authenticated addresses, and checks."""
        leg = self._by_address.get(address)
        if 20 <= datagram[0] <= 63:  # noqa: PLR2004 - as above
            if leg is not None:
                leg.handshake(datagram, address)
        elif datagram[0] <= 3:  # noqa: PLR2004 - as above
            budget = self._strangers if leg is None else leg.checks
            if budget.admits(self._loop.time()):
                self._check(datagram, address)

    def _check(self, datagram: bytes, address: Address) -> None:
        request = binding_request(datagram)
        leg = self._by_ufrag.get(request.ufrag) if request is not None else None
        if request is None or leg is None or self._taken(address, leg):
            return
        answer = leg.check(request, address)
        if answer is None:
            return
        self._by_address[address] = leg
        surplus = leg.ice.surplus()
        if surplus is not None and self._by_address.get(surplus) is leg:
            del self._by_address[surplus]
        self.send(answer, address)

    def _taken(self, address: Address, leg: Leg) -> bool:
        """Whether another living leg has this address: its packets must not be diverted by a spoofed check."""
        owner = self._by_address.get(address)
        return owner is not None and owner is not leg and self._loop.time() - owner.heard < _OWNED


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET  # noqa: PLR2004
    bound = socket.socket(family, socket.SOCK_DGRAM)
    try:
        bound.setblocking(False)
        for plain, forced in ((socket.SO_RCVBUF, _RCVBUFFORCE), (socket.SO_SNDBUF, _SNDBUFFORCE)):
            bound.setsockopt(socket.SOL_SOCKET, plain, _BUFFER)
            with suppress(OSError):  # beyond the system's limit for who may: docs/runbook.md has the limit for others
                bound.setsockopt(socket.SOL_SOCKET, forced, _BUFFER)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound
