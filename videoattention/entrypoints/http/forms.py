"""What a form brought: checked before anything else looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from videoattention.entrypoints.visitors import is_genuine

if TYPE_CHECKING:
    from videoattention.services.sessions import Session


async def fields(request: web.Request, session: Session | None, *names: str) -> dict[str, str]:
    """The named text fields of a genuine form; raises 400 for one that is missing, a file, or not the session's own."""
    form = await request.post()
    said = {name: form.get(name) for name in (*names, "csrf")}
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    if len(texts) != len(said) or session is None or not is_genuine(session, texts["csrf"]):
        raise web.HTTPBadRequest
    return texts
