"""A media worker without media: it obeys orders as the real one does, and keeps what it would report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from videoattention.domain.people import Side
from videoattention.services import media

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.clock import Clock


@dataclass
class Carried:
    """One call: who joined, the epoch they are in, and the part that is being written."""

    peers: dict[Side, str] = field(default_factory=dict)
    epoch: int = 0
    connected: bool = False
    writing: media.Record | None = None
    since: float = 0.0


class ModelWorker:
    """``reports`` waits to be delivered, oldest first; ``written`` is every part that a file was made for."""

    def __init__(self, clock: Clock, epochs: Callable[[], int]) -> None:
        self.calls: dict[str, Carried] = {}
        self.reports: list[media.Report] = []
        self.written: list[tuple[str, int]] = []
        self.stopped: set[str] = set()
        self._clock = clock
        self._epochs = epochs

    def obey(self, order: media.Order) -> None:
        call = self.calls.get(order.call)
        if isinstance(order, media.StopRecording):
            self.stopped.add(order.recording)
        match order:
            case media.Join():
                self._join(self.calls.setdefault(order.call, Carried()), order)
            case media.Record() if call is not None:
                self._record(call, order)
            case media.Record():
                self.reports.append(media.RecordingRefused(order.call, order.recording, "unknown_call"))
            case media.StopRecording() if call and call.writing and call.writing.recording == order.recording:
                self._end(call, "stopped")
            case media.CloseCall() if call is not None:
                self._end(call, "call_closed")
                del self.calls[order.call]
            case _:
                pass

    def _join(self, call: Carried, order: media.Join) -> None:
        if call.peers.get(order.side) == order.peer and call.connected:
            return
        call.peers[order.side] = order.peer
        self.lose(order.call)
        if len(call.peers) == len(Side):
            call.epoch = self._epochs()
            for side in Side:
                peer = call.peers[side]
                self.reports.append(media.Negotiate(order.call, side, peer, call.epoch, offers=side is Side.INFORMER))

    def _record(self, call: Carried, order: media.Record) -> None:
        self._end(call, "stopped")
        if order.recording in self.stopped:
            self.reports.append(media.RecordingRefused(order.call, order.recording, "no_consent"))
            return
        if not call.connected:
            self.reports.append(media.RecordingRefused(order.call, order.recording, "not_connected"))
            return
        call.writing, call.since = order, self._now
        self.written.append((order.recording, order.part))
        self.reports.append(media.PartOpened(order.call, order.recording, order.part, self._now))

    def _end(self, call: Carried, cause: str) -> None:
        order, call.writing = call.writing, None
        if order is None:
            return
        lasted = self._now - call.since
        kept = media.TrackKept(media.Track.CITIZEN_AUDIO, call.since - order.epoch_start, lasted, 9, 99, "cd" * 32)
        closed = media.PartClosed(order.call, order.recording, order.part, self._now, cause, (kept,))
        self.reports.append(closed)

    @property
    def _now(self) -> float:
        return self._clock.now().timestamp()

    # --- what happens to it -------------------------------------------------------------------------------------------

    def meet(self, name: str) -> None:
        """Both people's media arrives, if they are negotiating."""
        call = self.calls[name]
        if len(call.peers) == len(Side) and call.epoch and not call.connected:
            call.connected = True
            for side in Side:
                self.reports.append(media.LegChanged(name, side, call.peers[side], call.epoch, connected=True))

    def lose(self, name: str) -> None:
        """The epoch ends."""
        call = self.calls[name]
        self._end(call, "epoch_ended")
        if call.connected:
            call.connected = False
            for side in Side:
                self.reports.append(media.LegChanged(name, side, call.peers[side], call.epoch, connected=False))

    def fail(self, name: str) -> None:
        """The disk fails under the part."""
        call = self.calls[name]
        if call.writing is not None:
            self.reports.append(media.RecordingRefused(name, call.writing.recording, "storage_failed"))
            self._end(call, "failed")

    def cut(self) -> None:
        """The service is gone: nobody can withdraw a consent any more, so nothing is written."""
        for call in self.calls.values():
            self._end(call, "service_lost")
