"""Requests of citizens about their personal data: what can be asked, within which time, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.transitions import Machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

ANSWERED_WITHIN, EXTENDED_BY = 1, 2
"""Months (GDPR, article 12(3))."""

COPY_LASTS = timedelta(days=30)
"""How long a copy can be fetched from the day on which it was granted."""

_MONTHS, _LONGEST_MONTH = 12, 31


class Right(StrEnum):
    """What a citizen can ask for, of one attention."""

    COPY = "copy"
    RESTRICTION = "restriction"
    ERASURE = "erasure"


class RequestStage(StrEnum):
    """Where a request stands; ``lapsed`` is late and must be answered all the same."""

    ASKED = "asked"
    LAPSED = "lapsed"
    GRANTED = "granted"
    REFUSED = "refused"
    DONE = "done"
    LIFTED = "lifted"


class RequestStep(StrEnum):
    """What can happen to a request; ``lift`` ends a restriction."""

    EXTEND = "extend"
    LAPSE = "lapse"
    GRANT = "grant"
    REFUSE = "refuse"
    CARRY_OUT = "carry_out"
    LIFT = "lift"


REQUEST: Machine[RequestStage, RequestStep] = Machine(
    "request",
    {
        (RequestStage.ASKED, RequestStep.EXTEND): RequestStage.ASKED,
        (RequestStage.ASKED, RequestStep.LAPSE): RequestStage.LAPSED,
        (RequestStage.ASKED, RequestStep.GRANT): RequestStage.GRANTED,
        (RequestStage.ASKED, RequestStep.REFUSE): RequestStage.REFUSED,
        (RequestStage.LAPSED, RequestStep.GRANT): RequestStage.GRANTED,
        (RequestStage.LAPSED, RequestStep.REFUSE): RequestStage.REFUSED,
        (RequestStage.GRANTED, RequestStep.CARRY_OUT): RequestStage.DONE,
        # a hold came between the grant and the erasure
        (RequestStage.GRANTED, RequestStep.REFUSE): RequestStage.REFUSED,
        (RequestStage.DONE, RequestStep.LIFT): RequestStage.LIFTED,
    },
)

OPEN = frozenset({RequestStage.ASKED, RequestStage.LAPSED, RequestStage.GRANTED})
"""Stages of a request that waits for somebody; nothing of its attention is erased meanwhile by its period."""


class Answer(StrEnum):
    """The two ways of answering."""

    GRANT = "grant"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Ground:
    """A legal reason: ``law`` is where it is written; ``rights`` are those whose requests it answers."""

    code: str
    law: str
    answer: Answer
    rights: frozenset[Right]


_EVERY = frozenset(Right)
_GDPR_17_1 = {"unneeded": "a", "withdrawn": "b", "objected": "c", "unlawful": "d", "obliged": "e", "child": "f"}
_GDPR_17_3 = {"expression": "a", "public_task": "b", "health": "c", "public_archive": "d", "claims": "e"}
_GDPR_18_1 = {"contested": "a", "unlawful_kept": "b", "needed_by_person": "c", "objection_pending": "d"}

HOLD_GROUND = "hold"
"""The ground with which the service itself refuses, for a hold wins always."""

_GROUNDS = (
    Ground("access", "GDPR 15 · LOPDGDD 13 · Law 39/2015 53(1)(a)", Answer.GRANT, frozenset({Right.COPY})),
    *(
        Ground(code, f"GDPR 17(1)({letter}) · LOPDGDD 15", Answer.GRANT, frozenset({Right.ERASURE}))
        for code, letter in _GDPR_17_1.items()
    ),
    *(
        Ground(code, f"GDPR 18(1)({letter}) · LOPDGDD 16", Answer.GRANT, frozenset({Right.RESTRICTION}))
        for code, letter in _GDPR_18_1.items()
    ),
    *(
        Ground(code, f"GDPR 17(3)({letter})", Answer.REFUSE, frozenset({Right.ERASURE}))
        for code, letter in _GDPR_17_3.items()
    ),
    Ground("archive", "Law 39/2015 17 · GDPR 17(3)(b)", Answer.REFUSE, frozenset({Right.ERASURE})),
    Ground("blocked", "LOPDGDD 32", Answer.REFUSE, frozenset({Right.ERASURE})),
    Ground(HOLD_GROUND, "GDPR 17(3)(e) · LOPDGDD 32", Answer.REFUSE, frozenset({Right.ERASURE})),
    Ground("not_the_case", "GDPR 18(1)", Answer.REFUSE, frozenset({Right.RESTRICTION})),
    Ground("others", "GDPR 15(4)", Answer.REFUSE, frozenset({Right.COPY})),
    Ground("repeated", "GDPR 12(5) · LOPDGDD 13(3)", Answer.REFUSE, _EVERY),
    Ground("not_shown", "GDPR 12(6) · 11(2)", Answer.REFUSE, _EVERY),
    Ground("restricted_by_law", "GDPR 23", Answer.REFUSE, _EVERY),
)

GROUNDS: dict[str, Ground] = {ground.code: ground for ground in _GROUNDS}
"""Every legal reason by its code."""


def grounds_for(right: Right, answer: Answer) -> tuple[Ground, ...]:
    """The reasons that can answer so, in the order of the law."""
    return tuple(ground for ground in _GROUNDS if right in ground.rights and ground.answer is answer)


def destroys(ground: str) -> bool:
    """Whether answering so erases data at once."""
    reason = GROUNDS.get(ground)
    return reason is not None and reason.answer is Answer.GRANT and Right.ERASURE in reason.rights


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and what the journal has of them: their HMAC-SHA256 under ``salt``; both empty when nothing was said."""

    words: str = ""
    salt: bytes = b""
    hash: str = ""


SILENT = Said()


@dataclass(frozen=True, slots=True)
class DataRequest:
    """One request about one attention. ``decided_by`` is an officer's subject, or ``service``; times are aware UTC."""

    id: str
    attention: str
    organisation: str
    right: Right
    asked_by: str
    asked_at: datetime
    due_at: datetime
    said: Said = SILENT
    stage: RequestStage = RequestStage.ASKED
    extension: Said = SILENT
    extended: bool = False
    ground: str = ""
    answer: Said = SILENT
    decided_by: str = ""
    decided_at: datetime | None = None
    done_at: datetime | None = None
    version: int = 0

    @property
    def restricts(self) -> bool:
        """Whether it keeps the data of its attention restricted now."""
        return self.right is Right.RESTRICTION and self.stage in {RequestStage.GRANTED, RequestStage.DONE}

    @property
    def fetched_until(self) -> datetime | None:
        """Until when the copy can be fetched; ``None`` if there is none."""
        if self.right is not Right.COPY or self.stage is not RequestStage.DONE or self.decided_at is None:
            return None
        return self.decided_at + COPY_LASTS

    @property
    def has_words(self) -> bool:
        """Whether anything that somebody wrote is left in it."""
        return any(said.words for said in (self.said, self.extension, self.answer))

    def can_be_fetched(self, now: datetime) -> bool:
        """Whether there is a copy, and its time is not over."""
        return self.fetched_until is not None and now < self.fetched_until

    def extend(self, said: Said, now: datetime) -> RequestChange:
        """Two months more, once and in time; raises ``extended_before``, ``too_late_to_extend``."""
        stage = REQUEST.after(self.stage, RequestStep.EXTEND)
        if self.extended:
            raise StepRefused("extended_before", "the time to answer was extended already")
        if now >= self.due_at:
            raise StepRefused("too_late_to_extend", "the time to answer is over")
        due = months_after(self.asked_at, ANSWERED_WITHIN + EXTENDED_BY)
        changed = replace(self, stage=stage, extended=True, extension=said, due_at=due)
        return RequestChange(changed, facts.DataRequestExtended(self.attention, self.id, due.isoformat(), said.hash))

    def lapse(self, now: datetime) -> RequestChange:
        """Nobody answered in time; raises ``not_yet`` before the time is over."""
        stage = REQUEST.after(self.stage, RequestStep.LAPSE)
        if now < self.due_at:
            raise StepRefused("not_yet", "there is still time to answer")
        fact = facts.DataRequestLapsed(self.attention, self.id, self.due_at.isoformat())
        return RequestChange(replace(self, stage=stage), fact)

    def decide(self, ground: str, said: Said, *, by: str, now: datetime) -> RequestChange:
        """Grant or refuse, as the ground says; raises ``ground_unknown`` for one that does not answer this request."""
        reason = GROUNDS.get(ground)
        if reason is None or self.right not in reason.rights:
            raise StepRefused("ground_unknown", f"{ground!r} is no reason for a request of {self.right}")
        stage = REQUEST.after(self.stage, RequestStep(reason.answer))
        changed = replace(self, stage=stage, ground=ground, answer=said, decided_by=by, decided_at=now)
        granted = reason.answer is Answer.GRANT
        told = facts.DataRequestGranted if granted else facts.DataRequestRefused
        return RequestChange(changed, told(self.attention, self.id, self.right, ground, said.hash))

    def carry_out(self, now: datetime) -> RequestChange:
        """What was granted is done."""
        stage = REQUEST.after(self.stage, RequestStep.CARRY_OUT)
        fact = facts.DataRequestDone(self.attention, self.id, self.right)
        return RequestChange(replace(self, stage=stage, done_at=now), fact)

    def lift(self, said: Said) -> RequestChange:
        """End a restriction; raises ``not_restricted`` for a request of another kind."""
        if self.right is not Right.RESTRICTION:
            raise StepRefused("not_restricted", "only a restriction can be lifted")
        stage = REQUEST.after(self.stage, RequestStep.LIFT)
        fact = facts.RestrictionLifted(self.attention, self.id, said.hash)
        return RequestChange(replace(self, stage=stage, answer=said), fact)


@dataclass(frozen=True, slots=True)
class RequestChange:
    """A request after a step, and the fact that tells it."""

    request: DataRequest
    fact: facts.Fact


def kept_by_requests(requests: Sequence[DataRequest], now: datetime, *, answering: str = "") -> str:
    """Why requests keep the data from erasing: ``restricted``, ``request_open``, ``copy_ready``; empty if none does.

    An erasure that answers a request (``answering``: its id) answers the others too, but for a restriction.
    """
    if any(request.restricts for request in requests):
        return "restricted"
    if answering:
        return ""
    if any(request.stage in OPEN for request in requests):
        return "request_open"
    return "copy_ready" if any(request.can_be_fetched(now) for request in requests) else ""


def ask(request: DataRequest) -> facts.Fact:
    """The fact that a request was made."""
    due = request.due_at.isoformat()
    return facts.DataRequested(
        request.attention, request.id, request.right, request.asked_by, due=due, words=request.said.hash
    )


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last of a month that has no such day (Regulation 1182/71, art. 3)."""
    whole = moment.month - 1 + months
    year, month = moment.year + whole // _MONTHS, whole % _MONTHS + 1
    for day in range(min(moment.day, _LONGEST_MONTH), 0, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")
