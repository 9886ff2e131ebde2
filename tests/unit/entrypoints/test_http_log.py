"""The log names routes, never addresses: in an address anybody can say anything."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from videoattention.entrypoints.http.crowd import PACE
from videoattention.entrypoints.http.security import Guard

ROUTE = "/start/{office}/{procedure}"


class Rendering:
    """Says nothing but the status."""

    def notice(self, _: web.Request, __: str, *, status: int, **_more: object) -> web.Response:
        return web.Response(status=status)


async def fails(_: web.Request) -> web.StreamResponse:
    raise RuntimeError("canary")


def application() -> web.Application:
    rendering: Any = Rendering()
    guard = Guard(rendering, public_url="http://localhost:8080", form_targets=frozenset())
    made = web.Application(middlewares=[guard.middleware])
    made.router.add_get(ROUTE, fails)
    return made


async def test_what_fails_and_what_is_too_much_is_told_by_its_route() -> None:
    async with TestClient(TestServer(application())) as client:
        with capture_logs() as log:
            first = await client.get("/start/canary-12345678Z/x?name=canary")
            while (await client.get("/start/canary-12345678Z/x")).status != 429:
                assert len(log) < 10 * PACE.burst
    assert first.status == 500
    assert "canary" not in repr([{**line, "exc_info": ""} for line in log])
    assert (log[0]["event"], log[0]["route"]) == ("request_failed", ROUTE)
    assert (log[-1]["event"], log[-1]["route"]) == ("too_many_requests", ROUTE)
