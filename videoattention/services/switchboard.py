"""Which media worker carries which call; what pages and workers say to each other passes here, unread.

Held in memory only: a worker tells its calls when it connects, and pages join again when their worker is gone.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import structlog

from videoattention.domain.people import Side
from videoattention.services import media
from videoattention.services.placing import CAPACITY, Standing, choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.services.sending import Sending

_log = structlog.get_logger()


class WorkerLink(Protocol):
    """The way to the media workers."""

    async def send(self, worker: str, order: media.Order | media.Drain) -> None:
        """Pass an order on; a worker that is gone loses it, and its calls are given to another."""


class PageLink(Protocol):
    """The way to the two pages of a call."""

    async def negotiate(self, report: media.Negotiate) -> None:
        """Tell a page to make a connection."""

    async def described(self, report: media.Described) -> None:
        """Give a page the other side's description."""

    async def refused(self, report: media.MediaRefused) -> None:
        """Tell a page that its description was refused, and why."""

    async def media_lost(self, call: str) -> None:
        """Tell both pages to join again."""

    async def other_side(self, call: str, to: Side, *, connected: bool) -> None:
        """Tell a page whether the other person's media reaches the service."""

    async def other_sends(self, call: str, to: Side, sending: Sending) -> None:
        """Tell a page what the other person's page says that it sends."""


class RecorderDesk(Protocol):
    """Who answers to what happens to a recording on the wire."""

    def both_connected(self, call: str) -> None:
        """Sound and picture of both people reach the worker."""

    def reported(self, report: media.PartOpened | media.PartClosed | media.RecordingRefused) -> None:
        """A worker tells of a recording."""

    def kept(self, call: str) -> None:
        """What was recorded of the call until now is durable."""

    def worker_lost(self, call: str) -> None:
        """The worker that carried the call is gone."""


@dataclass(slots=True)
class Line:
    """One call on its worker: its newest epoch, whether it is recorded, and which sides are connected in it.

    ``sending``: what the page of each side told last.
    """

    worker: str
    epoch: int = 0
    recorded: bool = False
    connected: set[Side] = field(default_factory=set)
    sending: dict[Side, Sending] = field(default_factory=dict)

    def is_of(self, epoch: int) -> bool:
        """Whether the epoch is the newest; with a newer one than was known, nobody is connected yet."""
        if epoch > self.epoch:
            self.epoch = epoch
            self.connected.clear()
        return epoch == self.epoch


class Switchboard:
    """Routes orders to workers and reports to pages and to the recorder."""

    def __init__(self, workers: WorkerLink, pages: PageLink, recorder: RecorderDesk) -> None:
        self._link = workers
        self._pages = pages
        self._recorder = recorder
        self._workers: dict[str, Standing] = {}
        self._named: dict[str, str] = {}
        self._arrival = asyncio.Event()
        self._lines: dict[str, Line] = {}

    @property
    def workers(self) -> frozenset[str]:
        """The workers that are connected now."""
        return frozenset(self._workers)

    @property
    def calls(self) -> frozenset[str]:
        """The calls that a worker carries now."""
        return frozenset(self._lines)

    def is_connected(self, call: str) -> bool:
        """Whether both people's media reaches a worker."""
        line = self._lines.get(call)
        return line is not None and line.connected == set(Side)

    @property
    def admitting(self) -> frozenset[str]:
        """The workers that would take a new call now."""
        return frozenset(standing.worker for standing in self._standings() if standing.admits)

    async def worker_ready(
        self, worker: str, calls: Sequence[str], *, name: str = "", capacity: int = CAPACITY
    ) -> None:
        """A worker connected; ``calls`` are those that it carried on with while it was away.

        One that another worker carries by now is closed here. ``name`` is what `drain` and `arrived` know it by; who
        comes again under it has lost its former connection, whether that was noticed here yet or not.
        """
        former = self._named.get(name or worker, worker)
        if former != worker:
            _log.warning("worker_came_again", name=name, worker=worker, former=former)
            await self.worker_gone(former)
        self._workers[worker] = Standing(worker, capacity)
        self._named[name or worker] = worker
        for call in calls:
            if self._lines.setdefault(call, Line(worker)).worker != worker:
                await self._link.send(worker, media.CloseCall(call))
        self._arrival.set()
        self._arrival = asyncio.Event()

    async def worker_load(self, worker: str, load: media.WorkerLoad) -> None:
        """A worker tells how it is doing; one that wants to take its leave may."""
        known = self._workers.get(worker)
        if known is None:
            return
        self._workers[worker] = replace(known, packets_per_second=load.packets_per_second, lag_p99_ms=load.lag_p99_ms)
        if load.draining:
            await self._drain(worker)

    async def arrived(self, name: str) -> None:
        """Wait until the worker of this name is connected."""
        while name not in self._named:
            await self._arrival.wait()

    async def drain(self, name: str) -> bool:
        """Give the worker of this name no new call, and let it go after its last one; whether it is there."""
        worker = self._named.get(name)
        if worker is not None:
            await self._drain(worker)
        return worker is not None

    async def _drain(self, worker: str) -> None:
        standing = self._workers[worker]
        if standing.draining:
            return
        # noted before the order is sent: no call can be on its way to it when it hears the order
        self._workers[worker] = replace(standing, draining=True)
        _log.info("worker_drains", worker=worker)
        await self._link.send(worker, media.Drain())

    async def worker_gone(self, worker: str) -> None:
        """A worker's connection ended: its calls go to another."""
        self._workers.pop(worker, None)
        self._named = {name: named for name, named in self._named.items() if named != worker}
        for call in [call for call, line in self._lines.items() if line.worker == worker]:
            await self._drop(call)

    async def _drop(self, call: str) -> None:
        self._lines.pop(call, None)
        self._recorder.worker_lost(call)
        await self._pages.media_lost(call)

    async def join(self, order: media.Join) -> bool:
        """A page is ready; ``False`` when there is no worker to carry the call now, and the page tries again."""
        line = self._lines.get(order.call) or self._new_line(order.call)
        if line is None:
            return False
        await self._link.send(line.worker, order)
        if line.epoch:  # what was told while this page's line was down is told again
            await self._pages.other_side(order.call, order.side, connected=order.side.other in line.connected)
        if order.side.other in line.sending:
            await self._pages.other_sends(order.call, order.side, line.sending[order.side.other])
        return True

    def _new_line(self, call: str) -> Line | None:
        worker = choose(self._standings())
        if worker is None:
            _log.warning("no_room_for_call", call=call, workers=len(self._workers))
            return None
        line = self._lines[call] = Line(worker)
        return line

    def _standings(self) -> list[Standing]:
        """What each worker told, and what it was given since."""
        carried = Counter(line.worker for line in self._lines.values())
        recorded = Counter(line.worker for line in self._lines.values() if line.recorded)
        return [replace(s, calls=carried[s.worker], recorded=recorded[s.worker]) for s in self._workers.values()]

    async def describe(self, order: media.Describe) -> None:
        """Pass a page's description on to the worker of its own call."""
        await self.order(order)

    async def order(self, order: media.Describe | media.Record | media.StopRecording) -> bool:
        """Pass an order on; ``False`` when no worker carries the call."""
        line = self._lines.get(order.call)
        if line is None:
            return False
        if isinstance(order, media.Record):
            line.recorded = True
        await self._link.send(line.worker, order)
        return True

    async def tell_sending(self, call: str, side: Side, sending: Sending) -> bool:
        """Tell the other page what this side's says that it sends; ``False`` when no worker carries the call."""
        line = self._lines.get(call)
        if line is None:
            return False
        line.sending[side] = sending
        await self._pages.other_sends(call, side.other, sending)
        return True

    async def leave(self, order: media.Leave) -> None:
        """End the media of the page that was the last to join this side; the other person's page is told.

        The worker ends both legs with it and tells of neither.
        """
        line = self._lines.get(order.call)
        if line is None:
            return
        await self._link.send(line.worker, order)
        line.connected.clear()
        line.sending.pop(order.side, None)
        await self._pages.other_side(order.call, order.side.other, connected=False)

    async def close(self, call: str) -> None:
        """The conversation ended."""
        line = self._lines.pop(call, None)
        if line is not None:
            await self._link.send(line.worker, media.CloseCall(call))

    async def report(self, worker: str, report: media.Report) -> None:
        """A worker tells something; what is not about a call of its own is ignored."""
        call = report.call
        line = self._lines.get(call)
        match report:
            case media.PartOpened() | media.PartClosed() | media.RecordingRefused():
                if line is not None and line.worker == worker:
                    line.recorded = isinstance(report, media.PartOpened)
                self._recorder.reported(report)
            case _ if line is None or line.worker != worker:
                _log.info("report_of_unknown_call", worker=worker, call=call)
            case media.Negotiate():
                line.is_of(report.epoch)
                await self._pages.negotiate(report)
            case media.Described():
                await self._pages.described(report)
            case media.LegChanged():
                await self._leg_changed(line, report)
            case media.MediaRefused():
                await self._refused(line, report)
            case media.CallLeft():
                # its files are closed and told of, so the recorder has nothing to make up for
                self._lines.pop(call, None)
                await self._pages.media_lost(call)
            case media.RecordedUntil():
                self._recorder.kept(call)

    async def _refused(self, line: Line, report: media.MediaRefused) -> None:
        _log.warning("media_refused", worker=line.worker, call=report.call, side=report.side, code=report.code)
        if report.code == "unknown_call":
            # the worker has no room for the call, or lost it: the pages begin again, with another worker if there is
            await self._drop(report.call)
        else:
            await self._pages.refused(report)

    async def _leg_changed(self, line: Line, report: media.LegChanged) -> None:
        if not line.is_of(report.epoch):
            return
        if report.connected:
            line.connected.add(report.side)
        else:
            line.connected.discard(report.side)
        await self._pages.other_side(report.call, report.side.other, connected=report.connected)
        if line.connected == set(Side):
            self._recorder.both_connected(report.call)
