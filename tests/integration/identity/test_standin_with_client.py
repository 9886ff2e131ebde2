"""The real client and the real stand-in, over HTTP on loopback."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from tests.integration.identity.stage import Browser, Clock, Port, answer_in, served
from videoattention.adapters.identity.fetching import provider_session
from videoattention.adapters.identity.provider import OpenIdProvider, challenge
from videoattention.adapters.identity.settings import ProviderSettings
from videoattention.adapters.identity.standin.app import standin_app
from videoattention.adapters.identity.standin.people import CITIZENS, STAFF
from videoattention.adapters.identity.standin.settings import (
    StandInClient,
    StandInForbidden,
    StandInSettings,
)
from videoattention.adapters.identity.standin.state import STAND_IN
from videoattention.domain.identification import Assurance
from videoattention.domain.people import Role
from videoattention.services.claims import ClaimsMapping, citizen_identity, staff_person
from videoattention.services.identity import LogoutNotice, PendingSignIn, Realm, SignedClaims, SignInRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from videoattention.adapters.identity.standin.signing import SigningKeys

SUBSTANTIAL = "urn:videoattention:assurance:substantial"


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
async def a_town() -> AsyncIterator[Town]:
    clock, port, desk = Clock(), Port(), Port()
    base = port.address + "/standin"
    settings = [client_of(realm, desk.address, base) for realm in Realm]
    standin = standin_app(
        StandInSettings(base, tuple(registered(one, desk.address) for one in settings), production=False),
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


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with a_town() as one:
        yield one


async def test_a_member_of_staff_signs_in(town: Town) -> None:
    signed = await town.signed_in(Realm.STAFF, person="staff-marta")
    person = staff_person(signed, ClaimsMapping())
    assert person.name == "Marta Puig i Ferrer"
    assert person.organisation == "gencat-demo"
    assert person.roles == {Role.INFORMER}
    assert person.offices == {"oac-girona"}
    assert signed.sid
    assert "acr" not in signed.claims


@pytest.mark.parametrize("level", ["low", "substantial", "high"])
async def test_a_citizen_chooses_the_level_of_assurance(town: Town, level: str) -> None:
    signed = await town.signed_in(Realm.CITIZENS, person="citizen-omar", assurance=level)
    identity = citizen_identity(signed, ClaimsMapping())
    assert identity.assurance is Assurance[level.upper()]
    assert identity.document == "X0000000T"
    assert identity.provider == f"{town.base}/citizens"


@pytest.mark.parametrize("person", [person.subject for person in STAFF])
async def test_every_demo_member_of_staff_has_a_role(town: Town, person: str) -> None:
    assert staff_person(await town.signed_in(Realm.STAFF, person=person), ClaimsMapping()).roles


@pytest.mark.parametrize("person", [person.subject for person in CITIZENS])
async def test_every_demo_citizen_can_identify(town: Town, person: str) -> None:
    signed = await town.signed_in(Realm.CITIZENS, person=person, assurance="high")
    assert citizen_identity(signed, ClaimsMapping()).document


async def test_the_levels_are_offered_to_citizens_only_and_the_asked_one_is_chosen(town: Town) -> None:
    pending = await town.clients[Realm.STAFF].begin("/desk")
    form, _ = await town.browser.page(pending.url)
    assert form.radios == []
    pending = await town.clients[Realm.CITIZENS].begin("/")
    form, _ = await town.browser.page(pending.url + "&acr_values=urn:videoattention:assurance:high")
    assert form.radios == ["low", "substantial", "high"]
    assert form.fields["assurance"] == "high"


async def test_the_page_is_strict_and_speaks_the_asked_language(town: Town) -> None:
    pending = await town.clients[Realm.STAFF].begin("/desk")
    form, headers = await town.browser.page(pending.url, language="en-GB,ca;q=0.5")
    assert form.language == "en"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert f"form-action 'self' {town.service}" in policy
    assert headers["Cache-Control"] == "no-store"
    form, _ = await town.browser.page(pending.url, language="de")
    assert form.language == "ca"
    status, _, style = await town.browser.get(town.base + "/style.css")
    assert (status, "light-dark" in style) == (200, True)


async def test_what_a_request_says_is_escaped_in_the_page(town: Town) -> None:
    pending = await town.clients[Realm.STAFF].begin("/desk")
    evil = '"><script>alert(1)</script>'
    url = str(URL(pending.url).update_query(state=evil))
    form, _ = await town.browser.page(url)
    assert form.fields["state"] == evil
    assert "<script>" not in (await town.browser.get(url))[2]


async def test_cancelling_is_told_as_such(town: Town) -> None:
    with pytest.raises(SignInRefused) as refusal:
        await town.signed_in(Realm.STAFF, cancel="yes")
    assert refusal.value.code == "sign_in_cancelled"


async def test_an_answer_is_good_once(town: Town) -> None:
    pending, answer = await town.answered(Realm.STAFF, person="staff-joan")
    await town.clients[Realm.STAFF].complete(pending, answer)
    with pytest.raises(SignInRefused) as refusal:
        await town.clients[Realm.STAFF].complete(pending, answer)
    assert refusal.value.code == "answer_replayed"


async def test_a_code_is_good_once_even_for_another_process(town: Town) -> None:
    pending, answer = await town.answered(Realm.STAFF, person="staff-joan")
    await town.clients[Realm.STAFF].complete(pending, answer)
    async with provider_session() as session:
        settings = client_of(Realm.STAFF, town.service, town.base)
        other = OpenIdProvider(settings, session, now=town.clock)
        with pytest.raises(SignInRefused) as refusal:
            await other.complete(pending, answer)
    assert refusal.value.code == "code_refused"


async def test_a_code_ends_after_sixty_seconds(town: Town) -> None:
    pending, answer = await town.answered(Realm.STAFF, person="staff-joan")
    town.clock.advance(60)
    with pytest.raises(SignInRefused) as refusal:
        await town.clients[Realm.STAFF].complete(pending, answer)
    assert refusal.value.code == "code_refused"


async def test_a_code_is_nothing_without_the_verifier_of_the_browser_that_asked(town: Town) -> None:
    pending, answer = await town.answered(Realm.STAFF, person="staff-joan")
    with pytest.raises(SignInRefused) as refusal:
        await town.clients[Realm.STAFF].complete(replace(pending, verifier="v" * 43), answer)
    assert refusal.value.code == "code_refused"


async def test_a_code_of_one_realm_is_nothing_in_the_other(town: Town) -> None:
    _, answer = await town.answered(Realm.STAFF, person="staff-joan")
    client = town.clients[Realm.CITIZENS]
    pending = await client.begin("/")
    with pytest.raises(SignInRefused) as refusal:
        await client.complete(pending, answer | {"state": pending.state})
    assert refusal.value.code == "answer_issuer_mismatch"
    foreign = answer | {"state": pending.state, "iss": f"{town.base}/citizens"}
    with pytest.raises(SignInRefused) as refusal:
        await client.complete(pending, foreign)
    assert refusal.value.code == "code_refused"


async def test_sign_in_survives_a_rotation_of_the_keys(town: Town) -> None:
    await town.signed_in(Realm.STAFF, person="staff-marta")
    town.keys.rotate()
    await town.signed_in(Realm.STAFF, person="staff-marta")
    town.keys.rotate()
    with pytest.raises(SignInRefused) as refusal:
        await town.signed_in(Realm.STAFF, person="staff-marta")
    assert refusal.value.code == "key_unknown"
    town.clock.advance(30)
    await town.signed_in(Realm.STAFF, person="staff-marta")


async def test_logout_ends_the_session_everywhere_after_a_confirmation(town: Town) -> None:
    signed = await town.signed_in(Realm.STAFF, person="staff-marta")
    url = await town.clients[Realm.STAFF].logout_url(signed.id_token, "/")
    town.clock.advance(3 * 3600)
    form, headers = await town.browser.page(url)
    assert town.service in headers["Content-Security-Policy"]
    assert (await town.browser.press(url, form))[:2] == (200, "")
    assert town.notices == []
    status, location, _ = await town.browser.press(url, form, confirm="yes")
    assert (status, location) == (303, f"{town.service}/goodbye")
    (notice,) = town.notices
    assert (notice.realm, notice.subject, notice.sid) == (Realm.STAFF, "staff-marta", signed.sid)
    await town.browser.press(url, form, confirm="yes")
    assert len(town.notices) == 1


async def test_logout_of_the_citizens_realm_is_signed_and_heard_too(town: Town) -> None:
    signed = await town.signed_in(Realm.CITIZENS, person="citizen-xu", assurance="low")
    url = await town.clients[Realm.CITIZENS].logout_url(signed.id_token, "/")
    form, _ = await town.browser.page(url)
    await town.browser.press(url, form, confirm="yes")
    assert [notice.realm for notice in town.notices] == [Realm.CITIZENS]


async def test_nobody_is_sent_to_an_unregistered_address_after_a_logout(town: Town) -> None:
    signed = await town.signed_in(Realm.STAFF, person="staff-marta")
    url = URL(await town.clients[Realm.STAFF].logout_url(signed.id_token, "/"))
    for change in (
        {"post_logout_redirect_uri": f"{town.service}/goodbye/"},
        {"client_id": "another"},
        {"id_token_hint": signed.id_token + "x"},
    ):
        status, location, _ = await town.browser.get(str(url.update_query(change)))
        assert (status, location) == (400, "")


async def test_without_an_address_the_session_ends_on_a_page(town: Town) -> None:
    signed = await town.signed_in(Realm.STAFF, person="staff-marta")
    url = f"{town.base}/staff/end_session?id_token_hint={signed.id_token}"
    form, _ = await town.browser.page(url)
    status, _, text = await town.browser.press(url, form, confirm="yes")
    assert (status, "tancat" in text) == (200, True)
    assert len(town.notices) == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"nonce": "n" * 3000}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
async def test_a_faulty_request_goes_back_with_an_error(town: Town, change: dict[str, str], error: str) -> None:
    pending = await town.clients[Realm.STAFF].begin("/desk")
    status, location, _ = await town.browser.get(str(URL(pending.url).update_query(change)))
    assert status == 303
    answer = answer_in(location)
    assert answer == {"error": error, "state": pending.state, "iss": f"{town.base}/staff"}
    form, _ = await town.browser.page(pending.url)
    _, location, _ = await town.browser.press(pending.url, form, person="staff-marta", **change)
    assert answer_in(location)["error"] == error


@pytest.mark.parametrize(
    "change",
    [{"client_id": "another"}, {"redirect_uri": "http://127.0.0.1/elsewhere"}, {"client_id": "video citizens"}],
)
async def test_an_unknown_client_or_address_is_sent_nowhere(town: Town, change: dict[str, str]) -> None:
    pending = await town.clients[Realm.STAFF].begin("/desk")
    status, location, _ = await town.browser.get(str(URL(pending.url).update_query(change)))
    assert (status, location) == (400, "")
    doubled = URL(pending.url).extend_query(change)
    assert (await town.browser.get(str(doubled)))[0] == 400


@pytest.mark.parametrize(
    "pressed",
    [{"person": "staff-marta", "assurance": "high"}, {"person": "citizen-omar", "assurance": "total"}, {}],
)
async def test_only_the_realms_people_and_levels_can_be_chosen(town: Town, pressed: dict[str, str]) -> None:
    pending = await town.clients[Realm.CITIZENS].begin("/")
    form, _ = await town.browser.page(pending.url)
    assert (await town.browser.press(pending.url, form, **pressed))[0] == 400


async def test_the_token_endpoint_wants_its_client_and_a_code(town: Town) -> None:
    url = f"{town.base}/staff/token"
    good = aiohttp.encode_basic_auth("video+staff", "a+secret%3A+with+%25+and+%2B")
    grant = {"grant_type": "authorization_code", "code": "guess"}
    for login in ("", "Basic ???", "Basic dmlkZW8=", aiohttp.encode_basic_auth("video+staff", "wrong")):
        assert (await town.browser.post(url, grant, login=login))[0] == 401
    assert (await town.browser.post(url, grant, login=good))[::2] == (400, '{"error": "invalid_grant"}')
    assert (await town.browser.post(url, {"grant_type": "password"}, login=good))[0] == 400
    assert (await town.browser.get(f"{town.base}/staff/userinfo"))[0] == 401


async def test_a_code_is_good_for_the_address_that_it_was_sent_to(town: Town) -> None:
    login = aiohttp.encode_basic_auth("video+staff", "a+secret%3A+with+%25+and+%2B")
    for changed, status in (({"redirect_uri": f"{town.service}/elsewhere"}, 400), ({}, 200)):
        pending, answer = await town.answered(Realm.STAFF, person="staff-joan")
        grant = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "code_verifier": pending.verifier,
            "redirect_uri": f"{town.service}/login/staff/callback",
        }
        assert (await town.browser.post(f"{town.base}/staff/token", grant | changed, login=login))[0] == status


async def test_pages_of_other_realms_do_not_exist(town: Town) -> None:
    assert (await town.browser.get(f"{town.base}/admins/jwks"))[0] == 404


async def test_the_service_leaves_even_when_nobody_hears_the_logout(town: Town) -> None:
    signed = await town.signed_in(Realm.STAFF, person="staff-marta")
    town.clients[Realm.STAFF] = town.clients[Realm.CITIZENS]  # refuses the token: the listener answers 500
    url = f"{town.base}/staff/end_session?id_token_hint={signed.id_token}"
    form, _ = await town.browser.page(url)
    assert (await town.browser.press(url, form, confirm="yes"))[0] == 200
    assert town.notices == []


def test_the_challenge_is_that_of_rfc_7636_appendix_b() -> None:
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")


def test_the_standin_refuses_production() -> None:
    settings = StandInSettings("https://example.org/standin", (), production=True)
    with pytest.raises(StandInForbidden, match="never runs in production"):
        standin_app(settings, now=Clock())


def test_keys_of_an_installation_are_kept_for_their_owner_only(tmp_path: Path) -> None:
    settings = StandInSettings("http://localhost/standin", (), production=False, key_folder=tmp_path / "keys")
    first = standin_app(settings, now=Clock())[STAND_IN].keys.published()
    assert standin_app(settings, now=Clock())[STAND_IN].keys.published() == first
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    (tmp_path / "keys" / "standin-es256.pem").write_bytes((tmp_path / "keys" / "standin-rs256.pem").read_bytes())
    with pytest.raises(ValueError, match="another kind of key"):
        standin_app(settings, now=Clock())
