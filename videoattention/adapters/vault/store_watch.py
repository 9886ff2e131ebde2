"""Whether the object store answers, asked again and again, so that people are told before anything has to move."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from videoattention.services.vault import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from videoattention.adapters.vault.object_store import ObjectStore
    from videoattention.services.ports import Clock

_log = structlog.get_logger()

ASK_EVERY = 3.0
"""Seconds between two questions. With the time in which one gives up, its return is known within 10 s."""

ASK_AGAIN = 1.0
"""Seconds after the first question in vain: who answers then was not away, and nobody is troubled."""


class StoreWatch:
    """Knows since when the store is away; two questions in vain make an outage, one answer ends it."""

    def __init__(self, store: ObjectStore, clock: Clock) -> None:
        """Watch this store from `run` on; until then it is not away."""
        self._store = store
        self._clock = clock
        self._vain_since: datetime | None = None
        self.away_since: datetime | None = None

    async def run(self, changed: Callable[[], Awaitable[None]]) -> None:
        """Ask until cancelled; ``changed`` is awaited when the store went away and when it is back."""
        while True:
            before = self.away_since
            await self._ask()
            if (before is None) != (self.away_since is None):
                await changed()
            doubtful = self._vain_since is not None and self.away_since is None
            await asyncio.sleep(ASK_AGAIN if doubtful else ASK_EVERY)

    async def _ask(self) -> None:
        asked = self._clock.now()
        try:
            await asyncio.to_thread(self._store.ask)
        except StorageFailed as error:
            self._in_vain(asked, error)
        except Exception:  # noqa: BLE001 - the service must not end because of one thing that nobody foresaw
            _log.exception("object_store_not_asked")
        else:
            self._answered()

    def _in_vain(self, asked: datetime, error: StorageFailed) -> None:
        if self._vain_since is None:
            self._vain_since = asked
        elif self.away_since is None:
            self.away_since = self._vain_since
            _log.error("object_store_away", since=self.away_since.isoformat(), error=str(error))

    def _answered(self) -> None:
        if self.away_since is not None:
            away = (self._clock.now() - self.away_since).total_seconds()
            _log.info("object_store_returned", seconds=round(away, 1))
        self._vain_since = self.away_since = None
