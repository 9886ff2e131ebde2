"""Where a TURN server must never relay to: the registries of special addresses (RFC 6890), in groups."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Places:
    """A kind of addresses, some of them to ask about, and the lines of turnserver.conf that close them."""

    kind: str
    addresses: tuple[str, ...]
    closed_by: str


FORBIDDEN: tuple[Places, ...] = (
    Places("loopback", ("127.0.0.1", "127.255.255.254", "::1"), "no allow-loopback-peers"),
    Places("unspecified", ("0.0.0.0", "0.1.2.3", "::"), "denied-peer-ip=0.0.0.0-0.255.255.255"),  # noqa: S104 - asked about
    Places(
        "private",
        ("10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.254"),
        "denied-peer-ip=10.0.0.0-10.255.255.255, denied-peer-ip=172.16.0.0-172.31.255.255 and "
        "denied-peer-ip=192.168.0.0-192.168.255.255",
    ),
    Places("carrier's shared", ("100.64.0.1", "100.127.255.254"), "denied-peer-ip=100.64.0.0-100.127.255.255"),
    Places(
        "link-local",
        ("169.254.0.1", "169.254.169.254", "fe80::1"),
        "denied-peer-ip=169.254.0.0-169.254.255.255 and denied-peer-ip=fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ),
    Places(
        "unique local",
        ("fc00::1", "fd00::1", "fd00:ec2::254"),
        "denied-peer-ip=fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ),
    Places(
        "mapped",
        ("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::1"),
        "denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255, denied-peer-ip=64:ff9b::-64:ff9b::ffff:ffff and "
        "denied-peer-ip=2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ),
    Places("multicast", ("224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1"), "no-multicast-peers"),
)

PUBLIC = Places(
    "public",
    ("8.8.8.8", "2001:4860:4860::8888"),  # nothing is sent there
    "denied-peer-ip=0.0.0.0-255.255.255.255 and denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
)


def beside(workers: Sequence[str]) -> Places:
    """The addresses next to the workers: a range that is allowed for them is wider than it must be."""
    known = {ipaddress.ip_address(worker) for worker in workers}
    near = {worker + step for worker in known for step in (-1, 1)} - known
    return Places("beside the workers", tuple(sorted(map(str, near))), "allowed-peer-ip of single addresses only")


def without(places: Iterable[Places], workers: Sequence[str]) -> list[Places]:
    """The same groups, but for the workers, who may well be at a private address."""
    known = {ipaddress.ip_address(worker) for worker in workers}
    return [
        Places(group.kind, tuple(a for a in group.addresses if ipaddress.ip_address(a) not in known), group.closed_by)
        for group in places
    ]
