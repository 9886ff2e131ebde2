"""Signed tokens in the compact form (RFC 7515, RFC 8725): what the header may say, then the signature."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import jwt

from videoattention.adapters.identity.keys import ALGORITHMS, LONGEST_KEY_ID
from videoattention.adapters.identity.refusals import Refusal, refused
from videoattention.adapters.identity.strict_json import parse_object

if TYPE_CHECKING:
    from videoattention.adapters.identity.keys import VerifyingKey

LARGEST_TOKEN: Final = 16 * 1024
_PARTS: Final = 3
# a key from inside the token, an extension that we do not know, a token inside the token
_NEVER: Final = frozenset({"crit", "jku", "jwk", "x5u", "x5c", "b64", "cty", "zip", "enc"})
_SIGNATURES: Final = jwt.PyJWS(algorithms=list(ALGORITHMS))


@dataclass(frozen=True, slots=True)
class TokenHeader:
    """What a header may say here; ``kind`` is its ``typ`` in small letters, empty when absent."""

    algorithm: str
    kid: str | None
    kind: str


def read_header(token: str) -> TokenHeader:
    """Read the header of a token that nobody has verified yet; raises `SignInRefused`."""
    fields = _first_part(token)
    if _NEVER & fields.keys():
        raise refused(Refusal.HEADER)
    algorithm, kid, kind = fields.get("alg"), fields.get("kid"), fields.get("typ", "")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise refused(Refusal.ALGORITHM)
    if not isinstance(kind, str):
        raise refused(Refusal.TYPE)
    if kid is not None and not (isinstance(kid, str) and len(kid) <= LONGEST_KEY_ID):
        raise refused(Refusal.HEADER)
    return TokenHeader(algorithm=algorithm, kid=kid, kind=kind.lower().removeprefix("application/"))


def verified_claims(token: str, key: VerifyingKey) -> dict[str, object]:
    """Check the signature, then read the claims; raises `SignInRefused`."""
    try:
        payload = _SIGNATURES.decode_complete(token, key.key.key, algorithms=[key.algorithm])["payload"]
    except jwt.InvalidSignatureError as error:
        raise refused(Refusal.SIGNATURE) from error
    except (jwt.PyJWTError, ValueError) as error:
        raise refused(Refusal.MALFORMED) from error
    try:
        return parse_object(payload)
    except ValueError as error:
        raise refused(Refusal.MALFORMED) from error


def _first_part(token: str) -> dict[str, object]:
    parts = token.split(".") if token.isascii() and len(token) <= LARGEST_TOKEN else []
    if len(parts) != _PARTS:
        raise refused(Refusal.MALFORMED)
    try:
        padded = parts[0] + "=" * (-len(parts[0]) % 4)
        return parse_object(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise refused(Refusal.MALFORMED) from error
