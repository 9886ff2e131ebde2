"""What a form brought: checked before anything else looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from videoattention.entrypoints.visitors import is_genuine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.services.sessions import Session

_FORM: Final = "application/x-www-form-urlencoded"


async def posted(request: web.Request, *names: str, optional: Sequence[str] = ()) -> dict[str, str]:
    """The named text fields; raises 400 for anything but a form of text in UTF-8 that has them all.

    Those that are ``optional``, such as choices where nothing was chosen, are empty when the form has them not.
    """
    if request.content_type != _FORM or (request.charset or "utf-8").lower() != "utf-8":
        raise web.HTTPBadRequest
    try:
        form = await request.post()
    except ValueError:
        raise web.HTTPBadRequest from None
    left_out = {name: "" for name in optional if name not in form}
    wanted = {*names, *optional}
    texts = {name: value for name, value in form.items() if name in wanted and isinstance(value, str)} | left_out
    if len(texts) != len(wanted) or any("\0" in text for text in texts.values()):
        raise web.HTTPBadRequest
    return texts


async def fields(
    request: web.Request, session: Session | None, *names: str, optional: Sequence[str] = ()
) -> dict[str, str]:
    """The named fields of a genuine form; raises 400 also for one that is not the session's own."""
    texts = await posted(request, *names, "csrf", optional=optional)
    if session is None or not is_genuine(session, texts["csrf"]):
        raise web.HTTPBadRequest
    return texts
