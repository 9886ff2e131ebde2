"""Packages that two people ask: one auditor says why, another one lets it be, and it is given away once."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.transitions import Machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from videoattention.domain.people import Person
    from videoattention.domain.recording import Recording

ANSWERED_WITHIN: Final = timedelta(hours=24)
"""How long a request waits for the second person."""

FETCHED_WITHIN: Final = timedelta(hours=2)
"""How long an approved package can be fetched."""

FETCHED_AGAIN_WITHIN: Final = timedelta(hours=24)
"""How long after the approval one that could not be made can be fetched: somebody has to make room for it first."""


class ExportStage(StrEnum):
    """Where a request for a package stands; whether its time is over is asked of the clock."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    GIVEN = "given"


class ExportStep(StrEnum):
    """What can happen to it."""

    APPROVE = "approve"
    REFUSE = "refuse"
    GIVE = "give"
    FAIL = "fail"


EXPORT: Machine[ExportStage, ExportStep] = Machine(
    "export",
    {
        (ExportStage.ASKED, ExportStep.APPROVE): ExportStage.APPROVED,
        (ExportStage.ASKED, ExportStep.REFUSE): ExportStage.REFUSED,
        (ExportStage.APPROVED, ExportStep.GIVE): ExportStage.GIVEN,
        # it was told before its first byte, and then could not be made
        (ExportStage.GIVEN, ExportStep.FAIL): ExportStage.APPROVED,
    },
)

PENDING: Final = frozenset({ExportStage.ASKED, ExportStage.APPROVED})
"""Stages from which something can still follow, until the time is over."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """One of the two people: subject, name and position, as the corporate login vouched for them then."""

    subject: str
    name: str
    position: str

    def named(self, names: Mapping[str, str]) -> Signatory:
        """The same person, called as ``names`` calls their subject; who is not in it keeps the name."""
        return replace(self, name=names.get(self.subject, self.name))


def signatory(person: Person) -> Signatory:
    """The person as a signatory."""
    return Signatory(person.subject, person.name, person.position)


@dataclass(frozen=True, slots=True)
class Export:
    """A request for the package of one recording; after ``until`` nothing follows from it.

    ``recording`` is empty when it is for the package of an attention without one: the journal alone keeps it then.
    ``unmade`` is why the package could not be made the last time (as in `ExportUnmade`); the journal alone keeps that.
    """

    id: str
    recording: str
    attention: str
    purpose: str
    case: str
    asked_by: Signatory
    asked_at: datetime
    until: datetime
    stage: ExportStage = ExportStage.ASKED
    decided_by: Signatory | None = None
    decided_at: datetime | None = None
    answer: str = ""
    version: int = 1
    unmade: str = ""

    def decide(self, step: ExportStep, by: Signatory, *, at: datetime, answer: str) -> ExportChange:
        """Approve or refuse it; raises ``same_person`` and ``export_lapsed``. ``answer`` are the words for it."""
        stage = EXPORT.after(self.stage, step)
        if by.subject == self.asked_by.subject:
            raise StepRefused("same_person", "another person must answer")
        self._must_last(at)
        until = at + FETCHED_WITHIN if stage is ExportStage.APPROVED else self.until
        decided = replace(self, stage=stage, decided_by=by, decided_at=at, answer=answer, until=until)
        fact = facts.ExportDecided(self.attention, self.recording, self.id, stage, self.asked_by.subject)
        if not self.recording:
            fact = replace(fact, function=by.position, words=answer)
        return ExportChange(decided, (fact,))

    def give(self, to: str, at: datetime) -> ExportChange:
        """Let whoever asked for it have it, once; raises ``not_your_export`` and ``export_lapsed``."""
        stage = EXPORT.after(self.stage, ExportStep.GIVE)
        if to != self.asked_by.subject:
            raise StepRefused("not_your_export", "whoever asked for it fetches it")
        self._must_last(at)
        return ExportChange(replace(self, stage=stage, unmade=""), ())

    def fail(self, cause: str) -> ExportChange:
        """Nothing was given, for it could not be made: whoever asked can fetch it, within a day of the approval."""
        stage = EXPORT.after(self.stage, ExportStep.FAIL)
        until = max(self.until, (self.decided_at or self.asked_at) + FETCHED_AGAIN_WITHIN)
        fact = facts.ExportUnmade(self.attention, self.recording, self.id, cause, until.isoformat())
        return ExportChange(replace(self, stage=stage, until=until, unmade=cause), (fact,))

    def named(self, names: Mapping[str, str]) -> Export:
        """The same request, its people called as ``names`` calls their subjects."""
        decided_by = self.decided_by.named(names) if self.decided_by else None
        return replace(self, asked_by=self.asked_by.named(names), decided_by=decided_by)

    def told(self) -> dict[str, Any]:
        """What a package says of it once it was approved: the case, who asked and who approved."""
        if self.decided_by is None:
            return {}
        return {"case": self.case, "asked_by": asdict(self.asked_by), "approved_by": asdict(self.decided_by)}

    def _must_last(self, at: datetime) -> None:
        if at >= self.until:
            raise StepRefused("export_lapsed", f"the time for export {self.id} is over")


@dataclass(frozen=True, slots=True)
class ExportChange:
    """A request after a step, and the facts that tell it."""

    export: Export
    facts: tuple[facts.Fact, ...]


def ask(recording: Recording, by: Person, *, name: str, why: tuple[str, str], at: datetime) -> ExportChange:
    """A new request called ``name``; ``why`` is the purpose and the case. Raises ``not_sealed``, ``already_erased``."""
    refusal = {"erased": "already_erased", "sealed": ""}.get(recording.stage.value, "not_sealed")
    if refusal:
        raise StepRefused(refusal, f"recording {recording.id} is {recording.stage}")
    purpose, case = why
    until = at + ANSWERED_WITHIN
    asked = Export(name, recording.id, recording.attention, purpose, case, signatory(by), at, until)
    fact = facts.ExportAsked(recording.attention, recording.id, name, purpose, case, until.isoformat())
    return ExportChange(asked, (fact,))


def ask_for_attention(attention: str, by: Person, *, name: str, why: tuple[str, str], at: datetime) -> ExportChange:
    """A new request for the package of an attention without a recording; ``why`` is the purpose and the case."""
    purpose, case = why
    until = at + ANSWERED_WITHIN
    asked = Export(name, "", attention, purpose, case, signatory(by), at, until)
    fact = facts.ExportAsked(attention, "", name, purpose, case, until.isoformat(), by.position)
    return ExportChange(asked, (fact,))


def asked_for_attentions(told: Iterable[tuple[datetime, str, facts.Fact]]) -> tuple[Export, ...]:
    """The requests of which the journal alone tells, from when, by whom (an actor) and what, in order; oldest first.

    The journal names nobody but by subject, so that is what they are called by.
    """
    requests: dict[str, Export] = {}
    for at, actor, fact in told:
        subject = actor.partition(":")[2]
        if isinstance(fact, facts.ExportAsked) and not fact.recording:
            by, until = Signatory(subject, subject, fact.function), at + ANSWERED_WITHIN
            requests[fact.export] = Export(fact.export, "", fact.attention, fact.purpose, fact.case, by, at, until)
        elif isinstance(fact, facts.ExportDecided) and fact.export in requests:
            by = Signatory(subject, subject, fact.function)
            requests[fact.export] = _decided(requests[fact.export], fact, by, at)
        elif isinstance(fact, facts.AttentionExported) and fact.export in requests:
            requests[fact.export] = replace(requests[fact.export], stage=ExportStage.GIVEN, unmade="")
        elif isinstance(fact, facts.ExportUnmade) and fact.export in requests:
            requests[fact.export] = _unmade(requests[fact.export], fact)
    return tuple(requests.values())


def _decided(asked: Export, fact: facts.ExportDecided, by: Signatory, at: datetime) -> Export:
    """The request after an answer that the journal tells; what the rules refuse counts for nothing."""
    step = ExportStep.APPROVE if fact.answer == ExportStage.APPROVED else ExportStep.REFUSE
    try:
        return asked.decide(step, by, at=at, answer=fact.words).export
    except StepRefused:
        return asked


def _unmade(asked: Export, fact: facts.ExportUnmade) -> Export:
    try:
        return asked.fail(fact.cause).export
    except StepRefused:
        return asked
