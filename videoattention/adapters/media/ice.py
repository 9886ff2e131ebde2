"""ICE-lite (RFC 8445, 2.5) of one leg: it answers who proves to know its password, and never calls anybody."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from videoattention.adapters.media.datagrams import host_and_port

if TYPE_CHECKING:
    from videoattention.adapters.media.datagrams import Address
    from videoattention.adapters.media.internals import BindingRequest

_MOST_ADDRESSES = 16
_MOST_CREDENTIALS = 3
_MOST_CHECKS = 256


@dataclass(frozen=True, slots=True)
class Credentials:
    """The worker's half of a leg's ICE credentials: 48 and 192 bits of chance."""

    ufrag: str = field(default_factory=lambda: secrets.token_hex(6))
    password: str = field(default_factory=lambda: secrets.token_hex(24))


class IceLite:
    """Who may send to a leg, and where the leg sends.

    Before DTLS is up the leg follows nominations; afterwards a nominated address must also send a packet that only
    the browser can have encrypted, because a nomination seen on the wire can be repeated from anywhere.
    """

    def __init__(self) -> None:
        self.credentials = [Credentials()]
        self.addresses: OrderedDict[Address, None] = OrderedDict()
        self.chosen: Address | None = None
        self._nominated: Address | None = None
        self._checks: OrderedDict[bytes, Address] = OrderedDict()

    @property
    def current(self) -> Credentials:
        """What the next description tells."""
        return self.credentials[-1]

    def rotate(self) -> Credentials:
        """New credentials for an ICE restart; the old ones stay good until the browser has moved."""
        self.credentials = [*self.credentials, Credentials()][-_MOST_CREDENTIALS:]
        return self.current

    def answer(self, request: BindingRequest, address: Address, *, settled: bool) -> bytes | None:
        """The answer to a check from ``address``; None if it proves nothing. ``settled`` once DTLS is up."""
        for credentials in self.credentials:
            if request.ufrag == credentials.ufrag and request.proves(credentials.password):
                break
        else:
            return None
        if not self._is_first_hand(request, address):
            return None
        self.addresses[address] = None
        self.addresses.move_to_end(address)
        if request.nominates:
            self._nominated = address
        if not settled and (request.nominates or self.chosen is None):
            self.chosen = address
        return request.answer(host_and_port(address), credentials.password)

    def _is_first_hand(self, request: BindingRequest, address: Address) -> bool:
        """Whether no other address has sent this very check: one that was seen on the wire is good for its own only."""
        first = self._checks.setdefault(request.message.transaction_id, address)
        if len(self._checks) > _MOST_CHECKS:
            self._checks.popitem(last=False)
        return first == address

    def used(self, address: Address) -> None:
        """Note that the browser's own encrypted packet came from ``address``."""
        if address != self.chosen and address == self._nominated:
            self.chosen = address

    def surplus(self) -> Address | None:
        """Forget and give the address not checked for longest, when there are too many."""
        if len(self.addresses) <= _MOST_ADDRESSES:
            return None
        oldest = next(address for address in self.addresses if address != self.chosen)
        del self.addresses[oldest]
        return oldest
