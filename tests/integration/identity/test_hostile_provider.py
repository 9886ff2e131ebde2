"""The real client against a provider that lies: every lie is refused, with the reason that fits it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.integration.identity.hostile import (
    LOGOUT,
    Hostile,
    ec_key,
    hostile_provider,
    jwk,
    rsa_key,
    says,
)
from tests.integration.identity.mutations import ANSWER, KEYS, LOGOUTS, METADATA, TOKEN
from videoattention.adapters.identity.fetching import provider_session
from videoattention.adapters.identity.provider import OpenIdProvider
from videoattention.adapters.identity.settings import ProviderSettings
from videoattention.services.identity import Realm, SignedClaims, SignInRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import ClientSession

    from tests.integration.identity.mutations import Change


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with provider_session() as one:
        yield one


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    async with hostile_provider() as one:
        yield one


def client_for(hostile: Hostile, session: ClientSession) -> OpenIdProvider:
    settings = ProviderSettings(
        realm=Realm.STAFF,
        issuer=hostile.base,
        client_id="us",
        client_secret="our secret",
        redirect_uri="https://video.example/callback",
        post_logout_redirect_uri="https://video.example/",
        required_acr=("high", "substantial"),
        claims_from_userinfo=True,
        allow_http=True,
        timeout_s=0.3 if any(does.__name__ == "drips" for does in hostile.instead.values()) else 5,
    )
    return OpenIdProvider(settings, session, now=hostile.clock)


async def signed_in(hostile: Hostile, client: OpenIdProvider) -> SignedClaims:
    pending = await client.begin("/desk")
    hostile.nonce = pending.nonce
    hostile.claims = {"acr": "high"} | hostile.claims
    answer = {"state": pending.state, "code": "good", "iss": hostile.base} | hostile.answer
    return await client.complete(pending, {name: said for name, said in answer.items() if said is not None})


@pytest.mark.parametrize(
    ("code", "change"),
    [pytest.param(*lie, id=name) for table in (TOKEN, KEYS, METADATA, ANSWER) for name, lie in table.items()],
)
async def test_a_lie_is_refused(hostile: Hostile, session: ClientSession, code: str, change: Change) -> None:
    change(hostile)
    with pytest.raises(SignInRefused) as refusal:
        await signed_in(hostile, client_for(hostile, session))
    assert refusal.value.code == code


@pytest.mark.parametrize(("code", "change"), [pytest.param(*lie, id=name) for name, lie in LOGOUTS.items()])
async def test_a_false_logout_is_refused(hostile: Hostile, session: ClientSession, code: str, change: Change) -> None:
    change(hostile)
    with pytest.raises(SignInRefused) as refusal:
        await client_for(hostile, session).verify_logout(hostile.logout_token())
    assert refusal.value.code == code


# what must not be refused, so that the tables above mean something


async def test_the_truth_is_accepted(hostile: Hostile, session: ClientSession) -> None:
    signed = await signed_in(hostile, client_for(hostile, session))
    assert (signed.realm, signed.issuer, signed.subject, signed.sid) == (
        Realm.STAFF,
        hostile.base,
        "somebody",
        "session",
    )
    assert signed.claims["email"] == "a@example.org"
    assert hostile.asked == ["openid-configuration", "token", "jwks", "userinfo"]


@pytest.mark.parametrize(
    ("claims", "without"),
    [
        ({"aud": ["us"]}, set()),
        ({"aud": ["us", "them"], "azp": "us"}, set()),
        ({}, {"at_hash", "sid"}),
        ({"acr": "substantial"}, set()),
    ],
)
async def test_other_forms_of_the_truth_are_accepted(
    hostile: Hostile, session: ClientSession, claims: dict[str, object], without: set[str]
) -> None:
    hostile.claims, hostile.without = claims, without
    assert (await signed_in(hostile, client_for(hostile, session))).subject == "somebody"


@pytest.mark.parametrize(("iat", "exp"), [(60, 300), (-359, -59), (0, 3600)])
async def test_clocks_may_differ_by_a_minute(hostile: Hostile, session: ClientSession, iat: int, exp: int) -> None:
    hostile.claims = {"iat": hostile.now + iat, "exp": hostile.now + exp, "nbf": hostile.now + 60}
    assert (await signed_in(hostile, client_for(hostile, session))).subject == "somebody"


async def test_es256_and_a_single_key_without_a_name_are_accepted(hostile: Hostile, session: ClientSession) -> None:
    hostile.key = ec_key("its own")
    hostile.header = {"alg": "ES256"}
    hostile.keys = {"keys": [jwk(hostile.key, None), jwk(rsa_key("its own"), None)]}
    assert (await signed_in(hostile, client_for(hostile, session))).subject == "somebody"


async def test_details_fetched_never_overrule_what_was_signed(hostile: Hostile, session: ClientSession) -> None:
    hostile.userinfo |= {"acr": "high", "sid": "forged", "iss": "x", "roles": ["informer"]}
    hostile.claims, hostile.without = {"acr": "substantial"}, {"sid"}
    signed = await signed_in(hostile, client_for(hostile, session))
    assert signed.claims["acr"] == "substantial"
    assert signed.claims["iss"] == hostile.base
    assert signed.claims["roles"] == ["informer"]
    assert "sid" not in signed.claims


async def test_an_answer_without_iss_is_accepted_where_none_is_announced(
    hostile: Hostile, session: ClientSession
) -> None:
    del hostile.metadata["authorization_response_iss_parameter_supported"]
    hostile.answer = {"iss": None}
    assert (await signed_in(hostile, client_for(hostile, session))).subject == "somebody"


async def test_the_answer_belongs_to_the_realm_that_asked(hostile: Hostile, session: ClientSession) -> None:
    client = client_for(hostile, session)
    pending = await client.begin("/desk")
    other = replace(pending, realm=Realm.CITIZENS)
    with pytest.raises(SignInRefused) as refusal:
        await client.complete(other, {"state": pending.state, "code": "good", "iss": hostile.base})
    assert refusal.value.code == "state_mismatch"


async def test_every_sign_in_has_its_own_secrets(hostile: Hostile, session: ClientSession) -> None:
    client = client_for(hostile, session)
    first, second = await client.begin("/desk"), await client.begin("/desk")
    assert len({first.state, second.state, first.nonce, second.nonce, first.verifier, second.verifier}) == 6
    assert first.verifier not in first.url


# back-channel logout


async def test_a_logout_says_whose_sessions_end(hostile: Hostile, session: ClientSession) -> None:
    notice = await client_for(hostile, session).verify_logout(hostile.logout_token())
    assert (notice.realm, notice.issuer, notice.subject) == (Realm.STAFF, hostile.base, "somebody")
    assert (notice.sid, notice.jti) == ("session", "unique")


async def test_a_forged_logout_does_not_use_up_the_true_one(hostile: Hostile, session: ClientSession) -> None:
    client = client_for(hostile, session)
    hostile.claims = {"events": {}}
    with pytest.raises(SignInRefused):
        await client.verify_logout(hostile.logout_token())
    hostile.claims = {"events": {LOGOUT: {}}}
    assert (await client.verify_logout(hostile.logout_token())).jti == "unique"


@pytest.mark.parametrize("missing", ["sub", "sid", "exp"])
async def test_a_logout_names_a_session_or_a_person(hostile: Hostile, session: ClientSession, missing: str) -> None:
    hostile.without = {missing}
    assert (await client_for(hostile, session).verify_logout(hostile.logout_token())).jti == "unique"


async def test_logout_goes_through_the_provider_that_has_one(hostile: Hostile, session: ClientSession) -> None:
    url = await client_for(hostile, session).logout_url("hint", "/goodbye")
    assert url.startswith(f"{hostile.base}/end?id_token_hint=hint&client_id=us&post_logout_redirect_uri=")
    hostile.metadata["end_session_endpoint"] = None
    assert await client_for(hostile, session).logout_url("hint", "/goodbye") == "/goodbye"
    hostile.instead["openid-configuration"] = says("{}", status=500)
    assert await client_for(hostile, session).logout_url("hint", "/goodbye") == "/goodbye"


# keys: rotation, floods, outages


async def test_a_flood_of_unknown_keys_asks_the_provider_once(hostile: Hostile, session: ClientSession) -> None:
    client = client_for(hostile, session)
    await signed_in(hostile, client)
    hostile.asked.clear()
    for number in range(50):
        hostile.header["kid"] = f"guess {number}"
        with pytest.raises(SignInRefused):
            await client.verify_logout(hostile.logout_token())
    assert hostile.asked == ["jwks"]


async def test_many_at_once_share_one_request(hostile: Hostile, session: ClientSession) -> None:
    client = client_for(hostile, session)
    await asyncio.gather(*(client.begin("/desk") for _ in range(20)))
    assert hostile.asked == ["openid-configuration"]


async def test_a_new_key_is_found_at_its_first_use(hostile: Hostile, session: ClientSession) -> None:
    client = client_for(hostile, session)
    await signed_in(hostile, client)
    hostile.key = rsa_key("its next")
    hostile.header["kid"] = "two"
    hostile.keys["keys"].append(jwk(hostile.key, "two"))
    assert (await signed_in(hostile, client)).subject == "somebody"


async def test_the_last_good_keys_outlive_an_outage(hostile: Hostile, session: ClientSession) -> None:
    client = client_for(hostile, session)
    await signed_in(hostile, client)
    hostile.instead["jwks"] = hostile.instead["openid-configuration"] = says("{}", status=500)
    hostile.clock.advance(4000)
    assert (await signed_in(hostile, client)).subject == "somebody"
    hostile.header["kid"] = "two"
    with pytest.raises(SignInRefused) as refusal:
        await client.verify_logout(hostile.logout_token())
    assert refusal.value.code == "key_unknown"


async def test_a_key_that_was_withdrawn_is_forgotten(hostile: Hostile, session: ClientSession) -> None:
    client = client_for(hostile, session)
    await signed_in(hostile, client)
    hostile.keys = {"keys": [jwk(rsa_key("its next"), "two")]}
    hostile.clock.advance(901)
    with pytest.raises(SignInRefused) as refusal:
        await signed_in(hostile, client)
    assert refusal.value.code == "key_unknown"


async def test_an_endpoint_elsewhere_needs_the_operators_word(hostile: Hostile, session: ClientSession) -> None:
    hostile.metadata["authorization_endpoint"] = "https://login.example/authorize?theme=calm"
    settings = client_for(hostile, session)._settings
    allowing = replace(settings, allowed_hosts=frozenset({"login.example"}), acr_values=("high", "low"))
    pending = await OpenIdProvider(allowing, session, now=hostile.clock).begin("/desk")
    assert pending.url.startswith("https://login.example/authorize?theme=calm&response_type=code")
    assert "acr_values=high+low" in pending.url
    with pytest.raises(SignInRefused):
        await OpenIdProvider(settings, session, now=hostile.clock).begin("/desk")
