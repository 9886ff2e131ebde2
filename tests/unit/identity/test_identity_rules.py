"""The client's rules that need no network: addresses, JSON, times, and the demo people."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.adapters.identity.addresses import endpoint, host_and_port, trusted_address
from videoattention.adapters.identity.claim_checks import Expected, check_id_token, check_logout_token
from videoattention.adapters.identity.refusals import Refusal, refused
from videoattention.adapters.identity.settings import ProviderSettings
from videoattention.adapters.identity.standin.people import CITIZENS, OFFICES, ORGANISATIONS, STAFF
from videoattention.adapters.identity.strict_json import parse_object
from videoattention.adapters.identity.tokens import read_header
from videoattention.services.identity import Realm, SignInRefused

NOW = 1_700_000_000
EXPECTED = Expected("https://issuer.example", "us", "nonce", "access", ())
HONEST: dict[str, Any] = {
    "iss": "https://issuer.example",
    "aud": "us",
    "sub": "somebody",
    "nonce": "nonce",
    "iat": NOW,
    "exp": NOW + 300,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=9,
)


# addresses


@pytest.mark.parametrize(
    "text",
    [
        "http://issuer.example/realm",
        "https://user@issuer.example/",
        "https://user:pass@issuer.example/",
        "https://issuer.example/#part",
        "https://issuer.example\\@evil.example/",
        "https://issuer.example/a b",
        "https://issuer.example/\n",
        "https://ïssuer.example/",
        "https:///path",
        "https://issuer.example:port/",
        "//issuer.example/",
        "file:///etc/passwd",
        "",
        "https://issuer.example/" + "a" * 2048,
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
    ],
)
def test_such_addresses_are_never_trusted(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the port's fault is told by the parser's own words
        trusted_address(text, allow_http=True)


def test_plain_http_is_for_this_machine_and_only_when_allowed() -> None:
    for text in ("http://localhost:8080/x", "http://127.0.0.1/", "http://[::1]:8080/"):
        assert trusted_address(text, allow_http=True).scheme == "http"
        with pytest.raises(ValueError, match="https"):
            trusted_address(text, allow_http=False)
    assert host_and_port(trusted_address("https://issuer.example:443/x", allow_http=False)) == "issuer.example"


def test_an_allowed_host_is_allowed_with_its_port_only() -> None:
    def at(text: str) -> object:
        return endpoint(
            text,
            issuer="https://issuer.example/realm",
            allowed_hosts=frozenset({"login.example:8443"}),
            allow_http=False,
        )

    assert at("https://issuer.example/token")
    assert at("https://login.example:8443/token")
    for text in ("https://login.example/token", "https://issuer.example:8443/", "https://a.issuer.example/"):
        with pytest.raises(ValueError, match="lives on"):
            at(text)


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "http://issuer.example"},
        {"issuer": "https://issuer.example/?realm=x"},
        {"scopes": ("profile",)},
        {"client_id": ""},
        {"client_secret": ""},
    ],
)
def test_settings_that_could_never_be_safe_are_refused(change: dict[str, Any]) -> None:
    honest: dict[str, Any] = {
        "realm": Realm.STAFF,
        "issuer": "https://issuer.example",
        "client_id": "us",
        "client_secret": "very secret",
        "redirect_uri": "https://video.example/callback",
        "post_logout_redirect_uri": "https://video.example/",
    }
    assert "very secret" not in repr(ProviderSettings(**honest))
    with pytest.raises(ValueError, match=r"address|scopes|client"):
        ProviderSettings(**honest | change)


# JSON and tokens


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers() | st.text(st.characters(codec="utf-8"))))
def test_honest_json_is_read_as_it_is(said: dict[str, Any]) -> None:
    assert parse_object(json.dumps(said).encode()) == said


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":1}',
        b'{"b":{"a":1,"a":2}}',
        b"[]",
        b"",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":"\\ud800"}',
        b"\xff",
        b'{"a":' * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":1} {}',
        b"\xef\xbb\xbf{}",
    ],
)
def test_json_with_two_meanings_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - some sentences are the parser's own
        parse_object(raw)


@given(st.text() | st.from_regex(r"[A-Za-z0-9_\-+/=]{0,20}(\.[A-Za-z0-9_\-]{0,20}){1,4}", fullmatch=True))
def test_whatever_comes_as_a_token_is_refused_with_a_code(token: str) -> None:
    with pytest.raises(SignInRefused) as refusal:
        read_header(token)
    assert refusal.value.code == "token_malformed"


def test_every_reason_has_its_sentence_and_its_own_code() -> None:
    assert len({str(refused(why)) for why in Refusal}) == len({why.value for why in Refusal}) == len(Refusal)


# claims


@given(st.dictionaries(st.sampled_from([*HONEST, "nbf", "azp", "acr", "at_hash", "events"]), JSON))
def test_changed_claims_are_accepted_or_refused_and_nothing_else(changed: dict[str, Any]) -> None:
    claims = HONEST | changed
    try:
        check_id_token(claims, EXPECTED, now=NOW)
    except SignInRefused:
        return
    assert claims["iss"] == HONEST["iss"]
    assert claims["nonce"] == "nonce"
    assert claims["sub"]
    assert "us" in claims["aud"]


@given(st.dictionaries(st.sampled_from(["iss", "aud", "sub", "sid", "iat", "exp", "jti", "events"]), JSON))
def test_changed_logouts_are_accepted_or_refused_and_nothing_else(changed: dict[str, Any]) -> None:
    with pytest.raises(SignInRefused):
        check_logout_token(changed, issuer="https://issuer.example", client_id="us", now=NOW)


SECONDS = st.integers(-5000, 5000)


@given(iat=SECONDS, exp=SECONDS, nbf=st.none() | SECONDS)
def test_a_token_is_good_within_its_hour_give_or_take_a_minute(iat: int, exp: int, nbf: int | None) -> None:
    claims = HONEST | {"iat": NOW + iat, "exp": NOW + exp} | ({} if nbf is None else {"nbf": NOW + nbf})
    good = 0 < exp - iat <= 3600 and exp > -60 and iat <= 60 and (nbf is None or nbf <= 60)
    if good:
        check_id_token(claims, EXPECTED, now=NOW)
    else:
        with pytest.raises(SignInRefused):
            check_id_token(claims, EXPECTED, now=NOW)


# the demo people


def test_demo_people_fit_together() -> None:
    for person in STAFF:
        offices = person.claims["offices"]
        assert isinstance(offices, list)
        assert offices
        assert {OFFICES[office] for office in offices} == {person.claims["organisation"]} <= set(ORGANISATIONS)
    subjects = [person.subject for person in (*STAFF, *CITIZENS)]
    assert len(set(subjects)) == len(subjects)


@pytest.mark.parametrize("document", [str(person.claims["document"]) for person in CITIZENS])
def test_demo_documents_bear_their_check_letter(document: str) -> None:
    number = int(document[:-1].translate(str.maketrans("XYZ", "012")))
    assert document[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"auth_time": NOW - 60}, ""),
        ({"auth_time": NOW - 61}, "login_not_fresh"),
        ({}, "login_not_fresh"),
        ({"auth_time": str(NOW)}, "token_malformed"),
        ({"auth_time": True}, "token_malformed"),
        ({"auth_time": NOW + 71}, "token_not_yet_valid"),
    ],
)
def test_a_fresh_login_is_as_young_as_the_sign_in(said: dict[str, object], code: str) -> None:
    expected = replace(EXPECTED, login_since=NOW)
    if not code:
        check_id_token(HONEST | said, expected, now=NOW + 10)
        return
    with pytest.raises(SignInRefused) as refusal:
        check_id_token(HONEST | said, expected, now=NOW + 10)
    assert refusal.value.code == code
