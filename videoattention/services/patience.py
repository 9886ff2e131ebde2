"""How long to wait before what was refused is asked again."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 12
"""Rounds between two tries at most: a minute, where recordings are looked at every five seconds."""


LASTING: Final = frozenset({"no_consent", "no_space", "storage_failed"})
"""Why a worker refuses to record until somebody mends it; the other reasons pass by themselves, and are only logged."""


class Patience:
    """Counts rounds for whatever is tried in every round: after each refusal in a row it waits twice as long."""

    def __init__(self) -> None:
        self._pauses: dict[str, int] = {}
        self._left: dict[str, int] = {}

    def refused(self, what: str) -> None:
        """It is tried again after 1, 2, 4, 8 and then every `LONGEST` rounds."""
        pause = min(2 * self._pauses[what], LONGEST) if what in self._pauses else 1
        self._pauses[what] = self._left[what] = pause

    def is_due(self, what: str) -> bool:
        """To be asked once in every round: whether it is tried in this one."""
        left = self._left[what] = self._left.get(what, 0) - 1
        if left <= 0:
            self._left.pop(what)
        return left <= 0

    def forget(self, what: str) -> None:
        """It was done, or is not wanted any more."""
        self._pauses.pop(what, None)
        self._left.pop(what, None)
