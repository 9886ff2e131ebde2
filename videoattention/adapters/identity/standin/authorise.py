"""The page where a demo person is chosen (RFC 6749 section 4.1.1, with PKCE always)."""

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
from videoattention.services.identity import Realm

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
)
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST: Final = 2048


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose client and redirect address are known; ``fields`` travel through the form."""

    client: StandInClient
    fields: Mapping[str, str]


async def show(request: web.Request) -> web.StreamResponse:
    """Show the people to choose from."""
    asked = _known(request, request.query)
    if isinstance(asked, web.Response):
        return asked
    error = _error(asked.fields)
    if error:
        return _back(request, asked, {"error": error})
    realm = realm_of(request)
    content = {
        "realm": realm.value,
        "fields": asked.fields,
        "people": people.PEOPLE[realm],
        "levels": people.ASSURANCE_LEVELS if realm is Realm.CITIZENS else (),
        "chosen": _suggested(asked.fields.get("acr_values", "")),
    }
    locales = asked.fields.get("ui_locales", "")
    return page(request, "choose.html", content, ui_locales=locales, origins=asked.client.origins())


async def choose(request: web.Request) -> web.StreamResponse:
    """Take the choice: every field is judged again, since a form can be written by anybody."""
    form = await posted(request)
    asked = _known(request, form)
    if isinstance(asked, web.Response):
        return asked
    error = _error(asked.fields) or ("access_denied" if "cancel" in form else "")
    if error:
        return _back(request, asked, {"error": error})
    person = people.find(realm_of(request), form.get("person", ""))
    level = form.get("assurance", "")
    if person is None or (realm_of(request) is Realm.CITIZENS and level not in people.ASSURANCE_LEVELS):
        return fault(request, "Choose one of the people, and a level of assurance.")
    return _back(request, asked, {"code": _granted(request, asked, subject=person.subject, level=level)})


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


def _error(fields: Mapping[str, str]) -> str:
    """Say which OAuth error this request deserves, if any."""
    if fields.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in fields.get("scope", "").split():
        return "invalid_scope"
    proof = _CHALLENGE.fullmatch(fields.get("code_challenge", ""))
    if proof is None or fields.get("code_challenge_method") != "S256":
        return "invalid_request"
    if fields.get("response_mode", "query") != "query" or max(map(len, fields.values())) > _LONGEST:
        return "invalid_request"
    # nobody is ever signed in here already: each sign-in is a choice, so every prompt and max_age is honoured
    return "login_required" if fields.get("prompt") == "none" else ""


def _granted(request: web.Request, asked: Asked, *, subject: str, level: str) -> str:
    standin = request.app[STAND_IN]
    acr = people.ASSURANCE_PREFIX + level if realm_of(request) is Realm.CITIZENS else ""
    session = Session(secrets.token_urlsafe(16), subject, acr, began=standin.seconds())
    standin.sessions.put(session, name=session.sid)
    grant = Grant(
        client=asked.client,
        redirect_uri=asked.fields["redirect_uri"],
        nonce=asked.fields.get("nonce", ""),
        challenge=asked.fields["code_challenge"],
        session=session,
    )
    return standin.codes.put(grant)


def _back(request: web.Request, asked: Asked, answer: Mapping[str, str]) -> web.Response:
    query = {**answer, "iss": request.app[STAND_IN].settings.issuer(realm_of(request))}
    if "state" in asked.fields:
        query["state"] = asked.fields["state"]
    location = str(URL(asked.fields["redirect_uri"]).update_query(query))
    return web.Response(status=303, headers={"Location": location})


def _suggested(acr_values: str) -> str:
    levels = [acr.removeprefix(people.ASSURANCE_PREFIX) for acr in acr_values.split()]
    return next((level for level in levels if level in people.ASSURANCE_LEVELS), "substantial")
