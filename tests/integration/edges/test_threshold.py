"""Connections that never say whose they are: few, for a moment, and without harm to those that do."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import ClientSession, WSServerHandshakeError, web

from tests.integration.edges.sockets import Socket
from videoattention.entrypoints.signalling import rooms
from videoattention.entrypoints.signalling.channel import Channel
from videoattention.entrypoints.signalling.server import new_server
from videoattention.entrypoints.signalling.threshold import Bounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from aiohttp import ClientWebSocketResponse

ADDRESS = "/socket.io/?EIO=4&transport=websocket"


class Everybody:
    """Lets in who says so, and answers nothing."""

    async def admit(self, sid: str, _: web.Request, auth: Mapping[str, object]) -> str | None:
        return sid if auth.get("let") == "in" else None

    async def arrived(self, _: str) -> None: ...

    async def holds(self, _: str) -> bool:
        return True

    async def heard(self, _: str, __: object) -> None: ...

    async def gone(self, _: str) -> None: ...


@asynccontextmanager
async def served(bounds: Bounds) -> AsyncIterator[str]:
    server = new_server("http://localhost", bounds)
    server.register_namespace(Channel(rooms.CITIZEN, (), Everybody()))
    application = web.Application()
    server.attach(application)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await server.shutdown()
        await runner.cleanup()


async def silent(http: ClientSession, base: str, address: str = "") -> ClientWebSocketResponse | None:
    """A connection that says nothing; nothing when it is refused."""
    headers = {"X-Forwarded-For": address} if address else {}
    try:
        return await http.ws_connect(base + ADDRESS, headers=headers)
    except WSServerHandshakeError as refused:
        if refused.status != 401:
            raise
        return None


async def test_an_address_has_so_many_and_the_refusal_says_why() -> None:
    async with served(Bounds(of_address=5, in_all=100, within=60)) as base, ClientSession() as http:
        lines = [await silent(http, base) for _ in range(8)]
        assert [line is not None for line in lines] == [True] * 5 + [False] * 3
        async with http.get(base + "/socket.io/?EIO=4&transport=polling") as answer:
            assert (answer.status, json.loads(await answer.text())) == (401, "too_many")
        assert await silent(http, base, "192.0.2.9") is not None
        assert lines[0] is not None
        await lines[0].close()
        async with asyncio.timeout(10):
            while await silent(http, base) is None:  # noqa: ASYNC110 - the server notices when it reads
                await asyncio.sleep(0.05)


async def test_there_are_so_many_in_all() -> None:
    async with served(Bounds(of_address=5, in_all=8, within=60)) as base, ClientSession() as http:
        lines = [await silent(http, base, f"192.0.2.{n}") for n in range(12)]
        assert sum(line is not None for line in lines) == 8


async def test_who_does_not_say_in_time_whose_it_is_is_let_go_and_who_does_stays() -> None:
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(served(Bounds(of_address=5, in_all=8, within=0.5)))
        http = await stack.enter_async_context(ClientSession())
        inside = await stack.enter_async_context(Socket(base, rooms.CITIZEN, {}, {"let": "in"}))
        assert inside.admitted
        line = await silent(http, base)
        assert line is not None
        began = asyncio.get_running_loop().time()
        async with asyncio.timeout(10):
            async for _ in line:
                pass
        assert asyncio.get_running_loop().time() - began < 3
        assert await inside.ask("anything", {}) == {"ok": False, "code": "unknown_message"}


async def test_who_is_refused_by_a_namespace_waits_like_the_others() -> None:
    bounds = Bounds(of_address=5, in_all=8, within=0.5)
    async with served(bounds) as base, Socket(base, rooms.CITIZEN, {}, {"let": "me"}) as outside:
        assert not outside.admitted
        await outside.closing()


async def test_those_who_are_let_in_are_not_counted() -> None:
    bounds = Bounds(of_address=3, in_all=3, within=60)
    async with served(bounds) as base, AsyncExitStack() as stack:
        for _ in range(10):
            page = await stack.enter_async_context(Socket(base, rooms.CITIZEN, {}, {"let": "in"}))
            assert page.admitted


async def test_a_connection_by_polling_that_says_nothing_is_forgotten() -> None:
    async with served(Bounds(of_address=1, in_all=8, within=0.3)) as base, ClientSession() as http:
        where = base + "/socket.io/?EIO=4&transport=polling"
        async with http.get(where) as answer:
            assert answer.status == 200
            opened = json.loads((await answer.text())[1:])
        async with asyncio.timeout(10):
            while True:
                async with http.get(where) as answer:
                    if answer.status == 200:
                        break
                await asyncio.sleep(0.05)
        async with http.get(f"{where}&sid={opened['sid']}") as answer:
            assert answer.status == 400
