"""The stand-in's own keys: made for this installation, never shipped."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
ALGORITHMS: Final = ("RS256", "ES256")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, the one algorithm it signs with, and the name that is published for it."""

    algorithm: str
    kid: str
    private: PrivateKey

    def published(self) -> dict[str, object]:
        """Describe the public half as a JSON Web Key."""
        public = self.private.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            described = RSAAlgorithm.to_jwk(public, as_dict=True)
        else:
            described = ECAlgorithm.to_jwk(public, as_dict=True)
        return {
            "kty": "RSA",
            **described,
            "kid": self.kid,
            "use": "sig",
            "alg": self.algorithm,
            "key_ops": ["verify"],
        }


class SigningKeys:
    """One key per algorithm to sign with; the keys before the last rotation stay published."""

    def __init__(self, keys: Mapping[str, SigningKey]) -> None:
        self._keys = dict(keys)
        self._retired: tuple[SigningKey, ...] = ()

    def published(self) -> dict[str, object]:
        """List the public keys (RFC 7517)."""
        return {"keys": [key.published() for key in (*self._keys.values(), *self._retired)]}

    def rotate(self) -> None:
        """Sign with new keys from now on."""
        self._retired = tuple(self._keys.values())
        self._keys = {algorithm: _named(algorithm, _generate(algorithm)) for algorithm in ALGORITHMS}

    def sign(self, claims: Mapping[str, object], *, algorithm: str, kind: str) -> str:
        """Sign claims; ``kind`` is the header's ``typ``."""
        key = self._keys[algorithm]
        headers = {"kid": key.kid, "typ": kind}
        return jwt.encode(dict(claims), key.private, algorithm=algorithm, headers=headers)

    def read(self, token: str) -> dict[str, object]:
        """Claims of a token signed here, expired or not; empty when it was not."""
        for key in (*self._keys.values(), *self._retired):
            try:
                claims: dict[str, object] = jwt.decode(
                    token,
                    key.private.public_key(),
                    algorithms=[key.algorithm],
                    options={"verify_exp": False, "verify_aud": False, "verify_iat": False},
                )
            except jwt.PyJWTError:
                continue
            return claims
        return {}


def open_keys(folder: Path | None) -> SigningKeys:
    """Load the keys from the folder, making what is missing; only in memory when there is no folder."""
    return SigningKeys({name: _named(name, _kept(name, folder)) for name in ALGORITHMS})


def _kept(algorithm: str, folder: Path | None) -> PrivateKey:
    if folder is None:
        return _generate(algorithm)
    path = folder / f"standin-{algorithm.lower()}.pem"
    if not path.exists():
        _write_once(path, _generate(algorithm))
    key = load_pem_private_key(path.read_bytes(), password=None)
    expected = rsa.RSAPrivateKey if algorithm == "RS256" else ec.EllipticCurvePrivateKey
    if not isinstance(key, expected):
        raise ValueError(f"{path.name} holds another kind of key than {algorithm} needs")  # noqa: TRY004 - the file's fault
    return key


def _write_once(path: Path, key: PrivateKey) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # readable by its owner from the first byte on
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)


def _generate(algorithm: str) -> PrivateKey:
    if algorithm == "RS256":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _named(algorithm: str, private: PrivateKey) -> SigningKey:
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(algorithm, hashlib.sha256(public).hexdigest()[:16], private)
