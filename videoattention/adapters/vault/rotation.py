"""Wrapping keys anew: what a rotation does to each text. The keys of files stay, so no media is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention.adapters.vault.keys import (
    KeyRefused,
    MasterKey,
    OrganisationKey,
    new_secret,
    unwrap_data_key,
    unwrap_delivery_key,
    unwrap_login_key,
    unwrap_organisation_key,
    unwrap_signing_key,
    unwrap_still_key,
    wrap_data_key,
    wrap_delivery_key,
    wrap_login_key,
    wrap_organisation_key,
    wrap_signing_key,
    wrap_still_key,
    wrapping_key_id,
)

if TYPE_CHECKING:
    from videoattention.services.vault import FileIdentity


@dataclass(frozen=True, slots=True)
class NewMaster:
    """A new master key and those that may have wrapped what is there. Raises `KeyRefused` if none of them did."""

    new: MasterKey
    before: tuple[MasterKey, ...]

    def anew(self, organisation: str, wrapped: bytes | None) -> bytes:
        """The organisation's key under the new master key; made, if there was none; as it is, if that was done."""
        if wrapped is None:
            key = OrganisationKey(new_secret())
        elif wrapping_key_id(wrapped.decode()) == self.new.key_id:
            return wrapped
        else:
            key = opened(organisation, wrapped, self.before)
        return wrap_organisation_key(key, organisation, master=self.new).encode()


class NewOrganisationKey:
    """A new key of an organisation, and everything that the one before had wrapped; raises `KeyRefused`."""

    def __init__(self, organisation: str, wrapped: bytes, masters: tuple[MasterKey, ...]) -> None:
        self._organisation = organisation
        self._before = opened(organisation, wrapped, masters)
        self._new = OrganisationKey(new_secret())
        named = wrapping_key_id(wrapped.decode())
        master = next(each for each in masters if each.key_id == named)
        self.wrapped = wrap_organisation_key(self._new, organisation, master=master).encode()

    def data_key(self, identity: FileIdentity, wrapped: bytes) -> bytes:
        """The key of a file under the new key."""
        plain = unwrap_data_key(wrapped.decode(), identity, organisation_key=self._before)
        return wrap_data_key(plain, identity, organisation_key=self._new).encode()

    def signing_key(self, key_id: str, wrapped: bytes) -> bytes:
        """The private half of a signing key under the new key."""
        plain = unwrap_signing_key(wrapped.decode(), self._organisation, key_id, organisation_key=self._before)
        return wrap_signing_key(plain, self._organisation, key_id, organisation_key=self._new).encode()

    def login_key(self, digest: str, wrapped: bytes) -> bytes:
        """The key of what a provider answered, under the new key."""
        plain = unwrap_login_key(wrapped.decode(), self._organisation, digest, organisation_key=self._before)
        return wrap_login_key(plain, self._organisation, digest, organisation_key=self._new).encode()

    def still_key(self, still: str, wrapped: bytes) -> bytes:
        """The key of a still under the new key."""
        plain = unwrap_still_key(wrapped.decode(), self._organisation, still, organisation_key=self._before)
        return wrap_still_key(plain, self._organisation, still, organisation_key=self._new).encode()

    def delivery_key(self, delivery: str, wrapped: bytes) -> bytes:
        """The key of a file that changed hands under the new key."""
        plain = unwrap_delivery_key(wrapped.decode(), self._organisation, delivery, organisation_key=self._before)
        return wrap_delivery_key(plain, self._organisation, delivery, organisation_key=self._new).encode()


def opened(organisation: str, wrapped: bytes, masters: tuple[MasterKey, ...]) -> OrganisationKey:
    """The organisation's key, by whichever of these master keys wrapped it; raises `KeyRefused`."""
    named = wrapping_key_id(wrapped.decode())
    for master in masters:
        if master.key_id == named:
            return unwrap_organisation_key(wrapped.decode(), organisation, master=master)
    in_use = masters[0].key_id if masters else "none"
    raise KeyRefused(
        f"the master key in use is {in_use}, but the key of organisation {organisation} was wrapped with {named}: "
        "nothing was changed"
    )
