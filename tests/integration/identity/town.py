"""The real client and the real stand-in, over HTTP on loopback, and a service that hears of logouts."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from tests.integration.identity.stage import Browser, Clock, Port, answer_in, served
from videoattention.adapters.identity.fetching import provider_session
from videoattention.adapters.identity.provider import OpenIdProvider
from videoattention.adapters.identity.settings import ProviderSettings
from videoattention.adapters.identity.standin.app import standin_app
from videoattention.adapters.identity.standin.settings import (
    StandInClient,
    StandInSettings,
)
from videoattention.adapters.identity.standin.state import STAND_IN
from videoattention.services.identity import LogoutNotice, PendingSignIn, Realm, SignedClaims

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from videoattention.adapters.identity.standin.signing import SigningKeys


@dataclass
class Town:
    """The stand-in, a service that hears logouts, one client per realm, a browser and a clock."""

    base: str
    service: str
    clock: Clock
    browser: Browser
    clients: dict[Realm, OpenIdProvider]
    keys: SigningKeys
    notices: list[LogoutNotice] = field(default_factory=list)

    async def answered(self, realm: Realm, **pressed: str) -> tuple[PendingSignIn, dict[str, str]]:
        pending = await self.clients[realm].begin("/desk")
        form, _ = await self.browser.page(pending.url)
        status, location, text = await self.browser.press(pending.url, form, **pressed)
        assert status == 303, text
        return pending, answer_in(location)

    async def signed_in(self, realm: Realm, **pressed: str) -> SignedClaims:
        return await self.clients[realm].complete(*await self.answered(realm, **pressed))


def client_of(realm: Realm, service: str, base: str) -> ProviderSettings:
    return ProviderSettings(
        realm=realm,
        issuer=f"{base}/{realm.value}",
        client_id=f"video {realm.value}",
        client_secret="a secret: with % and +",
        redirect_uri=f"{service}/login/{realm.value}/callback",
        post_logout_redirect_uri=f"{service}/goodbye",
        claims_from_userinfo=realm is Realm.CITIZENS,
        allow_http=True,
    )


def registered(settings: ProviderSettings, service: str) -> StandInClient:
    return StandInClient(
        realm=settings.realm,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        redirect_uris=(settings.redirect_uri,),
        post_logout_redirect_uris=(settings.post_logout_redirect_uri,),
        backchannel_logout_uri=f"{service}/logout/{settings.realm.value}",
        algorithm="ES256" if settings.realm is Realm.CITIZENS else "RS256",
    )


@asynccontextmanager
async def a_town(*, logouts_to: str = "") -> AsyncIterator[Town]:
    """``logouts_to`` takes the place of the address that hears of logouts."""
    clock, port, desk = Clock(), Port(), Port()
    base = port.address + "/standin"
    settings = [client_of(realm, desk.address, base) for realm in Realm]
    standin = standin_app(
        StandInSettings(base, tuple(registered(one, logouts_to or desk.address) for one in settings), production=False),
        now=clock,
    )
    whole, listener = web.Application(), web.Application()
    whole.add_subapp("/standin", standin)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(provider_session())
        clients = {one.realm: OpenIdProvider(one, session, now=clock) for one in settings}
        browser = await stack.enter_async_context(Browser())
        town = Town(base, desk.address, clock, browser, clients, standin[STAND_IN].keys)

        async def hear(request: web.Request) -> web.Response:
            form = await request.post()
            client = clients[Realm(request.match_info["realm"])]
            town.notices.append(await client.verify_logout(str(form["logout_token"])))
            return web.Response()

        listener.router.add_post("/logout/{realm}", hear)
        await stack.enter_async_context(served(whole, port))
        await stack.enter_async_context(served(listener, desk))
        yield town
