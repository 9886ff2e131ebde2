"""Our client against npm's `oidc-provider` (certified), through the pages of the running service."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Self

import pytest
from aiohttp import ClientSession, CookieJar
from yarl import URL

from tests.conformance.counterparts import certified_provider
from tests.conformance.house import House, now
from tests.integration.edges.callers import Caller
from videoattention.adapters.identity.provider import OpenIdProvider
from videoattention.adapters.identity.settings import ProviderSettings
from videoattention.services.identity import Realm, SignInRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.counterpart("oidc-provider")

ACCOUNT = {
    "sub": "mireia",
    "name": "Mireia Soler",
    "position": "Informadora",
    "organisation": "gencat-demo",
    "roles": ["informer"],
    "offices": ["oac-girona"],
}


class StrangersForm(HTMLParser):
    """The first form of a page that is not ours: where it leads, and what it sends by itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = said["action"]
        if tag == "input" and said.get("type") == "hidden":
            self.fields[said["name"]] = said["value"]


class Visitor:
    """A person's browser at the provider: it keeps its cookies there, and stops where the provider lets it go."""

    async def __aenter__(self) -> Self:
        self._http = ClientSession(cookie_jar=CookieJar(unsafe=True))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def goes(self, url: str, *, pressing: dict[str, str], until: str) -> str:
        """Follow redirects and press on with every form, until the address begins so."""
        method, fields = "GET", dict[str, str]()
        for _ in range(20):
            async with self._http.request(
                method, URL(url, encoded=True), data=fields or None, allow_redirects=False
            ) as said:
                text, location = await said.text(), said.headers.get("Location", "")
            if location:
                url, method, fields = str(URL(url, encoded=True).join(URL(location, encoded=True))), "GET", {}
                if url.startswith(until):
                    return url
                continue
            form = StrangersForm(text)
            assert form.action, text
            url = str(URL(url, encoded=True).join(URL(form.action)))
            method, fields = "POST", {**form.fields, **pressing}
        raise AssertionError(f"the provider never let go of the browser: {url}")


@dataclass
class Street:
    """The certified provider, our client of it in the house, and one person's browser there."""

    house: House
    provider: OpenIdProvider
    settings: ProviderSettings
    browser: Visitor

    async def signed_in(self, caller: Caller, to: str = "/desk") -> str:
        begun = await caller.get(f"/staff/sign-in?to={to}")
        assert begun.location.startswith(self.settings.issuer), begun.text
        who = {"login": "mireia", "password": "anything"}
        back = await self.browser.goes(begun.location, pressing=who, until=self.house.url)
        answer = await caller.get(back)
        assert answer.status == 303, answer.text
        return answer.location


@asynccontextmanager
async def a_street(house: House) -> AsyncIterator[Street]:
    client = {
        "client_id": "video",
        "client_secret": "a secret: with % and + of forty characters",
        "redirect_uris": [f"{house.url}/staff/callback"],
        "post_logout_redirect_uris": [f"{house.url}/signed-out"],
        "backchannel_logout_uri": f"{house.url}/staff/back-channel-logout",
        "backchannel_logout_session_required": True,
    }
    async with certified_provider(client=client, account=ACCOUNT) as issuer, Visitor() as browser:
        settings = ProviderSettings(
            realm=Realm.STAFF,
            issuer=issuer,
            client_id=str(client["client_id"]),
            client_secret=str(client["client_secret"]),
            redirect_uri=f"{house.url}/staff/callback",
            post_logout_redirect_uri=f"{house.url}/signed-out",
            claims_from_userinfo=True,
            allow_http=True,
        )
        provider = OpenIdProvider(settings, house.http, now=now)
        house.providers[Realm.STAFF] = provider
        yield Street(house, provider, settings, browser)


@pytest.fixture
async def street(house: House) -> AsyncIterator[Street]:
    async with a_street(house) as one:
        yield one


async def test_sign_in_sign_out_and_the_logout_that_the_provider_tells(street: Street) -> None:
    house = street.house
    async with Caller(house.url) as one, Caller(house.url) as other:
        assert await street.signed_in(one) == "/desk"
        assert await street.signed_in(other, "/desk") == "/desk"
        desk = await one.get("/desk")
        assert desk.status == (await other.get("/desk")).status == 200
        assert "Mireia Soler" in desk.text
        left = await one.post("/sign-out", {"csrf": desk.csrf})
        assert left.location.startswith(f"{street.settings.issuer}/session/end?")
        back = await street.browser.goes(left.location, pressing={"logout": "yes"}, until=house.url)
        assert URL(back).path == "/signed-out"
        # the same person's other browser was signed out by the provider alone, before it let this one go
        assert (await other.get("/desk")).status == 303
    causes = [said["cause"] for said in await house.facts("SignedOut", "gencat-demo") if said["subject"] == "mireia"]
    assert causes == ["asked", "back_channel"]


async def test_a_person_who_changes_their_mind_is_not_signed_in(street: Street) -> None:
    async with Caller(street.house.url) as caller:
        begun = await caller.get("/staff/sign-in?to=/desk")
        page = URL(begun.location, encoded=True).update_query(prompt="none")
        back = await street.browser.goes(str(page), pressing={}, until=street.house.url)
        answer = await caller.get(back)
        assert (answer.status, answer.headers["X-Reason"]) == (403, "provider_refused")
        assert (await caller.get("/desk")).status == 303
    assert (await street.house.refused())[-1] == ("staff", "provider_refused")


async def test_a_code_is_good_for_one_client_and_one_proof(street: Street) -> None:
    stranger = OpenIdProvider(replace(street.settings, client_secret="guess"), street.house.http, now=now)
    for client, forged in ((stranger, False), (street.provider, True)):
        pending = await client.begin("/desk")
        back = await street.browser.goes(
            pending.url, pressing={"login": "mireia", "password": "x"}, until=street.house.url
        )
        shown = replace(pending, verifier="v" * 43) if forged else pending
        with pytest.raises(SignInRefused) as refused:
            await client.complete(shown, dict(URL(back).query))
        assert refused.value.code == "code_refused"
