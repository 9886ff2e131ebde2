"""The attention: one case of a citizen being attended. Every method asks the rules and returns what changes.

Nothing here reads a clock or makes an id: they are arguments. Every change is a new object and the facts that tell it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from videoattention.domain import facts
from videoattention.domain.case import AttendingInformer, Case
from videoattention.domain.change import Change
from videoattention.domain.consent import ConsentStep
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import WAYS, Identification, Way
from videoattention.domain.levels import Level, OutcomeKind, Requirement
from videoattention.domain.proving import Clip
from videoattention.domain.stages import ATTENTION, Stage, Step

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.consent import Consent
    from videoattention.domain.people import Side
    from videoattention.domain.rights import Said


__all__ = ["AttendingInformer", "Attention"]


@dataclass(frozen=True, slots=True)
class Attention(Case):
    """One citizen's case, and the steps that it can take."""

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
        self.must_be_attended_by(informer)
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

    def propose_level(self, informer: str, level: Level, now: datetime) -> Change:
        """The informer proposes another level; it comes into force when nothing is missing.

        An open proposal of another level is let go, with what was asked and consented for it. Raises
        ``habilitation_missing`` or ``habilitation_lapsed`` when the informer is not entitled to it.
        """
        self.must_be_attended_by(informer)
        if level in {Level.INFORMATIVE, self.level}:
            raise StepRefused("level_not_possible", f"{level} cannot be proposed from {self.level}")
        self._must_be_entitled(self.policy.of(level).habilitation, now)
        if self.proposed not in {None, level}:
            dropped = self.drop_proposal("another_proposed")
            return dropped.then(dropped.attention.propose_level(informer, level, now))
        return self._step(Step.PROPOSE_LEVEL, facts.LevelProposed(self.id, level), proposed=level).settled()

    def see_picture(self, informer: str, lines: int) -> Change:
        """The informer's page measured the citizen's picture."""
        self.must_be_attended_by(informer)
        return self._step(Step.SEE_PICTURE, facts.PictureSeen(self.id, lines), picture=lines).settled()

    def drop_proposal(self, cause: str) -> Change:
        """Either side lets the proposal go: what was asked for it lapses, and what was consented for it ends.

        Who the citizen is stays proved.
        """
        if self.proposed is None:
            raise StepRefused("nothing_proposed", "no level is proposed")
        dropped = facts.LevelProposalDropped(self.id, self.proposed, cause)
        ending = {c.id: c.end() for c in self.consents if c.in_force and c.level != self.level}
        consents = tuple(ending.get(c.id) or c.lapse() for c in self.consents)
        return self._step(
            Step.DROP_PROPOSAL,
            dropped,
            *(facts.ConsentEnded(self.id, consent, "proposal_dropped") for consent in ending),
            proposed=None,
            identification_asked=False,
            identification_way=None,
            consents=consents,
        )

    def lower_level(self, by: Side) -> Change:
        """Either side goes back to the informative level.

        The consents that the level stood on end with it: raising it again needs the citizen's yes again.
        """
        if self.level is Level.INFORMATIVE:
            raise StepRefused("level_not_possible", "the informative level is the lowest")
        if self.proposed is not None:
            dropped = self.drop_proposal("level_lowered")
            return dropped.then(dropped.attention.lower_level(by))
        cause = f"asked_by_{by}"
        ending = {c.id: c.end() for c in self.consents if c.in_force}
        lapsing = {c.id: c.lapse() for c in self.consents if not c.in_force}
        return self._step(
            Step.LOWER_LEVEL,
            *(facts.ConsentEnded(self.id, consent, cause) for consent in ending),
            facts.LevelLowered(self.id, Level.INFORMATIVE, cause),
            level=Level.INFORMATIVE,
            identification_asked=False,
            identification_way=None,
            clip=Clip.NONE,
            form="",
            consents=tuple({**lapsing, **ending}[c.id] for c in self.consents),
        )

    def ask_identification(self, informer: str, way: Way = Way.ELECTRONIC) -> Change:
        """The informer asks the citizen to show who they are; asking for another way takes the first question back."""
        self.must_be_attended_by(informer)
        self._must_be_wanted(Requirement.IDENTIFICATION)
        if WAYS[way] < self.target.identity:
            raise StepRefused("way_too_weak", f"{way} proves less than {self.target.level} demands")
        asked = facts.IdentificationAsked(self.id, way)
        return self._step(Step.ASK_IDENTIFICATION, asked, identification_asked=True, identification_way=way)

    def stop_identification(self, informer: str) -> Change:
        """The informer does not ask any more; what was proved stays proved."""
        self.must_be_attended_by(informer)
        if not self.identification_asked:
            raise StepRefused("not_asked", "nobody asked for an identification")
        stopped = facts.IdentificationStopped(self.id)
        return self._step(Step.STOP_IDENTIFICATION, stopped, identification_asked=False, identification_way=None)

    def identify(self, identification: Identification) -> Change:
        """A provider vouched for the citizen; only after the informer asked, and in the way that was asked for.

        A proof that is weaker than the one before takes its place, and a level that stood on that one falls.
        """
        if not self.identification_asked:
            raise StepRefused("not_asked", "nobody asked for an identification")
        fact = facts.CitizenIdentified(
            self.id,
            identification.provider,
            identification.assurance.name.lower(),
            identification.subject,
        )
        if identification.way is not self.identification_way:
            raise StepRefused("not_asked", "another way of identification was asked for")
        change = self._step(Step.IDENTIFY, fact, identification=identification, identification_asked=False)
        return change.settled().lowered("identity_lost")

    def wanted_text(self, informer: str) -> Level:
        """The level whose consent text this informer may put before the citizen; refused when none is missing."""
        self.must_be_attended_by(informer)
        self._must_be_wanted(Requirement.CONSENT)
        return self.target.level

    def ask_consent(self, informer: str, consent: Consent) -> Change:
        """The informer puts a text before the citizen; one at a time, for a purpose that the target still needs."""
        level = self.wanted_text(informer)
        if self.pending_consent:
            raise StepRefused("already_asked", "a consent is before the citizen already")
        if not self.wanted_purposes & consent.purposes:
            raise StepRefused("consent_too_narrow", "the text covers nothing that the level still demands")
        asked = facts.ConsentAsked(
            self.id,
            consent.id,
            consent.wording.text,
            consent.wording.version,
            consent.wording.language,
            consent.wording.hash,
            tuple(sorted(consent.purposes)),
        )
        return self._step(Step.ASK_CONSENT, asked, consents=(*self.consents, replace(consent, level=level)))

    def answer_consent(self, consent: str, step: ConsentStep, now: datetime) -> Change:
        """The citizen accepts or refuses the text that was shown; refusing keeps the level in force."""
        return self._answered(self._consent(consent).answer(step, now), step)

    def witness_consent(self, informer: str, consent: str, step: ConsentStep, now: datetime, *, note: Said) -> Change:
        """The citizen, who cannot click, answered aloud, and the informer writes it; raises ``note_too_short``."""
        self.must_be_attended_by(informer)
        answered = self._consent(consent).answer(step, now).witnessed(note)
        change = self._answered(answered, step)
        witnessed = facts.ConsentWitnessed(self.id, consent, step, note.hash)
        return replace(change, facts=(witnessed, *change.facts))

    def _answered(self, answered: Consent, step: ConsentStep) -> Change:
        consents = self._with(answered)
        if step is ConsentStep.GIVE:
            given = facts.ConsentGiven(self.id, answered.id, answered.wording.hash, tuple(sorted(answered.purposes)))
            return self._step(Step.ANSWER_CONSENT, given, consents=consents).settled()
        change = self._step(Step.ANSWER_CONSENT, facts.ConsentRefused(self.id, answered.id), consents=consents)
        return change.dropped("refused_consent")

    def withdraw_consent(self, consent: str, now: datetime) -> Change:
        """The citizen takes a consent back; a level that demanded it is in force no more.

        Of a call that is over only the consent changes: what was done in it was done at its level.
        """
        withdrawn = self._consent(consent).withdraw(now)
        change = self._step(
            Step.WITHDRAW_CONSENT,
            facts.ConsentWithdrawn(self.id, consent),
            consents=self._with(withdrawn),
        )
        if self.stage is not Stage.TALKING:
            return change
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

    def end_clip(self, cause: str) -> Change:
        """The authorisation was recorded: the recorder leaves. ``cause``: heard, time."""
        if self.clip is not Clip.WANTED:
            raise StepRefused("no_clip", "no authorisation is being recorded")
        return self._step(Step.END_CLIP, facts.ClipEnded(self.id, cause), clip=Clip.DONE)

    def hear_clip(self, informer: str) -> Change:
        """The informer heard the authorisation, and needs no more of it recorded."""
        self.must_be_attended_by(informer)
        return self.end_clip("heard")

    def deliver_form(self, document: str, hash: str) -> Change:  # noqa: A002 - as in the facts
        """The consent to be represented was written down and is in the citizen's hands."""
        if not self.in_force.form or self.form:
            raise StepRefused("not_needed", "no form is missing")
        return self._step(Step.DELIVER_FORM, facts.FormDelivered(self.id, document, hash), form=document)

    def end_call(self, informer: str, now: datetime) -> Change:
        """The informer hangs up; refused with ``step_undone`` while something that was begun is not done."""
        self.must_be_attended_by(informer)
        if self.undone:
            raise StepRefused("step_undone", f"still to be done: {', '.join(self.undone)}")
        return self.hang_up("informer", now)

    def conclude(
        self,
        informer: str,
        outcome: str,
        kind: OutcomeKind = OutcomeKind.INFORMED,
        *,
        stored: frozenset[str] = frozenset(),
        settling: frozenset[str] = frozenset(),
    ) -> Change:
        """The informer writes what came of it; ``stored`` and ``settling`` as for `withheld`.

        Raises ``outcome_not_proved`` when that says more than was proved, ``outcome_not_recorded`` when the recording
        that it stands on is not there, and ``recording_settling`` while it is being closed.
        """
        self.must_be_attended_by(informer)
        self._must_be_proved(kind, stored, settling)
        concluded = facts.AttentionConcluded(self.id, outcome, self.level, kind)
        return self._step(Step.CONCLUDE, concluded, outcome=outcome, outcome_kind=kind)

    # --- how --------------------------------------------------------------------------------------------------------

    def _step(self, step: Step, *told: facts.Fact, **changed: Any) -> Change:  # noqa: ANN401 - the fields of this class, checked by replace()
        stage = ATTENTION.after(self.stage, step)
        return Change(replace(self, stage=stage, **changed), told)

    def _with(self, changed: Consent) -> tuple[Consent, ...]:
        return tuple(changed if c.id == changed.id else c for c in self.consents)
