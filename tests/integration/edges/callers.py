"""People without a browser: every request and every cookie is written by the test."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any, Self

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from tests.integration.identity.stage import Form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multidict import CIMultiDictProxy

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_ATTENTION = re.compile(r'data-attention="([0-9a-f]+)"')


_NUMBERS = itertools.count(1)


def an_address() -> str:
    """An address of somebody else, as a proxy on this machine would tell it."""
    number = next(_NUMBERS)
    return f"198.18.{number // 250 % 250}.{number % 250 + 1}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; no redirect was followed."""

    url: str
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def csrf(self) -> str:
        found = _CSRF.search(self.text)
        assert found, self.text
        return found[1]


@dataclass
class Caller:
    """One browser's cookies. A cookie is sent back whatever its attributes: the tests speak plain HTTP."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    address: str = field(default_factory=an_address)

    async def __aenter__(self) -> Self:
        self._http = ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=30))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    @property
    def identity(self) -> dict[str, str]:
        """The headers of a page of this service."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Origin": self.base}

    async def request(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **body: Any) -> Answer:  # noqa: ANN401 - what aiohttp takes
        """One request; a header that is empty is left out."""
        wanted = {**self.identity, "X-Forwarded-For": self.address, **(headers or {})}
        sent = {name: value for name, value in wanted.items() if value}
        url = URL(path if path.startswith("http") else self.base + path, encoded=True)
        async with self._http.request(method, url, headers=sent, allow_redirects=False, **body) as response:
            self._keep(response.headers.getall("Set-Cookie", []))
            return Answer(str(url), response.status, response.headers, await response.read())

    def _keep(self, given: list[str]) -> None:
        self.given += given
        for one in given:
            for name, morsel in SimpleCookie(one).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)

    async def get(self, path: str, **more: Any) -> Answer:  # noqa: ANN401 - what aiohttp takes
        return await self.request("GET", path, **more)

    async def post(self, path: str, fields: Mapping[str, str] | None = None, **more: Any) -> Answer:  # noqa: ANN401 - what aiohttp takes
        return await self.request("POST", path, data=dict(fields or {}), **more)

    async def follow(self, path: str) -> Answer:
        """A page behind any redirects."""
        answer = await self.get(path)
        while answer.location:
            answer = await self.get(_absolute(answer.url, answer.location))
        return answer

    async def choose(self, page: Answer, **pressed: str) -> Answer:
        """Press a button on the stand-in's page; returns its answer, which leads back to the service."""
        form = Form(page.text)
        return await self.post(_absolute(page.url, form.action), {**form.fields, **pressed})

    async def sign_in(self, subject: str, path: str = "/desk") -> Answer:
        """Sign in as a member of staff; returns the workplace."""
        chosen = await self.choose(await self.follow(f"/staff/sign-in?to={path}"), person=subject)
        assert chosen.status == 303, chosen.text
        return await self.follow(chosen.location)

    async def identify(self, subject: str = "citizen-clara", assurance: str = "substantial") -> Answer:
        """Identify as a citizen, as the pop-up does."""
        chosen = await self.choose(await self.follow("/attention/identify"), person=subject, assurance=assurance)
        assert chosen.status == 303, chosen.text
        return await self.follow(chosen.location)

    async def take_turn(self, office: str = "oac-girona", procedure: str = "consulta") -> str:
        """Take a turn as the page does; returns the attention's id."""
        page = await self.get(f"/start/{office}/{procedure}")
        taken = await self.post("/attentions", {"csrf": page.csrf, "office": office, "procedure": procedure})
        assert (taken.status, taken.location) == (303, "/attention"), taken.text
        found = _ATTENTION.search((await self.get("/attention")).text)
        assert found
        return found[1]


def _absolute(base: str, location: str) -> str:
    return str(URL(base, encoded=True).join(URL(location, encoded=True)))
