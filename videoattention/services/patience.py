"""How long to wait before what was refused is asked again."""

from __future__ import annotations

from typing import Final

from videoattention.domain.recording import STORAGE_FAULTS

LONGEST: Final = 12
"""Rounds between two tries at most: a minute, where recordings are looked at every five seconds."""


LASTING: Final = STORAGE_FAULTS | {"no_consent"}
"""Why a worker refuses to record until somebody mends it; the other reasons pass by themselves, and are only logged."""

CHEAP: Final = frozenset({"no_space"})
"""What is asked in every round: a full disk has room again at any time, and a worker sees it without writing."""


class Patience:
    """Counts rounds for whatever is tried in every round: after each refusal in a row it waits twice as long."""

    def __init__(self) -> None:
        self._pauses: dict[str, int] = {}
        self._left: dict[str, int] = {}
        self._held: set[str] = set()

    def refused(self, what: str, why: str) -> None:
        """It is tried again after 1, 2, 4, 8 and then every `LONGEST` rounds.

        While the storage is at fault nothing else than a round tries it: whatever happens in the call mends no disk.
        """
        pause = min(2 * self._pauses[what], LONGEST) if what in self._pauses and why not in CHEAP else 1
        self._pauses[what] = self._left[what] = pause
        if why in STORAGE_FAULTS:
            self._held.add(what)

    def holds_back(self, what: str) -> bool:
        """Whether it is to be left until its round."""
        return what in self._held

    def is_due(self, what: str) -> bool:
        """To be asked once in every round: whether it is tried in this one."""
        left = self._left[what] = self._left.get(what, 0) - 1
        if left <= 0:
            self._left.pop(what)
            self._held.discard(what)
        return left <= 0

    def forget(self, what: str) -> None:
        """It was done, or is not wanted any more."""
        self._pauses.pop(what, None)
        self._left.pop(what, None)
        self._held.discard(what)
