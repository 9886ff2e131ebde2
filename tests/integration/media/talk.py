"""A media plane of the same process, and people who do what it tells them."""

from __future__ import annotations

import asyncio
import base64
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

import av

from tests.fakes.plain_vault import PlainVault
from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.domain.people import Side
from videoattention.services.media import (
    ConsentProof,
    Described,
    Join,
    Negotiate,
    Record,
    Report,
    Track,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

R = TypeVar("R")

CONSENT = ConsentProof("consent-1", 7, "ab" * 32)


class Reports:
    """Everything the plane told, to look at and to wait for."""

    def __init__(self) -> None:
        self.all: list[Report] = []
        self._more = asyncio.Event()
        self.react: Callable[[Report], None] = lambda _: None

    def __call__(self, report: Report) -> None:
        self.all.append(report)
        self._more.set()
        self.react(report)

    def of(self, kind: type[R]) -> list[R]:
        return [report for report in self.all if isinstance(report, kind)]

    async def wait(self, kind: type[R], holds: Callable[[R], bool] = lambda _: True, *, within: float = 15) -> R:
        async with asyncio.timeout(within):
            while True:
                found = [report for report in self.of(kind) if holds(report)]
                if found:
                    return found[0]
                await self.more()

    async def more(self) -> None:
        """Wait for the next report, of any kind."""
        self._more.clear()
        await self._more.wait()


class Person(Protocol):
    """A page's side of the protocol. ``received`` counts decoded frames of sound and picture."""

    peer: str
    received: dict[str, int]
    counted: asyncio.Event

    async def negotiate(self, order: Negotiate) -> None: ...

    async def described(self, report: Described) -> None: ...

    async def close(self) -> None: ...


class Conversation:
    """A plane with a citizen and an informer in ``call``, who follow what it tells them."""

    def __init__(
        self, plane: MediaPlane, reports: Reports, vault: PlainVault, *, people: Callable[[MediaPlane, Side], Person]
    ) -> None:
        self.plane, self.reports, self.vault = plane, reports, vault
        self.people = {side: people(plane, side) for side in Side}
        self._frame = asyncio.Event()
        for person in self.people.values():
            person.counted = self._frame
        self._queue: asyncio.Queue[Report | None] = asyncio.Queue()
        reports.react = self._queue.put_nowait
        self._task = asyncio.create_task(self._follow())

    async def join(self) -> None:
        for side in Side:
            await self.plane.obey(Join("call", side, self.people[side].peer))

    async def heard(self, packets: int = 5, *, within: float = 20) -> None:
        """Wait until both have decoded some sound and pictures more."""
        goals = {(p, kind): p.received[kind] + packets for p in self.people.values() for kind in p.received}
        async with asyncio.timeout(within):
            while any(person.received[kind] < goal for (person, kind), goal in goals.items()):
                self._frame.clear()
                await self._frame.wait()

    async def close(self) -> None:
        # not cancelled: aiortc never ends a close that was interrupted
        self._queue.put_nowait(None)
        await self._task
        for person in self.people.values():
            await person.close()

    async def _follow(self) -> None:
        while (report := await self._queue.get()) is not None:
            if isinstance(report, Negotiate):
                await self.people[report.side].negotiate(report)
            elif isinstance(report, Described):
                await self.people[report.side].described(report)


@asynccontextmanager
async def conversation(folder: Path, people: Callable[[MediaPlane, Side], Person]) -> AsyncIterator[Conversation]:
    reports, vault = Reports(), PlainVault(folder)
    async with MediaPlane(MediaSettings(), vault=vault, tell=reports, wall=time.time) as plane:
        talk = Conversation(plane, reports, vault, people=people)
        try:
            yield talk
        finally:
            await talk.close()


def record(part: int = 1, *, consent: ConsentProof = CONSENT, start: float | None = None) -> Record:
    keys = {track: base64.b64encode(bytes([n]) * 32).decode() for n, track in enumerate(Track)}
    return Record("call", "org", "rec", part, time.time() if start is None else start, consent, keys)


def decoded(path: Path) -> list[float]:
    """The times in seconds of every frame of a file; fails if one cannot be decoded."""
    with av.open(str(path)) as file:
        return [frame.time for frame in file.decode(file.streams[0])]  # type: ignore[union-attr,misc]
