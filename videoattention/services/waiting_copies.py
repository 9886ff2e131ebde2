"""Recordings whose copy in the object store waits: what people at pages and those who keep the service are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.services.copies_elsewhere import CopiesElsewhere
    from videoattention.services.ports import Clock

SOON: Final = timedelta(seconds=30)
"""How long any copy may take; one that waits no longer is not told of while the store answers."""

COUNTED: Final = timedelta(seconds=10)
"""By then what lies in this machine's folder was counted."""


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

    def __init__(self, folder: Folder, store: Store | None, clock: Clock, *, elsewhere: CopiesElsewhere) -> None:
        """Take this machine's folder, the store if there is one, and what workers tell of their own folders."""
        self._folder = folder
        self._store = store
        self._clock = clock
        self._elsewhere = elsewhere

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
    def recordings(self) -> int:
        """How many recordings wait in the folders of workers, of this machine and of others."""
        return self._elsewhere.count if self._store else 0

    @property
    def store_away(self) -> bool:
        """Whether what is recorded now has to wait for its copy."""
        return self.away_since is not None

    def since(self, organisation: str, recording: str) -> datetime | None:
        """Since when this recording's copy waits; ``None`` when it does not, or no longer than any may."""
        here, there = self._folder.since(organisation, recording), self._there(organisation, recording)
        closed = min((at for at in (here, there) if at is not None), default=None)
        return closed if closed is not None and self._is_told(closed) else None

    def is_elsewhere(self, organisation: str, recording: str) -> bool:
        """Whether what waits of it is not here, but in the folder of a worker on another machine."""
        here = self._folder.since(organisation, recording)
        return here is None and self._there(organisation, recording) is not None

    def _there(self, organisation: str, recording: str) -> datetime | None:
        """What workers tell, of files of which it is known by now whether they are here."""
        there = self._elsewhere.since(organisation, recording)
        return there if there is not None and self._clock.now() - there > COUNTED else None

    def on_their_way(self, organisation: str, recording: str) -> bool:
        """Whether files of it that cannot be read here are not lost: a worker that is there answers for them.

        It keeps them until the store takes them, or has seen them in the store, which is away.
        """
        if self._store is None:
            return False
        waits = self._elsewhere.since(organisation, recording) is not None
        return waits or (self.store_away and self._elsewhere.stored(organisation, recording))

    def _is_told(self, closed: datetime) -> bool:
        return self._store is not None and (self.store_away or self._clock.now() - closed > SOON)
