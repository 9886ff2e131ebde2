"""A media worker's connection to the service: orders come in, reports go out, and it comes back when it is cut.

Without the service no consent can be known to hold, so a worker that loses it stops every recording at once; the calls
themselves go on. A connection may be dead long before it is cut: a service that is silent is as good as lost.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import socketio
import structlog

from videoattention.entrypoints.leaving import Leaving
from videoattention.entrypoints.signalling import rooms
from videoattention.entrypoints.signalling.messages import MessageRefused, Vocabulary, to_wire
from videoattention.entrypoints.signalling.protocol import WORKER_ORDERS, WorkerReady
from videoattention.entrypoints.telling_copies import TellingCopies
from videoattention.services.media import Drain, StillHere, WorkerLoad

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from videoattention.entrypoints.telling_copies import Look
    from videoattention.services.media import Order, Report

_log = structlog.get_logger()

WAITING_REPORTS = 10_000

TICK, MOST_SILENT_TICKS = 0.25, 10
"""Seconds of a tick, and how many without a word of the service end every recording.

Ticks are counted, not seconds: while this process itself was not run, nobody could be heard.
"""

LOAD_EVERY = 1.0
"""Seconds between two words of how this worker is doing."""

SAID_WITHIN = 5.0
"""Seconds in which a worker that leaves has said everything."""

ADMITTED_WITHIN = 10.0
"""Seconds in which a service that answers says yes or no."""


class NotAdmitted(Exception):
    """The service is there and did not let this worker in: it has another secret."""


class Figures(Protocol):
    """What the plane measures: the event loop's lag, and datagrams received since the start."""

    @property
    def lag_p99_ms(self) -> float: ...  # noqa: D102 - said above

    @property
    def packets(self) -> int: ...  # noqa: D102 - said above


class Plane(Protocol):
    """What carries the calls, as this connection needs it."""

    def obey(self, order: Order) -> Awaitable[object]:
        """Do what is ordered, now; never raises for what is wrong with an order."""

    def end_recordings(self, cause: str) -> Awaitable[object]:
        """The recorder leaves every call, now; done when what it kept is safe and reported."""

    def calls(self) -> tuple[str, ...]:
        """The calls that are carried now."""

    def stats(self) -> Figures:
        """How it is doing."""


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """Where the service is, and what lets a worker in."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a worker says of itself: its name, its version, and how many calls it can carry."""

    worker: str
    version: str
    capacity: int


class WorkerConnection:
    """Speaks for one worker. `tell` is given to the plane as its way to report.

    ``deadline``: the seconds in which calls may come to their natural end once the worker takes its leave.
    ``copies``: looks at what of its recordings waits for the object store, if there is one.
    ``pause``: lets so many seconds pass.
    """

    def __init__(
        self,
        address: ServiceAddress,
        offer: Offer,
        *,
        deadline: float,
        copies: Look | None = None,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._address = address
        self._offer = offer
        self._leaving = Leaving(self.tell, deadline=deadline)
        self._copies = TellingCopies(copies, self._say) if copies is not None else None
        self._reports: asyncio.Queue[Report] = asyncio.Queue(WAITING_REPORTS)
        self._vocabulary = Vocabulary(WORKER_ORDERS)
        self._client = socketio.AsyncClient(
            reconnection_delay=0.1,
            reconnection_delay_max=1,
            handle_sigint=False,  # Ctrl-C is the command's to answer; the client's own answer cancels every task
        )
        self._plane: Plane | None = None
        self._silent_ticks: int | None = None
        self._pause = pause

    def tell(self, report: Report) -> None:
        """Queue a report; what cannot be queued is lost, and the service finds out by asking again."""
        try:
            self._reports.put_nowait(report)
        except asyncio.QueueFull:
            _log.error("reports_full", report=type(report).__name__)

    async def leave(self) -> None:
        """Take no new call, and let `run` end after the last one."""
        self._leaving.want()
        if self._plane is not None:
            await self._say(self._load(self._plane, 0.0))

    async def run(self, plane: Plane) -> None:
        """Serve until cancelled, or until this worker has taken its leave; raises `NotAdmitted`."""
        self._plane = plane
        self._client.on("*", self._ordered, namespace=rooms.WORKER)
        self._client.on("connect", self._connected, namespace=rooms.WORKER)
        self._client.on("disconnect", self._cut, namespace=rooms.WORKER)
        try:
            async with asyncio.TaskGroup() as tasks:
                serving = tasks.create_task(self._serve(plane))
                await self._leaving.over(plane, lambda: self._client.connected)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._reports.join(), SAID_WITHIN)
                serving.cancel()
        finally:
            await self._client.disconnect()

    async def _serve(self, plane: Plane) -> None:
        await self._connect()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._report())
            tasks.create_task(self._watch())
            tasks.create_task(self._tell_load(plane))
            if self._copies is not None:
                tasks.create_task(self._copies.run())

    async def _connect(self) -> None:
        """Try until the service is there; the library turns a cancellation in between into an error of its own."""
        try:
            await self._client.connect(
                self._address.url,
                auth={"secret": self._address.secret},
                namespaces=[rooms.WORKER],
                transports=["websocket"],
                retry=True,
                wait_timeout=ADMITTED_WITHIN,
            )
        except socketio.exceptions.ConnectionError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from error
            raise NotAdmitted(f"the service at {self._address.url} did not let this worker in") from error

    async def _connected(self) -> None:
        if self._plane is None:
            return
        lag, offer = self._plane.stats().lag_p99_ms, self._offer
        await self._say(WorkerReady(offer.worker, offer.version, self._plane.calls(), lag, offer.capacity))
        await self._say(self._load(self._plane, 0.0))
        if self._copies is not None:
            self._copies.connected()

    async def _tell_load(self, plane: Plane) -> None:
        """Every second, for the choice of who gets the next call."""
        packets, at = plane.stats().packets, asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(LOAD_EVERY)
            before, since = packets, at
            packets, at = plane.stats().packets, asyncio.get_running_loop().time()
            await self._say(self._load(plane, (packets - before) / (at - since)))

    def _load(self, plane: Plane, packets_per_second: float) -> WorkerLoad:
        figures = plane.stats()
        return WorkerLoad(len(plane.calls()), round(packets_per_second, 1), figures.lag_p99_ms, self._leaving.begun)

    async def _say(self, message: object) -> None:
        """Tell it now or never: what is said again in a second need not wait."""
        name, payload = to_wire(message)
        with suppress(socketio.exceptions.SocketIOError):
            await self._client.emit(name, payload, namespace=rooms.WORKER)

    async def _cut(self, *_: object) -> None:
        _log.warning("service_lost")
        if self._plane is not None:
            await self._plane.end_recordings("service_lost")

    async def _ordered(self, name: str, payload: Any = None) -> None:  # noqa: ANN401 - checked by the vocabulary
        try:
            order: Order | Drain | StillHere = self._vocabulary.parse(name, payload)  # type: ignore[assignment]  # nothing else
        except MessageRefused as refused:
            _log.warning("order_refused", code=refused.code)
            return
        if self._silent_ticks is not None or isinstance(order, StillHere):
            self._silent_ticks = 0
        if isinstance(order, Drain):
            self._leaving.release()
        elif self._plane is not None and not isinstance(order, StillHere):
            # not awaited: what an order leaves to be waited for must not hold up the next one
            self._plane.obey(order)

    async def _watch(self) -> None:
        """From the first `StillHere` on, silence ends every recording; the service orders the next parts itself."""
        while True:
            await self._pause(TICK)
            if self._silent_ticks is None:
                continue
            self._silent_ticks += 1
            if self._silent_ticks == MOST_SILENT_TICKS and self._plane is not None:
                _log.warning("service_silent")
                self._plane.end_recordings("service_lost")

    async def _report(self) -> None:
        while True:
            report = await self._reports.get()
            name, payload = to_wire(report)
            try:
                await self._client.emit(name, payload, namespace=rooms.WORKER)
            except socketio.exceptions.SocketIOError:
                _log.warning("report_lost", report=name)
            finally:
                self._reports.task_done()
