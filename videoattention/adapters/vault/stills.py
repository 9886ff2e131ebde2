"""Stills at rest: each encrypted with a key of its own, which the organisation's key wraps; and keyed digests."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from videoattention.adapters.vault.keys import new_secret, unwrap_still_key, wrap_still_key
from videoattention.services.vault import MediaTampered
from videoattention.services.visual_ports import SealedStill

if TYPE_CHECKING:
    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.services.seals import Signer

_NONCE: Final = 12


class EncryptedStills:
    """`videoattention.services.visual_ports.StillVault` with AES-256-GCM."""

    def __init__(self, ring: VaultKeyRing) -> None:
        self._ring = ring

    async def close(self, organisation: str, still: str, picture: bytes) -> SealedStill:
        """Encrypt it, bound to its organisation and id."""
        under, ours = await self._ring.current(organisation)
        key, nonce = new_secret(), secrets.token_bytes(_NONCE)
        wrapped = wrap_still_key(key, organisation, still, organisation_key=ours)
        body = await asyncio.to_thread(AESGCM(key).encrypt, nonce, picture, _bound(organisation, still))
        return SealedStill(still, wrapped.encode(), nonce + body, under)

    async def open(self, organisation: str, still: SealedStill) -> bytes:
        """The picture again; raises `KeyUnusable`, or `MediaTampered` when a byte is not what was written."""
        ours = await self._ring.organisation_key(organisation, still.wrapped)
        key = unwrap_still_key(still.wrapped.decode(), organisation, still.id, organisation_key=ours)
        nonce, body = still.sealed[:_NONCE], still.sealed[_NONCE:]
        try:
            return await asyncio.to_thread(AESGCM(key).decrypt, nonce, body, _bound(organisation, still.id))
        except InvalidTag:
            raise MediaTampered(f"still {still.id} is not what was written") from None


class SignedPseudonyms:
    """`videoattention.services.visual_ports.Pseudonyms` with a key that only the organisation's signature gives.

    Ed25519 signs alike every time (RFC 8032), so the digest of a text stays the same when the keys above are rotated.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    async def of(self, organisation: str, use: str, text: str) -> str:
        """The digest (hex) of a text for one use."""
        signed = await self._signer.sign(organisation, b"videoattention keyed digests\0" + use.encode())
        key = hashlib.sha256(signed.signature).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _bound(organisation: str, still: str) -> bytes:
    return b"still\0" + organisation.encode() + b"\0" + still.encode()
