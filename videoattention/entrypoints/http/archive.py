"""The auditor's pages: what is found, one recording with its journal, and its bytes once a purpose is stated."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import web

from videoattention.domain.access import Action
from videoattention.domain.errors import StepRefused
from videoattention.entrypoints.http.forms import fields
from videoattention.entrypoints.http.headway import with_headway
from videoattention.entrypoints.http.ranges import RangeNotSatisfiable, requested_range
from videoattention.entrypoints.http.recording_page import Wrong
from videoattention.entrypoints.http.searching import FIELDS, next_page, sought_in
from videoattention.entrypoints.http.signed_in import signed_in, still_signed_in
from videoattention.services.media import Track
from videoattention.services.ports import NotFound
from videoattention.services.vault import FileIdentity, MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from videoattention.domain.people import Person
    from videoattention.entrypoints.http.recording_page import RecordingPage
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.archive import Archive
    from videoattention.services.files import Files
    from videoattention.services.sessions import Session
    from videoattention.services.vault import RecordedMedia
    from videoattention.services.views.archive import ArchiveViews
    from videoattention.services.waiting_copies import WaitingCopies

_log = structlog.get_logger()

ONE_RECORDING: Final = "/archive/recordings/{recording:[A-Za-z0-9_-]{1,64}}"
"""The address of a recording's page, under which everything about it is."""

_PLAYED: Final = frozenset({"video", "audio"})
"""What a browser that asks for a file's bytes means to do with them (Fetch Metadata, `Sec-Fetch-Dest`)."""

_ONE_TRACK: Final = ONE_RECORDING + "/parts/{part:[0-9]{1,6}}/{track}"


async def auditor(request: web.Request, visitors: Visitors) -> tuple[Session, Person]:
    """Who is signed in; somebody who is not is led to the login, and comes back to a page that can be opened."""
    back = request.path if request.method in {"GET", "HEAD"} else "/archive"
    return await signed_in(request, visitors, back)


class ArchivePages:
    """Routes of the auditor."""

    def __init__(
        self,
        rendering: Rendering,
        visitors: Visitors,
        *,
        archive: Archive,
        archive_views: ArchiveViews,
        files: Files,
        page: RecordingPage,
        copies: WaitingCopies,
    ) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._archive = archive
        self._archive_views = archive_views
        self._files = files
        self._page = page
        self._copies = copies

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/archive", self.search),
            web.get(ONE_RECORDING, self.recording),
            web.post(ONE_RECORDING + "/purpose", self.state_purpose),
            web.get(_ONE_TRACK, self.media),
            web.get(_ONE_TRACK + "/pictures", self.pictures),
        ]

    async def search(self, request: web.Request) -> web.Response:
        """The recordings of the person's organisation that are looked for, all at first."""
        session, person = await auditor(request, self._visitors)
        await self._archive.enter(person, Action.SEARCH_ARCHIVE)
        language = self._rendering.language(request)
        said = {name: " ".join(request.query.get(name, "").split())[:100] for name in FIELDS}
        sought, faults = sought_in(said, request.query.get("after", ""), self._rendering.zone)
        found = await self._archive_views.search(person.organisation, sought, language)
        return self._rendering.page(
            request,
            "archive.html",
            status=422 if faults else 200,
            person=person,
            recordings=[
                replace(one, waits_since=self._copies.since(person.organisation, one.id)) for one in found.recordings
            ],
            total=found.total,
            following=next_page(said, found.after),
            later=bool(sought.after),
            choices=await self._archive_views.choices(person.organisation, language),
            said=said,
            faults=faults,
            csrf=session.csrf,
        )

    async def recording(self, request: web.Request) -> web.Response:
        """One recording: what is told of it always; its player and journal once a purpose is stated."""
        session, person = await auditor(request, self._visitors)
        return await self._page.show(request, session, person)

    async def state_purpose(self, request: web.Request) -> web.StreamResponse:
        """Say why and for which case, and be let in."""
        session, person = await auditor(request, self._visitors)
        said = await fields(request, session, "purpose", "case")
        name = request.match_info["recording"]
        try:
            await self._archive.state_purpose(person, name, said["purpose"][:2000], case=said["case"][:200])
        except StepRefused as refused:
            again = {"purpose": said["purpose"][:500], "case": said["case"][:100]}
            wrong = Wrong("purpose", refused.code, again)
            return await self._page.show(request, session, person, wrong=wrong, status=422)
        return web.HTTPSeeOther(f"/archive/recordings/{name}")

    async def media(self, request: web.Request) -> web.StreamResponse:
        """The bytes of one track; refused, and the refusal journalled, without a stated purpose.

        They are for the player, where the watermark is: a browser that would show the file by itself, from where it can
        be saved, is refused too.
        """
        track, media = await self._opened(request)
        if request.method == "GET" and request.headers.get("Sec-Fetch-Dest", "video") not in _PLAYED:
            _, person = await still_signed_in(request, self._visitors)
            await self._archive.keep_from_taking(person, request.match_info["recording"])
        return await _send(request, media, track)

    async def pictures(self, request: web.Request) -> web.Response:
        """When each picture of a track is shown: milliseconds since the one before; refused as its bytes are."""
        _, media = await self._opened(request)
        said = await asyncio.to_thread(_instants, media.pictures)
        return web.Response(text=said, content_type="application/json", headers={"Cache-Control": "no-store"})

    async def _opened(self, request: web.Request) -> tuple[Track, RecordedMedia]:
        _, person = await still_signed_in(request, self._visitors)
        name = request.match_info["recording"]
        await self._archive.play(person, name)
        try:
            track = Track(request.match_info["track"])
        except ValueError:
            raise NotFound("no such track") from None
        identity = FileIdentity(person.organisation, name, int(request.match_info["part"]), track)
        return track, await self._files.open(identity)


def _instants(pictures: Sequence[int]) -> str:
    """As differences, which are short: an hour of picture is about 300 KB of them."""
    before = chain((0,), pictures)
    return json.dumps({"after": [at - last for last, at in zip(before, pictures, strict=False)]}, separators=(",", ":"))


async def _send(request: web.Request, media: RecordedMedia, track: Track) -> web.StreamResponse:
    """All of it, or the range that was asked for (RFC 9110, 14); nothing may keep a copy."""
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": media.etag,
        "Content-Type": f"{track.kind}/webm",
        "Cache-Control": "no-store",
    }
    # a range is of a GET alone (14.2): whoever asks with HEAD is told of the whole
    asked = request.headers.get("Range") if request.method == "GET" else None
    try:
        wanted = requested_range(asked, request.headers.get("If-Range"), size=media.size, etag=media.etag)
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
            # whoever asks for a part plays it; whoever asks for the whole takes it away
            pieces = with_headway(media, start, end, kind=track.kind) if wanted else media.read(start, end)
            await _pour(request, answer, pieces)
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
