"""What every provider's answer must be, whatever its dialect: this browser's, this provider's, used once (RFC 9700)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from videoattention.adapters.identity.refusals import Refusal, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.adapters.identity.once import UsedOnce
    from videoattention.services.identity import PendingSignIn, Realm

_LONGEST_CODE: Final = 4096


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """Whose answer it must be; ``names_itself``: the provider promised that its answers carry ``iss`` (RFC 9207)."""

    realm: Realm
    issuer: str
    names_itself: bool


def accepted_code(
    pending: PendingSignIn, answer: Mapping[str, str], *, expected: ExpectedAnswer, spent: UsedOnce
) -> str:
    """The code that the browser brought, which from now on is spent; raises `SignInRefused`."""
    if pending.realm is not expected.realm or not _same(answer.get("state", ""), pending.state):
        raise refused(Refusal.STATE)
    issuer = answer.get("iss")
    if issuer != expected.issuer and (issuer is not None or expected.names_itself):
        raise refused(Refusal.ANSWER_ISSUER)
    if "error" in answer:
        cancelled = answer["error"] == "access_denied"
        raise refused(Refusal.CANCELLED if cancelled else Refusal.PROVIDER_REFUSED)
    code = answer.get("code", "")
    if not 0 < len(code) <= _LONGEST_CODE:
        raise refused(Refusal.CODE_MISSING)
    if not spent.spend(pending.state):
        raise refused(Refusal.REPLAYED)
    return code


def bearer_of(tokens: Mapping[str, object]) -> str:
    """The access token of a token endpoint's answer (RFC 6749 section 5.1); raises `SignInRefused`."""
    access_token, kind = tokens.get("access_token"), tokens.get("token_type")
    if not isinstance(access_token, str) or not isinstance(kind, str) or kind.lower() != "bearer":
        raise refused(Refusal.TOKEN_RESPONSE)
    if not access_token or not access_token.isascii() or not access_token.isprintable():
        raise refused(Refusal.TOKEN_RESPONSE)
    return access_token


def challenge(verifier: str) -> str:
    """Derive the S256 code challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _same(said: str, expected: str) -> bool:
    return hmac.compare_digest(said.encode(errors="replace"), expected.encode())
