"""The stand-in in the dialect of VÀLid: tokens without an ID token, ``getUserInfo``, and the evidence of a login.

Errors of the last two come as VÀLid's do, with status 200 and ``"status": "ko"``.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from aiohttp import web

from videoattention.adapters.identity.standin import people
from videoattention.adapters.identity.standin.exchange import proved
from videoattention.adapters.identity.standin.forms import posted
from videoattention.adapters.identity.standin.state import ACCESS_S, STAND_IN, realm_of

if TYPE_CHECKING:
    from multidict import MultiMapping

    from videoattention.adapters.identity.standin.settings import StandInClient
    from videoattention.adapters.identity.standin.tickets import Session

_NATIONAL = "1"
_FOREIGNER = "2"


async def exchange(request: web.Request) -> web.Response:
    """Redeem a code once; the client says who it is in the form itself."""
    form = await posted(request)
    client = _client(request, form)
    if client is None:
        return web.json_response({"error": "invalid_client"}, status=401)
    if form.get("grant_type") != "authorization_code":
        return web.json_response({"error": "unsupported_grant_type"}, status=400)
    standin = request.app[STAND_IN]
    grant = standin.codes.take(form.get("code", ""))
    if grant is None or not proved(grant, client, form.get("redirect_uri", ""), form.get("code_verifier", "")):
        return web.json_response({"error": "invalid_grant"}, status=400)
    token = standin.access.put(grant.session)
    return web.json_response({"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_S})


async def details(request: web.Request) -> web.Response:
    """Answer who logged in, how, and how sure that is."""
    session = _session(request)
    if session is None:
        return web.json_response({"status": "ko", "error": "invalid access token"})
    return web.json_response({"status": "ok", **_said(request, session)})


async def evidence(request: web.Request) -> web.Response:
    """Answer what proves the login afterwards: a statement that the stand-in signs."""
    session = _session(request)
    if session is None:
        return web.json_response({"status": "ko", "error": "invalid access token"})
    standin, said = request.app[STAND_IN], _said(request, session)
    about = {"iss": standin.settings.issuer(realm_of(request)), "at": session.began, **said}
    signed = standin.keys.sign(about, algorithm="RS256", kind="login-evidence+jwt")
    whom = {name: said[name] for name in ("identifier", "method", "assuranceLevel")}
    return web.json_response({"status": "ok", **whom, "evidence": signed})


def _client(request: web.Request, form: MultiMapping[str]) -> StandInClient | None:
    client = request.app[STAND_IN].settings.client(realm_of(request), form.get("client_id", ""))
    secret = form.get("client_secret", "")
    known = client is not None and hmac.compare_digest(client.client_secret.encode(), secret.encode())
    return client if known else None


def _session(request: web.Request) -> Session | None:
    return request.app[STAND_IN].access.get(request.query.get("AccessToken", ""))


def _said(request: web.Request, session: Session) -> dict[str, str]:
    person = people.find(realm_of(request), session.subject)
    if person is None:
        raise web.HTTPBadRequest(text="This person is not of this realm.")
    name, _, surnames = person.name.partition(" ")
    number = str(person.claims["document"])
    return {
        "identifier": number,
        "identifierType": _FOREIGNER if number[0].isalpha() else _NATIONAL,
        "countryCode": "ES",
        "name": name,
        "surnames": surnames,
        "prefix": "0034",
        "phone": "",
        "email": "",
        "method": session.method,
        "assuranceLevel": session.acr.removeprefix(people.ASSURANCE_PREFIX),
    }
