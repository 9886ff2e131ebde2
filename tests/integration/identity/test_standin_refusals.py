"""What the stand-in does not let pass, asked over HTTP on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest
from yarl import URL

from tests.integration.identity.stage import Clock, Port, answer_in
from videoattention.adapters.identity.answers import challenge
from videoattention.adapters.identity.standin.app import standin_app
from videoattention.adapters.identity.standin.settings import (
    StandInForbidden,
    StandInSettings,
)
from videoattention.adapters.identity.standin.state import STAND_IN
from videoattention.services.identity import Realm

if TYPE_CHECKING:
    from pathlib import Path


from tests.integration.identity.town import Town, a_town


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


@pytest.mark.parametrize("page", ["authorize", "token", "end_session"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"client_id=\xff"),
        ("application/x-www-form-urlencoded; charset=klingon", b"client_id=x"),
        ("multipart/form-data; boundary=x", b"--y\r\n"),
        ("multipart/form-data", b"x"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="code"; filename="a"\r\n\r\nb\r\n--x--\r\n',
        ),
    ],
)
async def test_a_form_that_cannot_be_read_is_a_bad_request(town: Town, page: str, kind: str, body: bytes) -> None:
    login = aiohttp.encode_basic_auth("video+staff", "a+secret%3A+with+%25+and+%2B")
    headers = {"Content-Type": kind, "Authorization": login}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{town.base}/staff/{page}", data=body, headers=headers) as response,
    ):
        assert response.status == 400


async def test_a_verifier_in_other_letters_proves_nothing(town: Town) -> None:
    pending, answer = await town.answered(Realm.STAFF, person="staff-joan")
    login = aiohttp.encode_basic_auth("video+staff", "a+secret%3A+with+%25+and+%2B")
    grant = {"grant_type": "authorization_code", "code": answer["code"], "code_verifier": "ñ" * 43}
    assert (await town.browser.post(f"{town.base}/staff/token", grant, login=login))[0] == 400
    assert pending.state == answer["state"]


async def test_a_request_without_state_is_answered_without(town: Town) -> None:
    pending = await town.clients[Realm.STAFF].begin("/desk")
    url = URL(pending.url).without_query_params("state")
    form, _ = await town.browser.page(str(url))
    _, location, _ = await town.browser.press(str(url), form, person="staff-marta")
    assert set(answer_in(location)) == {"code", "iss"}


async def test_pages_of_other_realms_do_not_exist(town: Town) -> None:
    assert (await town.browser.get(f"{town.base}/admins/jwks"))[0] == 404


async def test_the_service_leaves_even_when_nobody_hears_the_logout(town: Town) -> None:
    signed = await town.signed_in(Realm.STAFF, person="staff-marta")
    town.clients[Realm.STAFF] = town.clients[Realm.CITIZENS]  # refuses the token: the listener answers 500
    url = f"{town.base}/staff/end_session?id_token_hint={signed.id_token}"
    form, _ = await town.browser.page(url)
    assert (await town.browser.press(url, form, confirm="yes"))[0] == 200
    assert town.notices == []


async def test_people_leave_even_when_the_service_is_gone() -> None:
    gone = Port()
    address = gone.address
    gone.held.close()
    async with a_town(logouts_to=address) as town:
        signed = await town.signed_in(Realm.STAFF, person="staff-marta")
        url = f"{town.base}/staff/end_session?id_token_hint={signed.id_token}"
        form, _ = await town.browser.page(url)
        assert (await town.browser.press(url, form, confirm="yes"))[0] == 200


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
