"""What the seal of a recording needs of the world: who signs for an organisation, and where seals are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """An Ed25519 signature (RFC 8032, 64 bytes) and the id of the organisation's key that made it."""

    key_id: str
    signature: bytes


class Signer(Protocol):
    """Signs in an organisation's name. Not to be awaited inside a transaction."""

    async def sign(self, organisation: str, message: bytes) -> Signature:
        """Sign with the organisation's key, which is made at the first need.

        Raises `KeyRefused` when the key was wrapped under another master key.
        """

    async def public_key(self, organisation: str, key_id: str) -> bytes:
        """The public half, PEM (SubjectPublicKeyInfo); raises `NotFound`."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair as it is kept: ``public`` in PEM (SubjectPublicKeyInfo), ``wrapped`` by the organisation's key."""

    id: str
    public: bytes
    wrapped: bytes


class SigningKeys(Protocol):
    """Where each organisation's signing keys are kept."""

    async def newest(self, organisation: str) -> SigningKey | None:
        """The key to sign with, if there is one."""

    async def keep(self, organisation: str, key: SigningKey, made_at: datetime, *, under: bytes) -> SigningKey:
        """Keep it unless there is one already; returns the one to sign with.

        ``under`` is the organisation's key as it was read; raises `Stale` if that was rotated in between.
        """

    async def public(self, organisation: str, key_id: str) -> bytes | None:
        """The public half of one key, however old."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What closes a recording: the manifest's bytes as they were signed, and when."""

    recording: str
    manifest: bytes
    signature: Signature
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class KeptSeal:
    """A seal as it is read again, with all that is needed to verify it.

    ``public_key`` is PEM (SubjectPublicKeyInfo); ``timestamp`` an RFC 3161 time-stamp token (DER) over the signature,
    ``None`` while there is none.
    """

    recording: str
    manifest: bytes
    signature: bytes
    key_id: str
    public_key: bytes
    timestamp: bytes | None
    sealed_at: datetime


class Seals(Protocol):
    """The seals of one organisation, inside a transaction."""

    async def add(self, seal: Seal) -> None:
        """Keep it; raises `Stale` when the recording has one."""

    async def stamp(self, recording: str, token: bytes) -> None:
        """Keep the time stamp of a seal that has none; one that has keeps its own."""


class KeptSeals(Protocol):
    """The seals of every organisation, to be read."""

    async def of(self, organisation: str, recording: str) -> KeptSeal | None:
        """The seal of this recording, if it is sealed."""

    async def unstamped(self) -> list[tuple[str, str]]:
        """The organisations and recordings whose seal has no time stamp yet, oldest first, a hundred at most."""
