"""A small service for the library's tests: the real Socket.IO server and the real files, answers as the test says."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import socketio
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from aiohttp.typedefs import Handler

PROJECT = Path(__file__).parents[3]
SOCKET_IO = PROJECT / "node_modules/socket.io-client/dist/socket.io.esm.min.js"
NAMESPACES = ("/citizen", "/desk")
EMPTY_PAGE = "<!doctype html><html lang=en><meta charset=utf-8><link rel=icon href=data:,><title>A page</title>"
DONE = {"ok": True}

Payload = dict[str, Any]
Answer: TypeAlias = "Mapping[str, object] | None"


async def done(_name: str, _payload: Payload) -> Answer:
    """Agree to everything."""
    return DONE


class Service:
    """``heard`` are the messages in order, as (name, payload); set ``answer`` to say what they are told.

    ``pages`` are the sockets connected now.
    """

    def __init__(self) -> None:
        self.sio = socketio.AsyncServer(async_mode="aiohttp", ping_interval=5, ping_timeout=10)
        self.heard: list[tuple[str, Payload]] = []
        self.address = ""
        self.answer: Callable[[str, Payload], Awaitable[Answer]] = done
        self.connections = 0
        self.refuses = False
        self.knows_websockets = True
        self.pages: set[str] = set()
        self._changed = asyncio.Condition()
        self._wires: list[asyncio.Transport] = []
        for namespace in NAMESPACES:
            self._attend(namespace)

    def named(self, name: str) -> list[Payload]:
        """What came with every message of this name."""
        return [payload for heard, payload in self.heard if heard == name]

    async def until(self, what: Callable[[], bool], *, within: float = 10) -> None:
        """Wait for something that a message or a connection brings."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(what)

    async def push(self, name: str, payload: object, *, namespace: str = "/citizen") -> None:
        """Tell every page of a namespace."""
        await self.sio.emit(name, payload, namespace=namespace)

    async def reply(self, _namespace: str, name: str, payload: Payload) -> Answer:
        """The acknowledgement of a message."""
        return await self.answer(name, payload)

    async def drop(self) -> None:
        """Every connection breaks, as when a network goes; returns when the service has noticed."""
        while self._wires:
            self._wires.pop().abort()
        await self.until(lambda: not self.pages)

    def open_wire(self, request: web.Request) -> None:
        """Note a WebSocket, so that it can be broken; raises `HTTPBadGateway` as a proxy that knows none."""
        if not self.knows_websockets:
            raise web.HTTPBadGateway
        if request.transport:
            self._wires.append(request.transport)

    def _attend(self, namespace: str) -> None:
        async def connect(sid: str, _environ: object, _auth: object = None) -> None:
            if self.refuses:
                raise socketio.exceptions.ConnectionRefusedError("refused")
            self.pages.add(sid)
            self.connections += 1
            await self._note()

        async def disconnect(sid: str, *_reason: object) -> None:
            self.pages.discard(sid)
            await self._note()

        async def message(name: str, _sid: str, payload: Payload) -> Answer:
            self.heard.append((name, payload))
            await self._note()
            return await self.reply(namespace, name, payload)

        self.sio.on("connect", connect, namespace=namespace)
        self.sio.on("disconnect", disconnect, namespace=namespace)
        self.sio.on("*", message, namespace=namespace)

    async def _note(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def serving(service: Service, folder: Path | None = None) -> AsyncIterator[Service]:
    """Serve the library, an empty page and, under ``/media``, a folder."""

    @web.middleware
    async def proxy(request: web.Request, handler: Handler) -> web.StreamResponse:
        if "Upgrade" in request.headers:
            service.open_wire(request)
        return await handler(request)

    app = web.Application(middlewares=[proxy])
    app.router.add_get("/", _empty_page)
    app.router.add_get("/static/vendor/socket.io.esm.min.js", _socket_io)
    app.router.add_static("/static", PROJECT / "web/static")
    if folder:
        app.router.add_static("/media", folder)
    service.sio.attach(app)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.address = f"http://{host}:{port}/"
    try:
        yield service
    finally:
        await service.sio.shutdown()
        await runner.cleanup()


async def _empty_page(_request: web.Request) -> web.Response:
    return web.Response(text=EMPTY_PAGE, content_type="text/html")


async def _socket_io(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(SOCKET_IO)
