from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.identification import Assurance
from videoattention.domain.people import Person, Role
from videoattention.services.claims import ClaimsMapping, citizen_identity, staff_person
from videoattention.services.identity import Realm, SignedClaims, SignInRefused

STAFF: dict[str, Any] = {
    "name": "Marta  Puig\n i Ferrer",
    "position": "Informadora",
    "organisation": "gencat-demo",
    "roles": ["informer", "plumber", "supervisor", 7],
    "offices": ["oac-girona", "", None],
}
CITIZEN: dict[str, Any] = {
    "name": "Xu Wei",
    "document": "y-0000001 s",
    "acr": "urn:videoattention:assurance:substantial",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=9,
)


def signed(realm: Realm, claims: dict[str, Any]) -> SignedClaims:
    return SignedClaims(realm, "https://issuer.example", "s-1", "", claims, "")


def test_a_member_of_staff_is_recognised_and_unknown_roles_grant_nothing() -> None:
    assert staff_person(signed(Realm.STAFF, STAFF), ClaimsMapping()) == Person(
        subject="s-1",
        organisation="gencat-demo",
        name="Marta Puig i Ferrer",
        position="Informadora",
        roles=frozenset({Role.INFORMER, Role.SUPERVISOR}),
        offices=frozenset({"oac-girona"}),
    )


def test_a_corporate_providers_own_words_are_mapped() -> None:
    mapping = ClaimsMapping(
        organisation="ens",
        roles="realm_access.roles",
        offices="https://gencat.example/offices",
        role_values={"VA_INF": Role.INFORMER},
        organisation_aliases={"U123": "gencat-demo"},
    )
    claims = {
        "name": "Joan",
        "ens": "U123",
        "realm_access": {"roles": ["VA_INF", "auditor"]},
        "https://gencat.example/offices": "oac-girona",
    }
    person = staff_person(signed(Realm.STAFF, claims), mapping)
    assert (person.organisation, person.position) == ("gencat-demo", "")
    assert person.roles == {Role.INFORMER}
    assert person.offices == {"oac-girona"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"organisation": None}, "organisation_missing"),
        ({"organisation": " "}, "organisation_missing"),
        ({"organisation": ["gencat-demo", "vila-demo"]}, "organisation_missing"),
        ({"organisation": "o" * 201}, "organisation_missing"),
        ({"organisation": "a\x00b"}, "organisation_missing"),
        ({"roles": []}, "role_missing"),
        ({"roles": ["INFORMER"]}, "role_missing"),
        ({"roles": {"informer": True}}, "role_missing"),
        ({"name": ""}, "name_missing"),
    ],
)
def test_staff_without_what_matters_are_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(SignInRefused) as refusal:
        staff_person(signed(Realm.STAFF, STAFF | change), ClaimsMapping())
    assert refusal.value.code == code


def test_a_citizen_is_recognised() -> None:
    identity = citizen_identity(signed(Realm.CITIZENS, CITIZEN), ClaimsMapping())
    assert (identity.name, identity.document) == ("Xu Wei", "Y0000001S")
    assert (identity.subject, identity.provider) == ("s-1", "https://issuer.example")
    assert identity.assurance is Assurance.SUBSTANTIAL


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"acr": None}, "assurance_unknown"),
        ({"acr": "high"}, "assurance_unknown"),
        ({"document": ""}, "document_missing"),
        ({"document": 12345678}, "document_missing"),
        ({"name": None}, "name_missing"),
    ],
)
def test_citizens_without_what_matters_are_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(SignInRefused) as refusal:
        citizen_identity(signed(Realm.CITIZENS, CITIZEN | change), ClaimsMapping())
    assert refusal.value.code == code


def test_nobody_passes_from_one_realm_to_the_other() -> None:
    everything = STAFF | CITIZEN
    with pytest.raises(SignInRefused) as refusal:
        staff_person(signed(Realm.CITIZENS, everything), ClaimsMapping())
    assert refusal.value.code == "wrong_realm"
    with pytest.raises(SignInRefused) as refusal:
        citizen_identity(signed(Realm.STAFF, everything), ClaimsMapping())
    assert refusal.value.code == "wrong_realm"


def test_levels_of_assurance_are_ordered() -> None:
    assert list(Assurance) == sorted(Assurance)
    assert Assurance.SUBSTANTIAL >= Assurance.LOW > Assurance.DECLARED > Assurance.NONE


@given(st.dictionaries(st.sampled_from([*STAFF, *CITIZEN]), JSON))
def test_whatever_is_claimed_ends_in_a_person_or_a_refusal(claims: dict[str, Any]) -> None:
    try:
        person = staff_person(signed(Realm.STAFF, claims), ClaimsMapping())
    except SignInRefused:
        pass
    else:
        assert person.roles
        assert person.organisation
        assert person.name.isprintable()
    with suppress(SignInRefused):
        assert citizen_identity(signed(Realm.CITIZENS, claims), ClaimsMapping()).assurance > Assurance.NONE
