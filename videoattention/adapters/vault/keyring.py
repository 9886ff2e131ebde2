"""The key ring of the service: organisation keys at hand, data keys made and opened with them.

Keys may be rotated by another process at any time. So whoever makes a key passes the organisation's wrapped key as the
transaction sees it (``under``), and a wrapped key that names a key that is not at hand makes the ring read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.vault.keys import (
    KeyRefused,
    MasterKey,
    OrganisationKey,
    new_secret,
    organisation_key_id,
    unwrap_data_key,
    unwrap_organisation_key,
    wrap_data_key,
    wrap_organisation_key,
    wrapping_key_id,
)
from videoattention.services.media import Track
from videoattention.services.vault import FileIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.adapters.vault.masters import MasterKeys
    from videoattention.services.ports import OrganisationKeys


class VaultKeyRing:
    """`videoattention.services.ports.KeyRing` with the vault's keys; raises `KeyRefused` for another master key."""

    def __init__(self, masters: MasterKeys, keys: OrganisationKeys) -> None:
        self._masters = masters
        self._keys = keys
        self._in_use: dict[str, tuple[bytes, OrganisationKey]] = {}
        self._opened: dict[tuple[str, str], OrganisationKey] = {}

    async def ready(self) -> None:
        """Open every organisation's key, so that another master key is told before anything begins.

        Raises `KeyRefused`, in the operator's words.
        """
        for organisation, kept in (await self._keys.every()).items():
            self._open(organisation, kept)

    async def prepare(self, organisation: str) -> None:
        """Have the organisation's own key at hand; makes it the first time."""
        if organisation not in self._in_use:
            await self._read(organisation)

    async def current(self, organisation: str) -> tuple[bytes, OrganisationKey]:
        """The organisation's key as it is kept now, and opened."""
        return await self._read(organisation)

    async def organisation_key(self, organisation: str, wrapped: bytes | None = None) -> OrganisationKey:
        """The organisation's own key, or the one that wrapped this; raises `KeyRefused`."""
        await self.prepare(organisation)
        _, ours = self._in_use[organisation]
        if wrapped is None or wrapping_key_id(wrapped.decode()) == ours.key_id:
            return ours
        named = organisation, wrapping_key_id(wrapped.decode())
        if named not in self._opened:
            _, ours = await self._read(organisation)
        return self._opened.get(named, ours)

    def fresh(
        self, organisation: str, recording: str, part: int, *, under: bytes | None
    ) -> tuple[Mapping[Track, bytes], Mapping[Track, bytes]]:
        """A new key for each file of a part, plain and wrapped."""
        if under is None:
            raise KeyRefused("the organisation has no key yet")
        plain = {track: new_secret() for track in Track}
        ours = self._open(organisation, under)
        wrapped = {
            track: wrap_data_key(
                key, FileIdentity(organisation, recording, part, track), organisation_key=ours
            ).encode()
            for track, key in plain.items()
        }
        return plain, wrapped

    async def unwrap(self, identity: FileIdentity, wrapped: bytes) -> bytes:
        """The plain key of a file."""
        if not wrapped.isascii():
            raise KeyRefused("a wrapped key was changed: it is no text")
        ours = await self.organisation_key(identity.organisation, wrapped)
        return unwrap_data_key(wrapped.decode(), identity, organisation_key=ours)

    async def _read(self, organisation: str) -> tuple[bytes, OrganisationKey]:
        kept = await self._keys.kept(organisation)
        if kept is None:
            made = wrap_organisation_key(OrganisationKey(new_secret()), organisation, master=await self._wrapping())
            kept = await self._keys.keep(organisation, made.encode())
        return kept, self._open(organisation, kept)

    async def _wrapping(self) -> MasterKey:
        """The master key that wraps the other organisations' keys; the one in use while there are none."""
        masters = self._masters.at_hand()
        others = {wrapping_key_id(kept.decode()) for kept in (await self._keys.every()).values()}
        found = next((master for master in masters if master.key_id in others or not others), None)
        if found is None:
            raise KeyRefused(not_at_hand(self._masters, next(iter(others), "")))
        return found

    def _open(self, organisation: str, kept: bytes) -> OrganisationKey:
        known, ours = self._in_use.get(organisation, (b"", None))
        if ours is None or known != kept:
            ours = self._opened_from(organisation, kept.decode())
            self._in_use[organisation] = kept, ours
            self._opened[organisation, ours.key_id] = ours
        return ours

    def _opened_from(self, organisation: str, text: str) -> OrganisationKey:
        named = wrapping_key_id(text)
        at_hand = self._opened.get((organisation, organisation_key_id(text)))
        if at_hand is not None:
            return at_hand  # wrapped anew by a master key that this process may not have: it is the same key
        for master in self._masters.at_hand():
            if master.key_id == named:
                return unwrap_organisation_key(text, organisation, master=master)
        raise KeyRefused(not_at_hand(self._masters, named))


def not_at_hand(masters: MasterKeys, named: str) -> str:
    """What the operator is told when the database needs the master key with this id and it is not there."""
    found = masters.at_hand()
    if not found:
        return (
            f"the master key {named} that wrapped the keys of this database is not there: put its copy back at "
            f"{masters.place}; a new key would open no recording"
        )
    return (
        f"the master key in use is {found[0].key_id}, but the keys of this database were wrapped with {named}: give "
        "that one in VIDEOATTENTION_MASTER_KEY or VIDEOATTENTION_MASTER_KEY_FILE"
    )
