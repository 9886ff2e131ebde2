"""A socket of Engine.IO and Socket.IO written by hand, so that it can say what no library would."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import ClientSession, DummyCookieJar, WSMsgType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiohttp import ClientWebSocketResponse

WITHIN = 15.0


@dataclass
class Socket:
    """One connection to one namespace. ``pushes`` are (name, payload) in the order in which they came."""

    base: str
    namespace: str
    headers: Mapping[str, str]
    auth: object = None
    pushes: list[tuple[str, Any]] = field(default_factory=list)
    admitted: bool = False
    closed: bool = False
    _answers: dict[int, Any] = field(default_factory=dict)
    _number: int = 0
    _refused: bool = False

    async def __aenter__(self) -> Self:
        """Connect and ask for the namespace; `admitted` tells whether one was let in."""
        self._changed = asyncio.Condition()
        self._http = ClientSession(cookie_jar=DummyCookieJar())
        address = self.base.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        sent = {name: value for name, value in self.headers.items() if value}
        try:
            self._ws: ClientWebSocketResponse = await self._http.ws_connect(address, headers=sent, max_msg_size=0)
        except Exception:
            await self._http.close()
            raise
        await self._ws.receive_str(timeout=WITHIN)
        await self.join()
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        await self._ws.close()
        await self._http.close()

    async def join(self) -> None:
        """Ask for the namespace (again)."""
        auth = "" if self.auth is None else json.dumps(self.auth)
        await self._ws.send_str(f"40{self.namespace},{auth}")
        while not (self.admitted or self._refused):
            # what the page is told may come before the news that it is let in
            await self._heard(await self._ws.receive_str(timeout=WITHIN))

    async def come_back(self) -> None:
        """Leave the namespace on this same connection, and ask for it until one is let in again."""
        await self.raw(f"41{self.namespace},")
        self.admitted = False
        while not self.admitted:
            self._refused = False
            await self.raw(f"40{self.namespace},")
            await self._until(lambda: self.admitted or self._refused)

    async def _read(self) -> None:
        async for frame in self._ws:
            if frame.type is WSMsgType.TEXT:
                await self._heard(frame.data)
        async with self._changed:
            self.closed = True
            self._changed.notify_all()

    async def _heard(self, text: str) -> None:
        if text == "2":
            await self._ws.send_str("3")
            return
        # the name of the first namespace is left out
        kind, _, rest = (text[:2] + "/," + text[2:] if self.namespace == "/" else text).partition(",")
        async with self._changed:
            if kind == f"42{self.namespace}":
                name, *payload = json.loads(rest)
                self.pushes.append((name, payload[0] if payload else None))
            elif kind == f"43{self.namespace}":
                number, _, body = rest.partition("[")
                self._answers[int(number)] = next(iter(json.loads("[" + body)), None)
            elif kind == f"40{self.namespace}":
                self.admitted = True
            elif kind == f"44{self.namespace}":
                self._refused = True
            elif kind == f"41{self.namespace}":
                self.admitted = False
            self._changed.notify_all()

    async def _until(self, holds: Callable[[], bool], within: float = WITHIN) -> None:
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(holds)

    async def raw(self, frame: str | bytes) -> None:
        """Send anything."""
        await (self._ws.send_str(frame) if isinstance(frame, str) else self._ws.send_bytes(frame))

    async def ask_raw(self, body: str, *, kind: str = "42") -> Any:  # noqa: ANN401 - whatever was answered
        """Send an event whose JSON is written by hand; returns its acknowledgement."""
        return await self.answer(await self.send_raw(body, kind=kind))

    async def send_raw(self, body: str, *, kind: str = "42") -> int:
        """Send without waiting; returns the number under which the acknowledgement comes."""
        self._number += 1
        await self.raw(f"{kind}{self.namespace},{self._number}{body}")
        return self._number

    async def answer(self, number: int) -> Any:  # noqa: ANN401 - whatever was answered
        await self._until(lambda: number in self._answers or self.closed)
        assert number in self._answers, "the connection ended without an answer"
        return self._answers.pop(number)

    async def ask(self, name: object, *payloads: object) -> Any:  # noqa: ANN401 - whatever was answered
        """Send an event; returns its acknowledgement."""
        return await self.ask_raw(json.dumps([name, *payloads]))

    async def pushed(self, name: str, holds: Callable[[Any], bool] = lambda _: True) -> Any:  # noqa: ANN401 - a push
        """Wait for a push, or take one that came already."""

        def found() -> list[Any]:
            return [payload for told, payload in self.pushes if told == name and holds(payload)]

        await self._until(lambda: bool(found()))
        return found()[-1]

    async def closing(self, within: float = WITHIN) -> None:
        """Wait until the connection itself ended."""
        await self._until(lambda: self.closed, within)

    async def ended(self, within: float = WITHIN) -> None:
        """Wait until the service let this one go."""
        await self._until(lambda: self.closed or not self.admitted, within)
