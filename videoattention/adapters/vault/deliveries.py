"""Files that changed hands, at rest: each encrypted with a key of its own, which the organisation's key wraps."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from videoattention.adapters.vault.keys import new_secret, unwrap_delivery_key, wrap_delivery_key
from videoattention.services.delivery_ports import SealedDelivery
from videoattention.services.vault import MediaTampered

if TYPE_CHECKING:
    from videoattention.adapters.vault.keyring import VaultKeyRing

_NONCE: Final = 12


class EncryptedDeliveries:
    """`videoattention.services.delivery_ports.DeliveryVault` with AES-256-GCM, outside of the event loop."""

    def __init__(self, ring: VaultKeyRing) -> None:
        self._ring = ring

    async def close(self, organisation: str, delivery: str, data: bytes) -> SealedDelivery:
        """Encrypt it, bound to its organisation and id."""
        under, ours = await self._ring.current(organisation)
        key, nonce = new_secret(), secrets.token_bytes(_NONCE)
        wrapped = wrap_delivery_key(key, organisation, delivery, organisation_key=ours)
        body = await asyncio.to_thread(AESGCM(key).encrypt, nonce, data, _bound(organisation, delivery))
        return SealedDelivery(delivery, wrapped.encode(), nonce + body, under)

    async def open(self, organisation: str, delivery: SealedDelivery) -> bytes:
        """The file again; raises `KeyRefused`, or `MediaTampered` when a byte is not what was written."""
        ours = await self._ring.organisation_key(organisation, delivery.wrapped)
        key = unwrap_delivery_key(delivery.wrapped.decode(), organisation, delivery.id, organisation_key=ours)
        nonce, body = delivery.sealed[:_NONCE], delivery.sealed[_NONCE:]
        try:
            return await asyncio.to_thread(AESGCM(key).decrypt, nonce, body, _bound(organisation, delivery.id))
        except InvalidTag:
            raise MediaTampered(f"file {delivery.id} is not what was written") from None


def _bound(organisation: str, delivery: str) -> bytes:
    return b"delivery\0" + organisation.encode() + b"\0" + delivery.encode()
