"""Codes become tokens, and access tokens become claims (RFC 6749 section 4.1.3, OpenID Connect Core 1.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from aiohttp import web

from videoattention.adapters.identity.standin import people
from videoattention.adapters.identity.standin.forms import posted
from videoattention.adapters.identity.standin.state import ACCESS_S, STAND_IN, StandIn, realm_of

if TYPE_CHECKING:
    from videoattention.adapters.identity.standin.settings import StandInClient
    from videoattention.adapters.identity.standin.tickets import Grant, Session
    from videoattention.services.identity import Realm

_ID_TOKEN_S: Final = 300


async def exchange(request: web.Request) -> web.Response:
    """Redeem a code once, for the client that asked for it and proves so."""
    client = _client(request)
    if client is None:
        refusal = {"WWW-Authenticate": 'Basic realm="standin"'}
        return web.json_response({"error": "invalid_client"}, status=401, headers=refusal)
    form = await posted(request)
    if form.get("grant_type") != "authorization_code":
        return web.json_response({"error": "unsupported_grant_type"}, status=400)
    standin = request.app[STAND_IN]
    grant = standin.codes.take(form.get("code", ""))
    proof = form.get("redirect_uri", ""), form.get("code_verifier", "")
    if grant is None or not grant.challenge or not proved(grant, client, *proof):
        return web.json_response({"error": "invalid_grant"}, status=400)
    return web.json_response(_tokens(standin, realm_of(request), client=client, grant=grant))


async def details(request: web.Request) -> web.Response:
    """Answer the claims of whom an access token was given for (section 5.3)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    session = request.app[STAND_IN].access.get(token) if kind.lower() == "bearer" else None
    person = people.find(realm_of(request), session.subject) if session else None
    if person is None:
        return web.json_response({"error": "invalid_token"}, status=401, headers={"WWW-Authenticate": "Bearer"})
    return web.json_response({"sub": person.subject, "name": person.name, **person.claims})


def _client(request: web.Request) -> StandInClient | None:
    kind, _, login = request.headers.get("Authorization", "").partition(" ")
    try:
        said = base64.b64decode(login, validate=True).decode() if kind.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, _, secret = (unquote_plus(part) for part in said.partition(":"))
    client = request.app[STAND_IN].settings.client(realm_of(request), name)
    if client is None or not hmac.compare_digest(client.client_secret.encode(), secret.encode()):
        return None
    return client


def proved(grant: Grant, client: StandInClient, redirect_uri: str, verifier: str) -> bool:
    """Whether who redeems is who asked; a code that was asked for with a challenge wants its verifier."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    same_place = grant.client == client and grant.redirect_uri == redirect_uri
    return same_place and (not grant.challenge or hmac.compare_digest(digest, grant.challenge))


def _tokens(standin: StandIn, realm: Realm, *, client: StandInClient, grant: Grant) -> dict[str, object]:
    grant.session.clients.add(client.client_id)
    access_token = standin.access.put(grant.session)
    claims = _claims(standin, realm, session=grant.session) | {
        "aud": client.client_id,
        "azp": client.client_id,
        "nonce": grant.nonce,
        "at_hash": _half_hash(access_token),
    }
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": ACCESS_S,
        "id_token": standin.keys.sign(claims, algorithm=client.algorithm, kind="JWT"),
    }


def _claims(standin: StandIn, realm: Realm, *, session: Session) -> dict[str, object]:
    person = people.find(realm, session.subject)
    if person is None:
        raise web.HTTPBadRequest(text="This person is not of this realm.")
    moment = standin.seconds()
    return {
        **person.claims,
        **({"acr": session.acr} if session.acr else {}),
        "iss": standin.settings.issuer(realm),
        "sub": person.subject,
        "name": person.name,
        "sid": session.sid,
        "auth_time": session.began,
        "iat": moment,
        "exp": moment + _ID_TOKEN_S,
    }


def _half_hash(access_token: str) -> str:
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
