"""How much one may ask for, and who has asked for how much."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable


@dataclass(frozen=True, slots=True)
class Pace:
    """How much one may ask for: so many at once, and so many a second after."""

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


class Allowances:
    """One for each of many, in bounded memory: who did not ask for the longest gives way."""

    def __init__(self, pace: Pace, *, most: int) -> None:
        self._pace = pace
        self._most = most
        self._kept: dict[Hashable, Allowance] = {}

    def take(self, who: Hashable) -> bool:
        """Whether this one is allowed one more now."""
        allowance = self._kept.pop(who, None) or Allowance(self._pace)
        self._kept[who] = allowance  # the newest last
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        return allowance.take()
