"""Recordings whose copy in the object store waits: what people at pages and those who keep the service are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.services.ports import Clock

SOON: Final = timedelta(seconds=30)
"""How long any copy may take; one that waits no longer is not told of while the store answers."""


class Folder(Protocol):
    """This machine's folder of recordings."""

    @property
    def count(self) -> int:
        """How many closed files are not in the store yet."""

    def since(self, organisation: str, recording: str) -> datetime | None:
        """When the first of the recording's files that wait was closed; ``None`` if none does."""


class Store(Protocol):
    """The object store, as it is watched."""

    @property
    def away_since(self) -> datetime | None:
        """Since when it does not answer; ``None`` while it does."""


class WaitingCopies:
    """Whether copies wait, which, and since when. Without a store there are no copies, and nothing waits."""

    def __init__(self, folder: Folder, store: Store | None, clock: Clock) -> None:
        self._folder = folder
        self._store = store
        self._clock = clock

    @property
    def store(self) -> str:
        """``none`` is set, or it ``answers``, or it is ``away``."""
        if self._store is None:
            return "none"
        return "away" if self._store.away_since else "answers"

    @property
    def away_since(self) -> datetime | None:
        """Since when the store does not answer; ``None`` while it does."""
        return self._store.away_since if self._store else None

    @property
    def files(self) -> int:
        """How many closed files of this machine are not in the store yet."""
        return self._folder.count

    @property
    def store_away(self) -> bool:
        """Whether what is recorded now has to wait for its copy."""
        return self.away_since is not None

    def since(self, organisation: str, recording: str) -> datetime | None:
        """Since when this recording's copy waits; ``None`` when it does not, or no longer than any may."""
        closed = self._folder.since(organisation, recording) if self._store else None
        told = closed is not None and (self.store_away or self._clock.now() - closed > SOON)
        return closed if told else None
