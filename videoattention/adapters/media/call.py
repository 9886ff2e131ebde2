"""One call in a worker: who has joined, the epoch they are in, and the recorder's part if it was admitted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from videoattention.adapters.media.epoch import Epoch, Stale
from videoattention.adapters.media.leg import Leg, LegState
from videoattention.adapters.media.part import Moment, Part, admits
from videoattention.adapters.media.sdp_reading import BadSdp
from videoattention.domain.people import Side
from videoattention.services.media import (
    LegChanged,
    MediaRefused,
    Negotiate,
    PartClosed,
    PartOpened,
    RecordingRefused,
)
from videoattention.services.vault import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from videoattention.adapters.media.certificates import Certificates
    from videoattention.adapters.media.port import UdpPort
    from videoattention.services.media import Describe, Join, Leave, Record, Report, StopRecording
    from videoattention.services.vault import MediaVault

_DURABLE_WITHIN = 10.0

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every call of a worker shares.

    ``later`` supervises what must not be waited for; who waits all the same, and gives up, does not end it.
    """

    port: UdpPort
    certificates: Certificates
    vault: MediaVault
    tell: Callable[[Report], None]
    moment: Callable[[], Moment]
    later: Callable[[Coroutine[None, None, None]], Awaitable[None]]


class Call:
    """The two sides of one attention. Orders come one at a time; reports go out through the surroundings."""

    def __init__(self, identity: str, around: Surroundings) -> None:
        self.identity = identity
        self.part: Part | None = None
        self._around = around
        self._peers: dict[Side, str] = {}
        self._epoch: Epoch | None = None
        self._number = 0

    @property
    def deserted(self) -> bool:
        """Whether nobody is in it."""
        return not self._peers

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The legs of the epoch in force."""
        return tuple(self._epoch.legs.values()) if self._epoch else ()

    def join(self, order: Join) -> None:
        """Note the page; with both sides there, begin an epoch unless this very page is in a living one."""
        at = self._around.moment()
        same = self._peers.get(order.side) == order.peer
        if same and self._epoch is not None and self._epoch.lives(order.side, at.now):
            self._tell_again(order, self._epoch)
            return
        self._end_epoch()
        self._peers[order.side] = order.peer
        if len(self._peers) == len(Side):
            self._begin_epoch(at)

    def _tell_again(self, order: Join, epoch: Epoch) -> None:
        """The service may have been restarted since it was told that the leg is up."""
        if epoch.legs[order.side].state is LegState.CONNECTED:
            self._around.tell(LegChanged(self.identity, order.side, order.peer, epoch.number, connected=True))

    def leave(self, order: Leave) -> None:
        """Forget the page, if it is the current one, and with it the epoch."""
        if self._peers.get(order.side) == order.peer:
            del self._peers[order.side]
            self._end_epoch()

    def describe(self, order: Describe) -> None:
        """Pass a description on, or refuse it."""
        try:
            report = self._described(order)
        except (BadSdp, Stale) as refusal:
            self._around.tell(MediaRefused(self.identity, order.side, refusal.code, order.peer, order.epoch))
            return
        self._around.tell(report)

    def record(self, order: Record) -> None:
        """Admit the recorder, if consent does and both legs are up; a part in progress is closed first.

        Nothing is waited for between the two parts, so no stop can come in between; the old one is settled beside it.
        """
        if self.part is not None:
            if (self.part.order.recording, self.part.order.part) == (order.recording, order.part):
                return
            self._end_part_soon("stopped")
        refusal = self._refusal(order)
        if refusal:
            self._around.tell(RecordingRefused(self.identity, order.recording, refusal))

    def stop_recording(self, order: StopRecording) -> Awaitable[object]:
        """The recorder leaves now, if it is in the call for this recording; awaiting it is as for `end_part`."""
        if self.part is None or self.part.order.recording != order.recording:
            return _nothing_to_wait_for()
        return self.end_part("stopped")

    def end_part(self, cause: str) -> Awaitable[object]:
        """Close the part's files now; nothing if the recorder is not there.

        What is given is done when they are durable and reported, whether it is awaited or not.
        """
        settling = self._withdraw_recorder(cause)
        return _nothing_to_wait_for() if settling is None else self._around.later(settling)

    def close(self, cause: str = "call_closed") -> Awaitable[object]:
        """End everything now, a part with this cause.

        What is given is done when the files are durable and both browsers were told.
        """
        ended = self.end_part(cause)
        epoch, self._epoch = self._epoch, None
        self._peers.clear()
        return ended if epoch is None else asyncio.gather(ended, self._around.later(epoch.close()))

    def fail_part(self, error: Exception) -> None:
        """The part cannot go on. The call goes on."""
        if self.part is None:
            return
        code = error.code if isinstance(error, StorageFailed) else "storage_failed"
        _log.error("recording_failed", call=self.identity, code=code, error=type(error).__name__)
        self._around.tell(RecordingRefused(self.identity, self.part.order.recording, code))
        self._end_part_soon("failed")

    def _described(self, order: Describe) -> Report:
        epoch = self._epoch
        if epoch is None or epoch.number != order.epoch or self._peers.get(order.side) != order.peer:
            raise Stale("another epoch or peer")
        return epoch.describe(order, receiver=self._peers[order.side.other])

    def _refusal(self, order: Record) -> str:
        if not admits(order.consent):
            return "no_consent"
        if self._epoch is None or not self._epoch.connected:
            return "not_connected"
        try:
            part = Part(order, self._around.vault, self._epoch, at=self._around.moment())
        except StorageFailed as failure:
            return failure.code
        except Exception as error:  # noqa: BLE001 - whatever the vault does, the call goes on
            _log.error("recording_not_opened", call=self.identity, error=type(error).__name__)
            return "storage_failed"
        self._enter(part)
        return ""

    def _enter(self, part: Part) -> None:
        self.part = part
        order, at = part.order, part.opened
        self._around.tell(PartOpened(self.identity, order.recording, order.part, at.wall))
        part.listen(self.fail_part)
        try:
            part.tick(at)
        except Exception as error:  # noqa: BLE001 - as for every later tick
            self.fail_part(error)

    def _withdraw_recorder(self, cause: str) -> Coroutine[None, None, None] | None:
        """Close the files at once; what is given makes them durable and reports."""
        part, self.part = self.part, None
        if part is None:
            return None
        part.leave()
        at = self._around.moment()
        order, tracks = part.order, part.close(at)
        if not all(kept.sha256 for kept in tracks):
            cause = "failed"
        return self._settle(part, PartClosed(self.identity, order.recording, order.part, at.wall, cause, tracks))

    async def _settle(self, part: Part, closed: PartClosed) -> None:
        fault = await self._durable(part)
        if fault is not None:
            _log.error("recording_not_durable", call=self.identity, error=type(fault).__name__)
            closed = replace(closed, cause="failed")
        self._around.tell(closed)

    async def _durable(self, part: Part) -> Exception | None:
        """Make the part's files durable; gives what went wrong, for the report about them must come all the same."""
        try:
            async with asyncio.timeout(_DURABLE_WITHIN):
                await self._around.vault.make_durable()
        except Exception as error:  # noqa: BLE001 - as above
            return error
        return part.fault

    def _begin_epoch(self, at: Moment) -> None:
        # milliseconds: a restarted worker never gives a number again
        self._number = max(self._number + 1, int(at.wall * 1000))
        peers = dict(self._peers)
        legs = {side: self._leg(side, peers[side], self._number) for side in Side}
        self._epoch = Epoch(self._number, legs, port=self._around.port, began=at.now)
        for side in Side:
            offers = side is Side.INFORMER
            self._around.tell(Negotiate(self.identity, side, peers[side], self._number, offers))

    def _leg(self, side: Side, peer: str, number: int) -> Leg:
        around = self._around
        certificate = around.certificates.current(around.moment().wall)
        leg: Leg

        def changed() -> None:
            connected = leg.state is LegState.CONNECTED
            if not connected:
                self._end_part_soon("epoch_ended")
            around.tell(LegChanged(self.identity, side, peer, number, connected))

        leg = Leg(around.port, certificate, clock=lambda: around.moment().wall, changed=changed)
        return leg

    def _end_epoch(self) -> None:
        self._end_part_soon("epoch_ended")
        epoch, self._epoch = self._epoch, None
        if epoch is not None:
            self._around.later(epoch.close())

    def _end_part_soon(self, cause: str) -> None:
        settling = self._withdraw_recorder(cause)
        if settling is not None:
            self._around.later(settling)


def _nothing_to_wait_for() -> Awaitable[object]:
    done = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done
