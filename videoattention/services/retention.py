"""The daily run: what was kept long enough is announced for seven days and then erased, unless something keeps it.

Every step is a transaction of its own that reads anew what it decides on, so a run that is killed anywhere is taken up
by the next one, and two runs at once do nothing twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain.erasure_reasons import for_retention
from videoattention.domain.errors import StepRefused
from videoattention.domain.retention import Keeping, RetentionStage, kept_by, period_of
from videoattention.domain.rights import OPEN, kept_by_requests
from videoattention.services.ports import NotFound, Stale
from videoattention.services.unmaking import Cause
from videoattention.services.work import the_service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.retention import Period
    from videoattention.services.ports import Clock, Register, Transaction
    from videoattention.services.rights_ports import KeptRights
    from videoattention.services.unmaking import Unmaking
    from videoattention.services.work import Step, Work

_log = structlog.get_logger()

_AT_ONCE: Final = 200
_ALL: Final = 1_000_000
BY: Final = "retention"


@dataclass(frozen=True, slots=True)
class Line:
    """What the run did, or would do, with one attention.

    ``what``: noted, quarantined, erased, kept, refused; ``why`` is a rule or a code; ``until`` when it is looked at
    again, if it is.
    """

    organisation: str
    attention: str
    what: str
    why: str
    until: datetime | None = None


@dataclass(slots=True)
class Report:
    """Everything that a run did, or would do if ``dry``; what was only noted for later is not among the lines."""

    at: datetime
    dry: bool
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line | None) -> None:
        """Note what happened, if anything did."""
        if line is not None:
            self.lines.append(line)

    def of(self, what: str) -> list[Line]:
        """The lines of one kind."""
        return [line for line in self.lines if line.what == what]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is to be done with a keeping now: its ``change``, its facts, or that it ``goes``.

    ``words``: it went when a citizen asked for it, and now what was said about the requests goes too.
    """

    line: Line | None
    keeping: Keeping | None = None
    facts: tuple[Fact, ...] = ()
    goes: bool = False
    words: bool = False


class Retention:
    """The run."""

    def __init__(self, work: Work, register: Register, clock: Clock, *, kept: KeptRights, unmaking: Unmaking) -> None:
        self._work = work
        self._register = register
        self._clock = clock
        self._kept = kept
        self._unmaking = unmaking
        self._turn = asyncio.Lock()

    async def run(self) -> Report:
        """Note, announce and erase whatever is due now; one run at a time."""
        async with self._turn:
            report = Report(self._clock.now(), dry=False)
            for organisation in await self._kept.organisations():
                await self._note(organisation, report)
                for seen in await self._kept.due(organisation, report.at):
                    report.add(await _guarded(organisation, seen.attention, self._look(organisation, seen.attention)))
            for line in report.lines:
                _log.info("retention", attention=line.attention, what=line.what, why=line.why)
            return report

    async def foresee(self) -> Report:
        """What `run` would do now; nothing is changed."""
        report = Report(self._clock.now(), dry=True)
        for organisation in await self._kept.organisations():
            names = [*await self._kept.unseen(organisation, limit=_ALL)]
            names += [seen.attention for seen in await self._kept.due(organisation, report.at)]
            for attention in names:
                report.add(await _guarded(organisation, attention, self._foreseen(organisation, attention, report.at)))
        return report

    async def _foreseen(self, organisation: str, attention: str, now: datetime) -> Line | None:
        async with self._register.begin(organisation, "service", now) as transaction:
            kept = await transaction.keepings.of(attention) or await _first(transaction, attention)
            if kept is None or kept.until > now:
                return None
            return (await _verdict(transaction, kept, organisation, now)).line

    async def _note(self, organisation: str, report: Report) -> None:
        """Compute the period of what ended since the last run; those that cannot be noted hide no others."""
        tried: set[str] = set()
        while fresh := set(await self._kept.unseen(organisation, limit=_AT_ONCE + len(tried))) - tried:
            tried |= fresh
            for attention in sorted(fresh):
                report.add(await _guarded(organisation, attention, self._noted(organisation, attention)))

    async def _noted(self, organisation: str, attention: str) -> None:
        await self._work.carry_out(the_service(organisation), _noting(attention))

    async def _look(self, organisation: str, attention: str) -> Line | None:
        found: list[_Verdict] = []

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            kept = await transaction.keepings.of(attention)
            if kept is None or kept.until > now:
                found.append(_Verdict(None))
                return ()
            verdict = await _verdict(transaction, kept, organisation, now)
            found.append(verdict)
            if verdict.keeping is not None:
                await transaction.keepings.save(verdict.keeping)
            return verdict.facts

        await self._work.carry_out(the_service(organisation), action)
        if found[-1].goes and found[-1].line is not None:
            cause = Cause("retention", for_retention(found[-1].line.why), BY)
            await self._unmaking.erase(organisation, attention, cause)
        if found[-1].words:
            await self._unmaking.erase_words(organisation, attention)
        return found[-1].line


async def _guarded(organisation: str, attention: str, work: Awaitable[Line | None]) -> Line | None:
    """One attention; what it raises is told and keeps nobody else waiting."""
    try:
        return await work
    except (StepRefused, Stale, NotFound) as refused:
        return Line(organisation, attention, "refused", refused.code)
    except Exception as error:  # noqa: BLE001 - the next run tries again
        _log.exception("retention_failed", attention=attention)
        return Line(organisation, attention, "refused", type(error).__name__)


def _noting(attention: str) -> Step:
    async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
        kept = await _first(transaction, attention)
        if kept is not None and await transaction.keepings.of(attention) is None:
            await transaction.keepings.add(kept)
        return ()

    return action


async def _first(transaction: Transaction, attention: str) -> Keeping | None:
    period = await period_kept(transaction, attention)
    return Keeping(attention, period.until, period.rule) if period else None


async def period_kept(transaction: Transaction, attention: str) -> Period | None:
    """How long the data of an attention are kept, by the longest of its rules; none while it goes on."""
    found = await transaction.attentions.get(attention)
    levels = await transaction.personal.levels(attention)
    return period_of(found, levels, await transaction.personal.periods(attention))


async def _verdict(transaction: Transaction, kept: Keeping, organisation: str, now: datetime) -> _Verdict:
    """What must be done with data whose stage is over."""
    if kept.stage is RetentionStage.ERASED:
        return await _words(transaction, kept, organisation, now)
    name, waits = kept.attention, kept.stage is RetentionStage.QUARANTINED
    recordings = await transaction.personal.recordings(name)
    requested = kept_by_requests(await transaction.requests.of(name), now)
    why = kept_by(recordings, held=await transaction.personal.held(name), requested=requested)
    if why:
        change = kept.rescue(why, kept.keep_on(now).until) if waits else None
        after = change.keeping if change else kept.keep_on(now)
        what = "refused" if why == "not_sealed" else "kept"
        return _Verdict(Line(organisation, name, what, why, after.until), after, change.facts if change else ())
    period = await period_kept(transaction, name)
    if period is not None and period.until > now:  # it is longer than it was: a suspicion, another rule
        change = kept.rescue("rule", period.until) if waits else None
        after = replace(change.keeping if change else kept, until=period.until, rule=period.rule)
        line = Line(organisation, name, "kept", period.rule, period.until)
        return _Verdict(line, after, change.facts if change else ())
    if waits:
        return _Verdict(Line(organisation, name, "erased", kept.rule), goes=True)
    change = kept.quarantine(now)
    line = Line(organisation, name, "quarantined", kept.rule, change.keeping.until)
    return _Verdict(line, change.keeping, change.facts)


async def _words(transaction: Transaction, kept: Keeping, organisation: str, now: datetime) -> _Verdict:
    """What citizens and officers wrote stays for the period of what was erased at a citizen's request."""
    requests = await transaction.requests.of(kept.attention)
    period = await period_kept(transaction, kept.attention)
    over = period is None or period.until <= now
    if not over or not any(one.has_words for one in requests) or any(one.stage in OPEN for one in requests):
        return _Verdict(None)
    return _Verdict(Line(organisation, kept.attention, "erased", "words"), words=True)
