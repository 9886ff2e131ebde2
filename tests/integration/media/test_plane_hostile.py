"""A hostile network around real calls: whatever strangers send, calls connect and go on, and nobody else is sent to."""

from __future__ import annotations

import asyncio
import os
import random
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aioice import stun
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.media.quick import QuickCalls, quick_calls
from tests.integration.media.strangers import client_hello, stranger_to
from videoattention.domain.people import Side
from videoattention.services.media import Describe, Described, DescriptionKind, Join, LegChanged, Negotiate

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Callable, Iterator

CALLS, AT_ONCE = 50, 5
EVERY = 0.003
OFFER = (Path(__file__).parents[2] / "unit/media/descriptions/chromium-offer.sdp").read_text()


def check(ufrag: str, password: bytes, *, nominates: bool = True) -> bytes:
    attributes = {"USERNAME": f"{ufrag}:x", "PRIORITY": 1, "ICE-CONTROLLING": 2}
    if nominates:
        attributes["USE-CANDIDATE"] = None
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
    message.add_message_integrity(password)
    return bytes(message)


@asynccontextmanager
async def sending(calls: QuickCalls, datagrams: Callable[[], Iterator[bytes]]) -> AsyncIterator[list[int]]:
    """Somebody who sends one of these every 3 ms; gives how many were sent, and how many came back."""
    figures = [0, 0]

    async def send(one: socket.socket) -> None:
        while True:
            for datagram in datagrams():
                with suppress(BlockingIOError):
                    one.send(datagram)
                    figures[0] += 1
                with suppress(BlockingIOError):
                    one.recv(2000)
                    figures[1] += 1
                await asyncio.sleep(EVERY)

    with stranger_to(calls.plane) as one:
        task = asyncio.create_task(send(one))
        try:
            yield figures
        finally:
            task.cancel()
            await asyncio.wait([task])


async def test_fifty_of_fifty_calls_connect_while_strangers_say_hello(tmp_path: Path) -> None:
    """One says hello at once, one knocks without a password first, one has seen the call's ufrag."""
    hello = client_hello()
    async with quick_calls(tmp_path) as calls, AsyncExitStack() as stack:
        strangers = (
            lambda: iter([hello]),
            lambda: iter([check("nobody", b"guessed"), hello]),
            lambda: iter([check(calls.ufrags[-1] if calls.ufrags else "nobody", b"guessed"), hello]),
        )
        figures = [await stack.enter_async_context(sending(calls, datagrams)) for datagrams in strangers]
        places = asyncio.Semaphore(AT_ONCE)

        async def connect(name: str) -> bool:
            async with places, calls.call(name):
                return True

        connected = await asyncio.gather(*(connect(f"call-{n}") for n in range(CALLS)))
        assert sum(connected) == CALLS
        assert all(sent > 100 and answered == 0 for sent, answered in figures)


def noise(chance: random.Random, ufrags: list[str]) -> bytes:
    """What a flood is made of: bytes, checks with guessed names, and checks with the right name and no password."""
    kind = chance.randrange(4)
    if kind == 0:
        return chance.randbytes(chance.randrange(1, 1400))
    if kind == 1:
        return bytes([chance.choice((0x80, 0x16, 0, 1, 0x90))]) + chance.randbytes(60)
    return check(chance.choice(ufrags) if kind == 2 else chance.randbytes(6).hex(), chance.randbytes(24))


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_a_flood_stops_no_media_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """20,000 datagrams in some seconds, from forty addresses."""
    chance = random.Random(5)  # noqa: S311 - a flood that is the same each time
    async with quick_calls(tmp_path) as calls, calls.call("flooded") as people, AsyncExitStack() as stack:
        flood = [noise(chance, calls.ufrags) for _ in range(20_000)]
        strangers = [stack.enter_context(stranger_to(calls.plane)) for _ in range(40)]
        port = calls.plane._port
        known, before, received = len(port._by_address), resident(), port.received
        heard = [person.heard for person in people]
        began = asyncio.get_running_loop().time()
        for number, datagram in enumerate(flood):
            with suppress(BlockingIOError):
                strangers[number % len(strangers)].send(datagram)
            if number % 64 == 63:
                await asyncio.sleep(0)
        lasted = asyncio.get_running_loop().time() - began
        goals = [count + 50 for count in heard]
        async with asyncio.timeout(10):
            while any(person.heard < goal for person, goal in zip(people, goals, strict=True)):  # noqa: ASYNC110 - counted beside
                await asyncio.sleep(0.02)
        assert port.received - received > 15_000, "the kernel dropped the flood before it came here"
        assert (len(port._by_address), len(port._by_ufrag)) == (known, 2)
        assert resident() - before < 16 * 2**20
        assert all(report.connected for report in calls.reports.of(LegChanged))
        assert lasted < 30
        for stranger in strangers:
            with suppress(BlockingIOError):
                assert not stranger.recv(2000), "a stranger was answered"


# --- who is sent to ---------------------------------------------------------------------------------------------------

SENDERS = 4
steps = st.lists(
    st.tuples(
        st.integers(0, SENDERS - 1),
        st.sampled_from(["check", "guess", "other ufrag", "replay", "hello", "media", "control", "noise", "answer"]),
        st.sampled_from(list(Side)),
        st.integers(0, 2**16),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(steps)
def test_nobody_is_sent_to_who_did_not_prove_the_password(plan: list[tuple[int, str, Side, int]]) -> None:
    """Real sockets in place of addresses: who never sent a check of its own that proves the password hears nothing."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_follow(plan))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _follow(plan: list[tuple[int, str, Side, int]]) -> None:
    async with quick_calls(Path("/nonexistent")) as calls, AsyncExitStack() as stack:
        credentials = await _negotiated(calls)
        senders = [stack.enter_context(stranger_to(calls.plane)) for _ in range(SENDERS)]
        marker = stack.enter_context(stranger_to(calls.plane))
        proved: set[int] = set()
        valid: list[bytes] = []
        for sender, kind, side, seed in plan:
            ufrag, password = credentials[side]
            if kind == "replay" and not valid:
                continue
            datagram = valid[seed % len(valid)] if kind == "replay" else _said(kind, seed, ufrag, password)
            if kind == "check":
                proved.add(sender)
                valid.append(datagram)
            senders[sender].send(datagram)
        # the port takes datagrams in the order in which they came: an answer to this one means that all were taken
        marker.send(check(*credentials[Side.CITIZEN]))
        await asyncio.wait_for(asyncio.get_running_loop().sock_recv(marker, 2000), 10)
        for number, one in enumerate(senders):
            if number not in proved:
                with suppress(BlockingIOError):
                    assert not one.recv(2000), f"sender {number} was sent to"


def _said(kind: str, seed: int, ufrag: str, password: bytes) -> bytes:
    chance = random.Random(seed)  # noqa: S311 - as the plan says
    said: dict[str, Callable[[], bytes]] = {
        "check": lambda: check(ufrag, password, nominates=bool(seed % 2)),
        "guess": lambda: check(ufrag, b"guessed"),
        "other ufrag": lambda: check("nobody", password),
        "hello": client_hello,
        "media": lambda: bytes([0x80, 96]) + chance.randbytes(100),
        "control": lambda: bytes([0x80, 200]) + chance.randbytes(60),
        "noise": lambda: chance.randbytes(1 + seed % 1400),
        "answer": lambda: bytes(stun.Message(stun.Method.BINDING, stun.Class.RESPONSE)),
    }
    return said[kind]()


async def _negotiated(calls: QuickCalls) -> dict[Side, tuple[str, bytes]]:
    """A call whose legs wait for their browsers; the worker's ICE credentials of each leg."""
    calls.reports.react = lambda _: None
    plane = calls.plane
    for side in Side:
        await plane.obey(Join("call", side, f"{side}-1"))
    epoch = calls.reports.of(Negotiate)[0].epoch
    for side, kind in ((Side.INFORMER, DescriptionKind.OFFER), (Side.CITIZEN, DescriptionKind.ANSWER)):
        setup = OFFER if kind is DescriptionKind.OFFER else OFFER.replace("setup:actpass", "setup:active")
        await plane.obey(Describe("call", side, f"{side}-1", epoch, kind, setup))
    return {report.side: _credentials(report.sdp) for report in calls.reports.of(Described)}


def _credentials(sdp: str) -> tuple[str, bytes]:
    said = dict(line[2:].split(":", 1) for line in sdp.splitlines() if line.startswith("a=ice-") and ":" in line)
    return said["ice-ufrag"], said["ice-pwd"].encode()


async def test_a_check_that_was_seen_on_the_way_is_good_for_its_own_address_only(tmp_path: Path) -> None:
    async with quick_calls(tmp_path) as calls, AsyncExitStack() as stack:
        credentials = await _negotiated(calls)
        own, other = (stack.enter_context(stranger_to(calls.plane)) for _ in range(2))
        loop = asyncio.get_running_loop()
        seen = check(*credentials[Side.CITIZEN])
        for _ in range(2):  # a browser sends one again that was lost
            own.send(seen)
            await asyncio.wait_for(loop.sock_recv(own, 2000), 5)
        other.send(seen)
        other.send(client_hello())
        own.send(check(*credentials[Side.CITIZEN]))
        await asyncio.wait_for(loop.sock_recv(own, 2000), 5)
        await asyncio.sleep(0)
        with suppress(BlockingIOError):
            assert not other.recv(2000)
        assert other.getsockname() not in calls.plane._port._by_address
