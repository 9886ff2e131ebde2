"""The auditor's work: the queue, reviews and their verdicts, checking a seal, and packages that two people ask."""

from __future__ import annotations

from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from aiohttp import web

from videoattention.domain.access import Action
from videoattention.domain.errors import StepRefused
from videoattention.domain.exporting import ExportStep
from videoattention.domain.reviewing import TO_REVIEW, ReviewStage
from videoattention.entrypoints.http.archive import ONE_RECORDING, auditor
from videoattention.entrypoints.http.forms import fields
from videoattention.entrypoints.http.packages_asked import OF_RECORDING, asked_by_name, saved_as
from videoattention.entrypoints.http.recording_page import Wrong
from videoattention.entrypoints.http.seal_sentences import finding_in_words
from videoattention.entrypoints.http.signed_in import still_signed_in
from videoattention.services.export import ExportRefused
from videoattention.services.ports import Stale
from videoattention.services.reviewing import Said
from videoattention.services.vault import KeyUnusable, MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from videoattention.domain.people import Person
    from videoattention.entrypoints.http.recording_page import RecordingPage
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.archive import Archive
    from videoattention.services.checking import Check, Checking
    from videoattention.services.checklists import Checklist
    from videoattention.services.export import Passing
    from videoattention.services.exporting import Exporting
    from videoattention.services.ports import Clock
    from videoattention.services.reviewing import Reviewing
    from videoattention.services.sessions import Session
    from videoattention.services.views.archive import ArchiveViews, ExportSeen
    from videoattention.services.views.unrecorded import AskedSeen, UnrecordedViews

_ONE_EXPORT: Final = "/archive/exports/{export:[A-Za-z0-9_-]{1,64}}"
_QUEUES: Final = {"open": sorted(TO_REVIEW), "closed": [ReviewStage.CLOSED], "spared": [ReviewStage.SPARED]}
_LONGEST: Final = 2000
_NOTHING_WRONG: Final = {"export": "", "problem": ""}
_ANSWERS: Final = {"approve": ExportStep.APPROVE, "refuse": ExportStep.REFUSE}

UNMADE: Final = (ExportRefused, KeyUnusable, MediaMissing, MediaTampered, StorageFailed, OSError)
"""What is raised when a package cannot be made; the page says so, and its request stands as before."""


class ReviewPages:
    """Routes of the queue, of reviews and of packages."""

    def __init__(
        self,
        rendering: Rendering,
        visitors: Visitors,
        *,
        archive: Archive,
        archive_views: ArchiveViews,
        unrecorded: UnrecordedViews,
        page: RecordingPage,
        reviewing: Reviewing,
        exporting: Exporting,
        checking: Checking,
        checklist: Checklist,
        passing: Callable[[], Passing],
        clock: Clock,
    ) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._archive = archive
        self._archive_views = archive_views
        self._unrecorded = unrecorded
        self._page = page
        self._reviewing = reviewing
        self._exporting = exporting
        self._checking = checking
        self._items = checklist.items
        self._passing = passing
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/archive/reviews", self.queue),
            web.post(ONE_RECORDING + "/review/open", self.open),
            web.post(ONE_RECORDING + "/review/leave", self.leave),
            web.post(ONE_RECORDING + "/review/verdict", self.judge),
            web.post(ONE_RECORDING + "/check", self.check),
            web.get(ONE_RECORDING + "/check", self.check_seen),
            web.post(ONE_RECORDING + "/exports", self.ask_export),
            web.get("/archive/exports", self.exports),
            web.post(_ONE_EXPORT + "/decision", self.decide_export),
            web.post(_ONE_EXPORT + "/package", self.give_export),
        ]

    async def queue(self, request: web.Request) -> web.Response:
        """What is to be reviewed, the riskiest first; or what was."""
        session, person = await auditor(request, self._visitors)
        await self._archive.enter(person, Action.SEARCH_ARCHIVE)
        shown = request.query.get("show", "open")
        shown = shown if shown in _QUEUES else "open"
        language = self._rendering.language(request)
        lines = await self._archive_views.queue(person.organisation, language, _QUEUES[shown])
        held_by = {line.review.reviewer for line in lines} - {""}
        names = await self._archive_views.names(person.organisation, session.issuer, held_by)
        return self._rendering.page(
            request, "archive/queue.html", person=person, csrf=session.csrf, lines=lines, shown=shown, names=names
        )

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Take a review."""
        return await self._step(request, self._reviewing.open)

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Give a review back."""
        return await self._step(request, self._reviewing.leave)

    async def _step(self, request: web.Request, step: Callable[[Person, str], Awaitable[None]]) -> web.StreamResponse:
        session, person = await auditor(request, self._visitors)
        await fields(request, session)
        return await self._do(request, session, person, step(person, request.match_info["recording"]), Wrong("review"))

    async def judge(self, request: web.Request) -> web.StreamResponse:
        """Say a verdict."""
        session, person = await auditor(request, self._visitors)
        names = [f"item-{item}" for item in self._items]
        said = await fields(request, session, "words", optional=("verdict", *names))
        answers = {item: said[f"item-{item}"] for item in self._items if said[f"item-{item}"]}
        verdict = Said(said["verdict"], answers, said["words"][:_LONGEST])
        judged = self._reviewing.judge(person, request.match_info["recording"], verdict)
        return await self._do(request, session, person, judged, Wrong("verdict", said=said))

    async def ask_export(self, request: web.Request) -> web.StreamResponse:
        """Ask for the package."""
        session, person = await auditor(request, self._visitors)
        said = await fields(request, session, "purpose")
        asked = self._exporting.ask(person, request.match_info["recording"], said["purpose"][:_LONGEST])
        return await self._do(request, session, person, asked, Wrong("export", said=said))

    async def _do(
        self, request: web.Request, session: Session, person: Person, step: Awaitable[None], form: Wrong
    ) -> web.StreamResponse:
        """The step, and the page again; with what was wrong in the form when it was refused."""
        try:
            await step
        except (StepRefused, Stale) as refused:
            wrong = Wrong(form.form, refused.code, form.said)
            return await self._page.show(request, session, person, wrong=wrong, status=422)
        return web.HTTPSeeOther(f"/archive/recordings/{request.match_info['recording']}#{form.form}-title")

    async def check(self, request: web.Request) -> web.StreamResponse:
        """Have the recording compared with its seal."""
        session, person = await auditor(request, self._visitors)
        await fields(request, session)
        name = request.match_info["recording"]
        await self._checking.ask(person, name)
        if request.headers.get("Accept") == "application/json":
            return web.json_response(self._told(request, self._checking.seen(person.organisation, name)))
        return web.HTTPSeeOther(f"/archive/recordings/{name}#seal-title")

    def _told(self, request: web.Request, check: Check | None) -> dict[str, object]:
        if check is None:
            return {"stage": "none", "files": 0, "read": 0, "faults": []}
        words = partial(self._rendering.translate, request)
        faults = [{"words": finding_in_words(fault, words), "finding": fault} for fault in check.faults]
        return {"stage": check.stage, "files": check.files, "read": check.read, "faults": faults}

    async def check_seen(self, request: web.Request) -> web.Response:
        """How far the comparison is, for the page that waits."""
        _, person = await still_signed_in(request, self._visitors)
        await self._archive.enter(person, Action.READ_JOURNAL)
        seen = self._checking.seen(person.organisation, request.match_info["recording"])
        return web.json_response(self._told(request, seen), headers={"Cache-Control": "no-store"})

    async def exports(self, request: web.Request) -> web.Response:
        """Every request for a package of a recording, and those of attentions without one that are new."""
        session, person = await auditor(request, self._visitors)
        await self._archive.enter(person, Action.APPROVE_EXPORT)
        return await self._exports(request, session, person)

    async def _exports(
        self, request: web.Request, session: Session, person: Person, *, wrong: Mapping[str, str] | None = None
    ) -> web.Response:
        language, now, views = self._rendering.language(request), self._clock.now(), self._archive_views
        of_recordings = await views.exports(person.organisation, language, now=now)
        of_attentions = await asked_by_name(self._unrecorded, views, session, language, now=now)
        asked: list[ExportSeen | AskedSeen] = [*of_recordings, *of_attentions]
        seen = sorted(asked, key=lambda one: one.export.asked_at, reverse=True)
        status = 422 if wrong else 200
        return self._rendering.page(
            request,
            "archive/exports.html",
            status=status,
            person=person,
            csrf=session.csrf,
            exports=seen,
            wrong=wrong or _NOTHING_WRONG,
        )

    async def decide_export(self, request: web.Request) -> web.StreamResponse:
        """Approve or refuse what somebody else asked."""
        session, person = await auditor(request, self._visitors)
        said = await fields(request, session, "decision", "answer")
        if said["decision"] not in _ANSWERS:
            raise web.HTTPBadRequest
        export, answer = request.match_info["export"], said["answer"][:_LONGEST]
        try:
            await self._exporting.decide(person, export, _ANSWERS[said["decision"]], answer)
        except (StepRefused, Stale) as refused:
            wrong = {"export": export, "problem": refused.code}
            return await self._exports(request, session, person, wrong=wrong)
        return web.HTTPSeeOther("/archive/exports")

    async def give_export(self, request: web.Request) -> web.StreamResponse:
        """The package, once; that it is given away is in the journal before its first byte."""
        session, person = await auditor(request, self._visitors)
        await fields(request, session)
        export = request.match_info["export"]
        with closing(self._passing()) as package:
            try:
                recording = await self._exporting.give(person, export, package)
            except (StepRefused, Stale) as refused:
                wrong = {"export": export, "problem": refused.code}
                return await self._exports(request, session, person, wrong=wrong)
            except UNMADE:
                wrong = {"export": export, "problem": "export_failed"}
                return await self._exports(request, session, person, wrong=wrong)
            return await passed_on(request, package, await self._called(request, person, recording))

    async def _called(self, request: web.Request, person: Person, recording: str) -> str:
        language, now = self._rendering.language(request), self._clock.now()
        given = await self._archive_views.exports(person.organisation, language, now=now, recording=recording)
        began = given[0].recording.started_at
        return saved_as(self._rendering, request, OF_RECORDING, at=began, name=recording)


async def passed_on(request: web.Request, package: Passing, name: str) -> web.StreamResponse:
    """A package that is whole, to be kept by whoever asked for it and by nothing on the way."""
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    answer = web.StreamResponse(headers=headers)
    answer.content_length = package.size
    with suppress(ConnectionError):
        await answer.prepare(request)
        async for piece in package.read():
            await answer.write(piece)
    return answer
