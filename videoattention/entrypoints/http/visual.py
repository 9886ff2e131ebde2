"""Stills of a visual identification: sent by the desk, and shown to the informer who took them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from videoattention.domain.access import Action, Resource, decide
from videoattention.domain.visual_stages import StillKind
from videoattention.entrypoints.signalling.errors import DONE, REFUSALS, refusal
from videoattention.entrypoints.visitors import is_genuine
from videoattention.services.pictures import MOST_BYTES
from videoattention.services.visual_stills import Taken
from videoattention.services.work import acting_as

if TYPE_CHECKING:
    from videoattention.domain.people import Person
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.visual_stills import VisualStills

CSRF: Final = "X-CSRF-Token"
_JPEG: Final = "image/jpeg"
_CHUNK: Final = 65536
_LONGEST_FIGURE: Final = 10


class VisualPages:
    """Routes of the stills."""

    def __init__(self, visitors: Visitors, stills: VisualStills) -> None:
        self._visitors = visitors
        self._stills = stills

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.post("/desk/visual/{attention}/stills/{kind}", self.take),
            web.get("/desk/visual/{attention}/stills/{still}", self.show),
        ]

    async def take(self, request: web.Request) -> web.Response:
        """Keep a still; the answer is as a command's acknowledgement."""
        person = await self._informer(request, unsafe=True)
        kind, age, rtp = request.match_info["kind"], request.query.get("age", "0"), request.query.get("rtp", "")
        if kind not in set(StillKind) or not _is_figure(age) or not (rtp == "" or _is_figure(rtp)):
            raise web.HTTPBadRequest
        sent = await _picture(request)
        taken = Taken(StillKind(kind), sent, timedelta(milliseconds=int(age)), rtp)
        try:
            await self._stills.keep(acting_as("informer", person), request.match_info["attention"], taken)
        except REFUSALS as refused:
            return web.json_response(refusal(refused.code), status=409)
        return web.json_response(DONE)

    async def show(self, request: web.Request) -> web.Response:
        """A still, to the informer who took it."""
        person = await self._informer(request)
        attention, still = request.match_info["attention"], request.match_info["still"]
        picture = await self._stills.show(acting_as("informer", person), attention, still)
        return web.Response(body=picture, content_type=_JPEG)

    async def _informer(self, request: web.Request, *, unsafe: bool = False) -> Person:
        """Who asks, from a session of their own; an unsafe request must bring its token."""
        session = await self._visitors.staff(request)
        if session is None or session.person is None:
            raise web.HTTPForbidden
        if unsafe and not is_genuine(session, request.headers.get(CSRF, "")):
            raise web.HTTPBadRequest
        if not decide(session.person, Action.ATTEND, Resource(session.person.organisation)).allowed:
            raise web.HTTPForbidden
        return session.person


def _is_figure(text: str) -> bool:
    return len(text) <= _LONGEST_FIGURE and text.isascii() and text.isdecimal()


async def _picture(request: web.Request) -> bytes:
    """What was sent, of a size that is taken: more than a form may have, which is why it is read here."""
    if request.content_type != _JPEG:
        raise web.HTTPUnsupportedMediaType
    sent = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK):
        sent += chunk
        if len(sent) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(MOST_BYTES, len(sent))
    return bytes(sent)
