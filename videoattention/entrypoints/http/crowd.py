"""How often one address may ask for what leaves something behind: a turn, a sign-in, a session."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from videoattention.entrypoints.allowances import Allowance, Pace

if TYPE_CHECKING:
    from aiohttp import web

PACE: Final = Pace(120, 1.0)
"""For one address and one place. Generous: the people of a public point, or of a whole town hall, share an address."""

MOST: Final = 20_000
"""Allowances that are kept; the one that was not asked for the longest gives way."""

_PLACES: Final = frozenset(
    {
        ("GET", "/staff/sign-in"),
        ("GET", "/staff/callback"),
        ("GET", "/citizens/callback"),
        ("GET", "/attention/identify"),
        ("POST", "/attentions"),
        ("POST", "/receipt"),
        ("POST", "/attention/receipt-link"),
        ("POST", "/staff/back-channel-logout"),
    }
)
_START: Final = "/start/"
_IPV6_SITE: Final = 64


class Crowd:
    """Counts what addresses ask for, in bounded memory."""

    def __init__(self, pace: Pace = PACE, *, most: int = MOST) -> None:
        self._pace = pace
        self._most = most
        self._allowances: dict[tuple[str, str], Allowance] = {}

    def admits(self, request: web.Request, *, known: str) -> bool:
        """Whether the address may ask for this now; ``known`` is the cookie of who has a session already."""
        place = _place(request, known)
        if not place:
            return True
        key = client_address(request), place
        allowance = self._allowances.pop(key, None) or Allowance(self._pace)
        self._allowances[key] = allowance  # the newest last
        if len(self._allowances) > self._most:
            del self._allowances[next(iter(self._allowances))]
        return allowance.take()


def _place(request: web.Request, known: str) -> str:
    method = "GET" if request.method == "HEAD" else request.method
    if (method, request.path) in _PLACES:
        return request.path
    begins = method == "GET" and request.path.startswith(_START) and known not in request.cookies
    return _START if begins else ""


def client_address(request: web.Request) -> str:
    """Whose request this is: a host by IPv4, a site (its first 64 bits) by IPv6.

    A proxy on this very machine says for whom it asks, as the last of ``X-Forwarded-For``; nobody else is believed.
    """
    address = _address(request.remote or "")
    if address is not None and address.is_loopback:
        address = _address(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()) or address
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _IPV6_SITE), strict=False))
    return str(address)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
