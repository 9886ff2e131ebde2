"""What the claims of a verified token must say (OpenID Connect Core 1.0 section 3.1.3.7; Back-Channel Logout 1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from videoattention.adapters.identity.refusals import Refusal, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

SKEW_S: Final = 60
LONGEST_LIFE_S: Final = 3600
LOGOUT_FRESH_S: Final = 120
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_LONGEST_ID: Final = 255


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must answer to. ``required_acr`` empty accepts every way of signing in.

    ``login_since`` (Unix seconds): the person logged in since then, give or take `SKEW_S`; ``None`` accepts a login of
    whatever age.
    """

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    required_acr: tuple[str, ...]
    login_since: float | None = None


def check_id_token(claims: Mapping[str, object], expected: Expected, *, now: float) -> None:
    """Raise `SignInRefused` unless every claim holds at ``now`` (Unix seconds)."""
    _check_parties(claims, issuer=expected.issuer, client_id=expected.client_id)
    if "events" in claims:
        raise refused(Refusal.TYPE)
    if not _same(claims.get("nonce"), expected.nonce):
        raise refused(Refusal.NONCE)
    _check_life(claims, now=now)
    if not identifier(claims, "sub"):
        raise refused(Refusal.SUBJECT)
    if "at_hash" in claims and not _same(claims["at_hash"], access_hash(expected.access_token)):
        raise refused(Refusal.ACCESS_HASH)
    if expected.required_acr and claims.get("acr") not in expected.required_acr:
        raise refused(Refusal.ASSURANCE)
    if expected.login_since is not None:
        _check_login(claims, since=expected.login_since, now=now)


def check_logout_token(claims: Mapping[str, object], *, issuer: str, client_id: str, now: float) -> None:
    """Raise `SignInRefused` unless this is a fresh back-channel logout token; replays are the caller's to see."""
    if "nonce" in claims:
        raise refused(Refusal.LOGOUT_NONCE)
    _check_parties(claims, issuer=issuer, client_id=client_id)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise refused(Refusal.LOGOUT_EVENT)
    issued = _moment(claims, "iat")
    if now - issued > LOGOUT_FRESH_S + SKEW_S or ("exp" in claims and _moment(claims, "exp") <= now - SKEW_S):
        raise refused(Refusal.EXPIRED)
    if issued > now + SKEW_S:
        raise refused(Refusal.TOO_EARLY)
    if not identifier(claims, "sub") and not identifier(claims, "sid"):
        raise refused(Refusal.SUBJECT)
    if not identifier(claims, "jti"):
        raise refused(Refusal.LOGOUT_ID)


def identifier(claims: Mapping[str, object], name: str) -> str:
    """Return the claim when it is text of 1 to 255 characters, else an empty string."""
    value = claims.get(name)
    return value if isinstance(value, str) and len(value) <= _LONGEST_ID else ""


def access_hash(access_token: str) -> str:
    """Hash an access token as ``at_hash`` does for RS256 and ES256: the left half of its SHA-256."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def _check_parties(claims: Mapping[str, object], *, issuer: str, client_id: str) -> None:
    if claims.get("iss") != issuer:
        raise refused(Refusal.ISSUER)
    said = claims.get("aud")
    audience = said if isinstance(said, list) else [said]
    if client_id not in audience or not all(isinstance(one, str) for one in audience):
        raise refused(Refusal.AUDIENCE)
    if ("azp" in claims or len(audience) > 1) and claims.get("azp") != client_id:
        raise refused(Refusal.PARTY)


def _check_life(claims: Mapping[str, object], *, now: float) -> None:
    issued, ends = _moment(claims, "iat"), _moment(claims, "exp")
    if not 0 < ends - issued <= LONGEST_LIFE_S:
        raise refused(Refusal.LIFETIME)
    if ends <= now - SKEW_S:
        raise refused(Refusal.EXPIRED)
    begins = max(issued, _moment(claims, "nbf")) if "nbf" in claims else issued
    if begins > now + SKEW_S:
        raise refused(Refusal.TOO_EARLY)


def _check_login(claims: Mapping[str, object], *, since: float, now: float) -> None:
    if "auth_time" not in claims or _moment(claims, "auth_time") < since - SKEW_S:
        raise refused(Refusal.LOGIN_AGE)
    if _moment(claims, "auth_time") > now + SKEW_S:
        raise refused(Refusal.TOO_EARLY)


def _moment(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise refused(Refusal.MALFORMED)
    return value


def _same(said: object, expected: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode(), expected.encode())
