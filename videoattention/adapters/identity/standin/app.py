"""The stand-in as an aiohttp application, to be mounted under ``/standin``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import ClientSession, DummyCookieJar, web

from videoattention.adapters.identity.standin import exchange, farewell, pages, valid
from videoattention.adapters.identity.standin.authorise import Authorisation
from videoattention.adapters.identity.standin.people import ASSURANCE_LEVELS, ASSURANCE_PREFIX
from videoattention.adapters.identity.standin.settings import StandInForbidden, StandInSettings
from videoattention.adapters.identity.standin.signing import ALGORITHMS, open_keys
from videoattention.adapters.identity.standin.state import STAND_IN, TELEPHONE, opened, realm_of
from videoattention.services.identity import Dialect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

_REALM: Final = "/{realm:staff|citizens}"
_CITIZENS: Final = "/{realm:citizens}"
_OIDC: Final = Authorisation(Dialect.OIDC)
_VALID: Final = Authorisation(Dialect.VALID)


def standin_app(settings: StandInSettings, *, now: Callable[[], datetime]) -> web.Application:
    """Make the provider; ``now`` returns an aware time.

    Raises `StandInForbidden` in production, and `ValueError` or `OSError` when the kept keys cannot be read.
    Tests reach its keys as ``app[STAND_IN].keys``.
    """
    if settings.production:
        raise StandInForbidden(
            "the stand-in identity provider never runs in production: name the corporate provider instead",
        )
    app = web.Application()
    app[STAND_IN] = opened(settings, open_keys(settings.key_folder), now=now)
    app.cleanup_ctx.append(_telephone)
    app.on_response_prepare.append(pages.close_down)
    app.add_routes(_ROUTES)
    return app


async def _telephone(app: web.Application) -> AsyncIterator[None]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        app[TELEPHONE] = session
        yield


async def _keys(request: web.Request) -> web.Response:
    return web.json_response(request.app[STAND_IN].keys.published())


async def _metadata(request: web.Request) -> web.Response:
    issuer = request.app[STAND_IN].settings.issuer(realm_of(request))
    return web.json_response(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/end_session",
            "scopes_supported": ["openid", "profile"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": list(ALGORITHMS),
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": [ASSURANCE_PREFIX + level for level in ASSURANCE_LEVELS],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "ui_locales_supported": ["ca", "en"],
        },
    )


_ROUTES: Final = (
    web.get("/style.css", pages.style),
    web.get(_REALM + "/.well-known/openid-configuration", _metadata),
    web.get(_REALM + "/jwks", _keys),
    web.get(_REALM + "/authorize", _OIDC.show),
    web.post(_REALM + "/authorize", _OIDC.choose),
    web.post(_REALM + "/token", exchange.exchange),
    web.get(_REALM + "/userinfo", exchange.details),
    web.get(_REALM + "/end_session", farewell.end_session),
    web.post(_REALM + "/end_session", farewell.end_session),
    web.get(_CITIZENS + "/o/oauth2/auth", _VALID.show),
    web.post(_CITIZENS + "/o/oauth2/auth", _VALID.choose),
    web.post(_CITIZENS + "/o/oauth2/token", valid.exchange),
    web.get(_CITIZENS + "/serveis-rest/getUserInfo", valid.details),
    web.get(_CITIZENS + "/serveis-rest/getEvidence", valid.evidence),
)
