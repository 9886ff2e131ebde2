"""The citizen's pages: the entry, the check of devices, and the attention from the line to the goodbye."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from videoattention.domain.stages import LIVE, Stage
from videoattention.entrypoints.http.forms import fields
from videoattention.entrypoints.visitors import CITIZEN, RECEIPT
from videoattention.services.reception import PRESENT

if TYPE_CHECKING:
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.ports import Clock
    from videoattention.services.reception import Reception
    from videoattention.services.sessions import Session
    from videoattention.services.views import CitizenView, Views


class CitizenPages:
    """Routes of the citizen."""

    def __init__(
        self, rendering: Rendering, visitors: Visitors, *, reception: Reception, views: Views, clock: Clock
    ) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._reception = reception
        self._views = views
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/", self.entry),
            web.get("/start/{office}/{procedure}", self.devices),
            web.post("/attentions", self.request),
            web.get("/attention", self.attention),
        ]

    async def entry(self, request: web.Request) -> web.Response:
        """What the service is, and what one can come for; whoever has a turn already is led back to it."""
        since = self._clock.now() - PRESENT
        offices = await self._views.offices(self._rendering.language(request), seen_since=since)
        session = await self._visitors.citizen(request)
        view = await self._view(session, "ca") if session else None
        turn = view.stage if view and Stage(view.stage) in LIVE else ""
        return self._rendering.page(request, "entry.html", offices=offices, turn=turn)

    async def devices(self, request: web.Request) -> web.Response:
        """Camera, microphone and speaker, before waiting; nobody is turned away without them."""
        asked = request.match_info["procedure"]
        office = await self._reception.find(request.match_info["office"], asked, self._rendering.language(request))
        procedure = next(offered for offered in office.procedures if offered.id == asked)
        session = await self._visitors.citizen(request)
        opened = None if session else await self._visitors.open(CITIZEN)
        csrf = session.csrf if session else opened.session.csrf if opened else ""
        answer = self._rendering.page(request, "devices.html", office=office, procedure=procedure, csrf=csrf)
        if opened is not None:
            opened.give_to(answer)
        return answer

    async def request(self, request: web.Request) -> web.StreamResponse:
        """Take a turn; a browser that has a live one goes back to it."""
        session = await self._visitors.citizen(request)
        said = await fields(request, session, "office", "procedure")
        answer = web.HTTPSeeOther("/attention")
        if session is None or await self._is_live(session):
            return answer
        language = self._rendering.language(request)
        await self._reception.find(said["office"], said["procedure"], language)
        if not await self._visitors.close(session):
            return answer  # a form that was sent twice is one turn; the other answer brings its cookie
        organisation, attention = await self._reception.request(said["office"], said["procedure"], language)
        opened = await self._visitors.open(CITIZEN, organisation=organisation, attention=attention)
        opened.give_to(answer)
        await self._close_papers(request, answer)
        return answer

    async def _close_papers(self, request: web.Request, answer: web.StreamResponse) -> None:
        """Whoever takes a turn may be another person than the one whose papers were left open in this browser."""
        papers = await self._visitors.receipt(request)
        if papers is not None:
            await self._visitors.close(papers)
            self._visitors.take_back(answer, RECEIPT)

    async def _is_live(self, session: Session) -> bool:
        view = await self._view(session, "ca")
        return view is not None and Stage(view.stage) in LIVE

    async def _view(self, session: Session, language: str) -> CitizenView | None:
        if not session.attention:
            return None
        since = self._clock.now() - PRESENT
        return await self._views.citizen(session.organisation, session.attention, language, seen_since=since)

    async def attention(self, request: web.Request) -> web.Response:
        """The line, the call, the goodbye: one page, whose stage is an attribute."""
        session, language = await self._visitors.citizen(request), self._rendering.language(request)
        view = await self._view(session, language) if session else None
        if session is None or view is None:
            return self._rendering.notice(request, "no_attention", status=404)
        if Stage(view.stage) in LIVE:
            await self._reception.speak(session.organisation, session.attention, language)
        return self._rendering.page(request, "attention.html", view=view, csrf=session.csrf)
