"""Stills over HTTP: only from a page of the informer's own session, of a size and a kind that is taken."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from videoattention.domain.errors import StepRefused
from videoattention.domain.people import Person, Role
from videoattention.entrypoints.http.visual import VisualPages
from videoattention.services.pictures import MOST_BYTES
from videoattention.services.sessions import Session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.visual_stills import Taken, VisualStills
    from videoattention.services.work import Acting

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MARTA = Person("marta", "gencat", "Marta", "Informadora", frozenset({Role.INFORMER}), frozenset({"girona"}))
SESSION = Session("key", "the-token", NOW, NOW, person=MARTA)
GOOD = {"Content-Type": "image/jpeg", "X-CSRF-Token": "the-token"}


@dataclass
class Room:
    """Who is signed in, and what was kept."""

    session: Session | None = SESSION
    refusal: str = ""
    kept: list[tuple[str, str, Taken]] = field(default_factory=list)

    async def staff(self, _: web.Request) -> Session | None:
        return self.session

    async def keep(self, acting: Acting, attention: str, taken: Taken) -> None:
        if self.refusal:
            raise StepRefused(self.refusal, "no")
        self.kept.append((acting.actor, attention, taken))

    async def show(self, acting: Acting, attention: str, still: str) -> bytes:
        return f"{acting.subject} {attention} {still}".encode()


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
async def client(room: Room) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    application = web.Application(client_max_size=1024)
    application.add_routes(VisualPages(cast("Visitors", room), cast("VisualStills", room)).routes())
    async with TestClient(TestServer(application)) as opened:
        yield opened


Client = TestClient[web.Request, web.Application]
ADDRESS = "/desk/visual/att-1/stills/face"


async def test_a_still_is_kept_with_its_age_and_time_stamp(client: Client, room: Room) -> None:
    answer = await client.post(f"{ADDRESS}?age=120&rtp=4294967295", data=b"x" * 100_000, headers=GOOD)
    assert (answer.status, await answer.json()) == (200, {"ok": True})
    ((actor, attention, taken),) = room.kept
    assert (actor, attention, taken.kind, taken.rtp) == ("informer:marta", "att-1", "face", "4294967295")
    assert (taken.age, len(taken.sent)) == (timedelta(milliseconds=120), 100_000)


async def test_a_refusal_is_told_as_a_command_s(client: Client, room: Room) -> None:
    room.refusal = "connection_lost"
    answer = await client.post(ADDRESS, data=b"x", headers=GOOD)
    assert (answer.status, await answer.json()) == (409, {"ok": False, "code": "connection_lost"})


@pytest.mark.parametrize(
    ("address", "headers", "size", "status"),
    [
        (ADDRESS, {"Content-Type": "image/jpeg"}, 1, 400),
        (ADDRESS, GOOD | {"X-CSRF-Token": "another"}, 1, 400),
        (ADDRESS, GOOD | {"Content-Type": "image/svg+xml"}, 1, 415),
        (ADDRESS, GOOD, MOST_BYTES + 1, 413),
        ("/desk/visual/att-1/stills/passport", GOOD, 1, 400),
        (f"{ADDRESS}?age=-1", GOOD, 1, 400),
        (f"{ADDRESS}?age=1e9", GOOD, 1, 400),
        (f"{ADDRESS}?age=99999999999", GOOD, 1, 400),
        (f"{ADDRESS}?rtp=٣", GOOD, 1, 400),
    ],
)
async def test_what_is_not_a_still_of_this_page_is_refused(
    client: Client, room: Room, *, address: str, headers: dict[str, str], size: int, status: int
) -> None:
    answer = await client.post(address, data=io.BytesIO(bytes(size)), headers=headers)
    assert answer.status == status
    assert room.kept == []


async def test_a_token_that_no_text_can_be_is_none(client: Client, room: Room) -> None:
    """Bytes that are not UTF-8 come through a header as lone surrogates."""
    server = client.server
    assert server.port
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"POST {ADDRESS} HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 1\r\nConnection: close"
    writer.write(head.encode() + b"\r\nX-CSRF-Token: the-token\xff\r\n\r\n1")
    assert (await reader.readline()).split()[1] == b"400"
    writer.close()
    assert room.kept == []


AUDITOR = replace(SESSION, person=replace(MARTA, roles=frozenset({Role.AUDITOR})))


@pytest.mark.parametrize("who", [None, replace(SESSION, person=None), AUDITOR])
async def test_only_an_informer_sends_and_sees(client: Client, room: Room, who: Session | None) -> None:
    room.session = who
    assert (await client.post(ADDRESS, data=b"x", headers=GOOD)).status == 403
    assert (await client.get("/desk/visual/att-1/stills/still-1")).status == 403
    assert room.kept == []


async def test_a_still_is_shown_as_a_picture_to_its_informer(client: Client) -> None:
    answer = await client.get("/desk/visual/att-1/stills/still-1")
    assert (answer.content_type, await answer.read()) == ("image/jpeg", b"marta att-1 still-1")
