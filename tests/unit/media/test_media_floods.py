"""What one page may cost all others: the memory that packets share, and what is read of a flood."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any

import pytest
from aioice import stun

from tests.unit.media.packets import rtp
from videoattention.adapters.media import reorder
from videoattention.adapters.media.datagrams import ROOM, address_of
from videoattention.adapters.media.internals import WorkerCertificate
from videoattention.adapters.media.leg import Leg
from videoattention.adapters.media.port import UdpPort
from videoattention.adapters.media.reorder import ReorderWindow
from videoattention.adapters.media.rtp import ahead

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from videoattention.adapters.media.datagrams import Address

BROWSER = address_of("127.0.0.1", 9)


class PlainSrtp:
    """An association that encrypts nothing."""

    def open_rtcp(self, _: object, length: int) -> int:
        return length

    close_rtp = close_rtcp = open_rtp = open_rtcp


@pytest.fixture
async def port() -> AsyncIterator[UdpPort]:
    opened = UdpPort("127.0.0.1", 0)
    yield opened
    opened.close()


@pytest.fixture
async def leg(port: UdpPort) -> Leg:
    made = Leg(port, WorkerCertificate(), clock=lambda: 3.0, changed=lambda: None)
    made._dtls.srtp = PlainSrtp()  # type: ignore[assignment]
    return made


def listening() -> tuple[socket.socket, Address]:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 0))
    one.settimeout(2)
    return one, address_of(*one.getsockname())


def lay(port: UdpPort, place: int, data: bytes) -> None:
    port.datagrams.memory[place * ROOM : place * ROOM + len(data)] = data


async def test_a_browser_that_moves_within_a_batch_gets_what_was_queued_for_its_former_address(
    port: UdpPort, leg: Leg
) -> None:
    (before, first), (after, second) = listening(), listening()
    with before, after:
        for place, (data, chosen) in enumerate(((b"before", first), (b"after", second))):
            lay(port, place, data)
            leg.ice.chosen = chosen
            leg.forward(place, len(data), control=False)
            if chosen is first:
                former = leg._target
        # nothing that waits may point to the address that the leg has let go
        waiting = [port.datagrams._out[n].msg_hdr.msg_name for n in range(port.datagrams._waiting)]
        assert former not in waiting
        port.datagrams.flush()
        assert before.recv(100) == b"before"
        assert after.recv(100) == b"after"


async def test_a_closed_port_sends_nothing_through_whatever_has_its_number_now() -> None:
    port = UdpPort("127.0.0.1", 0)
    number = port._socket.fileno()
    port.close()
    (mine, his), (other, address) = listening(), listening()
    with mine, other:
        assert number in (mine.fileno(), other.fileno())
        for target in (his, address):
            port.send(b"left over", target)
        for one in (mine, other):
            one.setblocking(False)
            with pytest.raises(BlockingIOError):
                one.recv(100)


def sender_reports(count: int) -> bytes:
    return b"".join(struct.pack("!BBHIQIII", 0x80, 200, 6, 7, n << 32, n, 0, 0) for n in range(1, count + 1))


async def test_a_flood_of_sender_reports_is_not_read_to_its_end(
    port: UdpPort, leg: Leg, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Any] = []
    monkeypatch.setattr(leg.sender_clock, "note", lambda report, _: read.append(report))
    taps: list[bytes] = []
    leg.tap_control = lambda compound, _: taps.append(compound)
    many = sender_reports(50)
    lay(port, 0, many)
    leg.media(0, len(many), BROWSER, 1.0)
    assert not read
    one = sender_reports(1)
    lay(port, 0, one)
    for _ in range(1000):
        leg.media(0, len(one), BROWSER, 1.0)
    assert 100 < len(read) <= 200
    assert len(taps) == len(read)


async def test_a_page_that_floods_checks_is_answered_as_often_as_a_browser_needs(
    port: UdpPort, leg: Leg, monkeypatch: pytest.MonkeyPatch
) -> None:
    port.admit(leg)
    mine = leg.ice.current
    answered: list[bytes] = []
    monkeypatch.setattr(port, "send", lambda datagram, _: answered.append(datagram))
    message = stun.Message(
        stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": f"{mine.ufrag}:x", "PRIORITY": 1}
    )
    message.add_message_integrity(mine.password.encode())
    began = asyncio.get_running_loop().time()
    for _ in range(1000):
        port._route(bytes(message), BROWSER)
    lasted = asyncio.get_running_loop().time() - began
    checks = sum(datagram.startswith(b"\x01\x01") for datagram in answered)  # the leg begins its handshake beside them
    # the very first still comes from a stranger
    assert 200 <= checks <= 1 + 200 * (1 + lasted)


async def test_a_page_that_leaves_out_every_second_number_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = [0]

    def count(later: int, earlier: int, *, bits: int) -> int:
        compared[0] += 1
        return ahead(later, earlier, bits=bits)

    monkeypatch.setattr(reorder, "ahead", count)
    window, given = ReorderWindow(wait=0.6), list[int]()
    for n in range(6000):
        given += [one.packet.sequence for one in window.push(rtp(2 * n), n / 3000)]
    given += [one.packet.sequence for one in window.drain()]
    assert given == [2 * n & 0xFFFF for n in range(6000)]
    assert compared[0] < 10 * 6000
