"""Which worker gets a new call: the one with the most room, as seen from what is known of each at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

CAPACITY: Final = 128
"""Calls that a worker carries on one core unless it says another number: 64 of them recorded."""

RECORDED: Final = 2
"""How many calls a recorded one counts for: what is passed on is also sealed and written."""

PACKETS_A_CALL: Final = 300.0
"""Packets a second of a call with two cameras at 640 by 480: with larger pictures a worker is full with fewer calls."""

LATE_MS: Final = 50.0
"""A worker whose event loop is later than this (p99 of a minute, milliseconds) passes pictures on too late."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a worker: what it offered, what it was given, and what it measured last."""

    worker: str
    capacity: int = CAPACITY
    calls: int = 0
    recorded: int = 0
    packets_per_second: float = 0.0
    lag_p99_ms: float = 0.0
    draining: bool = False

    @property
    def taken(self) -> float:
        """The greater of what its calls count and what its packets do; recorded calls are among the calls."""
        counted = self.calls + (RECORDED - 1) * self.recorded
        return max(float(counted), self.packets_per_second / PACKETS_A_CALL)

    @property
    def admits(self) -> bool:
        """Whether it takes one more call."""
        return not self.draining and self.taken + 1 <= self.capacity

    @property
    def late(self) -> bool:
        """Whether it is behind with what it carries already."""
        return self.lag_p99_ms > LATE_MS

    @property
    def room(self) -> float:
        """The share of its capacity that is free: 1 with nothing to do, 0 or less when it is full."""
        return 1 - self.taken / self.capacity


def choose(standings: Iterable[Standing]) -> str | None:
    """The worker for a new call; ``None`` while none admits one. One that is late is the last resort."""
    admitting = [standing for standing in standings if standing.admits]
    if not admitting:
        return None
    return min(admitting, key=lambda s: (s.late, -s.room, s.calls, s.worker)).worker
