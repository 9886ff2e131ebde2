"""Attentions of which there is no recording: found, and given away as packages that prove it, by two people."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from aiohttp import web

from videoattention.domain.errors import StepRefused
from videoattention.domain.exporting import ExportStep
from videoattention.domain.people import Role
from videoattention.entrypoints.http.archive import auditor
from videoattention.entrypoints.http.forms import fields
from videoattention.entrypoints.http.packages_asked import OF_ATTENTION, asked_by_name, saved_as
from videoattention.entrypoints.http.reviews import UNMADE, passed_on
from videoattention.entrypoints.http.searching import FIELDS, next_page, sought_in
from videoattention.services.ports import NotFound, Stale

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from videoattention.domain.people import Person
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.attention_packages import AttentionPackages
    from videoattention.services.export import Passing
    from videoattention.services.ports import Clock
    from videoattention.services.sessions import Session
    from videoattention.services.views.archive import ArchiveViews
    from videoattention.services.views.unrecorded import UnrecordedViews

_ALL: Final = "/archive/attentions"
_ONE: Final = _ALL + "/{attention:[A-Za-z0-9_-]{1,64}}"
_PACKAGE: Final = _ONE + "/packages/{package:[A-Za-z0-9_-]{1,64}}"
_LONGEST: Final = 2000
_ANSWERS: Final = {"approve": ExportStep.APPROVE, "refuse": ExportStep.REFUSE}
_NOTHING_WRONG: Final = {"form": "", "problem": "", "purpose": "", "case": ""}


class UnrecordedPages:
    """Routes of auditors and data protection officers."""

    def __init__(
        self,
        rendering: Rendering,
        visitors: Visitors,
        *,
        packages: AttentionPackages,
        views: UnrecordedViews,
        archive_views: ArchiveViews,
        passing: Callable[[], Passing],
        clock: Clock,
    ) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._packages = packages
        self._views = views
        self._archive_views = archive_views
        self._passing = passing
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get(_ALL, self.search),
            web.get(_ONE, self.one),
            web.post(_ONE + "/packages", self.ask),
            web.post(_PACKAGE + "/decision", self.decide),
            web.post(_PACKAGE + "/package", self.give),
        ]

    async def _person(self, request: web.Request) -> tuple[Session, Person]:
        session, person = await auditor(request, self._visitors)
        await self._packages.enter(person)
        return session, person

    async def search(self, request: web.Request) -> web.Response:
        """The attentions that are looked for, all at first, and the packages from which something can still follow."""
        session, person = await self._person(request)
        language = self._rendering.language(request)
        said = {name: " ".join(request.query.get(name, "").split())[:100] for name in FIELDS}
        sought, faults = sought_in(said, request.query.get("after", ""), self._rendering.zone)
        found = await self._views.search(person.organisation, sought, language)
        asked = await asked_by_name(self._views, self._archive_views, session, language, now=self._clock.now())
        return self._rendering.page(
            request,
            "archive/attentions.html",
            status=422 if faults else 200,
            person=person,
            csrf=session.csrf,
            attentions=found.attentions,
            following=next_page(said, found.after, _ALL),
            later=bool(sought.after),
            asked=[seen for seen in asked if seen.waits],
            choices=await self._archive_views.choices(person.organisation, language),
            audits=Role.AUDITOR in person.roles,
            said=said,
            faults=faults,
        )

    async def one(self, request: web.Request) -> web.Response:
        """One attention: what is told of it always, and the form that asks for its package."""
        session, person = await self._person(request)
        return await self._show(request, session, person)

    async def _show(
        self, request: web.Request, session: Session, person: Person, *, wrong: Mapping[str, str] | None = None
    ) -> web.Response:
        name, language = request.match_info["attention"], self._rendering.language(request)
        seen = await self._views.one(person.organisation, name, language)
        if seen is None:
            raise NotFound("no such attention")
        now, views = self._clock.now(), self._archive_views
        return self._rendering.page(
            request,
            "archive/attention.html",
            status=422 if wrong else 200,
            person=person,
            csrf=session.csrf,
            attention=seen,
            asked=await asked_by_name(self._views, views, session, language, now=now, attention=name),
            audits=Role.AUDITOR in person.roles,
            wrong=_NOTHING_WRONG | dict(wrong or {}),
        )

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Ask for the package, for a purpose and a case."""
        session, person = await self._person(request)
        said = await fields(request, session, "purpose", "case")
        name = request.match_info["attention"]
        try:
            await self._packages.ask(person, name, said["purpose"][:_LONGEST], said["case"][:200])
        except StepRefused as refused:
            again = {"purpose": said["purpose"][:500], "case": said["case"][:100]}
            wrong = {"form": "ask", "problem": refused.code, **again}
            return await self._show(request, session, person, wrong=wrong)
        return web.HTTPSeeOther(f"{_ALL}/{name}#asked-title")

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """Approve or refuse what somebody else asked."""
        session, person = await self._person(request)
        said = await fields(request, session, "decision", "answer")
        if said["decision"] not in _ANSWERS:
            raise web.HTTPBadRequest
        name, package = request.match_info["attention"], request.match_info["package"]
        try:
            await self._packages.decide(person, (name, package), _ANSWERS[said["decision"]], said["answer"][:_LONGEST])
        except (StepRefused, Stale) as refused:
            return await self._show(request, session, person, wrong={"form": package, "problem": refused.code})
        return web.HTTPSeeOther(f"{_ALL}/{name}#asked-title")

    async def give(self, request: web.Request) -> web.StreamResponse:
        """The package, once; that it is given away is in the journal before its first byte."""
        session, person = await self._person(request)
        await fields(request, session)
        name, package = request.match_info["attention"], request.match_info["package"]
        with closing(self._passing()) as passing:
            try:
                await self._packages.give(person, (name, package), passing)
            except (StepRefused, Stale) as refused:
                return await self._show(request, session, person, wrong={"form": package, "problem": refused.code})
            except UNMADE:
                return await self._show(request, session, person, wrong={"form": package, "problem": "export_failed"})
            seen = await self._views.one(person.organisation, name, self._rendering.language(request))
            at = seen.at if seen else self._clock.now()
            called = saved_as(self._rendering, request, OF_ATTENTION, at=at, name=name)
            return await passed_on(request, passing, called)
