"""Datagrams from addresses that proved nothing, and from people who send what they should not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aioice import stun

from tests.integration.media.peers import AiortcPerson
from tests.integration.media.strangers import client_hello, silence, stranger_to
from tests.integration.media.talk import conversation
from videoattention.adapters.media import port as port_module
from videoattention.adapters.media.budget import PacketBudget
from videoattention.adapters.media.datagrams import address_of
from videoattention.domain.people import Side
from videoattention.services.media import Describe, Described, DescriptionKind, LegChanged, Negotiate

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tests.integration.media.talk import Conversation


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Conversation]:
    async with conversation(tmp_path, AiortcPerson) as talk:
        await talk.join()
        await talk.heard()
        yield talk


@pytest.fixture
def stranger(talk: Conversation) -> Iterator[socket.socket]:
    with stranger_to(talk.plane) as one:
        yield one


def check(ufrag: str, password: bytes) -> bytes:
    attributes = {"USERNAME": f"{ufrag}:x", "PRIORITY": 1, "ICE-CONTROLLING": 2, "USE-CANDIDATE": None}
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
    message.add_message_integrity(password)
    return bytes(message)


async def test_a_strangers_client_hello_media_and_noise_get_no_answer(
    talk: Conversation, stranger: socket.socket
) -> None:
    (call,) = talk.plane._calls.values()
    packets = sum(leg.packets for leg in call.legs)
    rtp = bytes([0x80, 96]) + bytes(40)
    for datagram in (client_hello(), rtp, b"", b"\x00", b"\x80", b"\xff" * 1500, bytes([0x80, 200]) + bytes(30)):
        stranger.send(datagram)
    assert await silence(stranger)
    assert address_of(*stranger.getsockname()) not in talk.plane._port._by_address
    await talk.heard()
    assert sum(leg.packets for leg in call.legs) > packets


async def test_a_check_with_a_guessed_password_gets_no_answer(talk: Conversation, stranger: socket.socket) -> None:
    (call,) = talk.plane._calls.values()
    stranger.send(check(call.legs[0].ice.current.ufrag, b"guessed"))
    stranger.send(check("nobody", b"guessed"))
    assert await silence(stranger)
    assert address_of(*stranger.getsockname()) not in talk.plane._port._by_address


async def test_a_repeated_check_from_elsewhere_diverts_nothing(talk: Conversation, stranger: socket.socket) -> None:
    """Even with a valid check, which can be seen on the wire and repeated, media stays where DTLS ended."""
    (call,) = talk.plane._calls.values()
    leg = call.legs[0]
    chosen = leg.ice.chosen
    stranger.send(check(leg.ice.current.ufrag, leg.ice.current.password.encode()))
    answer = stun.parse_message(await asyncio.get_running_loop().sock_recv(stranger, 2000))
    assert answer.message_class is stun.Class.RESPONSE
    assert await silence(stranger)
    stranger.send(client_hello())
    stranger.send(bytes([0x80, 96]) + bytes(40))
    await talk.heard()
    assert leg.ice.chosen == chosen
    assert all(report.connected for report in talk.reports.of(LegChanged))


async def test_a_flood_from_a_stranger_is_dropped_before_it_is_read(
    talk: Conversation, stranger: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    port = talk.plane._port
    monkeypatch.setattr(port_module, "binding_request", read.append)
    monkeypatch.setattr(port, "_strangers", PacketBudget(rate=0, burst=10))
    received = port.received
    for _ in range(200):
        stranger.send(check("nobody", b"guessed"))
    await talk.heard()
    assert port.received > received + 150
    assert sum(b"nobody" in datagram for datagram in read) <= 10


async def test_too_many_sources_are_not_followed(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    (call,) = talk.plane._calls.values()
    leg = call.legs[0]
    leg._sources.update(n.to_bytes(4, "big") for n in range(64))
    assert leg.ice.chosen is not None
    assert leg._dtls.srtp is not None
    opened: list[bytes] = []
    datagrams = talk.plane._port.datagrams

    def note(*_: object) -> int:
        opened.append(datagrams.copy(0, 12))
        return 0

    monkeypatch.setattr(leg._dtls.srtp, "open_rtp", note)
    for source in (b"new!", (63).to_bytes(4, "big")):
        datagrams.memory[:52] = bytes([0x80, 96]) + bytes(6) + source + bytes(40)
        leg.media(0, 52, leg.ice.chosen, 0.0)
    assert [packet[8:12] for packet in opened] == [(63).to_bytes(4, "big")]


async def test_media_of_a_source_that_no_description_named_is_not_passed_on(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    (call,) = talk.plane._calls.values()
    leg = call.legs[0]
    assert leg.ice.chosen is not None
    assert leg._dtls.srtp is not None
    assert leg._described
    passed: list[int] = []
    datagrams = talk.plane._port.datagrams
    monkeypatch.setattr(leg._dtls.srtp, "open_rtp", lambda _, length: length)
    monkeypatch.setattr(leg.other, "forward", lambda *_, **__: passed.append(0))
    for source in (b"new!", next(iter(leg._described))):
        datagrams.write(b"")
        datagrams.memory[:52] = bytes([0x80, 96]) + bytes(6) + source + bytes(40)
        leg.media(0, 52, leg.ice.chosen, 0.0)
    assert len(passed) == 1


async def test_an_address_of_a_living_leg_is_not_taken_by_a_check_for_another(talk: Conversation) -> None:
    """Whoever has a leg of their own could send a check for it with somebody else's address as its source."""
    (call,) = talk.plane._calls.values()
    one, other = call.legs
    port, address = talk.plane._port, one.ice.chosen
    assert address is not None
    port._route(check(other.ice.current.ufrag, other.ice.current.password.encode()), address)
    assert port._by_address[address] is one
    one.heard = 0.0
    port._route(check(other.ice.current.ufrag, other.ice.current.password.encode()), address)
    assert port._by_address[address] is other


async def test_dtls_answers_only_an_address_that_proved_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with conversation(tmp_path, AiortcPerson) as talk:
        # the citizen's page is slow: its leg waits for a handshake that a stranger would like to begin
        for what in ("negotiate", "described"):
            monkeypatch.setattr(talk.people[Side.CITIZEN], what, _never)
        await talk.join()
        order = await talk.reports.wait(Negotiate, lambda r: r.side is Side.CITIZEN)
        offered = (await talk.reports.wait(Described)).sdp
        answer = offered.replace("setup:actpass", "setup:active").replace("a=ice-lite\r\n", "")
        await talk.plane.obey(Describe("call", Side.CITIZEN, order.peer, order.epoch, DescriptionKind.ANSWER, answer))
        (call,) = talk.plane._calls.values()
        credentials = call.legs[0].ice.current
        with stranger_to(talk.plane) as one:
            one.send(client_hello())
            assert await silence(one)
            one.send(check(credentials.ufrag, credentials.password.encode()))
            assert not await silence(one)
            one.send(client_hello())
            assert not await silence(one)


async def _never(_: object) -> None:
    return
