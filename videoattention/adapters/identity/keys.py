"""The provider's public keys (RFC 7517): only those that can verify a token here are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from videoattention.adapters.identity.refusals import Refusal, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHMS: Final = ("RS256", "ES256")
_ALGORITHM_OF: Final = {"RSA": "RS256", "EC": "ES256"}
_MOST_KEYS: Final = 64
_SMALLEST_RSA: Final = 2048
_LARGEST_RSA: Final = 8192
LONGEST_KEY_ID: Final = 128


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """One key and the only algorithm that it may verify."""

    kid: str | None
    algorithm: str
    key: jwt.PyJWK


@dataclass(frozen=True, slots=True)
class KeySet:
    """The usable keys of one provider."""

    keys: tuple[VerifyingKey, ...]

    def find(self, kid: str | None, algorithm: str) -> VerifyingKey | None:
        """Return the one key that fits; ``None`` when there is none, or more than one."""
        fitting = [key for key in self.keys if key.algorithm == algorithm and (kid is None or key.kid == kid)]
        return fitting[0] if len(fitting) == 1 else None


def read_keys(document: Mapping[str, object]) -> KeySet:
    """Keep the usable keys; raises `SignInRefused` with ``provider_unreachable`` when there is none."""
    listed = document.get("keys")
    if not isinstance(listed, list) or len(listed) > _MOST_KEYS:
        raise refused(Refusal.PROVIDER_UNREACHABLE)
    usable = tuple(key for key in map(_usable, listed) if key is not None)
    if not usable:
        raise refused(Refusal.PROVIDER_UNREACHABLE)
    return KeySet(usable)


def _usable(entry: object) -> VerifyingKey | None:
    if not isinstance(entry, dict) or not _meant_to_verify(entry):
        return None
    algorithm = _ALGORITHM_OF[str(entry["kty"])]
    try:
        key = jwt.PyJWK(entry, algorithm=algorithm)
    except (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError):
        return None
    kid = entry.get("kid")
    if not _strong(key.key) or not (kid is None or isinstance(kid, str)):
        return None
    return VerifyingKey(kid=kid, algorithm=algorithm, key=key)


def _meant_to_verify(entry: Mapping[str, object]) -> bool:
    kind, operations = entry.get("kty"), entry.get("key_ops", ["verify"])
    if not isinstance(kind, str) or kind not in _ALGORITHM_OF:
        return False
    if entry.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        return False
    # "d" is the private half: a key that everybody can sign with vouches for nothing
    return entry.get("alg", _ALGORITHM_OF[kind]) == _ALGORITHM_OF[kind] and "d" not in entry


def _strong(key: object) -> bool:
    if isinstance(key, RSAPublicKey):
        return _SMALLEST_RSA <= key.key_size <= _LARGEST_RSA
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
