"""The key ring of the service: organisation keys at hand, data keys made and opened with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.vault.keys import (
    MasterKey,
    OrganisationKey,
    new_secret,
    unwrap_data_key,
    unwrap_organisation_key,
    wrap_data_key,
    wrap_organisation_key,
)
from videoattention.services.media import Track
from videoattention.services.vault import FileIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.services.ports import OrganisationKeys


class VaultKeyRing:
    """`videoattention.services.ports.KeyRing` with the vault's keys; raises `KeyRefused` for another master key."""

    def __init__(self, master: MasterKey, keys: OrganisationKeys) -> None:
        self._master = master
        self._keys = keys
        self._at_hand: dict[str, OrganisationKey] = {}

    async def prepare(self, organisation: str) -> None:
        """Have the organisation's own key at hand; makes it the first time."""
        if organisation in self._at_hand:
            return
        wrapped = await self._keys.kept(organisation)
        if wrapped is None:
            made = wrap_organisation_key(OrganisationKey(new_secret()), organisation, master=self._master)
            wrapped = await self._keys.keep(organisation, made.encode())
        self._at_hand[organisation] = unwrap_organisation_key(wrapped.decode(), organisation, master=self._master)

    async def organisation_key(self, organisation: str) -> OrganisationKey:
        """The organisation's own key; raises `KeyRefused`."""
        await self.prepare(organisation)
        return self._at_hand[organisation]

    def fresh(
        self, organisation: str, recording: str, part: int
    ) -> tuple[Mapping[Track, bytes], Mapping[Track, bytes]]:
        """A new key for each file of a part, plain and wrapped."""
        plain = {track: new_secret() for track in Track}
        ours = self._at_hand[organisation]
        wrapped = {
            track: wrap_data_key(
                key, FileIdentity(organisation, recording, part, track), organisation_key=ours
            ).encode()
            for track, key in plain.items()
        }
        return plain, wrapped

    async def unwrap(self, identity: FileIdentity, wrapped: bytes) -> bytes:
        """The plain key of a file."""
        await self.prepare(identity.organisation)
        return unwrap_data_key(wrapped.decode(), identity, organisation_key=self._at_hand[identity.organisation])
