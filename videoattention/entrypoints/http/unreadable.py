"""What is no request of HTTP at all: answered before any route, and like every other answer.

The library's own answer repeats what came, tells its versions, and bears none of the headers of `security`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import structlog
from aiohttp import web

from videoattention.entrypoints.http.security import bare

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = structlog.get_logger()


SHUTDOWN: Final = 2.0
"""Seconds that requests which are being answered have when the service ends."""


class Runner(web.AppRunner):
    """Runs the application that browsers reach at ``public_url``."""

    __slots__ = ("_bare",)

    def __init__(self, application: web.Application, public_url: str) -> None:
        super().__init__(application, access_log=None, shutdown_timeout=SHUTDOWN)
        self._bare = bare(public_url)

    async def listen(self, host: str, port: int) -> None:
        """Answer from now on; raises `OSError`."""
        await self.setup()
        await web.TCPSite(self, host, port).start()

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        made.__class__ = _Server  # the library offers no place for this; a test fails when it moves
        made.bare = self._bare  # type: ignore[attr-defined]  # it is one from here on
        return made


class _Server(web.Server):
    bare: Mapping[str, str]

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, self.bare, loop=self._loop, **self._kwargs)


class _Connection(web.RequestHandler):
    __slots__ = ("_bare",)

    def __init__(self, server: web.Server, bare: Mapping[str, str], **options: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(server, **options)
        self._bare = bare

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """An answer that says no more than what every answer of this status says."""
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            super().handle_error(request, status, exc, message)  # which logs it
        elif request.writer.output_size > 0:
            raise ConnectionError("an answer was begun already")
        else:
            _log.info("request_unreadable", status=status)  # anybody can send this, and none of it is told
        answer = web.Response(status=status, text=f"{status} {HTTPStatus(status).phrase}", headers=self._bare)
        answer.force_close()
        return answer
