"""The attention: one case of a citizen being attended. Every method asks the rules and returns what changes.

Nothing here reads a clock or makes an id: they are arguments. Every change is a new object and the facts that tell it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from videoattention.domain import facts
from videoattention.domain.change import Change
from videoattention.domain.consent import DISMISSALS, ConsentStep
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Identification
from videoattention.domain.levels import POLICIES, RAISABLE, Level, LevelPolicy, Requirement
from videoattention.domain.stages import ATTENTION, Stage, Step

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.consent import Consent
    from videoattention.domain.levels import Purpose
    from videoattention.domain.people import Side


@dataclass(frozen=True, slots=True)
class AttendingInformer:
    """The informer of an attention, as the citizen sees them."""

    subject: str
    name: str
    position: str


@dataclass(frozen=True, slots=True)
class Attention:
    """One citizen's case. ``version`` grows by one with each saved change; times are aware, UTC."""

    id: str
    organisation: str
    office: str
    procedure: str
    language: str
    arrived_at: datetime
    stage: Stage = Stage.WAITING
    level: Level = Level.INFORMATIVE
    proposed: Level | None = None
    informer: AttendingInformer | None = None
    offer_until: datetime | None = None
    identification_asked: bool = False
    identification: Identification | None = None
    consents: tuple[Consent, ...] = ()
    talking_since: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    version: int = 0

    # --- what is so -----------------------------------------------------------------------------------------------

    @property
    def assurance(self) -> Assurance:
        """How sure the citizen's identity is now."""
        return self.identification.assurance if self.identification else Assurance.NONE

    @property
    def consented(self) -> frozenset[Purpose]:
        """The purposes for which a consent is in force now."""
        return frozenset(purpose for consent in self.consents if consent.in_force for purpose in consent.purposes)

    @property
    def pending_consent(self) -> Consent | None:
        """The request that the citizen has not answered yet."""
        return next((c for c in self.consents if c.stage == "asked"), None)

    @property
    def target(self) -> LevelPolicy:
        """The policy that both people are working towards: the proposed level's, else that of the level in force."""
        return POLICIES[self.proposed or self.level]

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """What is still to be proved for the target."""
        return self.target.missing(self.assurance, self.consented)

    @property
    def recorder_consent(self) -> Consent | None:
        """The consent that admits a recorder now; ``None`` means that no second may be stored."""
        if self.stage is not Stage.TALKING:
            return None
        if not POLICIES[self.level].admits_recorder(self.assurance, self.consented):
            return None
        return next((c for c in self.consents if c.in_force and "recording" in c.purposes), None)

    def dismissal(self, consent: str) -> str:
        """Why a recorder that this consent let in must leave now; empty while it may stay."""
        admitting = self.recorder_consent
        if admitting is not None and admitting.id == consent:
            return ""
        return DISMISSALS.get(self._consent(consent).stage, "call_ended")

    # --- what can happen ------------------------------------------------------------------------------------------

    def offer(self, informer: AttendingInformer, until: datetime) -> Change:
        """Put the attention before an informer until ``until``."""
        return self._step(
            Step.OFFER,
            facts.OfferMade(self.id, informer.subject, until.isoformat()),
            informer=informer,
            offer_until=until,
        )

    def accept(self, informer: str, now: datetime) -> Change:
        """The informer to whom it is offered answers.

        Raises ``not_yours`` for any other, and ``offer_lapsed`` from ``offer_until`` on: nobody is alerted any more.
        """
        self._must_be_attended_by(informer)
        if self.offer_until is not None and now >= self.offer_until:
            raise StepRefused("offer_lapsed", "the offer was not answered in time")
        return self._step(Step.ACCEPT, facts.OfferAccepted(self.id, informer), offer_until=None, talking_since=now)

    def take(self, informer: AttendingInformer, now: datetime) -> Change:
        """An informer attends a waiting citizen without an offer."""
        return self._step(
            Step.TAKE, facts.OfferAccepted(self.id, informer.subject), informer=informer, talking_since=now
        )

    def lapse(self, cause: str) -> Change:
        """The offer was not answered: back to waiting in the same place, for ``arrived_at`` does not change."""
        informer = self.informer.subject if self.informer else ""
        return self._step(Step.LAPSE, facts.OfferLapsed(self.id, informer, cause), informer=None, offer_until=None)

    def abandon(self, cause: str, now: datetime) -> Change:
        """The citizen goes before talking."""
        return self._step(
            Step.ABANDON,
            facts.AttentionAbandoned(self.id, cause),
            informer=None,
            offer_until=None,
            ended_at=now,
        )

    def propose_level(self, informer: str, level: Level) -> Change:
        """The informer proposes a higher level; it comes into force when nothing is missing."""
        self._must_be_attended_by(informer)
        if level not in RAISABLE or level is self.level:
            raise StepRefused("level_not_possible", f"{level} cannot be proposed from {self.level}")
        return self._step(Step.PROPOSE_LEVEL, facts.LevelProposed(self.id, level), proposed=level).settled()

    def drop_proposal(self, cause: str) -> Change:
        """Either side lets the proposal go: what was asked for it lapses, whatever was proved stays proved."""
        if self.proposed is None:
            raise StepRefused("nothing_proposed", "no level is proposed")
        dropped = facts.LevelProposalDropped(self.id, self.proposed, cause)
        consents = tuple(c.lapse() for c in self.consents)
        return self._step(
            Step.DROP_PROPOSAL,
            dropped,
            proposed=None,
            identification_asked=False,
            consents=consents,
        )

    def lower_level(self, by: Side) -> Change:
        """Either side goes back to the informative level.

        The consents that the level stood on end with it: raising it again needs the citizen's yes again.
        """
        if self.level is Level.INFORMATIVE:
            raise StepRefused("level_not_possible", "the informative level is the lowest")
        cause = f"asked_by_{by}"
        ending = {c.id: c.end() for c in self.consents if c.in_force and c.purposes & POLICIES[self.level].consents}
        return self._step(
            Step.LOWER_LEVEL,
            *(facts.ConsentEnded(self.id, consent, cause) for consent in ending),
            facts.LevelLowered(self.id, Level.INFORMATIVE, cause),
            level=Level.INFORMATIVE,
            proposed=None,
            consents=tuple(ending.get(c.id, c) for c in self.consents),
        )

    def ask_identification(self, informer: str) -> Change:
        """The informer asks the citizen to show who they are."""
        self._must_be_attended_by(informer)
        self._must_be_wanted(Requirement.IDENTIFICATION)
        return self._step(Step.ASK_IDENTIFICATION, facts.IdentificationAsked(self.id), identification_asked=True)

    def identify(self, identification: Identification) -> Change:
        """A provider vouched for the citizen; only after the informer asked."""
        if not self.identification_asked:
            raise StepRefused("not_asked", "nobody asked for an identification")
        fact = facts.CitizenIdentified(
            self.id,
            identification.provider,
            identification.assurance.name.lower(),
            identification.subject,
        )
        return self._step(Step.IDENTIFY, fact, identification=identification, identification_asked=False).settled()

    def wanted_text(self, informer: str) -> Level:
        """The level whose consent text this informer may put before the citizen; refused when none is missing."""
        self._must_be_attended_by(informer)
        self._must_be_wanted(Requirement.CONSENT)
        return self.target.level

    def ask_consent(self, informer: str, consent: Consent) -> Change:
        """The informer puts a text before the citizen; one at a time, and it must cover what the target demands."""
        self.wanted_text(informer)
        if self.pending_consent:
            raise StepRefused("already_asked", "a consent is before the citizen already")
        if not self.target.consents <= consent.purposes:
            raise StepRefused("consent_too_narrow", "the text does not cover what the level demands")
        asked = facts.ConsentAsked(
            self.id,
            consent.id,
            consent.wording.text,
            consent.wording.version,
            consent.wording.language,
            consent.wording.hash,
            tuple(sorted(consent.purposes)),
        )
        return self._step(Step.ASK_CONSENT, asked, consents=(*self.consents, consent))

    def answer_consent(self, consent: str, step: ConsentStep, now: datetime) -> Change:
        """The citizen accepts or refuses the text that was shown; refusing keeps the informative level."""
        answered = self._consent(consent).answer(step, now)
        consents = self._with(answered)
        if step is ConsentStep.GIVE:
            given = facts.ConsentGiven(self.id, consent, answered.wording.hash, tuple(sorted(answered.purposes)))
            return self._step(Step.ANSWER_CONSENT, given, consents=consents).settled()
        change = self._step(Step.ANSWER_CONSENT, facts.ConsentRefused(self.id, consent), consents=consents)
        return change.dropped("refused_consent")

    def withdraw_consent(self, consent: str, now: datetime) -> Change:
        """The citizen takes a consent back; a level that demanded it is in force no more."""
        withdrawn = self._consent(consent).withdraw(now)
        change = self._step(
            Step.WITHDRAW_CONSENT,
            facts.ConsentWithdrawn(self.id, consent),
            consents=self._with(withdrawn),
        )
        return change.dropped("consent_withdrawn").lowered("consent_withdrawn")

    def hang_up(self, by: str, now: datetime) -> Change:
        """The call ends; an unanswered request for consent lapses. ``by``: citizen, informer or service."""
        return self._step(
            Step.HANG_UP,
            facts.CallEnded(self.id, by),
            ended_at=now,
            proposed=None,
            identification_asked=False,
            consents=tuple(c.lapse() for c in self.consents),
        )

    def conclude(self, informer: str, outcome: str) -> Change:
        """The informer writes what came of it."""
        self._must_be_attended_by(informer)
        return self._step(Step.CONCLUDE, facts.AttentionConcluded(self.id, outcome, self.level), outcome=outcome)

    # --- how --------------------------------------------------------------------------------------------------------

    def _step(self, step: Step, *told: facts.Fact, **changed: Any) -> Change:  # noqa: ANN401 - the fields of this class, checked by replace()
        stage = ATTENTION.after(self.stage, step)
        return Change(replace(self, stage=stage, **changed), told)

    def _must_be_attended_by(self, informer: str) -> None:
        if self.informer is None or self.informer.subject != informer:
            raise StepRefused("not_yours", "another informer attends, or nobody")

    def _must_be_wanted(self, requirement: Requirement) -> None:
        if requirement not in self.missing:
            raise StepRefused("not_needed", f"{requirement} is not missing for the level")

    def _consent(self, consent: str) -> Consent:
        found = next((c for c in self.consents if c.id == consent), None)
        if found is None:
            raise StepRefused("unknown_consent", "no such consent in this attention")
        return found

    def _with(self, changed: Consent) -> tuple[Consent, ...]:
        return tuple(changed if c.id == changed.id else c for c in self.consents)
