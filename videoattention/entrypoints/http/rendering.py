"""From values to answers: a page in the person's language, with the headers that every page bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from videoattention.entrypoints.http.languages import LANGUAGES
from videoattention.entrypoints.visitors import LANGUAGE, set_cookie

if TYPE_CHECKING:
    from videoattention.entrypoints.http.pages import Pages
    from videoattention.entrypoints.visitors import Visitors

ONE_YEAR = 365 * 24 * 3600


class Rendering:
    """Renders for one request."""

    def __init__(self, pages: Pages, visitors: Visitors) -> None:
        self._pages = pages
        self._visitors = visitors

    def language(self, request: web.Request) -> str:
        """The language of the person."""
        return self._visitors.language(request)

    def page(self, request: web.Request, template: str, *, status: int = 200, **context: object) -> web.Response:
        """A template as an answer."""
        return self._answer(request, self._pages.render(template, self.language(request), **context), status)

    def notice(self, request: web.Request, code: str, *, status: int, reason: str = "") -> web.Response:
        """The page that says what happened; ``reason`` is a finer code, for programs and for the reader who asks."""
        answer = self._answer(request, self._pages.notice(code, self.language(request)), status)
        answer.headers["X-Reason"] = reason or code
        return answer

    def sentence(self, request: web.Request, code: str) -> str:
        """What a code says, in the person's language."""
        return self._pages.sentence(code, self.language(request))

    def _answer(self, request: web.Request, text: str, status: int) -> web.Response:
        answer = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
        answer.headers["Content-Language"] = self.language(request)
        if request.query.get("lang") in LANGUAGES:
            set_cookie(answer, LANGUAGE, request.query["lang"], max_age=ONE_YEAR)
        return answer
