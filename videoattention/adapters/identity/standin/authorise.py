"""The page where a demo person is chosen (RFC 6749 section 4.1.1): as OpenID Connect, with PKCE always, or as VÀLid."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import web
from yarl import URL

from videoattention.adapters.identity.standin import people
from videoattention.adapters.identity.standin.forms import posted
from videoattention.adapters.identity.standin.pages import fault, page
from videoattention.adapters.identity.standin.state import STAND_IN, realm_of
from videoattention.adapters.identity.standin.tickets import Grant, Session
from videoattention.services.identity import Dialect, Realm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multidict import MultiMapping

    from videoattention.adapters.identity.standin.settings import StandInClient

_FIELDS: Final = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "acr_values",
    "ui_locales",
    "prompt",
    "max_age",
    "response_mode",
    "access_type",
    "approval_prompt",
)
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST: Final = 2048
VALID_SCOPE: Final = "autenticacio_usuari"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose client and redirect address are known; ``fields`` travel through the form."""

    client: StandInClient
    fields: Mapping[str, str]


class Authorisation:
    """The page in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show the people to choose from."""
        asked = _known(request, request.query)
        if isinstance(asked, web.Response):
            return asked
        error = self._error(asked.fields)
        return self._back(request, asked, {"error": error}) if error else self._page(request, asked)

    async def choose(self, request: web.Request) -> web.StreamResponse:
        """Take the choice: every field is judged again, since a form can be written by anybody."""
        form = await posted(request)
        asked = _known(request, form)
        if isinstance(asked, web.Response):
            return asked
        error = self._error(asked.fields) or ("access_denied" if "cancel" in form else "")
        if error:
            return self._back(request, asked, {"error": error})
        chosen = self._chosen(request, form)
        if chosen is None:
            return fault(request, "Choose one of the people, and a level of assurance.")
        return self._back(request, asked, {"code": _granted(request, asked, chosen)})

    def _page(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        realm = realm_of(request)
        content = {
            "action": request.path,
            "realm": realm.value,
            "fields": asked.fields,
            "people": people.PEOPLE[realm],
            "levels": people.ASSURANCE_LEVELS if realm is Realm.CITIZENS else (),
            "methods": people.METHODS if self._dialect is Dialect.VALID else (),
            "chosen": _suggested(asked.fields.get("acr_values", "")),
        }
        locales = asked.fields.get("ui_locales", "")
        return page(request, "choose.html", content, ui_locales=locales, origins=asked.client.origins())

    def _chosen(self, request: web.Request, form: MultiMapping[str]) -> Session | None:
        realm, level = realm_of(request), form.get("assurance", "")
        person = people.find(realm, form.get("person", ""))
        if person is None or (realm is Realm.CITIZENS and level not in people.ASSURANCE_LEVELS):
            return None
        method = form.get("method", people.METHODS[0]) if self._dialect is Dialect.VALID else ""
        if method and method not in people.METHODS:
            return None
        acr = people.ASSURANCE_PREFIX + level if realm is Realm.CITIZENS else ""
        began = request.app[STAND_IN].seconds()
        return Session(secrets.token_urlsafe(16), person.subject, acr, began=began, method=method)

    def _error(self, fields: Mapping[str, str]) -> str:
        """Say which OAuth error this request deserves, if any."""
        if fields.get("response_type") != "code":
            return "unsupported_response_type"
        wanted = VALID_SCOPE if self._dialect is Dialect.VALID else "openid"
        if wanted not in fields.get("scope", "").split():
            return "invalid_scope"
        unproved = self._dialect is Dialect.VALID and "code_challenge" not in fields
        proof = _CHALLENGE.fullmatch(fields.get("code_challenge", ""))
        if not unproved and (proof is None or fields.get("code_challenge_method") != "S256"):
            return "invalid_request"
        if fields.get("response_mode", "query") != "query" or max(map(len, fields.values())) > _LONGEST:
            return "invalid_request"
        # nobody is ever signed in here already: each sign-in is a choice, so every prompt and max_age is honoured
        return "login_required" if fields.get("prompt") == "none" else ""

    def _back(self, request: web.Request, asked: Asked, answer: Mapping[str, str]) -> web.Response:
        query = dict(answer)
        if self._dialect is Dialect.OIDC:
            query["iss"] = request.app[STAND_IN].settings.issuer(realm_of(request))
        if "state" in asked.fields:
            query["state"] = asked.fields["state"]
        location = str(URL(asked.fields["redirect_uri"]).update_query(query))
        return web.Response(status=303, headers={"Location": location})


def _known(request: web.Request, given: MultiMapping[str]) -> Asked | web.Response:
    """Name the client; without a known client and address nobody is sent anywhere."""
    if any(len(given.getall(name, [])) > 1 for name in _FIELDS):
        return fault(request, "A parameter is repeated.")
    fields = {name: given[name] for name in _FIELDS if name in given}
    client = request.app[STAND_IN].settings.client(realm_of(request), fields.get("client_id", ""))
    if client is None:
        return fault(request, "This client is not registered.")
    if fields.get("redirect_uri") not in client.redirect_uris:
        return fault(request, "This redirect address is not registered.")
    return Asked(client, fields)


def _granted(request: web.Request, asked: Asked, session: Session) -> str:
    standin = request.app[STAND_IN]
    standin.sessions.put(session, name=session.sid)
    grant = Grant(
        client=asked.client,
        redirect_uri=asked.fields["redirect_uri"],
        nonce=asked.fields.get("nonce", ""),
        challenge=asked.fields.get("code_challenge", ""),
        session=session,
    )
    return standin.codes.put(grant)


def _suggested(acr_values: str) -> str:
    levels = [acr.removeprefix(people.ASSURANCE_PREFIX) for acr in acr_values.split()]
    return next((level for level in levels if level in people.ASSURANCE_LEVELS), "substantial")
