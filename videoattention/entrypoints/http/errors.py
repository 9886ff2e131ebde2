"""From what was refused inside to a page that says so, translated once."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import web

from videoattention.domain.errors import StepRefused
from videoattention.services.identity import SignInRefused
from videoattention.services.ports import NotFound, Stale
from videoattention.services.vault import MediaErased, MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from videoattention.entrypoints.http.rendering import Rendering

_log = structlog.get_logger()

_HTTP: Final = {404: "not_found", 413: "too_large", 401: "session_ended", 403: "forbidden"}
_LEAST_ERROR = 400
_REFUSALS: Final[tuple[tuple[type[Exception], str, int], ...]] = (
    (NotFound, "not_found", 404),
    (MediaErased, "already_erased", 410),
    (MediaMissing, "not_found", 404),
    (MediaTampered, "unexpected", 410),
    (StepRefused, "bad_request", 409),
    (Stale, "bad_request", 409),
    (SignInRefused, "sign_in_refused", 403),
    (StorageFailed, "unavailable", 503),
)


def told(request: web.Request, rendering: Rendering, error: Exception) -> web.StreamResponse:
    """The answer to an error; what nobody foresaw is logged and answered as a 500."""
    if isinstance(error, web.HTTPException):
        return _told_http(request, rendering, error)
    for kind, notice, status in _REFUSALS:
        if isinstance(error, kind):
            return rendering.notice(request, notice, status=status, reason=getattr(error, "code", notice))
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:  # a static file that no disk could hold
        return rendering.notice(request, "not_found", status=404)
    _log.error("request_failed", route=route_of(request), method=request.method, exc_info=error)
    return rendering.notice(request, "unexpected", status=500)


def route_of(request: web.Request) -> str:
    """Which route a request takes, for the log; never its address, in which anybody can say anything."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""


def _told_http(request: web.Request, rendering: Rendering, error: web.HTTPException) -> web.StreamResponse:
    if error.status < _LEAST_ERROR:
        raise error
    answer = rendering.notice(request, _HTTP.get(error.status, "bad_request"), status=error.status)
    for name in ("Allow", "Content-Range"):
        if name in error.headers:
            answer.headers[name] = error.headers[name]
    return answer
