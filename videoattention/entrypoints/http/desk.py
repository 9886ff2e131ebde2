"""The informer's desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from videoattention.domain.access import Action
from videoattention.entrypoints.http.signed_in import signed_in
from videoattention.services.reception import PRESENT

if TYPE_CHECKING:
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.archive import Archive
    from videoattention.services.pairing import Pairing
    from videoattention.services.ports import Clock
    from videoattention.services.views import Views


class DeskPages:
    """Routes of the informer."""

    def __init__(
        self,
        rendering: Rendering,
        visitors: Visitors,
        *,
        archive: Archive,
        pairing: Pairing,
        views: Views,
        clock: Clock,
    ) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._archive = archive
        self._pairing = pairing
        self._views = views
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [web.get("/desk", self.desk)]

    async def desk(self, request: web.Request) -> web.StreamResponse:
        """The desk, or the way to sign in."""
        session, person = await signed_in(request, self._visitors, "/desk")
        await self._archive.enter(person, Action.ATTEND, "desk")
        await self._pairing.arrive(person)
        since = self._clock.now() - PRESENT
        language = self._rendering.language(request)
        view = await self._views.desk(person.organisation, person.subject, language, seen_since=since)
        return self._rendering.page(request, "desk.html", person=person, view=view, csrf=session.csrf)
