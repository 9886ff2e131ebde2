"""One thing changed at a time in what an honest provider says, and the reason to be given for refusing it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.integration.identity.hostile import (
    LOGOUT,
    Hostile,
    as_a_page,
    drips,
    ec_key,
    encoded,
    hangs_up,
    jwk,
    moved,
    rsa_key,
    says,
    signature,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.identity.hostile import Answer, Key

    Change = Callable[[Hostile], object]


def claims(**changed: object) -> Change:
    return lambda hostile: hostile.claims.update(changed)


def later(**seconds: float) -> Change:
    """Claims of time, in seconds from now."""
    return lambda hostile: hostile.claims.update({name: hostile.now + s for name, s in seconds.items()})


def without(*names: str) -> Change:
    return lambda hostile: hostile.without.update(names)


def header(**changed: object) -> Change:
    return lambda hostile: hostile.header.update(changed)


def metadata(**changed: object) -> Change:
    return lambda hostile: hostile.metadata.update(changed)


def answer(**changed: str | None) -> Change:
    return lambda hostile: hostile.answer.update(changed)


def tokens(**changed: object) -> Change:
    return lambda hostile: hostile.tokens.update(changed)


def instead(name: str, does: Answer) -> Change:
    return lambda hostile: hostile.instead.update({name: does})


def replaced(name: str, way: Callable[[Hostile, str], Answer]) -> Change:
    return lambda hostile: hostile.instead.update({name: way(hostile, name)})


def keys(*listed: object) -> Change:
    return lambda hostile: setattr(hostile, "keys", {"keys": list(listed)})


def after(change: Callable[[str], str]) -> Change:
    return lambda hostile: setattr(hostile, "after", change)


def raw_claims(change: Callable[[bytes], bytes]) -> Change:
    return lambda hostile: setattr(hostile, "raw_claims", change)


def raw_header(change: Callable[[bytes], bytes]) -> Change:
    return lambda hostile: setattr(hostile, "raw_header", change)


def signs_with(key: Key, **said: object) -> Change:
    def change(hostile: Hostile) -> None:
        hostile.key = key
        hostile.header.update(said)

    return change


def both(*changes: Change) -> Change:
    return lambda hostile: [change(hostile) for change in changes]


def public_bytes(encoding: Encoding, form: PublicFormat) -> bytes:
    return rsa_key("its own").public_key().public_bytes(encoding, form)


OURS = jwk(rsa_key("its own"), "one", use="sig", alg="RS256")
PEM = public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DER = public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
STRANGE = rsa_key("a stranger's")
WEAK = rsa_key("a weak", 1024)
P384 = ec.generate_private_key(ec.SECP384R1())
OFF_CURVE = jwk(ec_key("off the curve"), "one") | {"y": encoded(b"\x01" * 32)}
REPLACED = {"kid": "one", "use": "sig", "alg": "RS256"}


def unsigned(token: str) -> str:
    return token.rsplit(".", 1)[0] + "."


def encrypted(token: str) -> str:
    return token + ".AAAA.AAAA"


def flipped(token: str) -> str:
    signed, sealed = token.rsplit(".", 1)
    raw = bytearray(base64.urlsafe_b64decode(sealed + "=="))
    raw[0] ^= 1
    return f"{signed}.{encoded(bytes(raw))}"


def cut(token: str) -> str:
    signed, sealed = token.rsplit(".", 1)
    return f"{signed}.{encoded(base64.urlsafe_b64decode(sealed + '==')[:-1])}"


def swapped_subject(token: str) -> str:
    head, body, sealed = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{encoded(json.dumps(said | {'sub': 'an administrator'}).encode())}.{sealed}"


def nested(token: str) -> str:
    head, _, _ = token.split(".")
    signed = f"{head}.{encoded(token.encode())}"
    return f"{signed}.{encoded(signature(signed.encode(), rsa_key('its own')))}"


TOKEN: dict[str, tuple[str, Change]] = {
    # claims
    "another issuer": ("issuer_mismatch", claims(iss="https://elsewhere.example")),
    "issuer with a slash": (
        "issuer_mismatch",
        lambda hostile: hostile.claims.update(iss=hostile.base + "/"),
    ),
    "no issuer": ("issuer_mismatch", without("iss")),
    "another audience": ("audience_mismatch", claims(aud="them")),
    "no audience": ("audience_mismatch", without("aud")),
    "an audience that contains our name": ("audience_mismatch", claims(aud="us too")),
    "an audience of other types": ("audience_mismatch", claims(aud=["us", 7])),
    "an audience that is an object": ("audience_mismatch", claims(aud={"us": 1})),
    "several audiences without azp": ("authorised_party_mismatch", claims(aud=["us", "them"])),
    "azp of another": ("authorised_party_mismatch", claims(azp="them")),
    "several audiences, azp of another": (
        "authorised_party_mismatch",
        claims(aud=["us", "them"], azp="them"),
    ),
    "another nonce": ("nonce_mismatch", claims(nonce="guess")),
    "no nonce": ("nonce_mismatch", without("nonce")),
    "a nonce of another type": ("nonce_mismatch", claims(nonce=["guess"])),
    "expired": ("token_expired", later(iat=-361, exp=-61)),
    "expired on the second": ("token_expired", later(iat=-360, exp=-60)),
    "issued in the future": ("token_not_yet_valid", later(iat=120, exp=300)),
    "not yet valid": ("token_not_yet_valid", later(nbf=120)),
    "valid for too long": ("token_lifetime_refused", later(exp=3601)),
    "ends before it begins": ("token_lifetime_refused", later(exp=-10)),
    "no end": ("token_malformed", without("exp")),
    "no beginning": ("token_malformed", without("iat")),
    "an end that is text": ("token_malformed", claims(exp="9999999999")),
    "an end that is true": ("token_malformed", claims(exp=True)),
    "an endless end": ("token_malformed", raw_claims(lambda raw: raw.replace(b'"exp": ', b'"exp": 1e999, "x": '))),
    "no subject": ("subject_missing", without("sub")),
    "an empty subject": ("subject_missing", claims(sub="")),
    "a subject that is a number": ("subject_missing", claims(sub=0)),
    "a subject without end": ("subject_missing", claims(sub="s" * 256)),
    "at_hash of another token": ("at_hash_mismatch", claims(at_hash=encoded(b"0" * 16))),
    "at_hash of another type": ("at_hash_mismatch", claims(at_hash=None)),
    "a lower assurance": ("assurance_insufficient", claims(acr="low")),
    "no assurance": ("assurance_insufficient", without("acr")),
    "assurance as a list": ("assurance_insufficient", claims(acr=["high"])),
    "a logout token in its place": ("token_type_refused", claims(events={LOGOUT: {}})),
    # headers
    "typ of a logout token": ("token_type_refused", header(typ="logout+jwt")),
    "typ of an access token": ("token_type_refused", header(typ="at+jwt")),
    "typ that is a number": ("token_type_refused", header(typ=1)),
    "crit": ("token_header_refused", header(crit=["exp"])),
    "an empty crit": ("token_header_refused", header(crit=[])),
    "b64 false": ("token_header_refused", header(b64=False)),
    "jku": ("token_header_refused", header(jku="https://elsewhere.example/jwks")),
    "x5u": ("token_header_refused", header(x5u="https://elsewhere.example/x5u")),
    "x5c": ("token_header_refused", header(x5c=["MIIB"])),
    "a key of its own": (
        "token_header_refused",
        signs_with(STRANGE, jwk=jwk(STRANGE, "one")),
    ),
    "cty of a nested token": ("token_header_refused", header(cty="JWT")),
    "a kid of 10 kB": ("token_header_refused", header(kid="k" * 10_000)),
    "a kid of 129 characters": ("token_header_refused", header(kid="k" * 129)),
    "a kid that is a list": ("token_header_refused", header(kid=["one"])),
    "an unknown kid": ("key_unknown", header(kid="two")),
    "a kid that is a path": ("key_unknown", header(kid="../../../../dev/null")),
    "a kid that is SQL": ("key_unknown", header(kid="' OR 1=1 --")),
    "no kid where there are several keys": (
        "key_unknown",
        both(keys(OURS, jwk(STRANGE, "two")), lambda hostile: hostile.header.pop("kid")),
    ),
    "a repeated kid": ("key_unknown", keys(OURS, jwk(STRANGE, "one"))),
    "no algorithm": ("token_algorithm_refused", lambda hostile: hostile.header.pop("alg")),
    "none": ("token_algorithm_refused", both(header(alg="none"), after(unsigned))),
    "NoNe": ("token_algorithm_refused", both(header(alg="NoNe"), after(unsigned))),
    "an empty algorithm": ("token_algorithm_refused", both(header(alg=""), after(unsigned))),
    "an algorithm that is a list": ("token_algorithm_refused", header(alg=["RS256"])),
    "RS512": ("token_algorithm_refused", header(alg="RS512")),
    "PS256": ("token_algorithm_refused", header(alg="PS256")),
    "rs256 in small letters": ("token_algorithm_refused", header(alg="rs256")),
    "HS256 with the public key as PEM": ("token_algorithm_refused", signs_with(PEM, alg="HS256")),
    "HS256 with the public key as DER": ("token_algorithm_refused", signs_with(DER, alg="HS256")),
    "HS256 with the public key as JWK": (
        "token_algorithm_refused",
        signs_with(json.dumps(OURS).encode(), alg="HS256"),
    ),
    "HS256 with the client's secret": ("token_algorithm_refused", signs_with(b"our secret", alg="HS256")),
    "ES256 for an RSA key": ("key_unknown", signs_with(ec_key("another"), alg="ES256")),
    # signatures and forms
    "signed by another key": ("token_signature_invalid", signs_with(STRANGE)),
    "a flipped bit": ("token_signature_invalid", after(flipped)),
    "a cut signature": ("token_signature_invalid", after(cut)),
    "no signature": ("token_signature_invalid", after(unsigned)),
    "another subject under the same signature": ("token_signature_invalid", after(swapped_subject)),
    "an encrypted token": ("token_malformed", after(encrypted)),
    "two parts": ("token_malformed", after(lambda token: token.rsplit(".", 1)[0])),
    "an empty token": ("token_malformed", after(lambda _: "")),
    "a token in a token": ("token_malformed", after(nested)),
    "a huge token": ("token_malformed", claims(padding="p" * 16_384)),
    "letters that are not ASCII": ("token_malformed", after(lambda token: token + "ñ")),
    "spaces inside": ("token_malformed", after(lambda token: token.replace(".", ". ", 1))),
    "claims that are not UTF-8": ("token_malformed", raw_claims(lambda raw: raw.replace(b"us", b"\xff\xfe"))),
    "repeated claims": (
        "token_malformed",
        raw_claims(lambda raw: raw.replace(b"{", b'{"sub": "an administrator", ', 1)),
    ),
    "a repeated algorithm": (
        "token_malformed",
        raw_header(lambda raw: raw.replace(b"{", b'{"alg": "none", ', 1)),
    ),
    "claims that are a list": ("token_malformed", raw_claims(lambda raw: b"[" + raw + b"]")),
    "claims that are NaN": ("token_malformed", raw_claims(lambda raw: raw.replace(b'"iat": ', b'"iat": NaN, "x": '))),
    "claims deep as a well": (
        "token_malformed",
        raw_claims(lambda raw: raw.replace(b"{", b'{"x": ' + b"[" * 3000 + b"]" * 3000 + b", ", 1)),
    ),
    "half a letter": ("token_malformed", claims(name="\ud800")),
    "a header that is not JSON": ("token_malformed", raw_header(lambda _: b"RS256")),
}

KEYS: dict[str, tuple[str, Change]] = {
    "a weak RSA key": ("provider_unreachable", both(keys(jwk(WEAK, "one")), signs_with(WEAK))),
    "a key for encryption": ("provider_unreachable", keys(OURS | {"use": "enc"})),
    "a key that may only encrypt": ("provider_unreachable", keys(OURS | {"key_ops": ["encrypt"]})),
    "operations that are text": ("provider_unreachable", keys(OURS | {"key_ops": "verify"})),
    "a key for another algorithm": ("provider_unreachable", keys(OURS | {"alg": "RS512"})),
    "a symmetric key": ("provider_unreachable", keys(jwk(b"k" * 32, "one"))),
    "a symmetric key that is used": (
        "token_algorithm_refused",
        both(keys(jwk(b"k" * 32, "one")), signs_with(b"k" * 32, alg="HS256")),
    ),
    "a key with its private half": ("provider_unreachable", keys(OURS | {"d": "AQAB"})),
    "a point off the curve": ("provider_unreachable", keys(OFF_CURVE)),
    "another curve": ("provider_unreachable", keys(jwk(P384, "one"))),
    "an RSA key without a modulus": ("provider_unreachable", keys({"kty": "RSA", "e": "AQAB", **REPLACED})),
    "an exponent of one": ("provider_unreachable", keys(OURS | {"e": "AQ"})),
    "a kid of another type": ("provider_unreachable", keys(OURS | {"kid": 1})),
    "a kty of another type": ("provider_unreachable", keys(OURS | {"kty": ["RSA"]})),
    "no keys": ("provider_unreachable", keys()),
    "keys that are text": ("provider_unreachable", keys("one", None, 7)),
    "a thousand keys": ("provider_unreachable", keys(*[OURS] * 65)),
    "keys that are an object": (
        "provider_unreachable",
        lambda hostile: setattr(hostile, "keys", {"keys": {"one": OURS}}),
    ),
    "keys answer 500": ("provider_unreachable", instead("jwks", says("{}", status=500))),
    "keys elsewhere": ("provider_unreachable", replaced("jwks", moved)),
    "keys without end": ("provider_unreachable", instead("jwks", says('{"keys": []}' + " " * 300_000))),
    "keys as a page": ("provider_unreachable", replaced("jwks", as_a_page)),
}

METADATA: dict[str, tuple[str, Change]] = {
    "metadata of another issuer": ("provider_misconfigured", metadata(issuer="https://elsewhere.example")),
    "metadata without an issuer": ("provider_misconfigured", metadata(issuer=None)),
    "token endpoint elsewhere": (
        "provider_misconfigured",
        metadata(token_endpoint="https://elsewhere.example/token"),
    ),
    "keys inside our network": ("provider_misconfigured", metadata(jwks_uri="http://169.254.169.254/keys")),
    "keys on another port": ("provider_misconfigured", metadata(jwks_uri="http://127.0.0.1:6379/")),
    "keys in a file": ("provider_misconfigured", metadata(jwks_uri="file:///etc/passwd")),
    "keys with a user": (
        "provider_misconfigured",
        lambda hostile: hostile.metadata.update(jwks_uri=hostile.base.replace("://", "://a:b@")),
    ),
    "login page that is a script": (
        "provider_misconfigured",
        metadata(authorization_endpoint="javascript:alert(1)"),
    ),
    "no token endpoint": ("provider_misconfigured", metadata(token_endpoint=None)),
    "token endpoint that is a list": ("provider_misconfigured", metadata(token_endpoint=["x"])),
    "logout elsewhere": (
        "provider_misconfigured",
        metadata(end_session_endpoint="https://elsewhere.example/"),
    ),
    "no S256": ("provider_misconfigured", metadata(code_challenge_methods_supported=["plain"])),
    "metadata elsewhere": (
        "provider_unreachable",
        replaced("openid-configuration", moved),
    ),
    "metadata as a list": ("provider_unreachable", instead("openid-configuration", says("[]"))),
    "metadata said twice": (
        "provider_unreachable",
        instead("openid-configuration", says('{"issuer": "a", "issuer": "b"}')),
    ),
    "metadata without end": (
        "provider_unreachable",
        instead("openid-configuration", says('{"issuer": "' + "i" * 300_000 + '"}')),
    ),
    "metadata drop by drop": ("provider_unreachable", instead("openid-configuration", drips)),
    "metadata cut off": ("provider_unreachable", instead("openid-configuration", hangs_up)),
}

ANSWER: dict[str, tuple[str, Change]] = {
    "another state": ("state_mismatch", answer(state="guess")),
    "no state": ("state_mismatch", answer(state=None)),
    "a state in other letters": ("state_mismatch", answer(state="ñ\ud800")),
    "iss of another": ("answer_issuer_mismatch", answer(iss="https://elsewhere.example")),
    "no iss although announced": ("answer_issuer_mismatch", answer(iss=None)),
    "iss of another although not announced": (
        "answer_issuer_mismatch",
        both(
            metadata(authorization_response_iss_parameter_supported=False),
            answer(iss="https://elsewhere.example"),
        ),
    ),
    "no code": ("code_missing", answer(code=None)),
    "an empty code": ("code_missing", answer(code="")),
    "a code without end": ("code_missing", answer(code="c" * 4097)),
    "an error": ("provider_refused", answer(error="server_error", error_description="<script>")),
    "an error beside a code": ("sign_in_cancelled", answer(error="access_denied", code="good")),
    "a refused code": (
        "code_refused",
        instead("token", says('{"error": "invalid_grant"}', status=400)),
    ),
    "a token endpoint in trouble": ("provider_unreachable", instead("token", says("{}", status=503))),
    "tokens elsewhere": ("provider_unreachable", replaced("token", moved)),
    "tokens as a page": (
        "provider_unreachable",
        replaced("token", as_a_page),
    ),
    "tokens of 5 MB": ("provider_unreachable", instead("token", says('{"x": "' + "x" * 5_000_000 + '"}'))),
    "tokens drop by drop": ("provider_unreachable", instead("token", drips)),
    "tokens cut off": ("provider_unreachable", instead("token", hangs_up)),
    "no ID token": ("token_response_invalid", tokens(id_token=None)),
    "no access token": ("token_response_invalid", tokens(access_token=None)),
    "another kind of token": ("token_response_invalid", tokens(token_type="DPoP")),
    "an access token with a line break": ("token_response_invalid", tokens(access_token="a\r\nX: y")),
    "details about another person": (
        "userinfo_mismatch",
        lambda hostile: hostile.userinfo.update(sub="an administrator"),
    ),
    "details about nobody": ("userinfo_mismatch", lambda hostile: hostile.userinfo.pop("sub")),
    "details as a token": ("provider_unreachable", instead("userinfo", says("e30.e30.", kind="application/jwt"))),
    "no details": ("provider_misconfigured", metadata(userinfo_endpoint=None)),
}

LOGOUTS: dict[str, tuple[str, Change]] = {
    "a nonce": ("logout_nonce_present", claims(nonce="n")),
    "an empty nonce": ("logout_nonce_present", claims(nonce=None)),
    "no events": ("logout_event_missing", without("events")),
    "another event": ("logout_event_missing", claims(events={"https://elsewhere.example": {}})),
    "events as a list": ("logout_event_missing", claims(events=[LOGOUT])),
    "an event that is text": ("logout_event_missing", claims(events={LOGOUT: "yes"})),
    "another issuer": ("issuer_mismatch", claims(iss="https://elsewhere.example")),
    "another audience": ("audience_mismatch", claims(aud=["them"])),
    "nobody": ("subject_missing", without("sub", "sid")),
    "nobody by name": ("subject_missing", claims(sub="", sid="")),
    "no jti": ("logout_id_missing", without("jti")),
    "a jti of another type": ("logout_id_missing", claims(jti=7)),
    "no iat": ("token_malformed", without("iat")),
    "stale": ("token_expired", later(iat=-181)),
    "expired": ("token_expired", later(iat=-120, exp=-60)),
    "from the future": ("token_not_yet_valid", later(iat=120)),
    "typ of an access token": ("token_type_refused", header(typ="at+jwt")),
    "signed by another key": ("token_signature_invalid", signs_with(STRANGE)),
    "an unknown kid": ("key_unknown", header(kid="two")),
    "none": ("token_algorithm_refused", both(header(alg="none"), after(unsigned))),
    "an ID token in its place": (
        "logout_nonce_present",
        lambda hostile: setattr(hostile, "logout_token", hostile.id_token),
    ),
    "an ID token without nonce in its place": (
        "logout_event_missing",
        both(without("nonce"), lambda hostile: setattr(hostile, "logout_token", hostile.id_token)),
    ),
}
