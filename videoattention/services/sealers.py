"""Recordings that wait for their seal: a long one is read for seconds, and nobody's dismissal may wait for that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_log = structlog.get_logger()

AT_ONCE: Final = 2
"""Recordings that are sealed at the same time: one whose disk is slow does not keep every other waiting."""

WAITING: Final = 10_000
"""Recordings that may wait; the others are asked for again by the rounds."""


class Sealers:
    """Seals what it is asked to, beside everything else, and never the same recording twice at once."""

    def __init__(self, seal: Callable[[str, str], Awaitable[object]]) -> None:
        self._seal = seal
        self._asked: set[tuple[str, str]] = set()
        self._queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    def soon(self, organisation: str, recording: str) -> None:
        """Seal it when its turn comes; asking again before that changes nothing."""
        asked = (organisation, recording)
        if asked in self._asked:
            return
        if len(self._asked) >= WAITING:
            _log.error("sealers_full")
            return
        self._asked.add(asked)
        self._queue.put_nowait(asked)

    async def run(self) -> None:
        """Seal, until cancelled; what is half done then is done again after the next start."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._seal_in_turn())

    async def _seal_in_turn(self) -> None:
        while True:
            asked = await self._queue.get()
            try:
                await self._seal(*asked)
            except Exception:  # noqa: BLE001 - it is asked for again in the next round
                _log.exception("sealing_failed", recording=asked[1])
            finally:
                self._asked.discard(asked)
                self._queue.task_done()

    async def settled(self) -> None:
        """Wait until everything that was asked for was tried."""
        await self._queue.join()
