"""How the bytes of a recording leave the service, when all goes well and when the disk fails in the middle."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from videoattention.entrypoints.http import archive
from videoattention.entrypoints.http.archive import _send
from videoattention.services.media import Track
from videoattention.services.vault import MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

WHOLE = bytes(range(256)) * 400


class Media:
    """A recorded track whose reading fails after ``good`` bytes."""

    size, etag, duration, complete = len(WHOLE), '"tag"', 1.0, True
    pictures: Sequence[int] = ()

    def __init__(self, failure: Exception | None = None, good: int = 0) -> None:
        self.failure, self.good = failure, good

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        if self.failure is None:
            yield WHOLE[start:end]
            return
        yield WHOLE[start : start + self.good]
        raise self.failure


@asynccontextmanager
async def served(media: Media) -> AsyncIterator[int]:
    async def play(request: web.Request) -> web.StreamResponse:
        return await _send(request, media, Track.CITIZEN_VIDEO)

    app = web.Application()
    app.router.add_get("/", play)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def said(port: int, *requests: str) -> bytes:
    """Everything that one connection brings for these requests."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request.encode())
    told = b""
    with suppress(ConnectionResetError):
        async with asyncio.timeout(5):
            while piece := await reader.read(65536):
                told += piece
    writer.close()
    return told


async def test_head_sends_no_byte_so_that_the_next_answer_is_read_right() -> None:
    async with served(Media()) as port:
        head, get = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        told = await said(port, head, get)
    first, rest = told.split(b"\r\n\r\n", 1)
    assert first.startswith(b"HTTP/1.1 200")
    assert f"Content-Length: {len(WHOLE)}".encode() in first
    assert rest.startswith(b"HTTP/1.1 200")
    assert rest.endswith(b"\r\n\r\n" + WHOLE)


@pytest.mark.parametrize("asked", ["bytes=5-9", "bytes=-1", "bytes=999999999-"])
async def test_a_range_is_of_a_get_alone(asked: str) -> None:
    async with served(Media()) as port:
        told = await said(port, f"HEAD / HTTP/1.1\r\nHost: x\r\nRange: {asked}\r\nConnection: close\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 200")
    assert f"Content-Length: {len(WHOLE)}".encode() in told
    assert b"Content-Range" not in told


@pytest.mark.parametrize(
    "failure", [MediaTampered("x"), MediaMissing("x"), StorageFailed("storage_failed", "x")], ids=repr
)
async def test_what_breaks_in_the_middle_ends_there_and_nothing_is_put_after_it(failure: Exception) -> None:
    async with served(Media(failure, good=1000)) as port:
        told = await said(port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert told.count(b"HTTP/1.") <= 1
    head, _, body = told.partition(b"\r\n\r\n")
    assert not head or head.startswith(b"HTTP/1.1 200")
    assert WHOLE.startswith(body)
    assert len(body) <= 1000


@pytest.mark.parametrize(("asked", "ranges"), [("Range: bytes=5-\r\n", [(5, len(WHOLE), "video")]), ("", [])])
async def test_what_is_played_is_given_in_time_and_what_is_taken_away_at_once(
    monkeypatch: pytest.MonkeyPatch, asked: str, ranges: list[tuple[int, int, str]]
) -> None:
    told: list[tuple[int, int, str]] = []

    def with_headway(media: Media, start: int, end: int, *, kind: str) -> AsyncIterator[bytes]:
        told.append((start, end, kind))
        return media.read(start, end)

    monkeypatch.setattr(archive, "with_headway", with_headway)
    async with served(Media()) as port:
        answer = await said(port, f"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{asked}\r\n")
    assert answer.endswith(WHOLE[5:])
    assert told == ranges
