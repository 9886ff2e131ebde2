"""What was posted, as text; whoever posts anything else hears 400."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web
from multidict import MultiDict

if TYPE_CHECKING:
    from multidict import MultiMapping


async def posted(request: web.Request) -> MultiMapping[str]:
    """Read a form, repeated fields included; raises `aiohttp.web.HTTPBadRequest`."""
    try:
        form = await request.post()
    except (ValueError, LookupError) as error:
        # letters that are not in the charset, a charset that does not exist, broken parts
        raise web.HTTPBadRequest(text="This form cannot be read.") from error
    fields: MultiDict[str] = MultiDict()
    for name, value in form.items():
        if not isinstance(value, str):
            raise web.HTTPBadRequest(text="A file is not an answer.")
        fields.add(name, value)
    return fields
