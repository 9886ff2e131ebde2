"""How a worker takes its leave without dropping a call (docs/decisions/0016-workers.md).

It wants to, or is told to; the service gives it no new call and says so (`Drain`); it ends after its last call. At the
deadline it lets go of what is left, one call after the other: files first, then the pages, which another worker takes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from videoattention.services.media import CallLeft, CloseCall

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from videoattention.services.media import Order, Report

_log = structlog.get_logger()

TICK: Final = 0.25
"""Seconds between two looks at whether any call is left."""

BETWEEN_CALLS: Final = 0.2
"""Seconds between two calls that are let go: their pages come to the other workers one after the other."""

LETS_GO_WITHIN: Final = 15.0
"""Seconds after which a call whose files cannot be made durable is let go all the same."""


class Carried(Protocol):
    """The calls of this worker."""

    def obey(self, order: Order) -> Awaitable[object]:
        """Do what is ordered, now."""

    def calls(self) -> tuple[str, ...]:
        """The calls that are carried now."""


class Leaving:
    """One worker's leave. ``deadline`` is in seconds from its beginning."""

    def __init__(self, tell: Callable[[Report], None], *, deadline: float) -> None:
        self._tell = tell
        self._deadline = deadline
        self._begun = asyncio.Event()
        self._released = False

    @property
    def begun(self) -> bool:
        """Whether the worker wants no new call any more."""
        return self._begun.is_set()

    def want(self) -> None:
        """Begin; who carries no call waits for the service's word that none is on its way."""
        self._begun.set()

    def release(self) -> None:
        """The service said that no new call comes."""
        self._released = True
        self._begun.set()

    async def over(self, plane: Carried, connected: Callable[[], bool]) -> None:
        """Wait until the worker may end: with no call left, and none on its way while ``connected`` to the service."""
        await self._begun.wait()
        _log.info("worker_leaves", calls=len(plane.calls()), deadline=self._deadline)
        try:
            async with asyncio.timeout(self._deadline):
                while plane.calls() or (connected() and not self._released):  # noqa: ASYNC110 - of three owners
                    await asyncio.sleep(TICK)
        except TimeoutError:
            await self._let_go(plane)
        _log.info("worker_left")

    async def _let_go(self, plane: Carried) -> None:
        while calls := plane.calls():
            for call in calls:
                _log.warning("call_moved", call=call)
                closing = asyncio.ensure_future(plane.obey(CloseCall(call, "worker_replaced")))
                await asyncio.wait([closing], timeout=LETS_GO_WITHIN)
                self._tell(CallLeft(call))
                await asyncio.sleep(BETWEEN_CALLS)
