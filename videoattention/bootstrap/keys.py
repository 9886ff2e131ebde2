"""The master key of this installation, and the key ring that it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import master_key_from_text
from videoattention.adapters.vault.masters import MasterKeyFile

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.vault.masters import MasterKeys
    from videoattention.config import Settings


def master_keys(settings: Settings) -> MasterKeys:
    """The master key that the operator gave in the environment, else the file; raises `KeyRefused` for no key."""
    if settings.storage.master_key:
        return master_key_from_text(settings.storage.master_key)
    return MasterKeyFile(settings.storage.master_key_file)


def key_ring(settings: Settings, database: Database) -> VaultKeyRing:
    """The key ring over this database; `make_ready` comes before its first use. Raises `KeyRefused`."""
    return VaultKeyRing(master_keys(settings), DatabaseOrganisationKeys(database))


async def make_ready(settings: Settings, database: Database, keys: VaultKeyRing) -> None:
    """Make the master key file if nothing needs another one, and open every key that is kept.

    So a lost, changed or unreadable master key is told before anything begins: raises `KeyRefused`.
    """
    masters = master_keys(settings)
    kept = await DatabaseOrganisationKeys(database).every()
    if isinstance(masters, MasterKeyFile) and not masters.at_hand() and not kept and masters.make():
        print(f"A master key was made: keep a copy of {masters.path} in a safe place.")  # noqa: T201 - said once to the operator
    await keys.ready()
