"""Visual identification: an informer sees who a citizen is, step by step. Every method returns what changes.

Nothing here reads a clock, makes an id or draws lots: they are arguments. The decision itself is the informer's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.papers import FEATURES, drawn
from videoattention.domain.visual_stages import (
    ACTIONS_ASKED,
    DIGITS_SAID,
    OPEN,
    SUSPICIOUS,
    VISUAL,
    Reason,
    StillKind,
    VisualStage,
    VisualStep,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.consent import ConsentText
    from videoattention.domain.papers import DocumentKind, Feature, Reading
    from videoattention.domain.visual_parts import Challenge, Instant, Signed, Still
    from videoattention.domain.visual_stages import Action


@dataclass(frozen=True, slots=True)
class Visual:
    """One visual identification. ``version`` grows by one with each saved change; times are aware, UTC."""

    id: str
    organisation: str
    attention: str
    informer: str
    wording: ConsentText
    begun_at: datetime
    stage: VisualStage = VisualStage.INFORMED
    interrupted: str = ""
    restarts: int = 0
    code_sent: bool = False
    kind: DocumentKind | None = None
    drawn: Mapping[DocumentKind, tuple[Feature, ...]] = field(default_factory=dict)
    seen: Mapping[Feature, bool] = field(default_factory=dict)
    reading: Reading | None = None
    challenge: Challenge | None = None
    done: Mapping[Action, bool] = field(default_factory=dict)
    stills: tuple[Still, ...] = ()
    ended_at: datetime | None = None
    suspected: bool = False
    version: int = 0

    # --- what is so -----------------------------------------------------------------------------------------------

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended."""
        return self.stage in OPEN

    @property
    def features(self) -> tuple[Feature, ...]:
        """What the informer is to look for in the document that was chosen."""
        return self.drawn[self.kind] if self.kind else ()

    @property
    def lacking(self) -> str:
        """Why the running step cannot be finished yet, as a code; empty when it can."""
        match self.stage:
            case VisualStage.DOCUMENT:
                return self._lacking_document
            case VisualStage.ACTIONS:
                asked = self.challenge.actions if self.challenge else ()
                return "" if asked and all(self.done.get(action) for action in asked) else "actions_not_seen"
            case VisualStage.STILLS:
                return "" if {still.kind for still in self.stills} == set(StillKind) else "stills_missing"
            case _:
                return ""

    @property
    def _lacking_document(self) -> str:
        if self.kind is None:
            return "document_not_chosen"
        if not all(self.seen.get(feature) for feature in self.features):
            return "features_not_seen"
        if self.reading is None or not self.reading.name:
            return "document_not_read"
        return "" if self.reading.sound else "document_fails"

    # --- what can happen ------------------------------------------------------------------------------------------

    def begin(self) -> VisualChange:
        """The text about images is put before the citizen."""
        text = self.wording
        begun = facts.VisualBegun(self.attention, self.id, text.text, text.version, text.language, text.hash)
        return VisualChange(self, (begun,))

    def agree(self) -> VisualChange:
        """The citizen agrees to images, by their own click."""
        return self._step(VisualStep.AGREE, facts.VisualAgreed(self.attention, self.id, self.wording.hash))

    def refuse(self, now: datetime) -> VisualChange:
        """The citizen prefers another way, or takes their yes back."""
        return self._end(VisualStep.REFUSE, facts.VisualRefused(self.attention, self.id, self.stage), now)

    def send_code(self, informer: str) -> VisualChange:
        """A code went out to the phone that the citizen has in hand; the one before counts no more."""
        self._must_be_of(informer)
        return self._step(VisualStep.SEND_CODE, facts.VisualCodeSent(self.attention, self.id), code_sent=True)

    def must_await_code(self) -> None:
        """Raises ``no_code`` unless a code was sent that this step waits for."""
        self._must_be_connected()
        if not self.code_sent:
            raise StepRefused("no_code", "no code was sent in this step")

    def prove_code(self, by: str) -> VisualChange:
        """The code holds, as the citizen typed it or read it aloud. Raises ``no_code``."""
        self.must_await_code()
        return self._step(VisualStep.PROVE_CODE, facts.VisualCodeProved(self.attention, self.id, by))

    def choose_document(self, informer: str, kind: DocumentKind, shuffled: Sequence[Feature]) -> VisualChange:
        """Which document it is. ``shuffled`` is the kind's list as chance ordered it.

        A kind that was chosen before keeps what was drawn for it: nobody goes on until an easy draw comes.
        """
        self._must_be_of(informer)
        if set(shuffled) != set(FEATURES[kind]):
            raise StepRefused("too_few_features", "the features are drawn from the whole list of the kind")
        looked_for = self.drawn.get(kind) or drawn(shuffled)
        chosen = facts.DocumentChosen(self.attention, self.id, kind, tuple(looked_for))
        draws = {**self.drawn, kind: looked_for}
        return self._step(VisualStep.CHOOSE_DOCUMENT, chosen, kind=kind, drawn=draws, seen={}, reading=None)

    def tick_feature(self, informer: str, feature: Feature, *, seen: bool) -> VisualChange:
        """The informer sees a feature or does not; raises ``not_asked_for``."""
        self._must_be_of(informer)
        if feature not in self.features:
            raise StepRefused("not_asked_for", f"{feature} is not looked for")
        ticked = facts.FeatureTicked(self.attention, self.id, feature, seen)
        return self._step(VisualStep.TICK_FEATURE, ticked, seen={**self.seen, feature: seen})

    def read_document(self, informer: str, reading: Reading) -> VisualChange:
        """What the document says, as the informer typed it; raises ``document_not_chosen``."""
        self._must_be_of(informer)
        if self.kind is None:
            raise StepRefused("document_not_chosen", "which document is it?")
        read = facts.DocumentRead(self.attention, self.id, tuple(reading.passed), tuple(reading.failed))
        return self._step(VisualStep.READ_DOCUMENT, read, reading=reading)

    def tick_action(self, informer: str, action: Action, *, done: bool) -> VisualChange:
        """The informer saw it done, or not; raises ``not_asked_for``."""
        self._must_be_of(informer)
        if self.challenge is None or action not in self.challenge.actions:
            raise StepRefused("not_asked_for", f"{action} was not asked")
        ticked = facts.ActionTicked(self.attention, self.id, action, done)
        return self._step(VisualStep.TICK_ACTION, ticked, done={**self.done, action: done})

    def shoot(self, informer: str, still: Still, instant: Instant) -> VisualChange:
        """A still is kept; one of the same kind takes the place of the one before."""
        self._must_be_of(informer)
        others = tuple(other for other in self.stills if other.kind is not still.kind)
        taken = facts.StillTaken(
            attention=self.attention,
            visual=self.id,
            still=still.id,
            kind=still.kind,
            hash=still.hash,
            width=still.width,
            height=still.height,
            shown_at=instant.shown_at,
            rtp=instant.rtp,
            recording=instant.recording,
            part=instant.part,
            track=instant.track,
            offset=instant.offset,
        )
        return self._step(VisualStep.SHOOT, taken, stills=(*others, still))

    def finish(self, informer: str, challenge: Challenge) -> VisualChange:
        """The running step is complete; raises what is `lacking`. After the document the ``challenge`` is asked."""
        self._must_be_of(informer)
        if VISUAL.allows(self.stage, VisualStep.FINISH) and self.lacking:
            raise StepRefused(self.lacking, f"the step {self.stage} is not complete")
        done = facts.VisualStepDone(self.attention, self.id, self.stage)
        change = self._step(VisualStep.FINISH, done)
        return change.asked(challenge) if change.visual.stage is VisualStage.ACTIONS else change

    def accept(self, informer: str, signed: Signed, now: datetime) -> VisualChange:
        """The informer decides that the citizen is who the document says."""
        self._must_be_of(informer)
        decided = facts.VisualIdentified(self.attention, self.id, signed.hash, signed.key)
        return self._step(VisualStep.ACCEPT, decided, ended_at=now)

    def must_bear(self, reason: Reason, *, witnessed: bool) -> None:
        """A suspicion of fraud is of a document that was shown, and the informer says to have seen the reason.

        Raises ``document_not_chosen`` and ``not_witnessed``; the other reasons hold at every step.
        """
        if reason not in SUSPICIOUS:
            return
        if self.kind is None:
            raise StepRefused("document_not_chosen", "no document was shown that a suspicion could be of")
        if not witnessed:
            raise StepRefused("not_witnessed", "a suspicion of fraud is filed by whoever saw it")

    def stop(self, informer: str, reason: Reason, signed: Signed, now: datetime) -> VisualChange:
        """The informer ends it, for one of the nine reasons that it bears; also while the connection is lost."""
        self.must_be_attended_by(informer)
        stopped = facts.VisualStopped(self.attention, self.id, signed.hash, signed.key)
        return self._end(VisualStep.STOP, stopped, now, suspected=reason in SUSPICIOUS)

    def lapse(self, cause: str, now: datetime) -> VisualChange:
        """The proposal or the call is over."""
        return self._end(VisualStep.LAPSE, facts.VisualLapsed(self.attention, self.id, cause), now)

    def interrupt(self, cause: str) -> VisualChange:
        """The connection was lost for too long: the running step loses what it had collected."""
        if self.interrupted:
            raise StepRefused("connection_lost", "it is interrupted already")
        told = facts.VisualInterrupted(self.attention, self.id, self.stage, cause)
        collected = _COLLECTED.get(self.stage, {})
        return self._step(VisualStep.INTERRUPT, told, interrupted=cause, restarts=self.restarts + 1, **collected)

    def resume(self, challenge: Challenge) -> VisualChange:
        """The connection is back; in the step of the actions others are asked."""
        if not self.interrupted:
            raise StepRefused("not_interrupted", "it goes on already")
        told = facts.VisualResumed(self.attention, self.id, self.stage)
        change = self._step(VisualStep.RESUME, told, interrupted="")
        return change.asked(challenge) if self.stage is VisualStage.ACTIONS else change

    # --- how --------------------------------------------------------------------------------------------------------

    def _step(self, step: VisualStep, *told: facts.Fact, **changed: Any) -> VisualChange:  # noqa: ANN401 - the fields of this class, checked by replace()
        stage = VISUAL.after(self.stage, step)
        return VisualChange(replace(self, stage=stage, **changed), told)

    def _end(self, step: VisualStep, told: facts.Fact, now: datetime, *, suspected: bool = False) -> VisualChange:
        """It is over, undecided or stopped: only what raises a suspicion keeps its stills."""
        kept = {} if suspected else {"stills": ()}
        return self._step(step, told, ended_at=now, suspected=suspected, interrupted="", reading=None, **kept)

    def must_be_attended_by(self, informer: str) -> None:
        """Raises ``not_yours`` for any other informer."""
        if informer != self.informer:
            raise StepRefused("not_yours", "another informer identifies")

    def _must_be_connected(self) -> None:
        if self.interrupted:
            raise StepRefused("connection_lost", "the connection is lost; the step begins again when it is back")

    def _must_be_of(self, informer: str) -> None:
        self.must_be_attended_by(informer)
        self._must_be_connected()


_COLLECTED: Mapping[VisualStage, Mapping[str, Any]] = {
    VisualStage.CODE: {"code_sent": False},
    VisualStage.DOCUMENT: {"kind": None, "drawn": {}, "seen": {}, "reading": None},
    VisualStage.ACTIONS: {"challenge": None, "done": {}},
    VisualStage.STILLS: {"stills": ()},
}
"""What each step collects, as it is when the step begins."""


@dataclass(frozen=True, slots=True)
class VisualChange:
    """A visual identification after a step, and the facts that tell of it, in order."""

    visual: Visual
    facts: tuple[facts.Fact, ...]

    def asked(self, challenge: Challenge) -> VisualChange:
        """Put a challenge before the citizen; raises ``too_few_actions`` for one that asks too little."""
        if len(set(challenge.actions)) < ACTIONS_ASKED or len(challenge.digits) < DIGITS_SAID:
            raise StepRefused("too_few_actions", f"at least {ACTIONS_ASKED} actions are asked")
        visual = self.visual
        told = facts.ActionsAsked(visual.attention, visual.id, tuple(challenge.actions))
        return VisualChange(replace(visual, challenge=challenge, done={}), (*self.facts, told))
