"""The administrators' pages for changing: a rule is written, shown as a difference, and made with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aiohttp import web

from videoattention.domain.errors import StepRefused
from videoattention.domain.levels import Level
from videoattention.domain.policies import LEAST, compared
from videoattention.entrypoints.http import policy_form
from videoattention.entrypoints.http.forms import fields
from videoattention.entrypoints.http.settings import VERSION, kept_of, version_of
from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from videoattention.domain.levels import LevelPolicy
    from videoattention.domain.people import Person
    from videoattention.domain.policies import Difference, Policy
    from videoattention.entrypoints.http.settings_frame import SettingsFrame
    from videoattention.services.policies import KeptPolicy
    from videoattention.services.policy_making import Book, Draft, Edit, PolicyMaking
    from videoattention.services.sessions import Session

LEVEL = "/settings/levels/{level:[a-z]{1,20}}"
PROCEDURE = "/settings/procedures/{procedure:[A-Za-z0-9_.-]{1,64}}/{level:[a-z]{1,20}}"


@dataclass(frozen=True, slots=True)
class Place:
    """Which rule is edited: a level's own, or what it demands for one procedure.

    ``habilitations`` are those that informers of the organisation have.
    """

    level: Level
    procedure: str
    names: Mapping[str, str]
    habilitations: tuple[str, ...] = ()

    def rule(self, policy: Policy) -> LevelPolicy:
        """What holds there."""
        return policy.of(self.procedure).of(self.level)

    def edit(self, rule: LevelPolicy | None) -> Edit:
        """The change that a form means; ``None`` takes the procedure's own rule away."""
        if rule is None:
            return lambda policy: policy.without(self.procedure, self.level)
        if self.procedure:
            return lambda policy: policy.with_procedure(self.procedure, rule)
        return lambda policy: policy.with_level(rule)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a change: who asks, what they sent, what it would make of the policy.

    ``sent`` goes with the difference from page to page; ``restored`` is the version that a change would repeat;
    ``unheld`` are habilitations that it would demand and no informer has.
    """

    request: web.Request
    session: Session
    person: Person
    said: Mapping[str, str]
    edit: Edit
    draft: Draft
    names: Mapping[str, str]
    sent: Mapping[str, str]
    unheld: tuple[str, ...]
    restored: int | None = None


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The version that somebody else made first, and what it changed of the one that the person had before them."""

    kept: KeptPolicy
    differences: tuple[Difference, ...]


class PolicyChanges:
    """Routes for changing the policy."""

    def __init__(self, frame: SettingsFrame, making: PolicyMaking) -> None:
        self._frame = frame
        self._making = making

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            *(web.get(path, self.form) for path in (LEVEL, PROCEDURE)),
            *(web.post(path, self.change) for path in (LEVEL, PROCEDURE)),
            web.get(VERSION + "/again", self.again),
            web.post(VERSION + "/again", self.make_again),
        ]

    # --- one rule ---------------------------------------------------------------------------------------------------

    async def _begin(self, request: web.Request) -> tuple[Session, Person, Book, Place]:
        """Who asks, and where the address leads; raises `NotFound`."""
        session, person = await self._frame.session(request)
        book = await self._making.book(person)
        level, procedure = request.match_info["level"], request.match_info.get("procedure", "")
        names = await self._frame.procedures(request, person)
        if level not in set(Level) or (procedure and procedure not in names):
            raise NotFound("no such level or procedure")
        habilitations = await self._frame.habilitations(person)
        return session, person, book, Place(Level(level), procedure, names, habilitations)

    async def form(self, request: web.Request) -> web.Response:
        """What is demanded there, to be changed."""
        session, _, book, place = await self._begin(request)
        written = policy_form.written(place.rule(book.in_force.policy))
        return self._form(request, session, book, place=place, written=written)

    def _form(
        self,
        request: web.Request,
        session: Session,
        book: Book,
        *,
        place: Place,
        written: Mapping[str, str],
        faults: Mapping[str, str] | None = None,
        meanwhile: Meanwhile | None = None,
    ) -> web.Response:
        policy = book.in_force.policy
        rule = place.rule(policy)
        return self._frame.page(
            request,
            "form.html",
            session,
            status=409 if meanwhile else 422 if faults else 200,
            kept=book.in_force,
            place=place,
            rule=rule,
            general=(policy.general if place.procedure else LEAST).of(place.level),
            own=policy.own(place.procedure, place.level) is not None,
            editable=policy_form.editable(rule),
            written=written,
            faults=faults or {},
            meanwhile=meanwhile,
        )

    async def change(self, request: web.Request) -> web.StreamResponse:
        """Show what would change, go back to the form, or make it so."""
        session, person, book, place = await self._begin(request)
        rule = place.rule(book.in_force.policy)
        names = policy_form.names(rule)
        said = await fields(request, session, "base", "step", optional=(*names, "remove", "reason"))
        read = policy_form.read(said, rule)
        if said["base"] != str(book.in_force.policy.version):
            meanwhile = _meanwhile(book, said["base"])
            return self._form(request, session, book, place=place, written=read.written, meanwhile=meanwhile)
        edit = place.edit(None if said["remove"] else read.rule)
        draft = await self._making.draft(person, edit)
        wrong = {} if said["remove"] else _faults(draft, read.faults)
        faults = {field: wrong[field] for field in ("", "recording", *policy_form.editable(rule)) if field in wrong}
        if faults or said["step"] == "edit":
            return self._form(request, session, book, place=place, written=read.written, faults=faults)
        sent = {**read.written, "remove": said["remove"]}
        unheld = _unheld(draft, place.habilitations)
        asked = Asked(request, session, person, said, edit, draft, place.names, sent, unheld)
        return await self._decide(asked)

    # --- what was before --------------------------------------------------------------------------------------------

    async def again(self, request: web.Request) -> web.Response:
        """What would change if an earlier version held again."""
        return self._difference(await self._repeating(request, {}))

    async def make_again(self, request: web.Request) -> web.StreamResponse:
        """Make the next version with what an earlier one said."""
        session, _ = await self._frame.session(request)
        said = await fields(request, session, "base", "step", optional=("reason",))
        asked = await self._repeating(request, said)
        if said["base"] != str(asked.draft.old.version):
            book = await self._making.book(asked.person)
            return self._difference(asked, meanwhile=_meanwhile(book, said["base"]))
        return await self._decide(asked)

    async def _repeating(self, request: web.Request, said: Mapping[str, str]) -> Asked:
        session, person = await self._frame.session(request)
        kept = version_of(await self._making.book(person), request.match_info["version"])
        names = await self._frame.procedures(request, person)

        def edit(policy: Policy) -> Policy:
            return policy.again(kept.policy)

        draft = await self._making.draft(person, edit)
        unheld = _unheld(draft, await self._frame.habilitations(person))
        return Asked(request, session, person, said, edit, draft, names, {}, unheld, kept.policy.version)

    # --- the difference, and the reason -----------------------------------------------------------------------------

    async def _decide(self, asked: Asked) -> web.StreamResponse:
        if asked.said["step"] != "make":
            return self._difference(asked)
        base, reason = int(asked.said["base"]), asked.said["reason"]
        try:
            kept = await self._making.make(asked.person, asked.edit, base=base, reason=reason, restored=asked.restored)
        except StepRefused as refused:
            if refused.code != "policy_overtaken":
                return self._difference(asked, problem=refused.code)
            book = await self._making.book(asked.person)
            again = replace(asked, draft=await self._making.draft(asked.person, asked.edit))
            return self._difference(again, meanwhile=_meanwhile(book, asked.said["base"]))
        raise web.HTTPSeeOther(f"/settings/versions/{kept.policy.version}?made=1")

    def _difference(self, asked: Asked, *, problem: str = "", meanwhile: Meanwhile | None = None) -> web.Response:
        return self._frame.page(
            asked.request,
            "difference.html",
            asked.session,
            status=409 if meanwhile else 422 if problem else 200,
            draft=asked.draft,
            names=asked.names,
            sent=asked.sent,
            unheld=asked.unheld,
            restored=asked.restored,
            reason=asked.said.get("reason", ""),
            back=asked.request.path if asked.restored is None else f"/settings/versions/{asked.restored}",
            problem=problem,
            meanwhile=meanwhile,
        )


def _faults(draft: Draft, unread: Mapping[str, str]) -> dict[str, str]:
    """Field -> why it cannot be so; what is wrong with the whole is under no field.

    ``unread`` are the fields that could not be understood: while there are any, nobody is told that nothing changes.
    """
    wrong = {weakness.field: weakness.why.value for weakness in reversed(draft.weaknesses)} | dict(unread)
    return wrong if wrong or draft.differences else {"": "nothing_changed"}


def _unheld(draft: Draft, held: Collection[str]) -> tuple[str, ...]:
    """The habilitations that the change demands anew, and nobody who came to a desk has."""
    demanded = {str(one.new) for one in draft.differences if one.field == "habilitation" and one.new}
    return tuple(sorted(demanded.difference(held)))


def _meanwhile(book: Book, base: str) -> Meanwhile:
    before = kept_of(book, base)
    return Meanwhile(book.in_force, compared(before.policy, book.in_force.policy) if before else ())
