"""When each participant sends what: one clock for all, so that a hundred cost few wake-ups."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.media.participant import Participant

_REPORT_EVERY = 1.0
_CONSENT_EVERY = 2.5
_AT_ONCE = 64
_SPREAD = 0.61803398875


class Pacer:
    """Sends what is due. ``late`` is the greatest delay in seconds since it was last set to 0."""

    def __init__(self) -> None:
        self.late = 0.0
        self._loop = asyncio.get_running_loop()
        self._due: list[tuple[float, int, Participant, Callable[[], float | None]]] = []
        self._order = itertools.count()
        self._sending: set[Participant] = set()
        self._known: set[Participant] = set()
        self._timer: asyncio.TimerHandle | None = None

    def keep(self, participant: Participant) -> None:
        """Send consent checks from now on; nothing else yet."""
        if participant not in self._known:
            self._known.add(participant)
            self._at(self._loop.time() + self._phase(_CONSENT_EVERY), participant, lambda: self._consent(participant))

    def begin(self, participant: Participant) -> None:
        """Send everything from now on, each participant at a moment of its own within a frame."""
        self.keep(participant)
        self._sending.add(participant)
        now = self._loop.time()
        for kind, track in participant.sent.items():
            due = track.resume(now + self._phase(1 / 30))
            self._at(due, participant, lambda kind=kind: self._frame(participant, kind))  # type: ignore[misc]
        self._at(now + self._phase(_REPORT_EVERY) / 4 + 0.05, participant, lambda: self._report(participant))

    def pause(self, participant: Participant) -> None:
        """Send consent checks only."""
        self._sending.discard(participant)
        self._due = [entry for entry in self._due if entry[2] is not participant]
        heapq.heapify(self._due)
        self._known.discard(participant)
        self.keep(participant)

    def forget(self, participant: Participant) -> None:
        """Send nothing any more."""
        self._sending.discard(participant)
        self._known.discard(participant)
        self._due = [entry for entry in self._due if entry[2] is not participant]
        heapq.heapify(self._due)

    def _phase(self, period: float) -> float:
        """Moments that fill a period evenly however many they become."""
        return next(self._order) * _SPREAD % 1 * period

    def _frame(self, participant: Participant, kind: str) -> float:
        return participant.send_frame(kind)

    def _report(self, participant: Participant) -> float:
        now = self._loop.time()
        participant.report(now)
        return now + _REPORT_EVERY

    def _consent(self, participant: Participant) -> float:
        participant.path.check()
        return self._loop.time() + _CONSENT_EVERY

    def _at(self, due: float, participant: Participant, job: Callable[[], float | None]) -> None:
        heapq.heappush(self._due, (due, next(self._order), participant, job))
        if self._due[0][0] >= due:
            self._wake(due)

    def _wake(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(due, self._tick)

    def _tick(self) -> None:
        now = self._loop.time()
        for _ in range(_AT_ONCE):
            if not self._due or self._due[0][0] > now:
                break
            due, _, participant, job = heapq.heappop(self._due)
            self.late = max(self.late, now - due)
            again = job()
            if again is not None:
                heapq.heappush(self._due, (again, next(self._order), participant, job))
        if self._due:
            self._wake(self._due[0][0])
