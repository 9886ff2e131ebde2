"""What is done once, before anybody is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from videoattention.adapters.db.catalogue import Organisation, keep_texts, seed
from videoattention.adapters.db.catalogue_file import read_catalogue
from videoattention.adapters.db.demo import DEMO
from videoattention.bootstrap.keys import make_ready
from videoattention.services.doorkeeper import PLATFORM

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.texts import TextsFolder
    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.config import Settings

PLATFORM_ITSELF: Final = Organisation(
    PLATFORM, {"ca": "La plataforma", "en": "The platform"}, offices=(), procedures=()
)


async def prepare(settings: Settings, database: Database, keys: VaultKeyRing, *, texts: TextsFolder) -> None:
    """Bring the tables to this version, open the keys, and set up the organisations and the texts."""
    settings.storage.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    await database.migrate()
    await make_ready(settings, database, keys)
    await seed(database, (PLATFORM_ITSELF, *_catalogue(settings)))
    await keep_texts(database, texts.in_force)


def _catalogue(settings: Settings) -> tuple[Organisation, ...]:
    """The organisations of the operator's file; without one those of the demonstration, never in production."""
    if settings.catalogue is not None:
        return read_catalogue(settings.catalogue)
    return () if settings.production else DEMO
