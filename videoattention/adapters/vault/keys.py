"""The three keys: a master key wraps each organisation's key, which wraps the data key of each file.

Wrapped keys are text, kept in the database by others: ``v1.<id of the wrapping key>.<base64url of nonce and AES-GCM>``.
That of an organisation names itself too, before the last part, so that it is known again after it was wrapped anew.
A wrapped key is bound to the organisation or the file it is for, and is refused in the place of another.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from videoattention.adapters.vault.format import KEY_SIZE, file_header
from videoattention.services.vault import KeyUnusable

if TYPE_CHECKING:
    from pathlib import Path

    from videoattention.services.vault import FileIdentity

_VERSION = "v1"
_NONCE_SIZE = 12
_PARTS_WITH_OWN_NAME = 4
_OTHERS = 0o077
_log = structlog.get_logger()


class KeyRefused(KeyUnusable):
    """A key is malformed, is not the one that wrapped this, or this was wrapped for something else."""

    code = "key_refused"


def new_secret() -> bytes:
    """32 random bytes for a new organisation key or data key."""
    return secrets.token_bytes(KEY_SIZE)


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """A key that wraps others; its secret never shows in a log or a traceback."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse anything but 32 bytes."""
        if len(self.secret) != KEY_SIZE:
            raise KeyRefused("a key has 32 bytes")

    @property
    def key_id(self) -> str:
        """A name for the key that tells nothing about it: 16 hexadecimal digits."""
        return hashlib.sha256(b"videoattention key id\0" + self.secret).hexdigest()[:16]


class MasterKey(WrappingKey):
    """Wraps the organisations' keys; kept outside of the database and off the disk of the recordings."""

    @property
    def place(self) -> str:
        """The setting that gives it."""
        return "VIDEOATTENTION_MASTER_KEY"

    def at_hand(self) -> tuple[MasterKey, ...]:
        """The master keys that can be used: this one and no other (`videoattention.adapters.vault.masters`)."""
        return (self,)


class OrganisationKey(WrappingKey):
    """Wraps the data keys of one organisation's files."""


@dataclass(frozen=True, slots=True)
class LoadedMasterKey:
    """The master key, and whether it was made just now: then somebody must be told to keep a copy of it."""

    master: MasterKey
    made: bool


def master_key_from_text(text: str) -> MasterKey:
    """Read a master key from base64, as in the environment; raises `KeyRefused`."""
    try:
        return MasterKey(base64.b64decode(text.strip(), validate=True))
    except (binascii.Error, ValueError):
        raise KeyRefused("the master key is not base64") from None


def load_or_make(path: Path) -> LoadedMasterKey:
    """Read the master key from a file, or make both with mode 0600.

    Of two processes that start at once one makes it and both read the same. Raises `KeyRefused` for a file that holds
    no key, and `OSError` for one that cannot be read or made.
    """
    made = not path.exists() and _make_file(path)
    if not made and path.stat().st_mode & _OTHERS:
        _log.warning("master_key_open_to_others", mode=oct(path.stat().st_mode & 0o777))
    return LoadedMasterKey(master=master_key_from_text(path.read_text("ascii", "replace")), made=made)


def wrap_organisation_key(key: OrganisationKey, organisation: str, *, master: MasterKey) -> str:
    """Wrap an organisation's key for the database; the text names both keys."""
    head, _, sealed = _wrap(key.secret, master, bound=_for_organisation(organisation)).rpartition(".")
    return f"{head}.{key.key_id}.{sealed}"


def unwrap_organisation_key(wrapped: str, organisation: str, *, master: MasterKey) -> OrganisationKey:
    """The reverse; raises `KeyRefused`."""
    return OrganisationKey(_unwrap(wrapped, master, bound=_for_organisation(organisation)))


def organisation_key_id(wrapped: str) -> str:
    """Which organisation key is wrapped in this, without opening it; empty in a text that does not say."""
    parts = wrapped.split(".")
    return parts[2] if len(parts) == _PARTS_WITH_OWN_NAME else ""


def wrap_data_key(key: bytes, identity: FileIdentity, *, organisation_key: OrganisationKey) -> str:
    """Wrap the data key of one file for the database."""
    return _wrap(key, organisation_key, bound=_for_file(identity))


def unwrap_data_key(wrapped: str, identity: FileIdentity, *, organisation_key: OrganisationKey) -> bytes:
    """The reverse; raises `KeyRefused`."""
    return _unwrap(wrapped, organisation_key, bound=_for_file(identity))


def wrap_signing_key(private: bytes, organisation: str, key_id: str, *, organisation_key: OrganisationKey) -> str:
    """Wrap the private half of a signing key for the database; ``key_id`` is the signing key's."""
    return _wrap(private, organisation_key, bound=_for_signing(organisation, key_id))


def unwrap_signing_key(wrapped: str, organisation: str, key_id: str, *, organisation_key: OrganisationKey) -> bytes:
    """The reverse; raises `KeyRefused`."""
    return _unwrap(wrapped, organisation_key, bound=_for_signing(organisation, key_id))


def wrap_login_key(key: bytes, organisation: str, digest: str, *, organisation_key: OrganisationKey) -> str:
    """Wrap the key of what a provider answered about a citizen; ``digest`` is the answer's SHA-256."""
    return _wrap(key, organisation_key, bound=_for_login(organisation, digest))


def unwrap_login_key(wrapped: str, organisation: str, digest: str, *, organisation_key: OrganisationKey) -> bytes:
    """The reverse; raises `KeyRefused`."""
    return _unwrap(wrapped, organisation_key, bound=_for_login(organisation, digest))


def wrap_still_key(key: bytes, organisation: str, still: str, *, organisation_key: OrganisationKey) -> str:
    """Wrap the key of one still of a visual identification for the database."""
    return _wrap(key, organisation_key, bound=_for_still(organisation, still))


def unwrap_still_key(wrapped: str, organisation: str, still: str, *, organisation_key: OrganisationKey) -> bytes:
    """The reverse; raises `KeyRefused`."""
    return _unwrap(wrapped, organisation_key, bound=_for_still(organisation, still))


def wrap_delivery_key(key: bytes, organisation: str, delivery: str, *, organisation_key: OrganisationKey) -> str:
    """Wrap the key of one file that changed hands for the database."""
    return _wrap(key, organisation_key, bound=_for_delivery(organisation, delivery))


def unwrap_delivery_key(wrapped: str, organisation: str, delivery: str, *, organisation_key: OrganisationKey) -> bytes:
    """The reverse; raises `KeyRefused`."""
    return _unwrap(wrapped, organisation_key, bound=_for_delivery(organisation, delivery))


def wrapping_key_id(wrapped: str) -> str:
    """Which key wrapped this, so that a rotation finds what is left to wrap anew; raises `KeyRefused`."""
    version, _, rest = wrapped.partition(".")
    key_id, dot, _ = rest.partition(".")
    if version != _VERSION or not dot:
        raise KeyRefused("this is not a wrapped key")
    return key_id


def make_durable(folder: Path) -> None:
    """Let the names in this folder survive the machine, as what is wrapped with a key in it does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _wrap(secret: bytes, key: WrappingKey, *, bound: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE_SIZE)
    sealed = AESGCM(key.secret).encrypt(nonce, secret, bound)
    return f"{_VERSION}.{key.key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def _unwrap(wrapped: str, key: WrappingKey, *, bound: bytes) -> bytes:
    wrapped_by = wrapping_key_id(wrapped)
    if wrapped_by != key.key_id:
        raise KeyRefused(f"this was wrapped with key {wrapped_by[:16]}, not with the key in use, {key.key_id}")
    try:
        sealed = base64.b64decode(wrapped.rpartition(".")[2], altchars=b"-_", validate=True)
        return AESGCM(key.secret).decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], bound)
    except (InvalidTag, ValueError):
        raise KeyRefused("a wrapped key was changed, or is for something else") from None


def _for_organisation(organisation: str) -> bytes:
    return b"organisation key\0" + organisation.encode()


def _for_signing(organisation: str, key_id: str) -> bytes:
    return b"signing key\0" + organisation.encode() + b"\0" + key_id.encode()


def _for_login(organisation: str, digest: str) -> bytes:
    return b"login key\0" + organisation.encode() + b"\0" + digest.encode()


def _for_still(organisation: str, still: str) -> bytes:
    return b"still key\0" + organisation.encode() + b"\0" + still.encode()


def _for_delivery(organisation: str, delivery: str) -> bytes:
    return b"delivery key\0" + organisation.encode() + b"\0" + delivery.encode()


def _for_file(identity: FileIdentity) -> bytes:
    return b"data key\0" + file_header(identity)


def _make_file(path: Path) -> bool:
    """Make the file whole or not at all; False if another process was first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(new_secret()) + b"\n")
            file.flush()
            os.fsync(descriptor)
        # A link, unlike a rename, does not replace the key that another process just made.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
            make_durable(path.parent)
            return True
        return False
    finally:
        draft.unlink(missing_ok=True)
