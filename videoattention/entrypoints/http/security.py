"""What every answer bears and every request must: the headers, the origin, one clear error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import web

from videoattention.entrypoints.http.crowd import Crowd
from videoattention.entrypoints.http.errors import route_of, told
from videoattention.services.archive import AccessDenied

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from videoattention.entrypoints.http.rendering import Rendering

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = structlog.get_logger()

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
WITH_CAMERA: Final = ("/start/", "/attention", "/desk")
STATIC: Final = "/static/"
CITIZEN_COOKIE: Final = "__Host-citizen"
FROM_ELSEWHERE: Final = frozenset({"/staff/back-channel-logout"})
"""The posts that a provider sends itself; each proves itself by a signed token."""

_NAME: Final = "videoattention"
_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NOBODY: Final = "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=()"
_CALLS: Final = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"
_ONE_YEAR: Final = "max-age=31536000; includeSubDomains"


def comes_from(request: web.Request, public_url: str) -> bool:
    """Whether a page of this service made the request; one that does not say is refused.

    A page that sends no referrer sends ``Origin: null`` with its forms (Fetch, "append a request `Origin` header"), so
    what the browser itself says of the two sites counts where the origin is missing.
    """
    origin = request.headers.get("Origin")
    if origin in {None, "null"}:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    return origin == public_url


def bare(public_url: str) -> dict[str, str]:
    """The headers of an answer to what could not be read as a request."""
    policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    same = {"Server": _NAME, "Content-Security-Policy": policy, "Permissions-Policy": _NOBODY}
    secure = {"Strict-Transport-Security": _ONE_YEAR} if public_url.startswith("https://") else {}
    return {**_FIXED, **same, **secure, "Cache-Control": "no-store"}


class Guard:
    """The outermost middleware, and the signal by which every answer is dressed.

    ``form_targets`` are the origins to which a sign-out may lead.
    """

    def __init__(self, rendering: Rendering, *, public_url: str, form_targets: frozenset[str]) -> None:
        self._rendering = rendering
        self._public_url = public_url
        self._crowd = Crowd()
        live = public_url.replace("http", "ws", 1)
        targets = " ".join(sorted(form_targets - {public_url}))
        self._policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
            f"media-src 'self' blob:; connect-src 'self' {live}; font-src 'self'; "
            f"form-action 'self' {targets}; frame-ancestors 'none'; base-uri 'none'; "
            "require-trusted-types-for 'script'"
        )

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what comes from elsewhere, and answer errors in words."""
        if self._is_forged(request):
            return self._rendering.notice(request, "bad_request", status=403, reason="other_origin")
        if "\0" in request.path or "\0" in request.query_string:  # no name has it, and not every database bears it
            return self._rendering.notice(request, "bad_request", status=400)
        if not self._crowd.admits(request, known=CITIZEN_COOKIE):
            _log.warning("too_many_requests", route=route_of(request))
            return self._rendering.notice(request, "too_many_requests", status=429)
        try:
            return await handler(request)
        except AccessDenied as denied:
            return await self._rendering.forbidden(request, denied.code)
        except Exception as error:  # noqa: BLE001 - every error becomes one clear page
            return told(request, self._rendering, error)

    def _is_forged(self, request: web.Request) -> bool:
        if request.method in SAFE or request.path in FROM_ELSEWHERE or request.path.startswith("/standin/"):
            return False
        return not comes_from(request, self._public_url)

    async def dress(self, request: web.Request, answer: web.StreamResponse) -> None:
        """Set what is not set yet, when the answer begins: redirects and streams too. The stand-in adds its own."""
        answer.headers["Server"] = _NAME  # the library's own line tells versions
        for name, value in _FIXED.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Content-Security-Policy", self._policy)
        with_camera = request.path.startswith(WITH_CAMERA)
        answer.headers.setdefault("Permissions-Policy", _CALLS if with_camera else _NOBODY)
        if not request.path.startswith(STATIC):
            answer.headers.setdefault("Cache-Control", "no-store")
        if self._public_url.startswith("https://"):
            answer.headers.setdefault("Strict-Transport-Security", _ONE_YEAR)
