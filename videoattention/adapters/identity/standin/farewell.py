"""The end of a session: confirmed by the person, told to the clients (RP-Initiated and Back-Channel Logout 1.0)."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, web
from yarl import URL

from videoattention.adapters.identity.standin.forms import posted
from videoattention.adapters.identity.standin.pages import fault, page
from videoattention.adapters.identity.standin.state import STAND_IN, TELEPHONE, StandIn, realm_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.adapters.identity.standin.settings import StandInClient
    from videoattention.adapters.identity.standin.tickets import Session
    from videoattention.services.identity import Realm

_FIELDS: Final = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales")
_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_PATIENCE: Final = ClientTimeout(total=5)
_TOKEN_S: Final = 120
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Farewell:
    """A logout that may go on: whose, for which client, and where the person goes afterwards (may be nowhere)."""

    fields: Mapping[str, str]
    client: StandInClient | None
    sid: str
    target: str


async def end_session(request: web.Request) -> web.StreamResponse:
    """Ask for confirmation; once given, end the session, tell its clients and send the person on."""
    given = await posted(request) if request.method == "POST" else request.query
    fields = {name: given[name] for name in _FIELDS if name in given}
    farewell = _judged(request, fields)
    if farewell is None:
        return fault(request, "This logout names a client or an address that does not fit.")
    locales = fields.get("ui_locales", "")
    if request.method != "POST" or given.get("confirm") != "yes":
        origins = farewell.client.origins() if farewell.client else ()
        return page(request, "end.html", {"fields": fields}, ui_locales=locales, origins=origins)
    await _end(request, farewell.sid)
    if not farewell.target:
        return page(request, "ended.html", {}, ui_locales=locales)
    return web.Response(status=303, headers={"Location": farewell.target})


def _judged(request: web.Request, fields: Mapping[str, str]) -> Farewell | None:
    standin, realm = request.app[STAND_IN], realm_of(request)
    hint = standin.keys.read(fields["id_token_hint"]) if "id_token_hint" in fields else {}
    if "id_token_hint" in fields and hint.get("iss") != standin.settings.issuer(realm):
        return None
    named = fields.get("client_id", str(hint.get("aud", "")))
    client = standin.settings.client(realm, named)
    if (named and client is None) or (hint and hint.get("aud") != named):
        return None
    address = fields.get("post_logout_redirect_uri", "")
    if address and (client is None or address not in client.post_logout_redirect_uris):
        return None
    state = {"state": fields["state"]} if "state" in fields else {}
    target = str(URL(address).update_query(state)) if address else ""
    return Farewell(fields, client, str(hint.get("sid", "")), target)


async def _end(request: web.Request, sid: str) -> None:
    standin, realm = request.app[STAND_IN], realm_of(request)
    session = standin.sessions.take(sid)
    if session is None:
        return
    clients = [standin.settings.client(realm, name) for name in sorted(session.clients)]
    calls = [
        _tell(
            request.app[TELEPHONE],
            client,
            token=_logout_token(standin, realm, client=client, session=session),
        )
        for client in clients
        if client is not None and client.backchannel_logout_uri
    ]
    await asyncio.gather(*calls)


def _logout_token(standin: StandIn, realm: Realm, *, client: StandInClient, session: Session) -> str:
    moment = standin.seconds()
    claims = {
        "iss": standin.settings.issuer(realm),
        "aud": client.client_id,
        "sub": session.subject,
        "sid": session.sid,
        "iat": moment,
        "exp": moment + _TOKEN_S,
        "jti": secrets.token_urlsafe(16),
        "events": {_EVENT: {}},
    }
    return standin.keys.sign(claims, algorithm=client.algorithm, kind="logout+jwt")


async def _tell(telephone: ClientSession, client: StandInClient, *, token: str) -> None:
    """Tell one client; its trouble is logged and keeps nobody from leaving."""
    try:
        async with telephone.post(
            client.backchannel_logout_uri,
            data={"logout_token": token},
            allow_redirects=False,
            timeout=_PATIENCE,
        ) as response:
            heard = response.status == _OK
    except (ClientError, TimeoutError, OSError):
        heard = False
    if not heard:
        structlog.get_logger().warning("standin.logout_not_heard", client=client.client_id)
