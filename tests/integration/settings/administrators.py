"""The administrators' pages over a real database, without the rest of the service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Self

from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer, unused_port

from tests.fakes.clock import Clock
from videoattention.adapters.db.catalogue import seed
from videoattention.adapters.db.demo import DEMO
from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.sessions import DatabaseSessions
from videoattention.adapters.texts import TextsFolder
from videoattention.bootstrap.ground import new_id, web_folder
from videoattention.bootstrap.settings import settings_pages
from videoattention.domain.people import Person, Role
from videoattention.entrypoints.http.pages import Pages
from videoattention.entrypoints.http.rendering import Rendering
from videoattention.entrypoints.http.security import Guard
from videoattention.entrypoints.visitors import STAFF, Visitors
from videoattention.services.archive import Archive
from videoattention.services.work import Work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from videoattention.adapters.db.database import Database
    from videoattention.bootstrap.ground import Room
    from videoattention.services.ports import Entry

NOW = datetime(2026, 11, 20, 10, 15, 30, tzinfo=UTC)
ORGANISATION = "gencat-demo"
_INPUT = re.compile(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"[^>]*>')


def somebody(
    subject: str = "staff-pere", role: Role = Role.ADMINISTRATOR, *, organisation: str = ORGANISATION
) -> Person:
    return Person(subject, organisation, "Pere Casals", "Administrador", frozenset({role}), frozenset())


@cache
def _pages() -> Pages:
    """Read and compiled once for all tests."""
    return Pages(web_folder())


@dataclass(frozen=True, slots=True)
class Said:
    """A page as it came."""

    status: int
    text: str
    location: str
    reason: str

    @property
    def words(self) -> str:
        """What is to be read in it."""
        return " ".join(re.sub(r"<[^>]*>", " ", self.text).split())

    def value(self, name: str) -> str:
        """What a hidden field brings."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, (name, self.words)
        return found[1]

    @property
    def fields(self) -> dict[str, str]:
        """Every field of the form as a browser would send it."""
        sent: dict[str, str] = {}
        for tag in re.findall(r"<input\b[^>]*>", self.text):
            name, value = re.search(r'\bname="([^"]+)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
            if name and ("checkbox" not in tag or " checked" in tag):
                sent[name[1]] = _plain(value[1]) if value else "on"
        for name, inside in re.findall(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', self.text, re.DOTALL):
            chosen = re.search(r'<option value="([^"]+)" selected', inside)
            assert chosen, name
            sent[name] = chosen[1]
        for name, inside in re.findall(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>', self.text, re.DOTALL):
            sent[name] = _plain(inside)
        return sent


def _plain(text: str) -> str:
    for mark, character in (("&#39;", "'"), ("&#34;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, character)
    return text


class Quiet:
    """Nobody hears of what is committed; the tests look into ``told``."""

    def __init__(self) -> None:
        self.told: list[Entry] = []

    def committed(self, entries: Sequence[Entry]) -> None:
        self.told += entries


class TownHall:
    """The pages, and the people who use them."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock, self.quiet = database, Clock(NOW), Quiet()
        self.register = DatabaseRegister(database)
        self.work = Work(self.register, self.clock, self.quiet)
        self.port = unused_port()
        self.url = f"http://localhost:{self.port}"
        self.visitors = Visitors(DatabaseSessions(database), self.clock, self.url)
        self.texts = TextsFolder(web_folder() / "texts")

    async def __aenter__(self) -> Self:
        await self.database.migrate()
        await seed(self.database, DEMO)
        rendering = Rendering(_pages(), self.visitors)
        guard = Guard(rendering, public_url=self.url, form_targets=frozenset())
        application = web.Application(middlewares=[guard.middleware])
        application.on_response_prepare.append(guard.dress)
        for room in self.rooms(rendering, Archive(self.work, DatabaseViews(self.database), new_id)):
            application.add_routes(room.routes())
        application.router.add_static("/static", web_folder() / "static")
        self.server = TestServer(application, host="127.0.0.1", port=self.port)
        await self.server.start_server()
        self.http = ClientSession(cookie_jar=DummyCookieJar())
        return self

    def rooms(self, rendering: Rendering, archive: Archive) -> Sequence[Room]:
        """The pages that are served."""
        return settings_pages(
            rendering, self.visitors, work=self.work, archive=archive, database=self.database, texts=self.texts
        )

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()
        await self.server.close()

    async def signed_in(self, person: Person) -> Browser:
        opened = await self.visitors.open(STAFF, organisation=person.organisation, person=person)
        return Browser(self, f"{STAFF}={opened.token}", opened.session.csrf)


@dataclass(frozen=True, slots=True)
class Browser:
    """One person's browser."""

    hall: TownHall
    cookie: str
    csrf: str = ""

    async def _ask(self, method: str, path: str, **more: object) -> Said:
        headers = {"Cookie": self.cookie, "Origin": self.hall.url, "Accept-Language": "en"}
        url = self.hall.url + path
        async with self.hall.http.request(method, url, headers=headers, allow_redirects=False, **more) as answer:  # type: ignore[arg-type]  # what aiohttp takes
            text = await answer.text()
            told = answer.headers
            return Said(answer.status, text, told.get("Location", ""), told.get("X-Reason", ""))

    async def get(self, path: str) -> Said:
        return await self._ask("GET", path)

    async def post(self, path: str, fields: Mapping[str, str]) -> Said:
        return await self._ask("POST", path, data=dict(fields))
