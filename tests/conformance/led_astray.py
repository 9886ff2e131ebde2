"""People whom a hostile provider leads astray, at the pages of the running service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from yarl import URL

from tests.conformance.house import House, now
from tests.integration.edges.callers import Answer, Caller, an_address
from videoattention.adapters.identity.provider import OpenIdProvider
from videoattention.adapters.identity.settings import ProviderSettings, ValidSettings
from videoattention.adapters.identity.valid import ValidProvider
from videoattention.services.identity import Realm

if TYPE_CHECKING:
    from tests.integration.edges.talking import Talk
    from tests.integration.identity.hostile import Hostile
    from tests.integration.identity.valid_stage import HostileValid

PERSON = {"name": "Eva Mentida", "organisation": "gencat-demo", "roles": ["informer"], "offices": ["oac-girona"]}
ANYBODY_CAN_SAY = {"state_mismatch": "sign_in_unknown"}
"""What the pages call it; of staff it is kept out of the journal: nobody knows that the provider said it (0004)."""


@dataclass
class Lane:
    """A provider that lies, and a person who is about to meet it."""

    house: House
    hostile: Hostile
    caller: Caller

    def settle(self) -> None:
        """The service asks this provider from now on, and knows nothing of it yet."""
        drips = any(does.__name__ == "drips" for does in self.hostile.instead.values())
        settings = ProviderSettings(
            realm=Realm.STAFF,
            issuer=self.hostile.base,
            client_id="us",
            client_secret="our secret",
            redirect_uri=f"{self.house.url}/staff/callback",
            post_logout_redirect_uri=f"{self.house.url}/signed-out",
            required_acr=("high", "substantial"),
            claims_from_userinfo=True,
            allow_http=True,
            timeout_s=0.3 if drips else 5,
        )
        self.house.providers[Realm.STAFF] = OpenIdProvider(settings, self.house.http, now=now)

    async def sign_in(self) -> Answer:
        """As a browser would, led astray by the provider."""
        begun = await self.caller.get("/staff/sign-in?to=/desk")
        if begun.status != 303:
            return begun
        asked = URL(begun.location).query
        self.hostile.nonce = asked["nonce"]
        self.hostile.claims = {"acr": "high", **PERSON} | self.hostile.claims
        said = {"state": asked["state"], "code": "good", "iss": self.hostile.base} | self.hostile.answer
        told = urlencode({name: text for name, text in said.items() if text is not None}, errors="surrogatepass")
        return await self.caller.get(f"/staff/callback?{told}")


@dataclass
class Errand:
    """A citizen whom the informer asked to identify, and a provider that lies."""

    house: House
    hostile: HostileValid
    talk: Talk

    def settle(self) -> None:
        """The service asks this provider from now on."""
        drips = any(does.__name__ == "drips" for does in self.hostile.instead.values())
        settings = ValidSettings(
            self.hostile.base,
            "us",
            "our secret",
            f"{self.house.url}/citizens/callback",
            allow_http=True,
            timeout_s=0.3 if drips else 5,
        )
        self.house.providers[Realm.CITIZENS] = ValidProvider(settings, self.house.http, now=now)

    async def identify(self) -> Answer:
        """As the pop-up does, led astray by the provider."""
        citizen = self.talk.citizen
        citizen.address = an_address()
        begun = await citizen.get("/attention/identify")
        assert begun.status == 303, begun.text
        said = {"state": URL(begun.location).query["state"], "code": "good"} | self.hostile.answer
        told = urlencode({name: text for name, text in said.items() if text is not None})
        return await citizen.get(f"/citizens/callback?{told}")
