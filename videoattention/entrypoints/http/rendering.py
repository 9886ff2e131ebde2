"""From values to answers: a page in the person's language, with the headers that every page bears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from videoattention.domain.access import Action, Resource, decide
from videoattention.entrypoints.http.languages import LANGUAGES
from videoattention.entrypoints.visitors import LANGUAGE, set_cookie

if TYPE_CHECKING:
    from datetime import tzinfo

    from videoattention.entrypoints.http.pages import Pages
    from videoattention.entrypoints.visitors import Visitors

_WORKPLACES: Final = (
    (Action.ATTEND, "Desk", "/desk"),
    (Action.SEARCH_ARCHIVE, "Archive", "/archive"),
    (Action.READ_POLICY, "Rules of attention", "/settings"),
    (Action.DECIDE_RIGHTS, "Personal data", "/rights"),
)
"""Where members of staff work, by what they must be entitled to; the labels are source strings of the catalogues."""

ONE_YEAR = 365 * 24 * 3600


class Rendering:
    """Renders for one request."""

    def __init__(self, pages: Pages, visitors: Visitors) -> None:
        self._pages = pages
        self._visitors = visitors

    @property
    def zone(self) -> tzinfo:
        """That of the offices: times are shown in it, and days begin in it."""
        return self._pages.zone

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

    async def forbidden(self, request: web.Request, reason: str) -> web.Response:
        """The page for whom a workplace is not for: who is signed in, how to sign out, and where they do work."""
        session = await self._visitors.staff(request)
        if session is None or session.person is None:
            return self.notice(request, "forbidden", status=403, reason=reason)
        language, person = self.language(request), session.person
        actions = [
            (self._pages.translate(label, language), path)
            for action, label, path in _WORKPLACES
            if decide(person, action, Resource(person.organisation)).allowed
        ]
        text = self._pages.notice("forbidden", language, actions=actions, person=person, csrf=session.csrf)
        answer = self._answer(request, text, 403)
        answer.headers["X-Reason"] = reason
        return answer

    def sentence(self, request: web.Request, code: str) -> str:
        """What a code says, in the person's language."""
        return self._pages.sentence(code, self.language(request))

    def translate(self, request: web.Request, message: str) -> str:
        """A source string in the person's language."""
        return self._pages.translate(message, self.language(request))

    def _answer(self, request: web.Request, text: str, status: int) -> web.Response:
        answer = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
        answer.headers["Content-Language"] = self.language(request)
        if request.query.get("lang") in LANGUAGES:
            set_cookie(answer, LANGUAGE, request.query["lang"], max_age=ONE_YEAR)
        return answer
