"""What media workers tell of their own folders: which recordings wait there for the object store, and which arrived.

A file that this machine has not and the store has not yet is not lost while a worker is there that says it keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_log = structlog.get_logger()

MOST: Final = 100_000
"""Recordings of one worker that are remembered."""


@dataclass(frozen=True, slots=True)
class CopyTold:
    """How it stands with one recording in a worker's folder.

    ``since`` is when the first of its files that wait for the store was closed (Unix seconds), none when none waits.
    ``stored``: of files that were there before, this worker made sure that the store has them.
    """

    organisation: str
    recording: str
    since: float | None
    stored: bool


@dataclass(frozen=True, slots=True)
class CopiesTold:
    """Report: what changed since the last one; ``afresh`` if nothing that was told before counts any more."""

    afresh: bool
    copies: tuple[CopyTold, ...]


class CopiesElsewhere:
    """In memory only: a worker tells everything again when it connects, and what it told ends with its connection."""

    def __init__(self) -> None:
        self._told: dict[str, dict[tuple[str, str], CopyTold]] = {}
        self.arrived: Callable[[str, str], None] = lambda _, __: None
        """Called with organisation and recording of which a worker has nothing waiting any more."""

    def joined(self, worker: str) -> None:
        """A worker is connected, and will tell."""
        self._told[worker] = {}

    def gone(self, worker: str) -> None:
        """Its connection ended: nobody knows any more of what lies there."""
        self._told.pop(worker, None)

    def told(self, worker: str, report: CopiesTold) -> None:
        """Take note; what comes from a worker that is not connected is ignored."""
        known = self._told.get(worker)
        if known is None:
            return
        if report.afresh:
            known.clear()
        for copy in report.copies:
            self._note(known, copy)

    def _note(self, known: dict[tuple[str, str], CopyTold], copy: CopyTold) -> None:
        whose = (copy.organisation, copy.recording)
        known.pop(whose, None)
        if copy.since is not None or copy.stored:
            known[whose] = copy
        if len(known) > MOST:
            _log.error("copies_told_of_too_many")
            del known[next(iter(known))]
        if copy.since is None:
            self.arrived(*whose)

    @property
    def count(self) -> int:
        """How many recordings wait in the folders of workers."""
        return len({whose for known in self._told.values() for whose, copy in known.items() if copy.since is not None})

    def since(self, organisation: str, recording: str) -> datetime | None:
        """When the first of the recording's files that wait in a worker's folder was closed; None if none does."""
        waiting = [copy.since for copy in self._of(organisation, recording) if copy.since is not None]
        return datetime.fromtimestamp(min(waiting), UTC) if waiting else None

    def stored(self, organisation: str, recording: str) -> bool:
        """Whether a worker that is there has seen files of it in the store."""
        return any(copy.stored for copy in self._of(organisation, recording))

    def _of(self, organisation: str, recording: str) -> Iterator[CopyTold]:
        for known in self._told.values():
            if copy := known.get((organisation, recording)):
                yield copy
