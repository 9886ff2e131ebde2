"""Requests about personal data: the officer's page, and what the citizen's papers send."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from aiohttp import web

from videoattention.domain.deliveries import attention_named
from videoattention.domain.errors import StepRefused
from videoattention.domain.retention import RESCUES
from videoattention.domain.rights import GROUNDS, OPEN, Answer, Right, destroys, grounds_for
from videoattention.entrypoints.http.faults import NO_FAULT, Fault
from videoattention.entrypoints.http.forms import fields
from videoattention.entrypoints.http.signed_in import signed_in
from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from videoattention.domain.people import Person
    from videoattention.domain.rights import DataRequest
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.copies import Copies
    from videoattention.services.ports import Clock
    from videoattention.services.rights import Rights
    from videoattention.services.rights_ports import KeptRights, RequestSeen
    from videoattention.services.sessions import Session

_FIELDS: Final = {
    "ground_unknown": "ground",
    "same_person": "ground",
    "own_work": "ground",
    "reason_too_short": "words",
    "attention_unknown": "attention",
    "attention_goes_on": "attention",
    "nothing_kept": "attention",
    "asked_before": "right",
    "days_unknown": "days",
}
"""The field that each refusal is about."""

_ONE = "/rights/requests/{request:[A-Za-z0-9_-]{1,64}}"


class RightsPages:
    """Routes of the officer and of the citizen's requests."""

    def __init__(
        self,
        rendering: Rendering,
        visitors: Visitors,
        *,
        rights: Rights,
        kept: KeptRights,
        copies: Copies,
        clock: Clock,
    ) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._rights = rights
        self._kept = kept
        self._copies = copies
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/rights", self.show),
            web.post("/rights/requests", self.record),
            web.post(_ONE + "/decision", self.decide),
            web.post(_ONE + "/extension", self.extend),
            web.post(_ONE + "/lifting", self.lift),
            web.post("/rights/quarantine/{attention:[A-Za-z0-9_-]{1,64}}", self.rescue),
            web.post("/receipt/requests", self.ask),
            # a HEAD would be journalled as a copy that was fetched, and nothing be sent
            web.get("/receipt/copy/{request:[A-Za-z0-9_-]{1,64}}", self.copy, allow_head=False),
        ]

    # --- the officer ----------------------------------------------------------------------------------------------

    async def show(self, request: web.Request) -> web.Response:
        """Every request, and what will be erased."""
        session, person = await signed_in(request, self._visitors, "/rights")
        await self._rights.enter(person)
        return await self._page(request, session, person)

    async def _page(
        self, request: web.Request, session: Session, person: Person, fault: Fault = NO_FAULT, status: int = 200
    ) -> web.Response:
        language, now = self._rendering.language(request), self._clock.now()
        requests = await self._kept.requests(person.organisation, language)
        return self._rendering.page(
            request,
            "rights/requests.html",
            status=status,
            person=person,
            csrf=session.csrf,
            now=now,
            requests=requests,
            copies=await self._copies_lost(person.organisation, requests),
            quarantined=await self._kept.quarantined(person.organisation, language),
            words_quarantined=await self._kept.words_quarantined(person.organisation),
            laws=GROUNDS,
            grounds={right: {answer: grounds_for(right, answer) for answer in Answer} for right in Right},
            rights=tuple(Right),
            rescues=RESCUES,
            fault=fault,
        )

    async def _copies_lost(self, organisation: str, requests: Sequence[RequestSeen]) -> dict[str, DataRequest]:
        """By request of an erasure that waits: the copy that would hold nothing any more, or never be made."""
        now = self._clock.now()
        lost: dict[str, DataRequest] = {}
        for seen in requests:
            asked = seen.request
            if asked.right is Right.ERASURE and asked.stage in OPEN:
                others = await self._kept.requests_of(organisation, asked.attention)
                waits = [one for one in others if one.right is Right.COPY and one.stage in OPEN]
                ready = [one for one in others if one.can_be_fetched(now) and not seen.hands.came_after(one.decided_at)]
                if waits or ready:
                    lost[asked.id] = (*waits, *ready)[-1]
        return lost

    async def record(self, request: web.Request) -> web.StreamResponse:
        """What a citizen asked in person."""
        session, person = await signed_in(request, self._visitors, "/rights")
        said = await fields(request, session, "attention", "right", "words")
        asked = self._rights.record(person, attention_named(said["attention"]), _right(said["right"]), said["words"])
        return await self._done(request, (session, person), asked, form="record", said=said)

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """Grant or refuse, as the ground says; what cannot be undone needs the word of who decides it."""
        session, person = await signed_in(request, self._visitors, "/rights")
        said = await fields(request, session, "ground", "words", optional=("understood",))
        name = request.match_info["request"]
        if destroys(said["ground"]) and said["understood"] != "yes":
            await self._rights.enter(person)
            fault = Fault(name, "understood", "not_understood", said)
            return await self._page(request, session, person, fault, status=422)
        decided = self._rights.decide(person, name, said["ground"], said["words"])
        return await self._done(request, (session, person), decided, form=name, said=said)

    async def extend(self, request: web.Request) -> web.StreamResponse:
        """Two months more."""
        return await self._with_words(request, self._rights.extend, "extension")

    async def lift(self, request: web.Request) -> web.StreamResponse:
        """End a restriction."""
        return await self._with_words(request, self._rights.lift, "lifting")

    async def _with_words(
        self, request: web.Request, step: Callable[[Person, str, str], Awaitable[None]], form: str
    ) -> web.StreamResponse:
        session, person = await signed_in(request, self._visitors, "/rights")
        said, name = await fields(request, session, "words"), request.match_info["request"]
        stepped = step(person, name, said["words"])
        return await self._done(request, (session, person), stepped, form=f"{form}-{name}", said=said)

    async def rescue(self, request: web.Request) -> web.StreamResponse:
        """Keep what would be erased."""
        session, person = await signed_in(request, self._visitors, "/rights")
        said = await fields(request, session, "days", "words")
        days = int(said["days"]) if said["days"].isascii() and said["days"].isdigit() else 0
        attention = request.match_info["attention"]
        kept = self._rights.rescue(person, attention, days, said["words"])
        return await self._done(request, (session, person), kept, form=f"rescue-{attention}", said=said)

    async def _done(
        self,
        request: web.Request,
        who: tuple[Session, Person],
        step: Awaitable[object],
        *,
        form: str,
        said: Mapping[str, str],
    ) -> web.StreamResponse:
        """The page again; a refusal is told on it, at the field that it is about, and what was written stays."""
        try:
            await step
        except (StepRefused, NotFound) as refused:
            code = "attention_unknown" if form == "record" and refused.code == "not_found" else refused.code
            field = _FIELDS.get(code, "")
            where = field if field in said or not field else "words"
            return await self._page(request, *who, Fault(form, where, code, said), status=422)
        raise web.HTTPSeeOther("/rights")

    # --- the citizen ----------------------------------------------------------------------------------------------

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """A citizen who opened the link asks for something."""
        session = await self._visitors.receipt(request)
        said = await fields(request, session, "right", "words")
        if session is None:
            raise NotFound("no papers are open in this browser")
        try:
            await self._rights.ask(session.organisation, session.attention, _right(said["right"]), said["words"])
        except StepRefused as refused:
            return self._rendering.notice(request, refused.code, status=409)
        raise web.HTTPSeeOther("/receipt#rights")

    async def copy(self, request: web.Request) -> web.StreamResponse:
        """The copy that was granted, made while it is sent."""
        session = await self._visitors.receipt(request)
        if session is None:
            raise NotFound("no papers are open in this browser")
        asked = await self._rights.fetched(session.organisation, session.attention, request.match_info["request"])
        language = self._rendering.language(request)
        headers = {"Content-Disposition": f'attachment; filename="{asked.id}.zip"', "Cache-Control": "no-store"}
        answer = web.StreamResponse(headers=headers)
        answer.content_type = "application/zip"
        await answer.prepare(request)
        with suppress(ConnectionError):
            async for piece in self._copies.pieces(session.organisation, session.attention, language):
                await answer.write(piece)
        return answer


def _right(code: str) -> Right:
    try:
        return Right(code)
    except ValueError:
        raise web.HTTPBadRequest from None
