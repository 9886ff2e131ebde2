"""The files that an erasure left: its process ended before it had deleted them, or the place would not delete."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from videoattention.services.erasing import KeptErasures
    from videoattention.services.ports import Clock
    from videoattention.services.vault import MediaRemoval

_log = structlog.get_logger()

EVERY = 5.0
"""Seconds between two looks."""

_OVERLAP = timedelta(hours=1)
"""A commit may be seen so much later than its time says: another machine's clock, a slow transaction."""


class Leftovers:
    """Deletes them, again and again until it is done; the first look is at every erasure that ever was.

    ``forget`` lets go of what this process knows of a recording; ``scrub`` is as in `Erasing`: the process that erased
    may have ended before it.
    """

    def __init__(
        self,
        erasures: KeptErasures,
        removal: MediaRemoval,
        clock: Clock,
        *,
        forget: Callable[[str, str], None],
        scrub: Callable[[], Awaitable[bool]],
    ) -> None:
        self._erasures = erasures
        self._removal = removal
        self._clock = clock
        self._forget = forget
        self._scrub = scrub
        self._since: datetime | None = None
        self._done: set[tuple[str, str]] = set()
        self._left: set[tuple[str, str]] = set()
        self._unscrubbed = False

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.delete()
            except Exception:  # noqa: BLE001 - what could not be looked at now is looked at in a moment
                _log.exception("leftovers_failed")
            await asyncio.sleep(EVERY)

    async def delete(self) -> None:
        """Delete the files of what was erased since the last look, and what could not be deleted before."""
        now = self._clock.now()
        erased = set(await self._erasures.since(self._since))
        fresh = erased - self._done
        self._left |= fresh
        self._unscrubbed |= bool(fresh)
        self._since, self._done = now - _OVERLAP, erased
        for organisation, recording in sorted(self._left):
            self._forget(organisation, recording)
            try:
                await self._removal.remove(organisation, recording)
            except Exception:  # noqa: BLE001 - one that stays must not keep the others
                _log.exception("leftover_stays", recording=recording)
            else:
                self._left.discard((organisation, recording))
        # last, for a database that cannot be scrubbed must not keep the files
        if self._unscrubbed:
            self._unscrubbed = not await self._scrub()
