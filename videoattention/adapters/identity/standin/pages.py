"""Pages rendered complete on the server, without scripts, under a strict content security policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from yarl import URL

from videoattention.adapters.identity.standin.state import STAND_IN
from videoattention.adapters.identity.standin.texts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

POLICY: Final = web.ResponseKey("policy", str)
_CLOSED: Final = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action {targets}"
_PAGE: Final = _CLOSED + "; style-src 'self'"
_FOLDER: Final = Path(__file__).parent / "templates"
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
STYLE: Final = (_FOLDER / "style.css").read_text(encoding="utf-8")


def page(
    request: web.Request,
    template: str,
    content: Mapping[str, object],
    *,
    ui_locales: str = "",
    origins: tuple[str, ...] = (),
    status: int = 200,
) -> web.Response:
    """Render a page whose forms may lead here and, by a redirect, to the ``origins``."""
    said = texts(ui_locales, request.headers.get("Accept-Language", ""))
    style = URL(request.app[STAND_IN].settings.base_url).path.rstrip("/") + "/style.css"
    body = _TEMPLATES.get_template(template).render(said=said, style=style, **content)
    response = web.Response(text=body, content_type="text/html", status=status)
    response[POLICY] = _PAGE.format(targets=" ".join(("'self'", *origins)))
    return response


def fault(request: web.Request, sentence: str) -> web.Response:
    """Tell the person, and nobody else, that this request leads nowhere."""
    return page(request, "fault.html", {"sentence": sentence}, status=400)


async def style(_: web.Request) -> web.Response:
    """Serve the pages' one style sheet."""
    return web.Response(text=STYLE, content_type="text/css")


async def close_down(_: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: the last word on the headers of every answer of the stand-in."""
    policy = response.get(POLICY, _CLOSED.format(targets="'none'"))
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
