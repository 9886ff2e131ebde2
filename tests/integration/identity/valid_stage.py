"""A provider in the dialect of VÀLid that is honest until a test changes one thing."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.integration.identity.stage import Clock, Port, served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.integration.identity.hostile import Answer

HONEST = {
    "status": "ok",
    "identifier": "00000014Z",
    "identifierType": "1",
    "name": "Clara",
    "surnames": "Ribas Mestre",
    "prefix": "0034",
    "phone": "600000000",
    "method": "idcatmobil",
    "assuranceLevel": "substantial",
}


@dataclass
class HostileValid:
    """What it says, piece by piece; ``base`` is its address. ``instead`` takes the place of a whole endpoint."""

    base: str
    clock: Clock
    tokens: dict[str, Any] = field(
        default_factory=lambda: {"access_token": "access", "token_type": "Bearer", "expires_in": 3600}
    )
    details: dict[str, Any] = field(default_factory=lambda: dict(HONEST))
    evidence: dict[str, Any] = field(
        default_factory=lambda: {"status": "ok", "identifier": HONEST["identifier"], "evidence": "signed.by.them"}
    )
    answer: dict[str, str | None] = field(default_factory=dict)
    instead: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        name = request.path.rsplit("/", 1)[1]
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.asked.append((name, dict(request.query) | form))
        if name in self.instead:
            return await self.instead[name](request)
        return web.json_response(self.honest(name))

    def honest(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        """What this endpoint says when nobody took its place."""
        return {"token": self.tokens, "getUserInfo": self.details, "getEvidence": self.evidence}[name]


@asynccontextmanager
async def hostile_valid() -> AsyncIterator[HostileValid]:
    port = Port()
    hostile = HostileValid(port.address, Clock())
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hostile.serve)
    async with served(app, port):
        yield hostile
