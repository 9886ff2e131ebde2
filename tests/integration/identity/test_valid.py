"""The client of VÀLid's dialect: against the stand-in, which speaks it too, and against a provider that lies."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import jwt
import pytest
from yarl import URL

from tests.integration.identity.stage import answer_in
from tests.integration.identity.valid_mutations import EVERY
from tests.integration.identity.valid_stage import HONEST, HostileValid, hostile_valid
from videoattention.adapters.identity.fetching import provider_session
from videoattention.adapters.identity.settings import ValidSettings
from videoattention.adapters.identity.valid import ValidProvider
from videoattention.domain.identification import Assurance
from videoattention.services.claims import ClaimsMapping, citizen_identity
from videoattention.services.identity import Dialect, Realm, SignedClaims, SignInRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import ClientSession

    from tests.integration.identity.town import Town
    from tests.integration.identity.valid_mutations import Change


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with provider_session() as one:
        yield one


@pytest.fixture
async def hostile() -> AsyncIterator[HostileValid]:
    async with hostile_valid() as one:
        yield one


def settings_for(base: str, *, timeout_s: float = 5.0) -> ValidSettings:
    return ValidSettings(
        base, "us", "our secret", "https://video.example/callback", allow_http=True, timeout_s=timeout_s
    )


def client_for(hostile: HostileValid, session: ClientSession) -> ValidProvider:
    hurried = any(does.__name__ == "drips" for does in hostile.instead.values())
    return ValidProvider(settings_for(hostile.base, timeout_s=0.3 if hurried else 5), session, now=hostile.clock)


async def signed_in(hostile: HostileValid, client: ValidProvider) -> SignedClaims:
    pending = await client.begin("/attention/identified")
    answer = {"state": pending.state, "code": "good"} | hostile.answer
    return await client.complete(pending, {name: said for name, said in answer.items() if said is not None})


@pytest.mark.parametrize(
    ("code", "change"),
    [pytest.param(*lie, id=f"{table}: {name}") for table, lies in EVERY.items() for name, lie in lies.items()],
)
async def test_a_lie_is_refused(hostile: HostileValid, session: ClientSession, code: str, change: Change) -> None:
    change(hostile)
    with pytest.raises(SignInRefused) as refusal:
        await signed_in(hostile, client_for(hostile, session))
    assert refusal.value.code == code


async def test_the_truth_is_accepted_with_its_evidence(hostile: HostileValid, session: ClientSession) -> None:
    signed = await signed_in(hostile, client_for(hostile, session))
    who = citizen_identity(signed, ClaimsMapping(document="a claim of another dialect", assurance="another"))
    assert (who.name, who.document, who.assurance, who.method) == (
        "Clara Ribas Mestre",
        "00000014Z",
        Assurance.SUBSTANTIAL,
        "idcatmobil",
    )
    kept = json.loads(who.evidence)
    assert kept["userinfo"] == HONEST
    assert kept["evidence"] == hostile.evidence
    assert kept["dialect"] == "valid"
    assert [name for name, _ in hostile.asked] == ["token", "getUserInfo", "getEvidence"]
    assert hostile.asked[0][1]["client_secret"] == "our secret"
    assert hostile.asked[1][1] == {"AccessToken": "access"}


async def test_the_subject_is_stable_and_tells_no_number(hostile: HostileValid, session: ClientSession) -> None:
    client = client_for(hostile, session)
    first, second = await signed_in(hostile, client), await signed_in(hostile, client)
    assert first.subject == second.subject
    assert "00000014" not in first.subject
    assert first.subject != hashlib.sha256(b"00000014Z").hexdigest()[:32]
    hostile.details["identifier"] = hostile.evidence["identifier"] = "00000023T"
    assert (await signed_in(hostile, client)).subject != first.subject


@pytest.mark.parametrize("more", [{"surname1": "Ribas", "surname2": None}, {"surnames": ""}, {"identifierType": 1}])
async def test_other_forms_of_the_truth_are_accepted(
    hostile: HostileValid, session: ClientSession, more: dict[str, object]
) -> None:
    if "surname1" in more:
        del hostile.details["surnames"]
    hostile.details |= more
    assert str((await signed_in(hostile, client_for(hostile, session))).claims["name"]).startswith("Clara")


async def test_an_answer_is_accepted_once(hostile: HostileValid, session: ClientSession) -> None:
    client = client_for(hostile, session)
    pending = await client.begin("/attention/identified")
    answer = {"state": pending.state, "code": "good"}
    await client.complete(pending, answer)
    with pytest.raises(SignInRefused) as refusal:
        await client.complete(pending, answer)
    assert refusal.value.code == "answer_replayed"


async def test_there_is_no_logout_in_this_dialect(hostile: HostileValid, session: ClientSession) -> None:
    client = client_for(hostile, session)
    assert await client.logout_url("", "https://video.example/") == "https://video.example/"
    with pytest.raises(SignInRefused) as refusal:
        await client.verify_logout("a.b.c")
    assert refusal.value.code == "logout_unknown"


@pytest.mark.parametrize("path", ["../admin", "getEvidence?x=1", "#x"])
def test_an_endpoint_stays_under_the_providers_address(path: str) -> None:
    with pytest.raises(ValueError, match=r"path|address"):
        ValidSettings("https://valid.example", "us", "secret", "https://video.example/cb", evidence_path=path)


def test_the_provider_is_reached_by_https_alone() -> None:
    with pytest.raises(ValueError, match="https"):
        ValidSettings("http://valid.example", "us", "secret", "https://video.example/cb", allow_http=True)


# --- the stand-in --------------------------------------------------------------------------------------------------


def at_the_standin(town: Town, session: ClientSession) -> ValidProvider:
    settings = ValidSettings(
        f"{town.base}/citizens",
        "video citizens",
        "a secret: with % and +",
        f"{town.service}/login/citizens/callback",
        allow_http=True,
    )
    return ValidProvider(settings, session, now=town.clock)


@pytest.mark.parametrize(("level", "method"), [("low", "clave"), ("substantial", "idcatmobil"), ("high", "certificat")])
async def test_the_standin_speaks_it(town: Town, session: ClientSession, level: str, method: str) -> None:
    client = at_the_standin(town, session)
    pending = await client.begin("/attention/identified")
    form, _ = await town.browser.page(pending.url)
    assert "idcatmobil" in form.radios
    status, location, text = await town.browser.press(
        pending.url, form, person="citizen-omar", assurance=level, method=method
    )
    assert status == 303, text
    signed = await client.complete(pending, answer_in(location))
    who = citizen_identity(signed, ClaimsMapping())
    assert (who.name, who.document, who.method) == ("Omar El Idrissi", "X0000000T", method)
    assert who.assurance is Assurance[level.upper()]
    proof = json.loads(who.evidence)["evidence"]["evidence"]
    said = jwt.decode(proof, options={"verify_signature": False})
    assert (said["identifier"], said["assuranceLevel"], said["method"]) == ("X0000000T", level, method)
    assert town.keys.read(proof) == said
    assert (signed.dialect, signed.realm) == (Dialect.VALID, Realm.CITIZENS)


async def test_the_standin_is_as_strict_in_it(town: Town, session: ClientSession) -> None:
    client = at_the_standin(town, session)
    pending = await client.begin("/attention/identified")
    asked = URL(pending.url)
    for bad in (asked.update_query(scope="openid"), asked.update_query(code_challenge="short")):
        status, location, _ = await town.browser.get(str(bad))
        assert status == 303
        assert answer_in(location)["error"] in {"invalid_scope", "invalid_request"}
    status, _, _ = await town.browser.get(str(asked.update_query(client_id="somebody")))
    assert status == 400
    form, _ = await town.browser.page(pending.url)
    status, _, _ = await town.browser.press(
        pending.url, form, person="citizen-omar", assurance="low", method="telepathy"
    )
    assert status == 400
    _, location, _ = await town.browser.press(pending.url, form, person="citizen-omar", assurance="low")
    code = answer_in(location)["code"]
    token = f"{town.base}/citizens/o/oauth2/token"
    proof = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": "video citizens",
        "client_secret": "a secret: with % and +",
        "redirect_uri": f"{town.service}/login/citizens/callback",
    }
    for wrong, refused in (
        ({"client_secret": "guess"}, 401),
        ({"grant_type": "password"}, 400),
        ({}, 400),  # a code that was asked for with a challenge wants its verifier, and this was its one use
        ({"code_verifier": pending.verifier}, 400),
    ):
        status, _, _ = await town.browser.post(token, proof | wrong)
        assert status == refused, wrong
    for name in ("getUserInfo", "getEvidence"):
        status, _, text = await town.browser.get(f"{town.base}/citizens/serveis-rest/{name}?AccessToken=guess")
        assert (status, json.loads(text)["status"]) == (200, "ko")
    status, _, _ = await town.browser.get(f"{town.base}/staff/o/oauth2/auth")
    assert status == 404
