"""The auditor's pages of what identifications by sight left: suspicions, and how somebody was identified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from aiohttp import web

from videoattention.domain.errors import StepRefused
from videoattention.entrypoints.http.archive import ONE_RECORDING, auditor
from videoattention.entrypoints.http.forms import fields
from videoattention.entrypoints.http.searching import next_page, place_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.suspicions import Suspicions

_ALL: Final = "/archive/suspicions"
_ONE: Final = _ALL + "/{visual:[A-Za-z0-9_-]{1,64}}"
_STILL: Final = "/stills/{still:[A-Za-z0-9_-]{1,64}}"
_LONGEST: Final = 2000


class SuspicionPages:
    """Its routes."""

    def __init__(self, rendering: Rendering, visitors: Visitors, suspicions: Suspicions) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._suspicions = suspicions

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get(_ALL, self.list),
            web.get(_ONE, self.one),
            web.post(_ONE, self.open),
            web.get(_ONE + _STILL, self.picture),
            web.get(ONE_RECORDING + "/identification", self.identification),
            web.get(ONE_RECORDING + "/identification" + _STILL, self.picture_of_recording),
        ]

    async def list(self, request: web.Request) -> web.Response:
        """What there is, a page at a time, without who the citizens were."""
        session, person = await auditor(request, self._visitors)
        after = place_in(request.query.get("after", ""))
        found = await self._suspicions.listed(person, after)
        return self._rendering.page(
            request,
            "archive/suspicions.html",
            person=person,
            csrf=session.csrf,
            lines=found.lines,
            following=next_page({}, found.after, _ALL),
            later=after is not None,
        )

    async def one(self, request: web.Request) -> web.Response:
        """One whole with the leave that its opening gave; without one, the question why it needs to be seen."""
        session, person = await auditor(request, self._visitors)
        visual, leave = request.match_info["visual"], request.query.get("leave", "")
        if not leave:
            return await self._ask(request)
        line = await self._suspicions.line(person, visual)
        suspicion, stills = await self._suspicions.read(person, visual, leave)
        return self._rendering.page(
            request,
            "archive/suspicion.html",
            person=person,
            csrf=session.csrf,
            line=line,
            one=suspicion,
            stills=stills,
            leave=leave,
        )

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Say why and for which case, and be let in to one."""
        session, person = await auditor(request, self._visitors)
        said = await fields(request, session, "purpose", "case")
        visual, purpose, case = request.match_info["visual"], said["purpose"][:_LONGEST], said["case"][:200]
        try:
            leave = await self._suspicions.open(person, visual, purpose, case=case)
        except StepRefused as refused:
            again = {"purpose": purpose[:500], "case": case[:100]}
            return await self._ask(request, said=again, problem=refused.code, status=422)
        return web.HTTPSeeOther(f"{_ALL}/{visual}?{urlencode({'leave': leave})}")

    async def picture(self, request: web.Request) -> web.Response:
        """A still of a suspicion, with the leave that its opening gave."""
        _, person = await auditor(request, self._visitors)
        still = request.match_info["visual"], request.match_info["still"]
        return _jpeg(await self._suspicions.picture(person, still, request.query.get("leave", "")))

    async def identification(self, request: web.Request) -> web.Response:
        """How the citizen of a recording was identified by sight; refused as its playing is."""
        session, person = await auditor(request, self._visitors)
        recording = request.match_info["recording"]
        found = await self._suspicions.of_recording(person, recording)
        return self._rendering.page(
            request,
            "archive/identification.html",
            person=person,
            csrf=session.csrf,
            recording=recording,
            visual=found.visual,
            informer=found.informer,
            stills=found.stills,
            leave=found.leave,
        )

    async def picture_of_recording(self, request: web.Request) -> web.Response:
        """A still of the identification in a recording, with the leave that its opening gave."""
        _, person = await auditor(request, self._visitors)
        recording, still = request.match_info["recording"], request.match_info["still"]
        leave = request.query.get("leave", "")
        return _jpeg(await self._suspicions.picture_of_recording(person, recording, still, leave))

    async def _ask(
        self, request: web.Request, *, said: Mapping[str, str] | None = None, problem: str = "", status: int = 200
    ) -> web.Response:
        session, person = await auditor(request, self._visitors)
        line = await self._suspicions.line(person, request.match_info["visual"])
        return self._rendering.page(
            request,
            "archive/suspicion_purpose.html",
            status=status,
            person=person,
            csrf=session.csrf,
            line=line,
            said=said or {"purpose": "", "case": ""},
            problem=problem,
        )


def _jpeg(picture: bytes) -> web.Response:
    """Nothing may keep a copy."""
    return web.Response(body=picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})
