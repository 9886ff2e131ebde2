"""Requests about personal data, and the daily run that erases what was kept long enough."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from videoattention import __version__
from videoattention.adapters.clock import SystemClock
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.deliveries import DatabaseLinkOwners
from videoattention.adapters.db.queries.receipts import DatabaseAccounts
from videoattention.adapters.db.queries.rights import DatabaseRights
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.db.sessions import DatabaseSessions
from videoattention.adapters.streamed_zip import StreamedZip
from videoattention.adapters.vault.deliveries import EncryptedDeliveries
from videoattention.adapters.vault.removal import Removal
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.adapters.vault.stills import EncryptedStills
from videoattention.bootstrap.ground import new_id
from videoattention.bootstrap.keys import key_ring
from videoattention.bootstrap.storage import object_store
from videoattention.entrypoints.http.lost_links import LostLinkPages
from videoattention.entrypoints.http.rights import RightsPages
from videoattention.services.copied_papers import CopiedPapers
from videoattention.services.copies import Copies
from videoattention.services.erasing import Erasing
from videoattention.services.lost_links import LostLinks
from videoattention.services.receipt_links import Links
from videoattention.services.retention import Retention
from videoattention.services.rights import Rights
from videoattention.services.unmaking import Unmaking
from videoattention.services.work import Work

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Sequence

    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.bootstrap.ground import Room
    from videoattention.config import Settings
    from videoattention.entrypoints.http.rendering import Rendering
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.archive import Archive
    from videoattention.services.files import Files
    from videoattention.services.ports import Entry

_log = structlog.get_logger()

LOOK_EVERY: Final = 600.0
"""Seconds between two looks at late requests, and at what was granted and not carried out."""

RUN_EVERY: Final = timedelta(days=1)


class _NobodyListens:
    """Commands run beside the service; its pages find what they changed."""

    def committed(self, entries: Sequence[Entry]) -> None:
        """Nothing follows from it here."""


def _unmaking(settings: Settings, work: Work, *, database: Database, keys: VaultKeyRing) -> Unmaking:
    erasing = Erasing(
        work,
        VaultSigner(keys, DatabaseSigningKeys(database), work.clock),
        seals=DatabaseSeals(database),
        removal=Removal(settings.storage.recordings, object_store(settings)),
        scrub=database.scrub,
        software=f"videoattention {__version__}",
    )
    return Unmaking(work, erasing, scrub=database.scrub)


class RightsRoom:
    """Everything about personal data in the service."""

    def __init__(
        self, settings: Settings, work: Work, archive: Archive, *, files: Files, database: Database, keys: VaultKeyRing
    ) -> None:
        register = DatabaseRegister(database)
        self._clock, self._kept = work.clock, DatabaseRights(database)
        self._copies = Copies(
            register,
            work.clock,
            accounts=DatabaseAccounts(database),
            kept=self._kept,
            files=files,
            papers=CopiedPapers(
                register,
                work.clock,
                vault=EncryptedDeliveries(keys),
                stills=EncryptedStills(keys),
                signer=VaultSigner(keys, DatabaseSigningKeys(database), work.clock),
            ),
            bundle=StreamedZip,
        )
        self._public_url = settings.web.public_url
        links = Links(work, DatabaseLinkOwners(database))
        self._lost = LostLinks(
            work, links, archive, accounts=DatabaseAccounts(database), sessions=DatabaseSessions(database)
        )
        unmaking = _unmaking(settings, work, database=database, keys=keys)
        self._rights = Rights(work, archive, unmaking=unmaking, kept=self._kept, new_id=new_id)
        self._retention = Retention(work, register, work.clock, kept=self._kept, unmaking=unmaking)

    def pages(self, rendering: Rendering, visitors: Visitors) -> tuple[Room, ...]:
        """The officer's page, and the citizen's part of the receipt."""
        return (
            RightsPages(
                rendering, visitors, rights=self._rights, kept=self._kept, copies=self._copies, clock=self._clock
            ),
            LostLinkPages(rendering, visitors, lost=self._lost, public_url=self._public_url),
        )

    async def run(self) -> None:
        """Every ten minutes look after requests; once a day, and after every start, erase what is due."""
        ran_at = None
        while True:
            await _tried(self._rights.look_after(), "rights_failed")
            if ran_at is None or self._clock.now() - ran_at >= RUN_EVERY:
                done = await _tried(self._retention.run(), "retention_failed")
                ran_at = self._clock.now() if done else ran_at
            await asyncio.sleep(LOOK_EVERY)


async def _tried(work: Awaitable[object], failed: str) -> bool:
    """Whether it was done; what could not be done now is done with the next look."""
    try:
        await work
    except Exception:  # noqa: BLE001 - one of the two that fails does not stop the other
        _log.exception(failed)
        return False
    return True


@asynccontextmanager
async def retention_room(settings: Settings) -> AsyncIterator[Retention]:
    """The run for a command; raises `KeyRefused` for a master key that is not the one."""
    database = Database(settings.storage.database)
    try:
        clock, register = SystemClock(), DatabaseRegister(database)
        work, keys = Work(register, clock, _NobodyListens()), key_ring(settings, database)
        await keys.ready()
        unmaking = _unmaking(settings, work, database=database, keys=keys)
        yield Retention(work, register, clock, kept=DatabaseRights(database), unmaking=unmaking)
    finally:
        await database.close()
