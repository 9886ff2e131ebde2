"""A clock that is set by hand, an application on a free port of this machine, and a very plain browser."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Self

from aiohttp import ClientSession, DummyCookieJar, web
from yarl import URL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


@dataclass
class Clock:
    moment: datetime = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Port:
    """A port that is already ours, so that its address is known before anything is served there."""

    held: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.held.getsockname()[1]}"


@asynccontextmanager
async def served(app: web.Application, port: Port) -> AsyncIterator[None]:
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.SockSite(runner, port.held).start()
        yield
    finally:
        await runner.cleanup()
        port.held.close()


class Form(HTMLParser):
    """The first form of a page: where it leads, what it sends by itself, what can be pressed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []
        self.radios: list[str] = []
        self.language = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = said["lang"]
        if tag == "form":
            assert said["method"] == "post"
            self.action = said["action"]
        if tag == "button":
            self.buttons.append((said["name"], said["value"]))
        if tag == "input" and said["type"] == "radio":
            self.radios.append(said["value"])
        if tag == "input" and (said["type"] == "hidden" or "checked" in said):
            self.fields[said["name"]] = said["value"]


class Browser:
    """Follows no redirect by itself, so that a test sees each one."""

    def __init__(self) -> None:
        self._session = ClientSession(cookie_jar=DummyCookieJar())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def page(self, url: str, *, language: str = "") -> tuple[Form, Mapping[str, str]]:
        async with self._session.get(
            URL(url, encoded=True), headers={"Accept-Language": language}, allow_redirects=False
        ) as response:
            assert response.status == 200, await response.text()
            return Form(await response.text()), response.headers

    async def get(self, url: str) -> tuple[int, str, str]:
        async with self._session.get(URL(url, encoded=True), allow_redirects=False) as response:
            return response.status, response.headers.get("Location", ""), await response.text()

    async def post(self, url: str, fields: Mapping[str, str], *, login: str = "") -> tuple[int, str, str]:
        headers = {"Authorization": login} if login else {}
        async with self._session.post(url, data=fields, headers=headers, allow_redirects=False) as response:
            return response.status, response.headers.get("Location", ""), await response.text()

    async def press(self, url: str, form: Form, **pressed: str) -> tuple[int, str, str]:
        return await self.post(str(URL(url).join(URL(form.action))), {**form.fields, **pressed})


def answer_in(location: str) -> dict[str, str]:
    return dict(URL(location).query)
