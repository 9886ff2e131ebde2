"""The real client and the real stand-in, over HTTP on loopback."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from yarl import URL

from tests.integration.identity.town import Town, client_of
from videoattention.adapters.identity.fetching import provider_session
from videoattention.adapters.identity.provider import OpenIdProvider
from videoattention.adapters.identity.standin.people import CITIZENS, STAFF
from videoattention.domain.identification import Assurance
from videoattention.domain.people import Role
from videoattention.services.claims import ClaimsMapping, citizen_identity, staff_person
from videoattention.services.identity import Realm, SignInRefused


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


async def test_each_sign_in_of_a_citizen_is_a_login_of_its_own(town: Town) -> None:
    """At a public point the provider may still know the person before."""
    asked = URL((await town.clients[Realm.CITIZENS].begin("/")).url).query
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    assert not {"prompt", "max_age"} & URL((await town.clients[Realm.STAFF].begin("/")).url).query.keys()
    pending, answer = await town.answered(Realm.CITIZENS, person="citizen-omar", assurance="high")
    later = replace(pending, begun=pending.begun + timedelta(seconds=61))
    with pytest.raises(SignInRefused) as refusal:
        await town.clients[Realm.CITIZENS].complete(later, answer)
    assert refusal.value.code == "login_not_fresh"


async def test_a_login_of_staff_may_be_older_than_the_sign_in(town: Town) -> None:
    pending, answer = await town.answered(Realm.STAFF, person="staff-joan")
    later = replace(pending, begun=pending.begun + timedelta(hours=1))
    assert (await town.clients[Realm.STAFF].complete(later, answer)).subject == "staff-joan"


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
