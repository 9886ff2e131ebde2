"""How many packets a leg may send: a flood is dropped before it costs a decryption."""

from __future__ import annotations


class PacketBudget:
    """A token bucket: ``rate`` packets a second on average, ``burst`` at once."""

    def __init__(self, *, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at = 0.0

    def admits(self, now: float) -> bool:
        """Whether one more packet at ``now`` (monotonic seconds) is within the budget."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
