"""Watches the recordings' folder and the database from outside of the service, and compares when what was there."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tests.story.running import RunningService

EVERY = 0.003
GIVEN = "SELECT json_extract(body, '$.consent') FROM journal WHERE kind = 'ConsentGiven'"
CONSENTS = "SELECT id, consent FROM recordings"


@dataclass(slots=True)
class Growth:
    """The oldest and the newest time stamp that a recording's files were seen with (Unix seconds)."""

    first: float
    last: float


@dataclass(slots=True)
class DiskWatch:
    """Looks every few milliseconds. ``uncommitted`` is until when each consent was provably not committed."""

    service: RunningService
    growth: dict[str, Growth] = field(default_factory=dict)
    uncommitted: dict[str, float] = field(default_factory=dict)
    looks: int = 0
    _asked: set[str] = field(default_factory=set)
    _ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        assert self._thread is not None
        self._thread.join()

    def asked(self, consent: str) -> None:
        """Watch this consent until it is committed."""
        self._asked.add(consent)

    def too_early(self) -> list[str]:
        """Recordings with a byte on the disk at a time when their consent was not committed, or without one."""
        path = f"file:{self.service.folder / 'data' / 'videoattention.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=10)) as database:
            consents = dict(database.execute(CONSENTS))
            given = {consent for (consent,) in database.execute(GIVEN)}
        return [
            recording
            for recording, growth in self.growth.items()
            if consents.get(recording) not in given
            or growth.first < self.uncommitted.get(str(consents[recording]), 0.0)
        ]

    def _watch(self) -> None:
        path = f"file:{self.service.folder / 'data' / 'videoattention.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=10)) as database:
            while not self._ending.wait(EVERY):
                now = time.time()
                self._look_at_consents(database, now)
                self._look_at_files()
                self.looks += 1

    def _look_at_consents(self, database: sqlite3.Connection, now: float) -> None:
        waiting = list(self._asked)
        given = {consent for (consent,) in database.execute(GIVEN)} if waiting else set()
        for consent in waiting:
            if consent in given:
                self._asked.discard(consent)
            else:
                self.uncommitted[consent] = now

    def _look_at_files(self) -> None:
        for path in self.service.recordings.glob("*/*/*.vrec"):
            touched = path.stat().st_mtime
            growth = self.growth.setdefault(path.parent.name, Growth(touched, touched))
            growth.first, growth.last = min(growth.first, touched), max(growth.last, touched)
