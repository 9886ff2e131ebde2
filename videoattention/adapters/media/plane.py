"""The media plane of one worker: orders in, reports out, and one UDP port full of packets."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import structlog

from videoattention.adapters.media.call import Call, Surroundings
from videoattention.adapters.media.certificates import Certificates
from videoattention.adapters.media.keeping import Keeping
from videoattention.adapters.media.lag import LoopLag
from videoattention.adapters.media.part import Moment
from videoattention.adapters.media.port import UdpPort
from videoattention.services.media import (
    CloseCall,
    Describe,
    Join,
    Leave,
    MediaRefused,
    Record,
    RecordingRefused,
    StopRecording,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from types import TracebackType

    from videoattention.services.media import Order, Report
    from videoattention.services.vault import MediaVault

_WATCH_EVERY = 0.5
_ENDS_WITHIN = 10.0
_STOPS_REMEMBERED = 10_000

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Where the worker listens and what it says of it.

    ``host`` is the address to bind, ``port`` its number or 0 for a free one. ``advertised`` are the addresses told to
    browsers; empty picks them (`advertised_by_default`). ``most_calls`` bounds what one worker takes on.
    """

    host: str = "0.0.0.0"  # noqa: S104 - browsers come from anywhere; nobody is answered without ICE credentials
    port: int = 0
    advertised: tuple[str, ...] = ()
    most_calls: int = 500


@dataclass(frozen=True, slots=True)
class PlaneStats:
    """``lag_p99_ms`` is of the event loop over the last minute; ``packets`` datagrams received since the start."""

    lag_p99_ms: float
    packets: int
    calls: int


class MediaPlane:
    """Carries calls between browsers and records them when a consent admits it.

    ``tell`` gets each report, on the event loop, and must not block. ``wall`` gives Unix seconds. Use it as a context
    manager or by `start` and `stop`.
    """

    def __init__(
        self,
        settings: MediaSettings,
        *,
        vault: MediaVault,
        tell: Callable[[Report], None],
        wall: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._tell = tell
        self._wall = wall
        self._calls: dict[str, Call] = {}
        self._stopped: dict[str, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._clocks: list[asyncio.Task[None]] = []
        self._lag = LoopLag()

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def start(self) -> None:
        """Bind the port and begin to work; raises `OSError` if the address cannot be bound."""
        settings = self._settings
        self._loop = asyncio.get_running_loop()
        self._port = UdpPort(settings.host, settings.port, advertised=settings.advertised)
        self._around = Surroundings(
            port=self._port,
            certificates=Certificates(),
            vault=self._vault,
            tell=self._tell,
            moment=self._moment,
            later=self._later,
        )
        self._keeping = Keeping(self._vault, calls=self._calls, tell=self._tell, moment=self._moment)
        for coroutine in (self._keeping.seal(), self._keeping.commit(), self._watch(), self._lag.measure()):
            self._clocks.append(self._begin(coroutine))

    async def stop(self) -> None:
        """Close every file and leg, and the port. Parts end with cause ``service_lost``."""
        await self.end_recordings("service_lost")
        for identity in list(self._calls):
            self._calls.pop(identity).close()
        for clock in self._clocks:
            clock.cancel()
        _, late = await asyncio.wait(self._tasks, timeout=_ENDS_WITHIN)
        for task in late:
            task.cancel()
        self._port.close()

    @property
    def address(self) -> tuple[tuple[str, ...], int]:
        """The advertised addresses and the port's number."""
        return self._port.advertised, self._port.number

    def calls(self) -> tuple[str, ...]:
        """The calls that this worker holds, for a service that lost count of them."""
        return tuple(self._calls)

    def stats(self) -> PlaneStats:
        """How the worker is doing."""
        return PlaneStats(self._lag.p99_ms(), self._port.received, len(self._calls))

    def obey(self, order: Order) -> Awaitable[object]:
        """Carry out one order; what cannot be done is reported as refused, never raised.

        When this returns, the order is in force: orders take effect in the order in which they are given. What it gives
        back is done when the files that the order closes are durable and reported, whether it is awaited or not.
        """
        try:
            return self._obey(order)
        except Exception as error:  # noqa: BLE001 - one bad order must not end the calls of others
            _log.error("media_order_failed", order=type(order).__name__, error=type(error).__name__)
            self._refuse_broken(order)
        return asyncio.gather()

    def end_recordings(self, cause: str) -> Awaitable[object]:
        """Every recorder leaves at once, as when nobody is there any more to withdraw a consent.

        No packet is stored after this returned; awaiting it is as for `obey`.
        """
        return asyncio.gather(*[call.end_part(cause) for call in self._calls.values()])

    def _obey(self, order: Order) -> Awaitable[object]:
        if isinstance(order, StopRecording):
            self._remember_stop(order.recording)
        if isinstance(order, Join):
            self._join(order)
            return asyncio.gather()
        call = self._calls.get(order.call)
        if call is None:
            self._refuse_unknown(order)
            return asyncio.gather()
        closing = self._pass_on(order, call)
        if call.deserted:
            self._calls.pop(order.call, None)
        return closing

    def _pass_on(self, order: Describe | Leave | Record | StopRecording | CloseCall, call: Call) -> Awaitable[object]:
        match order:
            case Describe():
                call.describe(order)
            case Leave():
                call.leave(order)
            case Record() if order.recording in self._stopped:
                self._tell(RecordingRefused(order.call, order.recording, "no_consent"))
            case Record():
                call.record(order)
            case StopRecording():
                return call.stop_recording(order)
            case CloseCall():
                return call.close(order.cause)
        return asyncio.gather()

    def _remember_stop(self, recording: str) -> None:
        """A recording that was stopped is over: whatever still orders a part of it is from before."""
        self._stopped[recording] = None
        if len(self._stopped) > _STOPS_REMEMBERED:
            del self._stopped[next(iter(self._stopped))]

    def _join(self, order: Join) -> None:
        call = self._calls.get(order.call)
        if call is None and len(self._calls) >= self._settings.most_calls:
            _log.warning("media_worker_full", calls=len(self._calls))
            self._tell(MediaRefused(order.call, order.side, "unknown_call"))
            return
        if call is None:
            call = self._calls[order.call] = Call(order.call, self._around)
        call.join(order)

    def _refuse_unknown(self, order: Describe | Leave | Record | StopRecording | CloseCall) -> None:
        match order:
            case Describe():
                self._tell(MediaRefused(order.call, order.side, "unknown_call", order.peer, order.epoch))
            case Record():
                self._tell(RecordingRefused(order.call, order.recording, "unknown_call"))
            case Leave() | StopRecording() | CloseCall():
                # what is asked for is already so
                return

    def _refuse_broken(self, order: Order) -> None:
        match order:
            case Describe():
                self._tell(MediaRefused(order.call, order.side, "bad_sdp", order.peer, order.epoch))
            case Record():
                self._tell(RecordingRefused(order.call, order.recording, "storage_failed"))

    def _moment(self) -> Moment:
        return Moment(self._loop.time(), self._wall())

    def _later(self, work: Coroutine[None, None, None]) -> Awaitable[None]:
        return asyncio.shield(self._begin(work))

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_EVERY)
            for call in list(self._calls.values()):
                for leg in call.legs:
                    leg.watch()


async def _logged(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - what fails beside the orders must not end anything else
        _log.error("media_task_failed", error=type(error).__name__)
