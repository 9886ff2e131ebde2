"""Because of this fact, run that use case: one table, one queue.

What must be out of a call goes first: a recorder that no consent admits any more waits for nobody's offer. What fails
here is logged and done by the next round (`videoattention.services.rounds`): every reaction looks at what is committed
and does only what is missing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import structlog

from videoattention.domain import facts
from videoattention.services import media
from videoattention.services.jobs import FIRST, Jobs
from videoattention.services.patience import LASTING, Patience
from videoattention.services.unnoted import Unnoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.domain.facts import Fact
    from videoattention.services.pairing import Pairing
    from videoattention.services.ports import Entry
    from videoattention.services.recorder import Recorder
    from videoattention.services.sealers import Sealers
    from videoattention.services.switchboard import Switchboard
    from videoattention.services.unnoted import RecordingReport

_log = structlog.get_logger()

DISMISSING = (facts.ConsentWithdrawn, facts.ConsentEnded, facts.LevelLowered, facts.ClipEnded, facts.CallEnded)
"""Facts after which the recorder must be out, unless another consent admits it."""

OF_A_CONSENT = (facts.ConsentWithdrawn, facts.ConsentEnded)
"""Those that end one consent: a recorder that another let in stays."""

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

    def __init__(self, pairing: Pairing, recorder: Recorder, sealers: Sealers) -> None:
        self._pairing = pairing
        self._recorder = recorder
        self._sealers = sealers
        self._switchboard: Switchboard | None = None
        self._organisations: dict[str, str] = {}
        self._ordered: dict[str, tuple[str, int, str]] = {}
        self._closing: set[tuple[str, str]] = set()
        self._unnoted = Unnoted()
        self._patience = Patience()
        self._to_pair: set[str] = set()
        self._jobs = Jobs()
        self._stops: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._stopped: dict[str, str] = {}
        self._dismissals: Counter[str] = Counter()

    def attach(self, switchboard: Switchboard) -> None:
        """Name the switchboard through which the recorder is ordered."""
        self._switchboard = switchboard

    async def run(self) -> None:
        """Do the jobs one by one, until cancelled; beside them recorders are stopped at once, and recordings sealed."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sealers.run())
            tasks.create_task(self._stop_at_once())
            tasks.create_task(self._jobs.run())

    async def _stop_at_once(self) -> None:
        """Stop the tap before the dismissal is written down: a commit takes time in which nothing may be stored."""
        while True:
            call, recording = await self._stops.get()
            try:
                if await self._order(media.StopRecording(call, recording)):
                    self._stopped[call] = recording
            except Exception:  # noqa: BLE001 - the dismissal that follows orders it again
                _log.exception("stop_failed")
            finally:
                self._stops.task_done()

    async def settled(self) -> None:
        """Wait until nothing is left to be done."""
        await self._stops.join()
        await self._jobs.settled()
        await self._sealers.settled()

    # --- because of facts -------------------------------------------------------------------------------------------

    def committed(self, entries: Sequence[Entry]) -> None:
        """Take note of what was committed."""
        for entry in entries:
            self._note(entry)

    def _note(self, entry: Entry) -> None:
        fact, organisation = entry.fact, entry.organisation
        if isinstance(fact, PAIRING):
            self._pair_soon(organisation)
        attention = fact.attention
        if attention is None:
            return
        if isinstance(fact, DISMISSING):
            self._dismissals[attention] += 1
            self._stop_soon(attention, fact)
            self._note_what_waits(attention)
            self._jobs.put(lambda: self._dismiss(organisation, attention), FIRST)
        if isinstance(fact, facts.LevelRaised | facts.LevelLowered):
            self._jobs.put(lambda: self._recorder.admit(organisation, attention))
        if isinstance(fact, facts.RecorderAdmitted):
            self.knows(organisation, attention)
        if isinstance(fact, facts.RecorderAdmitted | facts.RecordingInterrupted):
            self.both_connected(attention)
        if isinstance(fact, facts.CallEnded):
            self.hung_up(attention)
        if isinstance(fact, facts.RecordingSealed | facts.RecordingLost):
            self._closing.discard((attention, fact.recording))

    def _stop_soon(self, attention: str, fact: Fact) -> None:
        """Have the tap stopped, unless the consent that ends is not the one that what is written stands on.

        A worker never writes again what it was told to stop.
        """
        recording, _, admitting = self._ordered.get(attention, ("", 0, ""))
        of_another = isinstance(fact, OF_A_CONSENT) and fact.consent != admitting
        if recording and not of_another:
            self._stops.put_nowait((attention, recording))

    def knows(self, organisation: str, attention: str) -> None:
        """Remember whose a call is; rebuilt after a restart from what is committed."""
        self._organisations[attention] = organisation

    def look_after(self, organisation: str, attention: str) -> None:
        """Send a recorder out that nothing admits any more, and note a part that nobody writes.

        For what a crash or a failed reaction left in a call that is recorded.
        """
        self.knows(organisation, attention)
        self._note_what_waits(attention)
        self._jobs.put(lambda: self._dismiss(organisation, attention), FIRST)
        self._jobs.put(lambda: self._interrupt_unwritten(organisation, attention), FIRST)

    @property
    def known(self) -> frozenset[str]:
        """The calls that are remembered here or carried by a worker."""
        carried = self._switchboard.calls if self._switchboard is not None else frozenset()
        return carried | self._organisations.keys()

    def hung_up(self, call: str) -> None:
        """A call is over: it may be forgotten, by its worker too."""
        self._jobs.put(lambda: self._close(call))

    def _pair_soon(self, organisation: str) -> None:
        """Once for however many facts: the use case makes every offer that can be made."""
        if organisation not in self._to_pair and self._jobs.put(lambda: self._pair(organisation)):
            self._to_pair.add(organisation)

    async def _pair(self, organisation: str) -> None:
        self._to_pair.discard(organisation)
        await self._pairing.pair(organisation)

    async def _dismiss(self, organisation: str, attention: str) -> None:
        recording = await self._recorder.dismiss(organisation, attention)
        stopped_before = self._stopped.pop(attention, None)
        if recording is None:
            return
        written = self._ordered.pop(attention, None)
        stopped = recording == stopped_before or await self._order(media.StopRecording(attention, recording))
        if written and stopped:
            self._closing.add((attention, recording))
        else:
            self.seal_soon(organisation, recording)

    def seal_soon(self, organisation: str, recording: str) -> None:
        """Have a recording sealed; nothing else waits for it."""
        self._sealers.soon(organisation, recording)

    async def _interrupt_unwritten(self, organisation: str, attention: str) -> None:
        if attention not in self._ordered:
            await self._recorder.interrupted(organisation, attention, "worker_lost")

    async def _close(self, attention: str) -> None:
        if self._switchboard is not None:
            await self._switchboard.close(attention)
        self._ordered.pop(attention, None)
        self._stopped.pop(attention, None)
        self.kept(attention)
        if attention not in self._unnoted and all(call != attention for call, _ in self._closing):
            self._organisations.pop(attention, None)
            self._dismissals.pop(attention, None)

    async def _order(self, order: media.Record | media.StopRecording) -> bool:
        return self._switchboard is not None and await self._switchboard.order(order)

    # --- because of the wire ------------------------------------------------------------------------------------------

    def both_connected(self, call: str) -> None:
        """Order the next part, if a recording waits for it and both people are connected."""
        self._jobs.put(lambda: self._record(call))

    def try_again(self, call: str) -> None:
        """Asked in every round: as `both_connected`, but more and more seldom while workers refuse."""
        if self._patience.is_due(call):
            self.both_connected(call)

    def kept(self, call: str) -> None:
        """What is recorded of the call is durable, or nothing is recorded of it any more: no patience is needed."""
        self._patience.forget(call)

    async def _record(self, call: str) -> None:
        organisation = self._organisations.get(call)
        if organisation is None or self._patience.holds_back(call):
            return
        await self._note_reports(call)  # where the next part begins depends on the ones before
        if call in self._ordered or self._switchboard is None or not self._switchboard.is_connected(call):
            return
        dismissals = self._dismissals[call]
        order = await self._recorder.next_order(organisation, call)
        if order is None or self._dismissals[call] != dismissals:
            return  # what admitted the recorder ended while the order was made
        self._ordered[call] = (order.recording, order.part, order.consent.consent)
        if not await self._order(order):
            self._ordered.pop(call, None)

    def worker_lost(self, call: str) -> None:
        """Open the gap."""
        self._ordered.pop(call, None)
        self.kept(call)
        organisation = self._organisations.get(call)
        if organisation is not None:
            self._note_what_waits(call)
            self._jobs.put(lambda: self._recorder.interrupted(organisation, call, "worker_lost"), FIRST)

    def reported(self, report: RecordingReport) -> None:
        """Note what a worker tells of a recording; it tells it once, so what cannot be noted now is kept."""
        self._unnoted.keep(report)
        self._note_what_waits(report.call)

    def note_again(self) -> None:
        """Note what could not be noted when it was told."""
        for call in self._unnoted.calls:
            self._note_what_waits(call)

    def _note_what_waits(self, call: str) -> None:
        if call in self._unnoted:
            self._jobs.put(lambda: self._note_reports(call), FIRST)

    async def _note_reports(self, call: str) -> None:
        await self._unnoted.note(call, self._reported)

    async def _reported(self, report: RecordingReport) -> None:
        organisation = self._organisations.get(report.call)
        if organisation is None:
            return
        match report:
            case media.PartOpened():
                if not await self._recorder.opened(organisation, report):
                    await self._order(media.StopRecording(report.call, report.recording))
                elif report.call not in self._ordered:
                    self.both_connected(report.call)
            case media.PartClosed():
                await self._closed(organisation, report)
            case _:
                await self._refused(organisation, report)

    async def _refused(self, organisation: str, report: media.RecordingRefused) -> None:
        _log.warning("recording_refused", call=report.call, code=report.code)
        self._written_no_more(report.call, report.recording)
        self._patience.refused(report.call, report.code)
        if report.code in LASTING:
            await self._recorder.refused(organisation, report)

    async def _closed(self, organisation: str, report: media.PartClosed) -> None:
        self._written_no_more(report.call, report.recording, report.part)
        if report.cause == "failed" and not self._patience.holds_back(report.call):
            self._patience.refused(report.call, "storage_failed")
        if await self._recorder.closed(organisation, report):
            self.seal_soon(organisation, report.recording)
        self.both_connected(report.call)

    def _written_no_more(self, call: str, *written: object) -> None:
        """Forget the order, unless it was for something newer than what is reported."""
        if self._ordered.get(call, ())[: len(written)] == written:
            self._ordered.pop(call, None)
