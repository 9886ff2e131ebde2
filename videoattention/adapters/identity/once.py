"""What may be used only once, remembered for as long as it could be used again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_MOST: Final = 10_000


class UsedOnce:
    """Identifiers already spent, each for ``seconds``; the oldest are forgotten beyond ten thousand."""

    def __init__(self, *, now: Callable[[], datetime], seconds: float) -> None:
        self._now = now
        self._seconds = seconds
        self._spent: dict[str, float] = {}

    def spend(self, identifier: str) -> bool:
        """Answer whether this is the first use, and remember it."""
        moment = self._now().timestamp()
        self._forget(moment)
        if identifier in self._spent:
            return False
        self._spent[identifier] = moment
        return True

    def _forget(self, moment: float) -> None:
        while self._spent:
            oldest = next(iter(self._spent))
            if len(self._spent) < _MOST and moment - self._spent[oldest] < self._seconds:
                return
            del self._spent[oldest]
