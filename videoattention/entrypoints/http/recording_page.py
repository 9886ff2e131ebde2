"""One recording as an auditor sees it: what is told of it always, and what opens with a purpose and a case."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from videoattention.domain.access import Action
from videoattention.entrypoints.http.journal_words import phrase_of
from videoattention.entrypoints.http.naming import Names
from videoattention.entrypoints.http.sentences import N_
from videoattention.services.manifest import seal_seen
from videoattention.services.ports import NotFound
from videoattention.services.timeline import marks_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiohttp import web

    from videoattention.domain.people import Person
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.services.archive import Archive
    from videoattention.services.checking import Check, Checking
    from videoattention.services.checklists import Checklist
    from videoattention.services.ports import Clock
    from videoattention.services.seals import KeptSeals
    from videoattention.services.sessions import Session
    from videoattention.services.timeline import Mark
    from videoattention.services.views import JournalLine, PartSeen, Views
    from videoattention.services.views.archive import ArchiveViews, ExportSeen, RecordingSeen, ReviewSeen
    from videoattention.services.waiting_copies import WaitingCopies

LOGIN: Final = N_("the login service of %(host)s")
_OTHER_WAYS: Final = ("phone", "visual")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that was not taken: which one, the code of why, and what was written in it."""

    form: str = ""
    problem: str = ""
    said: Mapping[str, str] = field(default_factory=dict)


NOTHING_WRONG = Wrong()


@dataclass(frozen=True, slots=True)
class Room:
    """What the page has beside the recording: its review, requests for its package, and how its check goes."""

    review: ReviewSeen | None
    checklists: Mapping[str, Mapping[str, str]]
    newest: str
    exports: Sequence[ExportSeen]
    check: Check | None
    marks: Sequence[Mark]
    names: Names
    case: str = ""
    wrong: Wrong = NOTHING_WRONG

    @property
    def items(self) -> Mapping[str, str]:
        """The checklist to go through now."""
        return self.checklists[self.newest]


class RecordingPage:
    """Renders it, as it is or with what was wrong in a form."""

    def __init__(
        self,
        rendering: Rendering,
        *,
        archive: Archive,
        views: Views,
        archive_views: ArchiveViews,
        seals: KeptSeals,
        checking: Checking,
        checklists: Mapping[str, Checklist],
        providers: Mapping[str, str],
        clock: Clock,
        copies: WaitingCopies,
    ) -> None:
        self._rendering = rendering
        self._archive = archive
        self._views = views
        self._archive_views = archive_views
        self._seals = seals
        self._checking = checking
        self._checklists = checklists
        self._providers = providers
        self._clock = clock
        self._copies = copies

    async def show(
        self, request: web.Request, session: Session, person: Person, *, wrong: Wrong = NOTHING_WRONG, status: int = 200
    ) -> web.Response:
        """The page; raises `AccessDenied`, or `NotFound` for what the person's organisation has not: both journalled.

        Whoever sent a form that was wrong comes here too: nothing of the recording is told to them before this check.
        """
        await self._archive.enter(person, Action.READ_JOURNAL)
        name, language = request.match_info["recording"], self._rendering.language(request)
        seen, parts = await self._found(person, name, language)
        grant = await self._archive.held(person, name)
        journal = await self._views.journal(person.organisation, seen.attention)
        seal = await self._seals.of(person.organisation, name)
        room = Room(
            await self._archive_views.review(person.organisation, name),
            {version: checklist.in_words(language) for version, checklist in self._checklists.items()},
            list(self._checklists)[-1],
            await self._archive_views.exports(person.organisation, language, now=self._clock.now(), recording=name),
            self._checking.seen(person.organisation, name),
            marks_of(journal, parts),
            await self._names(request, session, seen, journal),
            grant.case if grant else "",
            wrong,
        )
        return self._rendering.page(
            request,
            "recording.html",
            status=status,
            person=person,
            recording=seen,
            parts=parts,
            journal=journal,
            seal=seal_seen(seal) if seal else None,
            granted=grant is not None,
            granted_until=grant.until if grant else None,
            csrf=session.csrf,
            room=room,
        )

    async def _found(self, person: Person, name: str, language: str) -> tuple[RecordingSeen, tuple[PartSeen, ...]]:
        """The recording, with what its copy waits for, and its parts."""
        found = await self._views.recording(person.organisation, name, language)
        if found is None:
            await self._archive.refused(person, name, "not_found")
            raise NotFound("no such recording")
        seen, parts = found
        whose = (person.organisation, name)
        since, elsewhere = self._copies.since(*whose), self._copies.is_elsewhere(*whose)
        return replace(seen, waits_since=since, waits_elsewhere=elsewhere), parts

    async def _names(
        self, request: web.Request, session: Session, seen: RecordingSeen, journal: Sequence[JournalLine]
    ) -> Names:
        """Of whom and what the journal and the page tell."""
        language, say = self._rendering.language(request), partial(self._rendering.translate, request)
        organisation = session.person.organisation if session.person else ""
        subjects = {line.actor.partition(":")[2] for line in journal} | {
            hold.by.partition(":")[2] for hold in seen.holds
        }
        for line in journal:
            subjects |= {str(line.body[name]) for name in ("informer", "subject", "asked_by") if name in line.body}
        staff = await self._archive_views.names(organisation, session.issuer, subjects - {""})
        choices = await self._archive_views.choices(organisation, language)
        vouching = {**self._providers, **{way: phrase_of(way, say) for way in _OTHER_WAYS}}
        return Names(staff, dict(choices.offices), dict(choices.procedures), vouching, say(LOGIN))
