"""Jobs done one by one: the most urgent first, otherwise in the order in which they came."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Job = Callable[[], Awaitable[object]]

_log = structlog.get_logger()

WAITING: Final = 10_000
"""Jobs that may wait."""

FIRST, IN_TURN = 0, 1
"""What is recorded, and what is not any more, goes before everything else; inside each the order is kept."""


class Jobs:
    """What waits to be done; a job that fails is logged."""

    def __init__(self) -> None:
        self._numbers = count()
        self._queue: asyncio.PriorityQueue[tuple[int, int, Job]] = asyncio.PriorityQueue(WAITING)

    def put(self, job: Job, place: int = IN_TURN) -> bool:
        """Whether there was room; what there was none for is made up for by the next round."""
        try:
            self._queue.put_nowait((place, next(self._numbers), job))
        except asyncio.QueueFull:
            _log.error("reactions_full")
            return False
        return True

    async def run(self) -> None:
        """Do them, until cancelled."""
        while True:
            _, _, job = await self._queue.get()
            try:
                await job()
            except Exception:  # noqa: BLE001 - one job that fails must not end the others
                _log.exception("reaction_failed")
            finally:
                self._queue.task_done()

    async def settled(self) -> None:
        """Wait until nothing is left to be done."""
        await self._queue.join()
