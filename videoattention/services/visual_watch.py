"""Watching the visual identifications that go on: connections that are lost, calls that end, terms that are over.

Which go on is kept in memory, and read again when the service starts; then each begins its step again, for nobody
watched meanwhile.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Way
from videoattention.domain.retention import QUARANTINE, RetentionStage
from videoattention.domain.rights import kept_by_requests
from videoattention.services.ports import NotFound
from videoattention.services.retention import period_kept
from videoattention.services.visual import challenge
from videoattention.services.visual_finding import going_on
from videoattention.services.work import the_service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.visual import Visual, VisualChange
    from videoattention.services.ports import Entry, Transaction
    from videoattention.services.visual_ports import OpenVisuals
    from videoattention.services.work import Step, Work

PATIENCE: Final = timedelta(seconds=10)
"""How long a connection may be lost before the step begins again."""

EVERY: Final = 1.0
ERASE_EVERY: Final = timedelta(hours=1)
"""How often what has a term of its own is looked at: it goes seven days after it, unless it goes with its attention."""

_log = structlog.get_logger()
_OVER: Final = (facts.VisualRefused, facts.VisualIdentified, facts.VisualStopped, facts.VisualLapsed)
_CAUSES: Final = {facts.CallEnded: "call_ended", facts.LevelProposalDropped: "proposal_dropped"}


class VisualWatch:
    """Restarts steps, and ends what cannot go on; ``connected`` tells of a call whether both people are in it."""

    def __init__(self, work: Work, visuals: OpenVisuals, connected: Callable[[str], bool]) -> None:
        self._work = work
        self._visuals = visuals
        self._connected = connected
        self._open: dict[str, str] = {}
        self._lost: dict[str, datetime] = {}
        self._interrupted: set[str] = set()
        self._failed: dict[str, set[str]] = {}
        self._ending: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
        self._erased_at: datetime | None = None

    def committed(self, entries: Sequence[Entry]) -> None:
        """Take note of what was committed."""
        for entry in entries:
            fact = entry.fact
            if isinstance(fact, facts.VisualBegun):
                self._open[fact.attention] = entry.organisation
            elif isinstance(fact, _OVER):
                self._forget(fact.attention)
            elif fact.attention in self._open and _ends(fact):
                self._ending.put_nowait((entry.organisation, fact.attention, _CAUSES.get(type(fact), "another_way")))

    async def run(self) -> None:
        """Watch, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._end())
            tasks.create_task(self._walk())

    async def begin(self) -> None:
        """After a start: whatever goes on has lost the service, and begins its step again.

        One that cannot be read keeps none of the others waiting.
        """
        for organisation, attention, interrupted in await self._visuals.going_on():
            self._open[attention] = organisation
            self._interrupted.add(attention)
            if not interrupted:
                await self._tried(attention, lambda one=attention: self._interrupt(one))  # type: ignore[misc]

    async def _walk(self) -> None:
        while not await _tried(self.begin):  # noqa: ASYNC110 - the database is away, and nothing tells when it is back
            await asyncio.sleep(EVERY)
        while True:
            await _tried(self.look)
            await asyncio.sleep(EVERY)

    async def _end(self) -> None:
        while True:
            organisation, attention, cause = await self._ending.get()
            await self._tried(attention, lambda o=organisation, a=attention, c=cause: self._lapse(o, a, c))  # type: ignore[misc]
            self._ending.task_done()

    async def settled(self) -> None:
        """Wait until nothing is left to be ended."""
        await self._ending.join()

    async def look(self) -> None:
        """One look at every connection, and now and then at the terms of keeping."""
        now = self._work.clock.now()
        if self._open:
            for organisation, attention, cause in await self._visuals.unasked():
                await self._tried(attention, lambda o=organisation, a=attention, c=cause: self._lapse(o, a, c))  # type: ignore[misc]
        for attention in list(self._open):
            await self._tried(attention, lambda one=attention: self._look_at(one, now))  # type: ignore[misc]
        if self._erased_at is None or now - self._erased_at >= ERASE_EVERY:
            self._erased_at = now
            await self._erase(now)

    async def _look_at(self, attention: str, now: datetime) -> None:
        if self._connected(attention):
            self._lost.pop(attention, None)
            if attention in self._interrupted:
                await self._resume(attention)
        elif now - self._lost.setdefault(attention, now) >= PATIENCE and attention not in self._interrupted:
            await self._interrupt(attention)

    def _forget(self, attention: str) -> None:
        self._open.pop(attention, None)
        self._lost.pop(attention, None)
        self._interrupted.discard(attention)
        self._failed.pop(attention, None)

    async def _tried(self, attention: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do it; the same failure of the same one is logged once, for every look meets it again."""
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - it is tried again with the next look
            told = self._failed.setdefault(attention, set())
            if type(error).__name__ not in told:
                told.add(type(error).__name__)
                _log.exception("visual_watch_failed", attention=attention)

    async def _interrupt(self, attention: str) -> None:
        await self._change(attention, lambda visual, _: visual.interrupt("connection_lost"))
        self._interrupted.add(attention)

    async def _resume(self, attention: str) -> None:
        asked = challenge()
        await self._change(attention, lambda visual, _: visual.resume(asked))
        self._interrupted.discard(attention)

    async def _lapse(self, organisation: str, attention: str, cause: str) -> None:
        self._open.setdefault(attention, organisation)
        await self._change(attention, lambda visual, now: visual.lapse(cause, now))

    async def _change(self, attention: str, step: Callable[[Visual, datetime], VisualChange]) -> None:
        """A step of the one that goes on; when it is over by itself meanwhile, it is forgotten."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            changed = step(await going_on(transaction, attention), now)
            await transaction.visuals.save(changed.visual)
            return changed.facts

        try:
            await self._work.carry_out(the_service(self._open[attention]), action)
        except NotFound:
            self._forget(attention)
        except StepRefused:
            _log.info("visual_step_not_needed", attention=attention)

    async def _erase(self, now: datetime) -> None:
        for organisation, attention, visual in await self._visuals.past_term(now - QUARANTINE):
            erasing = _erasing(attention, visual)
            await _tried(lambda o=organisation, step=erasing: self._work.carry_out(the_service(o), step))  # type: ignore[misc]


def _erasing(attention: str, visual: str) -> Step:
    """Erase what its own term does not keep any more, unless something keeps the data of its attention."""

    async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
        await transaction.alone()
        held = await transaction.personal.held(attention)
        requested = kept_by_requests(await transaction.requests.of(attention), now)
        if held or requested or await _goes_with_its_attention(transaction, attention, now):
            return ()
        await transaction.visuals.erase(visual)
        return (facts.VisualErased(attention, visual),)

    return action


async def _goes_with_its_attention(transaction: Transaction, attention: str, now: datetime) -> bool:
    """Whether the daily run has it: what goes as a whole is announced as a whole, and an officer can keep it so."""
    kept = await transaction.keepings.of(attention)
    if kept is not None and kept.stage is RetentionStage.ERASED:
        return False
    period = await period_kept(transaction, attention)
    return period is not None and period.until <= now


def _ends(fact: Fact) -> bool:
    """Whether nobody asks for a visual identification any more after this."""
    if isinstance(fact, facts.IdentificationAsked):
        return fact.way != Way.VISUAL
    return isinstance(fact, facts.CallEnded | facts.LevelProposalDropped | facts.IdentificationStopped)


async def _tried(work: Callable[[], Awaitable[object]]) -> bool:
    """Do it and say whether it went well; what fails is logged."""
    try:
        await work()
    except Exception:  # noqa: BLE001 - it is tried again with the next look
        _log.exception("visual_watch_failed")
        return False
    return True
