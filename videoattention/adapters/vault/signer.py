"""The organisations' signing keys: Ed25519, the private half wrapped like every other secret of the vault."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from videoattention.adapters.vault.keys import unwrap_signing_key, wrap_signing_key
from videoattention.services.ports import NotFound, Stale
from videoattention.services.seals import Signature, SigningKey

if TYPE_CHECKING:
    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.services.ports import Clock
    from videoattention.services.seals import SigningKeys

_ID_DIGITS = 32


class VaultSigner:
    """`videoattention.services.seals.Signer` with keys that only the organisation's own key opens."""

    def __init__(self, ring: VaultKeyRing, keys: SigningKeys, clock: Clock) -> None:
        self._ring = ring
        self._keys = keys
        self._clock = clock

    async def sign(self, organisation: str, message: bytes) -> Signature:
        """Sign with the organisation's key, which is made at the first need; raises `KeyRefused`."""
        kept = await self._keys.newest(organisation) or await self._kept(organisation)
        wrapping = await self._ring.organisation_key(organisation, kept.wrapped)
        secret = unwrap_signing_key(kept.wrapped.decode(), organisation, kept.id, organisation_key=wrapping)
        return Signature(kept.id, Ed25519PrivateKey.from_private_bytes(secret).sign(message))

    async def public_key(self, organisation: str, key_id: str) -> bytes:
        """The public half, PEM (SubjectPublicKeyInfo); raises `NotFound`."""
        found = await self._keys.public(organisation, key_id)
        if found is None:
            raise NotFound(f"no signing key {key_id!r}")
        return found

    async def _kept(self, organisation: str) -> SigningKey:
        try:
            return await self._made(organisation)
        except Stale:  # the organisation's key was rotated in between: this one is wrapped under the new one
            return await self._made(organisation)

    async def _made(self, organisation: str) -> SigningKey:
        private = Ed25519PrivateKey.generate()
        public = private.public_key()
        key_id = key_id_of(public.public_bytes_raw())
        under, wrapping = await self._ring.current(organisation)
        secret = private.private_bytes_raw()
        wrapped = wrap_signing_key(secret, organisation, key_id, organisation_key=wrapping)
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        made = SigningKey(key_id, pem, wrapped.encode())
        return await self._keys.keep(organisation, made, self._clock.now(), under=under)


def key_id_of(public: bytes) -> str:
    """A name that only this key has: the first half of its SHA-256. A journal that has it binds the key."""
    return hashlib.sha256(public).hexdigest()[:_ID_DIGITS]
