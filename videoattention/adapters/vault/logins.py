"""What providers answered about citizens, at rest: each under a key of its own, which the organisation's wraps."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from videoattention.adapters.vault.keys import new_secret, unwrap_login_key, wrap_login_key
from videoattention.services.identifying import SealedLogin, hash_of
from videoattention.services.vault import MediaTampered

if TYPE_CHECKING:
    from videoattention.adapters.vault.keyring import VaultKeyRing

_NONCE: Final = 12


class EncryptedLogins:
    """`videoattention.services.identifying.LoginVault` with AES-256-GCM."""

    def __init__(self, ring: VaultKeyRing) -> None:
        self._ring = ring

    async def close(self, organisation: str, attention: str, answer: bytes) -> SealedLogin:
        """Encrypt it, bound to its organisation, its attention and what it says."""
        under, ours = await self._ring.current(organisation)
        key, nonce, digest = new_secret(), secrets.token_bytes(_NONCE), hash_of(answer)
        wrapped = wrap_login_key(key, organisation, digest, organisation_key=ours)
        sealed = nonce + AESGCM(key).encrypt(nonce, answer, _bound(organisation, attention, digest))
        return SealedLogin(attention, digest, wrapped.encode(), sealed, under)

    async def open(self, organisation: str, login: SealedLogin) -> bytes:
        """The answer again; raises `KeyUnusable`, or `MediaTampered` when a byte is not what was written."""
        ours = await self._ring.organisation_key(organisation, login.wrapped)
        key = unwrap_login_key(login.wrapped.decode(), organisation, login.hash, organisation_key=ours)
        nonce, body = login.sealed[:_NONCE], login.sealed[_NONCE:]
        try:
            return AESGCM(key).decrypt(nonce, body, _bound(organisation, login.attention, login.hash))
        except InvalidTag:
            raise MediaTampered(f"what the login of attention {login.attention} left is not what was written") from None


def _bound(organisation: str, attention: str, digest: str) -> bytes:
    return f"login\0{organisation}\0{attention}\0{digest}".encode()
