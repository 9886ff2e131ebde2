"""What records, seals and lets go of recordings, assembled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.db.keeping import DatabaseErasures
from videoattention.adapters.vault.removal import Removal
from videoattention.adapters.vault.store_watch import StoreWatch
from videoattention.adapters.vault.waiting import Waiting
from videoattention.bootstrap.ground import new_id
from videoattention.bootstrap.sealing import authority_of, sealers, stamping
from videoattention.bootstrap.storage import library, object_store
from videoattention.services.copies_elsewhere import CopiesElsewhere
from videoattention.services.files import Files
from videoattention.services.leftovers import Leftovers
from videoattention.services.recorder import Recorder
from videoattention.services.waiting_copies import WaitingCopies

if TYPE_CHECKING:
    from asyncio import TaskGroup
    from collections.abc import Awaitable, Callable

    from aiohttp import ClientSession

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.queries.views import DatabaseViews
    from videoattention.adapters.db.register import DatabaseRegister
    from videoattention.adapters.vault.keyring import VaultKeyRing
    from videoattention.config import Settings
    from videoattention.services.work import Work


class RecordingRoom:
    """The recorder, who seals what it kept, and who removes what was erased."""

    def __init__(
        self,
        settings: Settings,
        work: Work,
        *,
        register: DatabaseRegister,
        views: DatabaseViews,
        database: Database,
        keys: VaultKeyRing,
        http: ClientSession,
    ) -> None:
        recorded, clock = library(settings), work.clock
        self.files = Files(register, clock, keys=keys, library=recorded)
        self.recorder = Recorder(work, views, keys=keys, new_id=new_id)
        store = object_store(settings)
        self._waiting = Waiting(settings.storage.recordings)
        self._watch = StoreWatch(store, clock) if store is not None else None
        self.elsewhere = CopiesElsewhere()
        self.copies = WaitingCopies(self._waiting, self._watch, clock, elsewhere=self.elsewhere)
        self.sealers = sealers(
            settings,
            work,
            views=views,
            files=self.files,
            database=database,
            keys=keys,
            copies=self.copies,
            elsewhere=self.elsewhere,
        )
        self._leftovers = Leftovers(
            DatabaseErasures(database),
            Removal(settings.storage.recordings, store),
            clock,
            forget=recorded.forget,
            scrub=database.scrub,
        )
        self.authority = authority_of(settings, http)
        self._stamping = stamping(self.authority, register=register, database=database, clock=clock)

    def run(self, tasks: TaskGroup, store_changed: Callable[[], Awaitable[None]]) -> None:
        """Begin what goes on beside the calls; ``store_changed`` hears that the object store is away, or back."""
        tasks.create_task(self._leftovers.run())
        if self._stamping is not None:
            tasks.create_task(self._stamping.run())
        if self._watch is not None:
            tasks.create_task(self._waiting.run())
            tasks.create_task(self._watch.run(store_changed))
