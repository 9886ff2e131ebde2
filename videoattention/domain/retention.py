"""How long what an attention leaves is kept, and what must happen before it is erased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.recording import ERASABLE, RecordingStage
from videoattention.domain.rights import SILENT
from videoattention.domain.transitions import Machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.levels import Level
    from videoattention.domain.recording import Recording
    from videoattention.domain.rights import Said

QUARANTINE = timedelta(days=7)
"""How long erasing is announced before it happens."""

ASKED_AGAIN = timedelta(days=1)
"""When what had to be kept is looked at again."""

RESCUES = (30, 90, 365)
"""Days for which an officer can keep what would be erased."""


class RetentionStage(StrEnum):
    """Where the data of an attention stand."""

    KEPT = "kept"
    QUARANTINED = "quarantined"
    ERASED = "erased"


class RetentionStep(StrEnum):
    """What can happen to them; ``rescue`` ends a quarantine, and ``erase`` may follow a citizen's request at once."""

    QUARANTINE = "quarantine"
    RESCUE = "rescue"
    ERASE = "erase"


RETENTION: Machine[RetentionStage, RetentionStep] = Machine(
    "retention",
    {
        (RetentionStage.KEPT, RetentionStep.QUARANTINE): RetentionStage.QUARANTINED,
        (RetentionStage.QUARANTINED, RetentionStep.RESCUE): RetentionStage.KEPT,
        (RetentionStage.QUARANTINED, RetentionStep.ERASE): RetentionStage.ERASED,
        (RetentionStage.KEPT, RetentionStep.ERASE): RetentionStage.ERASED,
    },
)


@dataclass(frozen=True, slots=True)
class Keeping:
    """The keeping of one attention's data: ``until`` is when the stage must be looked at again."""

    attention: str
    until: datetime
    rule: str
    stage: RetentionStage = RetentionStage.KEPT
    said: Said = SILENT
    version: int = 0

    def quarantine(self, now: datetime) -> KeepingChange:
        """The period is over: erasing is announced. Raises ``not_yet``."""
        stage = RETENTION.after(self.stage, RetentionStep.QUARANTINE)
        if now < self.until:
            raise StepRefused("not_yet", "the period of keeping is not over")
        until = now + QUARANTINE
        fact = facts.QuarantineBegun(self.attention, self.rule, until.isoformat())
        return KeepingChange(replace(self, stage=stage, until=until), (fact,))

    def rescue(self, cause: str, until: datetime, said: Said = SILENT) -> KeepingChange:
        """Keep it on until then."""
        stage = RETENTION.after(self.stage, RetentionStep.RESCUE)
        fact = facts.QuarantineEnded(self.attention, cause, until.isoformat(), said.hash)
        return KeepingChange(replace(self, stage=stage, until=until, said=said), (fact,))

    def keep_on(self, now: datetime) -> Keeping:
        """Something keeps it although its period is over: look again tomorrow."""
        return replace(self, until=now + ASKED_AGAIN)

    def erase(self, now: datetime, *, cause: str, entries: int) -> KeepingChange:
        """It is gone. Without a request raises ``not_yet`` before quarantine and period are over."""
        stage = RETENTION.after(self.stage, RetentionStep.ERASE)
        early = now < self.until or self.stage is not RetentionStage.QUARANTINED
        if cause == "retention" and early:
            raise StepRefused("not_yet", "the quarantine is not over")
        fact = facts.PersonalDataErased(self.attention, cause, entries)
        return KeepingChange(replace(self, stage=stage, until=now, said=SILENT), (fact,))


@dataclass(frozen=True, slots=True)
class KeepingChange:
    """The keeping after a step, and the facts that tell it."""

    keeping: Keeping
    facts: tuple[facts.Fact, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """How long, by which rule: ``procedure/level``, ``visual`` or ``suspected_fraud``."""

    until: datetime
    rule: str


def period_of(attention: Attention, levels: Iterable[Level], others: Iterable[Period] = ()) -> Period | None:
    """The longest of the periods of the levels that were in force, and of those that have a rule of their own.

    What came of it is no part of the rule: an attention that was not brought to an end is kept as its levels say. A
    level of no days (the informative one) keeps nothing: what there is can go from the end of the call.

    ``others`` are visual identifications and suspicions of fraud. None while the attention goes on.
    """
    if attention.ended_at is None:
        return None
    reached = {attention.level, *levels}
    longest = max(reached, key=lambda level: (attention.policy.of(level).retention_days, level))
    until = attention.ended_at + timedelta(days=attention.policy.of(longest).retention_days)
    by_level = Period(until, f"{attention.procedure}/{longest}")
    return max((by_level, *others), key=lambda period: period.until)


def kept_by(recordings: Sequence[Recording], *, held: bool, requested: str) -> str:
    """Why the data must stay though their period is over: the strongest reason first; empty if they can go.

    ``requested`` is what `videoattention.domain.rights.kept_by_requests` says.
    """
    if held or requested:
        return "on_hold" if held else requested
    closed = ERASABLE | {RecordingStage.ERASED}
    return "not_sealed" if any(recording.stage not in closed for recording in recordings) else ""
