"""A worker tells the service which of its recordings wait for the store: all when it connects, then what changes."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.services.copies_elsewhere import CopiesTold, CopyTold

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Look = Callable[[], Mapping[tuple[str, str], CopyTold]]

_log = structlog.get_logger()

EVERY: Final = 2.0
"""Seconds between two looks at the folder."""

REST: Final = 20
"""How many times longer than a look the rest after it is at least: calls come first."""

AT_ONCE: Final = 200
"""Recordings in one message: far below what a message may have."""


class TellingCopies:
    """``look`` is called in a thread, never twice at once; ``say`` tells it now or never."""

    def __init__(self, look: Look, say: Callable[[CopiesTold], Awaitable[object]]) -> None:
        self._look = look
        self._say = say
        self._told: Mapping[tuple[str, str], CopyTold] = {}
        self._afresh = asyncio.Event()

    def connected(self) -> None:
        """The service knows nothing: tell everything, now."""
        self._afresh.set()

    async def run(self) -> None:
        """Look and tell, until cancelled."""
        while True:
            began = time.monotonic()
            try:
                await self._tell(await asyncio.to_thread(self._look))
            except Exception:  # noqa: BLE001 - calls must not end because of a folder that cannot be looked at now
                _log.exception("copies_not_told")
            rest = max(EVERY, REST * (time.monotonic() - began))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._afresh.wait(), rest)

    async def _tell(self, copies: Mapping[tuple[str, str], CopyTold]) -> None:
        afresh = self._afresh.is_set()
        self._afresh.clear()
        known = {} if afresh else self._told
        self._told = copies
        gone = [CopyTold(*whose, None, stored=False) for whose in known.keys() - copies.keys()]
        changed = [copy for whose, copy in copies.items() if known.get(whose) != copy] + gone
        for at in range(0, len(changed) or afresh, AT_ONCE):
            await self._say(CopiesTold(afresh and not at, tuple(changed[at : at + AT_ONCE])))
