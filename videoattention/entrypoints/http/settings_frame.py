"""What every page of the settings begins with: who asks, what their organisation's procedures are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.entrypoints.http.policy_form import is_habilitation
from videoattention.entrypoints.http.signed_in import signed_in

if TYPE_CHECKING:
    from aiohttp import web

    from videoattention.domain.people import Person
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.ports import Clock
    from videoattention.services.sessions import Session
    from videoattention.services.views import Views


class SettingsFrame:
    """Sessions, names and pages of the administrators."""

    def __init__(self, rendering: Rendering, visitors: Visitors, *, views: Views, clock: Clock) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._views = views
        self._clock = clock

    async def session(self, request: web.Request) -> tuple[Session, Person]:
        """Who is signed in; others are sent to sign in."""
        return await signed_in(request, self._visitors, "/settings")

    async def procedures(self, request: web.Request, person: Person) -> dict[str, str]:
        """The procedures of the person's organisation: id -> name, by name."""
        offices = await self._views.offices(self._rendering.language(request), seen_since=self._clock.now())
        own = [office for office in offices if office.organisation == person.organisation]
        named = {offered.id: offered.name for office in own for offered in office.procedures}
        return dict(sorted(named.items(), key=lambda one: one[1]))

    async def habilitations(self, person: Person) -> tuple[str, ...]:
        """The habilitations that informers of the person's organisation have, as far as a rule can name them."""
        held = await self._views.habilitations(person.organisation)
        return tuple(name for name in held if is_habilitation(name))

    def page(
        self, request: web.Request, template: str, session: Session, *, status: int = 200, **context: object
    ) -> web.Response:
        """A page of the folder of templates ``settings``."""
        return self._rendering.page(
            request, f"settings/{template}", status=status, person=session.person, csrf=session.csrf, **context
        )
