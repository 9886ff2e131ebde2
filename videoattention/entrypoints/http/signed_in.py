"""Who of the staff asks: a page leads whoever is not signed in to the login; what a page fetches is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from videoattention.domain.people import Person
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.sessions import Session


async def signed_in(request: web.Request, visitors: Visitors, back: str) -> tuple[Session, Person]:
    """Who is signed in; somebody who is not is led to the login, and comes ``back`` to that path."""
    session = await visitors.staff(request)
    if session is None or session.person is None:
        raise web.HTTPSeeOther(f"/staff/sign-in?to={back}")
    return session, session.person


async def still_signed_in(request: web.Request, visitors: Visitors) -> tuple[Session, Person]:
    """The same for what a page fetches, which can follow nobody to a login; raises 401."""
    session = await visitors.staff(request)
    if session is None or session.person is None:
        raise web.HTTPUnauthorized
    return session, session.person
