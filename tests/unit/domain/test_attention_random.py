"""Whatever happens in whatever order: what must always be so, and the facts tell the whole story."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.domain.retelling import Retelling
from tests.unit.domain.samples import (
    ASSISTED_PURPOSES,
    ATTENDED_PURPOSES,
    NOW,
    NURIA,
    OTHER,
    asked,
    identified,
    later,
    said,
    waiting,
)
from videoattention.domain.consent import ConsentStage, ConsentStep
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Way
from videoattention.domain.levels import Level, OutcomeKind, Purpose
from videoattention.domain.people import Side
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.domain.attention import AttendingInformer, Attention
    from videoattention.domain.change import Change

CODES = {
    "illegal_step",
    "not_yours",
    "level_not_possible",
    "nothing_proposed",
    "not_needed",
    "not_asked",
    "already_asked",
    "consent_too_narrow",
    "unknown_consent",
    "not_an_answer",
    "offer_lapsed",
    "way_too_weak",
    "no_clip",
    "step_undone",
    "outcome_not_proved",
    "outcome_not_recorded",
    "note_too_short",
}

informers = st.sampled_from([NURIA, NURIA, NURIA, OTHER])
subjects = informers.map(lambda informer: informer.subject)
purposes = st.just(ATTENDED_PURPOSES) | st.just(ASSISTED_PURPOSES) | st.frozensets(st.sampled_from(Purpose))
answers = st.sampled_from([ConsentStep.GIVE, ConsentStep.GIVE, *ConsentStep])
which = st.integers(min_value=0, max_value=3)


class Happenings(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.attention = waiting()
        self.retelling = Retelling()
        self.seconds = 0
        self.texts = 0

    def happen(self, step: Callable[[Attention], Change]) -> None:
        before = self.attention
        untouched = deepcopy(before)
        self.seconds += 1
        code = ""
        try:
            change = step(before)
        except StepRefused as refused:
            code = refused.code
        else:
            assert change.facts
            self.attention = change.attention
            for fact in change.facts:
                self.retelling.hear(fact)
        assert code in CODES | {""}
        assert before == untouched

    def consent_named(self, number: int) -> str:
        """Mostly the latest text, at times an older one or one that never was."""
        return f"con-{max(self.texts - number, 0)}"

    @initialize(far=st.integers(min_value=0, max_value=6))
    def begin(self, far: int) -> None:
        """Some stories begin well on their way, so that the deep ones are told often."""
        self.texts = 1
        steps: list[Callable[[Attention], Change]] = [
            lambda a: a.take(NURIA, NOW),
            lambda a: a.propose_level("inf-1", Level.ATTENDED, NOW),
            lambda a: a.ask_identification("inf-1"),
            lambda a: a.ask_consent("inf-1", asked("con-1")),
            lambda a: a.answer_consent("con-1", ConsentStep.GIVE, NOW),
            lambda a: a.identify(identified()),
        ]
        for step in steps[:far]:
            self.happen(step)
        assert (self.attention.recorder_consent is not None) is (far == len(steps))

    @rule(informer=informers)
    def offer(self, informer: AttendingInformer) -> None:
        self.happen(lambda a: a.offer(informer, later(self.seconds + 20)))

    @rule(informer=subjects, pause=st.sampled_from([0, 0, 0, 20]))
    def accept(self, informer: str, pause: int) -> None:
        self.seconds += pause
        self.happen(lambda a: a.accept(informer, later(self.seconds)))

    @rule(informer=informers)
    def take(self, informer: AttendingInformer) -> None:
        self.happen(lambda a: a.take(informer, later(self.seconds)))

    @rule(cause=st.sampled_from(["unanswered", "declined", "gone"]))
    def lapse(self, cause: str) -> None:
        self.happen(lambda a: a.lapse(cause))

    @rule(cause=st.sampled_from(["left", "absent"]))
    def abandon(self, cause: str) -> None:
        self.happen(lambda a: a.abandon(cause, later(self.seconds)))

    @rule(informer=subjects, level=st.sampled_from(Level))
    def propose_level(self, informer: str, level: Level) -> None:
        self.happen(lambda a: a.propose_level(informer, level, later(self.seconds)))

    @rule(cause=st.sampled_from(["declined", "withdrawn_by_informer"]))
    def drop_proposal(self, cause: str) -> None:
        self.happen(lambda a: a.drop_proposal(cause))

    @rule(by=st.sampled_from(Side))
    def lower_level(self, by: Side) -> None:
        self.happen(lambda a: a.lower_level(by))

    @rule(informer=subjects, way=st.sampled_from([Way.ELECTRONIC, *Way]))
    def ask_identification(self, informer: str, way: Way) -> None:
        self.happen(lambda a: a.ask_identification(informer, way))

    @rule(informer=subjects)
    def stop_identification(self, informer: str) -> None:
        self.happen(lambda a: a.stop_identification(informer))

    @rule(assurance=st.sampled_from(Assurance), way=st.sampled_from(Way) | st.none())
    def identify(self, assurance: Assurance, way: Way | None) -> None:
        """Mostly in the way that was asked for."""
        shown = way or self.attention.identification_way or Way.ELECTRONIC
        self.happen(lambda a: a.identify(replace(identified(assurance), way=shown)))

    @rule(informer=subjects, lines=st.sampled_from([0, 240, 720]))
    def see_picture(self, informer: str, lines: int) -> None:
        self.happen(lambda a: a.see_picture(informer, lines))

    @rule(cause=st.sampled_from(["heard", "time"]))
    def end_clip(self, cause: str) -> None:
        self.happen(lambda a: a.end_clip(cause))

    @rule()
    def deliver_form(self) -> None:
        self.happen(lambda a: a.deliver_form("form-1", "ab" * 32))

    @rule(informer=subjects, number=which, step=answers, note=st.sampled_from(["Ho ha dit de paraula.", "Sí"]))
    def witness_consent(self, informer: str, number: int, step: ConsentStep, note: str) -> None:
        consent = self.consent_named(number)
        now = later(self.seconds)
        self.happen(lambda a: a.witness_consent(informer, consent, step, now, note=said(note)))

    @rule(informer=subjects)
    def end_call(self, informer: str) -> None:
        self.happen(lambda a: a.end_call(informer, later(self.seconds)))

    @rule(informer=subjects, purposes=purposes)
    def ask_consent(self, informer: str, purposes: frozenset[Purpose]) -> None:
        self.texts += 1
        self.happen(lambda a: a.ask_consent(informer, asked(f"con-{self.texts}", purposes)))

    @rule(number=which, step=answers)
    def answer_consent(self, number: int, step: ConsentStep) -> None:
        self.happen(lambda a: a.answer_consent(self.consent_named(number), step, later(self.seconds)))

    @rule(number=which)
    def withdraw_consent(self, number: int) -> None:
        self.happen(lambda a: a.withdraw_consent(self.consent_named(number), later(self.seconds)))

    @rule(by=st.sampled_from(["citizen", "informer", "service"]))
    def hang_up(self, by: str) -> None:
        self.happen(lambda a: a.hang_up(by, later(self.seconds)))

    @rule(informer=subjects, kind=st.sampled_from(OutcomeKind), recorded=st.booleans())
    def conclude(self, informer: str, kind: OutcomeKind, *, recorded: bool) -> None:
        before = self.attention
        stored = frozenset(consent.id for consent in before.consents) if recorded else frozenset()
        self.happen(lambda a: a.conclude(informer, "fet", kind, stored=stored))
        if self.attention is not before and kind in {OutcomeKind.HELPED, OutcomeKind.REPRESENTED}:
            assert recorded
            assert before.level is Level.ATTENDED or before.clip == "done"

    @invariant()
    def a_recorder_needs_all_of_it(self) -> None:
        """Written without the policies on purpose: what each level demands is told here once more, by hand."""
        consent = self.attention.recorder_consent
        if consent is None:
            return
        assert self.attention.stage is Stage.TALKING
        assert self.attention.level is not Level.INFORMATIVE
        if self.attention.level is Level.ATTENDED:
            assert self.attention.assurance >= Assurance.SUBSTANTIAL
            assert Purpose.REPRESENTATION in self.retelling.consented("attended")
        else:
            assert self.attention.assurance >= Assurance.DECLARED
            assert self.attention.clip == "wanted"
        assert consent in self.attention.consents
        assert consent.stage is ConsentStage.GIVEN
        assert Purpose.RECORDING in consent.purposes
        assert self.retelling.over.isdisjoint({consent.id})

    @invariant()
    def an_attended_call_has_its_recorder(self) -> None:
        """No attended second goes unrecorded: the level falls in the very step in which a proof falls."""
        if self.attention.stage is Stage.TALKING and self.attention.level is Level.ATTENDED:
            assert self.attention.recorder_consent is not None

    @invariant()
    def nobody_is_represented_without_a_verified_identity(self) -> None:
        if self.attention.outcome_kind is OutcomeKind.REPRESENTED:
            assert self.attention.level is Level.ATTENDED
            assert self.attention.assurance >= Assurance.SUBSTANTIAL

    @invariant()
    def a_consent_that_is_over_never_comes_back(self) -> None:
        gone = {ConsentStage.WITHDRAWN, ConsentStage.ENDED}
        assert {consent.id for consent in self.attention.consents if consent.stage in gone} == self.retelling.over

    @invariant()
    def the_place_and_the_version_are_not_ours_to_change(self) -> None:
        assert self.attention.arrived_at == NOW
        assert self.attention.version == 0

    @invariant()
    def what_depends_on_the_stage_is_there_only_in_it(self) -> None:
        attention = self.attention
        assert (attention.offer_until is not None) is (attention.stage is Stage.OFFERED)
        assert (attention.informer is None) is (attention.stage in {Stage.WAITING, Stage.ABANDONED})
        assert (attention.ended_at is not None) is (
            attention.stage not in {Stage.WAITING, Stage.OFFERED, Stage.TALKING}
        )
        if attention.stage is not Stage.TALKING:
            assert attention.proposed is None
            assert attention.pending_consent is None
            assert not attention.identification_asked

    @invariant()
    def nothing_stays_asked_that_nobody_needs(self) -> None:
        if self.attention.proposed is None:
            assert self.attention.pending_consent is None
            assert not self.attention.identification_asked
        assert sum(consent.stage is ConsentStage.ASKED for consent in self.attention.consents) <= 1

    @invariant()
    def the_facts_alone_tell_the_same_story(self) -> None:
        assert Retelling.of(self.attention) == self.retelling.state


Happenings.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestHappenings = Happenings.TestCase
