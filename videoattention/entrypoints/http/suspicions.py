"""The auditor's pages of what identifications by sight left: suspicions, and how somebody was identified."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from aiohttp import web

from videoattention.domain.errors import StepRefused
from videoattention.entrypoints.http.forms import fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.sessions import Session
    from videoattention.services.suspicions import SeenSuspicion, Suspicions

_PATH = "/archive/suspicions"
_OF_RECORDING = "/archive/recordings/{recording:[A-Za-z0-9_-]{1,64}}/identification"


class SuspicionPages:
    """Its routes."""

    def __init__(self, rendering: Rendering, visitors: Visitors, suspicions: Suspicions) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._suspicions = suspicions

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [web.get(_PATH, self.ask), web.post(_PATH, self.show), web.get(_OF_RECORDING, self.identification)]

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """The question why they need to be seen."""
        session = await self._session(request)
        if session.person is not None:
            await self._suspicions.enter(session.person)
        return self._page(request, session)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """What was kept apart, on this one page: nothing of it has an address of its own."""
        session = await self._session(request)
        said = await fields(request, session, "purpose")
        if session.person is None:
            raise web.HTTPForbidden
        try:
            found = await self._suspicions.read(session.person, said["purpose"])
        except StepRefused as refused:
            return self._page(request, session, said=said["purpose"], problem=refused.code, status=422)
        return self._page(request, session, found=found)

    async def identification(self, request: web.Request) -> web.StreamResponse:
        """How the citizen of a recording was identified by sight; refused as its playing is."""
        session = await self._session(request)
        if session.person is None:
            raise web.HTTPForbidden
        recording = request.match_info["recording"]
        visual, stills = await self._suspicions.of_recording(session.person, recording)
        return self._rendering.page(
            request,
            "archive/identification.html",
            person=session.person,
            csrf=session.csrf,
            recording=recording,
            visual=visual,
            stills=stills,
            inline=_inline,
        )

    async def _session(self, request: web.Request) -> Session:
        session = await self._visitors.staff(request)
        if session is None or session.person is None:
            raise web.HTTPSeeOther(f"/staff/sign-in?to={_PATH}")
        return session

    def _page(
        self,
        request: web.Request,
        session: Session,
        *,
        found: Sequence[SeenSuspicion] | None = None,
        said: str = "",
        problem: str = "",
        status: int = 200,
    ) -> web.Response:
        return self._rendering.page(
            request,
            "archive/suspicions.html",
            status=status,
            person=session.person,
            csrf=session.csrf,
            found=found,
            said=said,
            problem=problem,
            inline=_inline,
        )


def _inline(picture: bytes) -> str:
    """A picture as a part of its page, so that it has no address of its own."""
    return "data:image/jpeg;base64," + base64.b64encode(picture).decode()
