"""What a provider answered about a citizen, as it is kept: one JSON object that says the same to whoever reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.adapters.identity.keys import VerifyingKey
    from videoattention.services.identity import Dialect


def kept_answer(dialect: Dialect, provider: str, said: Mapping[str, object]) -> bytes:
    """The bytes to keep, whose SHA-256 the journal has: names in order, no spaces, UTF-8."""
    whole = {"dialect": dialect, "provider": provider, **said}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def published(key: VerifyingKey) -> dict[str, object]:
    """The public key that verified a token, so that it can be verified again when the provider has another."""
    pem = key.key.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
    return {"kid": key.kid, "algorithm": key.algorithm, "pem": pem}
