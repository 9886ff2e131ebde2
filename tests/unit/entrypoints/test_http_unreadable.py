"""What is no request is answered like everything else: with the headers, and without a word of what came."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from videoattention.entrypoints.http.security import bare
from videoattention.entrypoints.http.unreadable import Runner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PUBLIC = "https://video.example.cat"
CANARY = b"canary"
UNREADABLE = {
    "a header that is none": b"GET / HTTP/1.1\r\ncanary canary\r\n\r\n",
    "a method that is none": b"G@canary / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a path of 20 kB": b"GET /" + CANARY * 3_500 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a cookie of 20 kB": b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + CANARY * 3_500 + b"\r\n\r\n",
    "a length that is none": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: canary\r\n\r\n",
    "a null in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX: can\0canary\r\n\r\n",
}


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async def fails(_: web.Request) -> web.StreamResponse:
        raise RuntimeError("canary")

    application = web.Application()
    application.router.add_get("/fails", fails)
    runner = Runner(application, PUBLIC)
    try:
        await runner.listen("127.0.0.1", 0)
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def said(port: int, request: bytes) -> tuple[str, dict[str, str], str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = (await asyncio.wait_for(reader.read(), 10)).decode()
    writer.close()
    head, _, body = answer.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), body


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_is_no_request_is_not_repeated(port: int, name: str) -> None:
    with capture_logs() as log:
        first, headers, body = await said(port, UNREADABLE[name])
    assert first.endswith("400 Bad Request")
    assert body == "400 Bad Request"
    assert headers.items() >= bare(PUBLIC).items()
    assert headers["Server"] == "videoattention"
    assert "max-age" in headers["Strict-Transport-Security"]
    assert log == [{"event": "request_unreadable", "status": 400, "log_level": "info"}]
    assert CANARY.decode() not in json.dumps(headers)


async def test_an_error_before_every_guard_says_nothing_either(port: int) -> None:
    first, headers, body = await said(port, b"GET /fails HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n")
    assert first.endswith("500 Internal Server Error")
    assert body == "500 Internal Server Error"
    assert headers.items() >= bare(PUBLIC).items()


async def test_what_is_a_request_is_answered_as_ever(port: int) -> None:
    first, _, _ = await said(port, b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert first.endswith("404 Not Found")
