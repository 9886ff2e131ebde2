"""Because of this fact, run that use case: one table, one queue, in order.

What fails here is logged and done by the next round (`videoattention.services.rounds`): every reaction looks at what is
committed and does only what is missing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from videoattention.domain import facts
from videoattention.services import media

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from videoattention.services.pairing import Pairing
    from videoattention.services.ports import Entry
    from videoattention.services.recorder import Recorder
    from videoattention.services.switchboard import Switchboard

    Job = Callable[[], Awaitable[object]]

_log = structlog.get_logger()

DISMISSING = {
    facts.ConsentWithdrawn: "consent_withdrawn",
    facts.LevelLowered: "level_lowered",
    facts.CallEnded: "call_ended",
}
"""Facts after which the recorder must be out, and what the journal calls the reason."""

PAIRING = (
    facts.AttentionRequested,
    facts.OfferLapsed,
    facts.AttentionConcluded,
    facts.AttentionAbandoned,
    facts.ReadinessChanged,
)
"""Facts after which somebody may be free for somebody."""


class Reactions:
    """The queue of what has to be done because of what was committed or reported."""

    def __init__(self, pairing: Pairing, recorder: Recorder) -> None:
        self._pairing = pairing
        self._recorder = recorder
        self._switchboard: Switchboard | None = None
        self._organisations: dict[str, str] = {}
        self._ordered: set[str] = set()
        self._queue: asyncio.Queue[Job] = asyncio.Queue(maxsize=10_000)

    def attach(self, switchboard: Switchboard) -> None:
        """Name the switchboard through which the recorder is ordered."""
        self._switchboard = switchboard

    async def run(self) -> None:
        """Do the jobs one by one, until cancelled."""
        while True:
            job = await self._queue.get()
            try:
                await job()
            except Exception:  # noqa: BLE001 - one job that fails must not end the others
                _log.exception("reaction_failed")
            finally:
                self._queue.task_done()

    async def settled(self) -> None:
        """Wait until nothing is left to be done."""
        await self._queue.join()

    def later(self, job: Job) -> None:
        """Put a job at the end; a full queue drops it, and the next round makes up for it."""
        try:
            self._queue.put_nowait(job)
        except asyncio.QueueFull:
            _log.error("reactions_full")

    # --- because of facts -------------------------------------------------------------------------------------------

    def committed(self, entries: Sequence[Entry]) -> None:
        """Take note of what was committed."""
        for entry in entries:
            self._note(entry)

    def _note(self, entry: Entry) -> None:
        fact = entry.fact
        attention = fact.attention if "attention" in fact.__slots__ else None
        if attention:
            self.knows(entry.organisation, attention)
        if isinstance(fact, PAIRING):
            self.later(lambda: self._pairing.pair(entry.organisation))
        if attention is None:
            return
        if isinstance(fact, facts.LevelRaised):
            self.later(lambda: self._recorder.admit(entry.organisation, attention))
        if isinstance(fact, facts.RecorderAdmitted | facts.RecordingInterrupted):
            self.both_connected(attention)
        if type(fact) in DISMISSING:
            self.later(lambda: self._dismiss(entry.organisation, attention, DISMISSING[type(fact)]))
        if isinstance(fact, facts.CallEnded):
            self.later(lambda: self._close(attention))

    def knows(self, organisation: str, attention: str) -> None:
        """Remember whose a call is; rebuilt after a restart from what is committed."""
        self._organisations[attention] = organisation

    def dismiss_unless_admitted(self, organisation: str, attention: str) -> None:
        """Send a recorder out that nothing admits any more; for what a crash left in a call."""
        self.knows(organisation, attention)
        self.later(lambda: self._dismiss(organisation, attention, "not_admitted"))

    async def _dismiss(self, organisation: str, attention: str, cause: str) -> None:
        recording = await self._recorder.dismiss(organisation, attention, cause)
        if recording is None or self._switchboard is None:
            return
        self._ordered.discard(attention)
        if not await self._switchboard.order(media.StopRecording(attention, recording)):
            await self._recorder.seal(organisation, recording)

    async def _close(self, attention: str) -> None:
        if self._switchboard is not None:
            await self._switchboard.close(attention)
        self._ordered.discard(attention)

    # --- because of the wire ------------------------------------------------------------------------------------------

    def both_connected(self, call: str) -> None:
        """Order the next part, if a recording waits for it and both people are connected."""
        self.later(lambda: self._record(call))

    async def _record(self, call: str) -> None:
        organisation = self._organisations.get(call)
        if organisation is None or self._switchboard is None or call in self._ordered:
            return
        if not self._switchboard.is_connected(call):
            return
        order = await self._recorder.next_order(organisation, call)
        if order is not None and await self._switchboard.order(order):
            self._ordered.add(call)

    def worker_lost(self, call: str) -> None:
        """Open the gap."""
        self._ordered.discard(call)
        organisation = self._organisations.get(call)
        if organisation is not None:
            self.later(lambda: self._recorder.interrupted(organisation, call, "worker_lost"))

    def reported(self, report: media.PartOpened | media.PartClosed | media.RecordingRefused) -> None:
        """Note what a worker tells of a recording."""
        self.later(lambda: self._reported(report))

    async def _reported(self, report: media.PartOpened | media.PartClosed | media.RecordingRefused) -> None:
        organisation = self._organisations.get(report.call)
        if organisation is None or self._switchboard is None:
            return
        match report:
            case media.PartOpened():
                if not await self._recorder.opened(organisation, report):
                    await self._switchboard.order(media.StopRecording(report.call, report.recording))
            case media.PartClosed():
                self._ordered.discard(report.call)
                await self._recorder.closed(organisation, report)
                await self._recorder.seal(organisation, report.recording)
                self.both_connected(report.call)
            case media.RecordingRefused():
                self._ordered.discard(report.call)
                _log.warning("recording_refused", call=report.call, code=report.code)
