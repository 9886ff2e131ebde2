"""How late the event loop is: everything that a worker promises about time hangs on it."""

from __future__ import annotations

import asyncio
from collections import deque

_EVERY = 0.2
_SAMPLES = 300


class LoopLag:
    """Measures the event loop five times a second and remembers one minute."""

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=_SAMPLES)

    async def measure(self) -> None:
        """Measure, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _EVERY
            await asyncio.sleep(_EVERY)
            self._late.append(max(0.0, loop.time() - due))

    def p99_ms(self) -> float:
        """The 99th percentile in milliseconds; 0 before the first measurement."""
        if not self._late:
            return 0.0
        ranked = sorted(self._late)
        return 1000 * ranked[min(len(ranked) - 1, len(ranked) * 99 // 100)]
