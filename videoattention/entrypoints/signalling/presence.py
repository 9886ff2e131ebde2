"""Who is there: a connected page is heard of, also while its browser slows down the timers of a hidden tab."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from videoattention.entrypoints.signalling.announcer import Announcer
    from videoattention.entrypoints.signalling.server import Sockets
    from videoattention.services.ports import Clock, Register

_log = structlog.get_logger()

EVERY = 15.0
"""Seconds between two rounds; a third of what a page may be silent before it counts as away."""


class Presence:
    """Tells the register of every connected page; the transport itself notices a dead one within 15 s."""

    def __init__(self, register: Register, clock: Clock, announcer: Announcer, *, sockets: Sockets) -> None:
        self._register = register
        self._clock = clock
        self._announcer = announcer
        self._sockets = sockets

    async def run(self) -> None:
        """Tell, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self._sockets.let_go_of_ended()  # who may not be here any more is not here
                await self._register.seen(*self._announcer.connected, now=self._clock.now())
            except Exception:  # noqa: BLE001 - the next round tells it again
                _log.exception("presence_failed")
