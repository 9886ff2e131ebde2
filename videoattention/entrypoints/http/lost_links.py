"""The officer's page for somebody who lost the link or the PIN of their papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from videoattention.domain.deliveries import Shown
from videoattention.domain.errors import StepRefused
from videoattention.entrypoints.http.faults import NO_FAULT, Fault
from videoattention.entrypoints.http.forms import fields
from videoattention.entrypoints.http.signed_in import signed_in

if TYPE_CHECKING:
    from videoattention.domain.people import Person
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.lost_links import LostLinks
    from videoattention.services.sessions import Session

_FIELDS: Final = {
    "attention_unknown": "number",
    "attention_goes_on": "number",
    "nothing_kept": "number",
    "own_work": "number",
    "identity_unchecked": "shown",
    "reason_too_short": "reason",
}
"""The field that each refusal is about."""

_LONGEST: Final = 100
"""Characters of a number that are looked at."""


class LostLinkPages:
    """Two steps: find the attention and look at the person; give them a link and a PIN, shown once."""

    def __init__(self, rendering: Rendering, visitors: Visitors, *, lost: LostLinks, public_url: str) -> None:
        self._rendering = rendering
        self._visitors = visitors
        self._lost = lost
        self._public_url = public_url

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/rights/links", self.find),
            web.get("/rights/links/new", self.back),
            web.post("/rights/links/new", self.give),
        ]

    async def find(self, request: web.Request) -> web.StreamResponse:
        """Whose papers they are, for comparing with what the person shows."""
        session, person = await signed_in(request, self._visitors, "/rights")
        number = request.query.get("number", "")[:_LONGEST].strip()
        unsaid = "number" in request.query and not number
        fault = Fault("link", "number", "attention_unknown", {}) if unsaid else NO_FAULT
        return await self._page(request, session, person, number, fault)

    async def back(self, _: web.Request) -> web.StreamResponse:
        """What was shown once is not shown again."""
        raise web.HTTPSeeOther("/rights/links")

    async def _page(
        self, request: web.Request, session: Session, person: Person, number: str, fault: Fault = NO_FAULT
    ) -> web.Response:
        account = None
        await self._lost.enter(person)
        try:
            account = await self._lost.find(person, number, self._rendering.language(request)) if number else None
        except StepRefused as refused:
            fault = Fault("link", _FIELDS.get(refused.code, ""), refused.code, {"number": number})
        return self._rendering.page(
            request,
            "rights/link.html",
            status=422 if fault.code else 200,
            person=person,
            csrf=session.csrf,
            number=number,
            account=account,
            shown=tuple(Shown),
            fault=fault,
        )

    async def give(self, request: web.Request) -> web.StreamResponse:
        """The link and the PIN, this once."""
        session, person = await signed_in(request, self._visitors, "/rights")
        said = await fields(request, session, "number", "reason", optional=("shown", "seen"))
        shown = said["shown"] if said["seen"] == "yes" else ""
        try:
            link = await self._lost.give(person, said["number"], shown, said["reason"])
        except StepRefused as refused:
            field = _FIELDS.get(refused.code, "")
            field = "seen" if field == "shown" and said["shown"] in set(Shown) else field
            fault = Fault("link", field, refused.code, said)
            return await self._page(request, session, person, said["number"][:_LONGEST], fault)
        address = f"{self._public_url}/receipt#{link.token}"
        return self._rendering.page(
            request, "rights/link_given.html", person=person, csrf=session.csrf, link=link, address=address
        )
