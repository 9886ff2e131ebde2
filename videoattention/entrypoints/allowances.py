"""How much one may ask for, and who has asked for how much."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How much one may ask for: so many at once, and so many a second after (threat T32)."""

    burst: int
    per_second: float


class Allowance:
    """A token bucket."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._left = float(pace.burst)
        self._at = time.monotonic()

    def take(self) -> bool:
        """Whether one more is allowed now."""
        now = time.monotonic()
        self._left = min(float(self._pace.burst), self._left + (now - self._at) * self._pace.per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
