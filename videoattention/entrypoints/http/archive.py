"""The auditor's pages: the list, one recording with its journal, and its bytes once a purpose is stated."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from videoattention.domain.access import Action
from videoattention.domain.errors import StepRefused
from videoattention.entrypoints.http.forms import fields
from videoattention.entrypoints.http.ranges import RangeNotSatisfiable, requested_range
from videoattention.services.manifest import seal_seen
from videoattention.services.media import Track
from videoattention.services.ports import NotFound
from videoattention.services.vault import FileIdentity, MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from videoattention.domain.people import Person
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.archive import Archive
    from videoattention.services.files import Files
    from videoattention.services.seals import KeptSeals
    from videoattention.services.sessions import Session
    from videoattention.services.vault import RecordedMedia
    from videoattention.services.views import Views

_log = structlog.get_logger()


class ArchivePages:
    """Routes of the auditor."""

    def __init__(
        self,
        rendering: Rendering,
        visitors: Visitors,
        *,
        archive: Archive,
        views: Views,
        files: Files,
        seals: KeptSeals,
    ) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._archive = archive
        self._views = views
        self._files = files
        self._seals = seals

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        one = "/archive/recordings/{recording:[A-Za-z0-9_-]{1,64}}"
        return [
            web.get("/archive", self.list),
            web.get(one, self.recording),
            web.post(one + "/purpose", self.state_purpose),
            web.get(one + "/parts/{part:[0-9]{1,6}}/{track}", self.media),
        ]

    async def _session(self, request: web.Request) -> tuple[Session, Person]:
        session = await self._visitors.staff(request)
        if session is None or session.person is None:
            raise web.HTTPSeeOther("/staff/sign-in?to=/archive")
        return session, session.person

    async def list(self, request: web.Request) -> web.Response:
        """Every recording of the person's organisation."""
        session, person = await self._session(request)
        await self._archive.enter(person, Action.SEARCH_ARCHIVE)
        recordings = await self._views.recordings(person.organisation, self._rendering.language(request))
        return self._rendering.page(request, "archive.html", person=person, recordings=recordings, csrf=session.csrf)

    async def recording(self, request: web.Request) -> web.Response:
        """One recording: its journal for every auditor, its player once a purpose is stated."""
        session, person = await self._session(request)
        await self._archive.enter(person, Action.READ_JOURNAL)
        return await self._show(request, session, person)

    async def _show(
        self,
        request: web.Request,
        session: Session,
        person: Person,
        *,
        problem: str = "",
        purpose: str = "",
        status: int = 200,
    ) -> web.Response:
        name = request.match_info["recording"]
        found = await self._views.recording(person.organisation, name, self._rendering.language(request))
        if found is None:
            await self._archive.refused(person, name, "not_found")
            raise NotFound("no such recording")
        seen, parts = found
        grant = await self._archive.held(person, name)
        journal = await self._views.journal(person.organisation, seen.attention)
        seal = await self._seals.of(person.organisation, name)
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
            problem=problem,
            purpose=purpose,
        )

    async def state_purpose(self, request: web.Request) -> web.StreamResponse:
        """Say why, and be let in."""
        session, person = await self._session(request)
        said = await fields(request, session, "purpose")
        try:
            await self._archive.state_purpose(person, request.match_info["recording"], said["purpose"][:2000])
        except StepRefused as refused:
            problem = self._rendering.sentence(request, refused.code)
            said_again = said["purpose"][:500]
            return await self._show(request, session, person, problem=problem, purpose=said_again, status=422)
        return web.HTTPSeeOther(f"/archive/recordings/{request.match_info['recording']}")

    async def media(self, request: web.Request) -> web.StreamResponse:
        """The bytes of one track; refused, and the refusal journalled, without a stated purpose."""
        session = await self._visitors.staff(request)
        if session is None or session.person is None:
            raise web.HTTPUnauthorized
        name, person = request.match_info["recording"], session.person
        await self._archive.play(person, name)
        try:
            track = Track(request.match_info["track"])
        except ValueError:
            raise NotFound("no such track") from None
        identity = FileIdentity(person.organisation, name, int(request.match_info["part"]), track)
        return await _send(request, await self._files.open(identity), track)


async def _send(request: web.Request, media: RecordedMedia, track: Track) -> web.StreamResponse:
    """All of it, or the range that was asked for (RFC 9110, 14); nothing may keep a copy (threat T23)."""
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": media.etag,
        "Content-Type": f"{track.kind}/webm",
        "Cache-Control": "no-store",
    }
    try:
        wanted = requested_range(
            request.headers.get("Range"), request.headers.get("If-Range"), size=media.size, etag=media.etag
        )
    except RangeNotSatisfiable as refused:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": refused.content_range}) from None
    start, end = (wanted.start, wanted.end) if wanted else (0, media.size)
    if wanted:
        headers["Content-Range"] = wanted.content_range
    answer = web.StreamResponse(status=206 if wanted else 200, headers=headers)
    answer.content_length = end - start
    # a player that seeks hangs up on what it does not need any more, at any moment
    with suppress(ConnectionError):
        await answer.prepare(request)
        if request.method != "HEAD":
            await _pour(request, answer, media.read(start, end))
    return answer


async def _pour(request: web.Request, answer: web.StreamResponse, pieces: AsyncIterator[bytes]) -> None:
    try:
        async for piece in pieces:
            await answer.write(piece)
    except (MediaMissing, MediaTampered, StorageFailed) as error:
        # the answer has begun and its length is promised: all that can still be said is that it is not whole
        _log.error("playback_broken", error=type(error).__name__)
        if request.transport is not None:
            request.transport.abort()
