"""Which addresses of this machine to tell browsers."""

from __future__ import annotations

import ipaddress
import socket

# documentation addresses: connecting a UDP socket sends nothing, it only asks the routing table
_FAR = {socket.AF_INET: ("203.0.113.1", 9), socket.AF_INET6: ("2001:db8::1", 9)}


def advertised_by_default(host: str) -> tuple[str, ...]:
    """The addresses to advertise for a port bound to ``host``.

    A given address is advertised as it is. For "every address" it is the one that outgoing packets carry: browsers
    on this machine reach it as well as those elsewhere. Without any network it is the loopback address.
    """
    if not ipaddress.ip_address(host).is_unspecified:
        return (host,)
    families = [socket.AF_INET6, socket.AF_INET] if ":" in host else [socket.AF_INET]
    found = tuple(address for address in map(_outgoing, families) if address)
    return found or ("127.0.0.1",)


def _outgoing(family: socket.AddressFamily) -> str:
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR[family])
        except OSError:
            return ""
        return str(probe.getsockname()[0])
