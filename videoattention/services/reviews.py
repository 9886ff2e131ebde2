"""Where reviews and requests for packages are kept, in the words of the use cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.exporting import Export
    from videoattention.domain.reviewing import Review


@dataclass(frozen=True, slots=True)
class Written:
    """What a reviewer wrote beside a verdict, with the salt of its hash; ``name`` is that of the reviewer."""

    name: str
    words: str = field(repr=False)
    salt: bytes = field(repr=False)


class Reviews(Protocol):
    """The reviews of one organisation, inside a transaction."""

    async def get(self, recording: str) -> Review:
        """The review of a recording; raises `NotFound`."""

    async def add(self, review: Review) -> None:
        """Keep a new one; raises `Stale` when the recording has one."""

    async def save(self, review: Review, written: Written | None = None) -> None:
        """Keep a change if nobody changed it since it was read, else raise `Stale`.

        ``written`` belongs to the newest judgement, which is kept with it.
        """

    async def key(self, fresh: bytes) -> bytes:
        """The organisation's key of draws; ``fresh`` is it from now on when there was none."""

    async def past_findings(self, informer: str, since: datetime) -> int:
        """How many recordings of this informer, reviewed since then, were closed with findings."""


class Exports(Protocol):
    """The requests for packages of one organisation, inside a transaction."""

    async def get(self, export: str) -> Export:
        """One request; raises `NotFound`."""

    async def add(self, export: Export) -> None:
        """Keep a new one."""

    async def save(self, export: Export) -> None:
        """Keep a change if nobody changed it since it was read, else raise `Stale`."""
