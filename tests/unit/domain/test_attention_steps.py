"""Every method of an attention from every stage, and every guard."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

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
    standing,
    waiting,
)
from videoattention.domain import facts
from videoattention.domain.consent import AnsweredBy, ConsentStage, ConsentStep
from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.identification import Assurance, Way
from videoattention.domain.levels import Level, OutcomeKind, Purpose
from videoattention.domain.people import Habilitation, Side
from videoattention.domain.policies import LEAST, ProcedurePolicy
from videoattention.domain.proving import Clip, Undone
from videoattention.domain.stages import ATTENTION, Stage, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.domain.attention import Attention
    from videoattention.domain.change import Change


@dataclass(frozen=True)
class Call:
    """A method that takes a step, on an attention in which every other rule lets it: only the stage can refuse it."""

    step: Step
    call: Callable[[Attention], Change]
    told: tuple[type, ...]
    given: dict[str, Any] = field(default_factory=dict)
    name: str = ""


ASKED_WHO: dict[str, Any] = {"identification_asked": True, "identification_way": Way.ELECTRONIC}
SPOKEN: dict[str, Any] = {"level": Level.ASSISTED, "clip": Clip.WANTED}
NOTED: dict[str, Any] = {"note": said("Ho ha dit de paraula.")}


def demanding(**more: object) -> ProcedurePolicy:
    """The least, with an attended level that demands more."""
    fields: dict[str, Any] = dict(more)
    return ProcedurePolicy((LEAST.levels[0], LEAST.levels[1], replace(LEAST.of(Level.ATTENDED), **fields)))


WRITTEN_DOWN: dict[str, Any] = {"level": Level.ATTENDED, "policy": demanding(form=True)}
PROPOSED: dict[str, Any] = {"proposed": Level.ATTENDED}
GIVEN: dict[str, Any] = {"consents": (standing(ConsentStage.GIVEN),)}
ASKED: dict[str, Any] = {"consents": (asked(),)}

CALLS = (
    Call(Step.OFFER, lambda a: a.offer(NURIA, later(20)), (facts.OfferMade,), {"informer": None}),
    Call(Step.ACCEPT, lambda a: a.accept("inf-1", NOW), (facts.OfferAccepted,), {"offer_until": later(20)}),
    Call(Step.TAKE, lambda a: a.take(NURIA, NOW), (facts.OfferAccepted,), {"informer": None}),
    Call(Step.LAPSE, lambda a: a.lapse("unanswered"), (facts.OfferLapsed,), {"offer_until": later(20)}),
    Call(Step.LAPSE, lambda a: a.lapse("gone"), (facts.OfferLapsed,), {"informer": None}, "nobody"),
    Call(Step.ABANDON, lambda a: a.abandon("left", NOW), (facts.AttentionAbandoned,), {"offer_until": later(20)}),
    Call(Step.PROPOSE_LEVEL, lambda a: a.propose_level("inf-1", Level.ATTENDED, NOW), (facts.LevelProposed,)),
    Call(
        Step.PROPOSE_LEVEL,
        lambda a: a.propose_level("inf-1", Level.ATTENDED, NOW),
        (facts.LevelProposed, facts.LevelRaised),
        {"identification": identified(), **GIVEN},
        "all proved before",
    ),
    Call(Step.DROP_PROPOSAL, lambda a: a.drop_proposal("declined"), (facts.LevelProposalDropped,), PROPOSED),
    Call(
        Step.LOWER_LEVEL,
        lambda a: a.lower_level(Side.CITIZEN),
        (facts.ConsentEnded, facts.LevelLowered),
        {"level": Level.ATTENDED, **GIVEN},
    ),
    Call(
        Step.LOWER_LEVEL,
        lambda a: a.lower_level(Side.INFORMER),
        (facts.LevelLowered,),
        {"level": Level.ATTENDED, "consents": (standing(ConsentStage.WITHDRAWN),)},
        "no consent left",
    ),
    Call(Step.ASK_IDENTIFICATION, lambda a: a.ask_identification("inf-1"), (facts.IdentificationAsked,), PROPOSED),
    Call(
        Step.IDENTIFY,
        lambda a: a.identify(identified()),
        (facts.CitizenIdentified,),
        ASKED_WHO,
    ),
    Call(
        Step.IDENTIFY,
        lambda a: a.identify(identified()),
        (facts.CitizenIdentified, facts.LevelRaised),
        {**ASKED_WHO, **PROPOSED, **GIVEN},
        "last proof",
    ),
    Call(Step.ASK_CONSENT, lambda a: a.ask_consent("inf-1", asked()), (facts.ConsentAsked,), PROPOSED),
    Call(
        Step.ANSWER_CONSENT,
        lambda a: a.answer_consent("con-1", ConsentStep.GIVE, NOW),
        (facts.ConsentGiven,),
        {**PROPOSED, **ASKED},
        "given",
    ),
    Call(
        Step.ANSWER_CONSENT,
        lambda a: a.answer_consent("con-1", ConsentStep.GIVE, NOW),
        (facts.ConsentGiven, facts.LevelRaised),
        {"identification": identified(), **PROPOSED, **ASKED},
        "given, last proof",
    ),
    Call(
        Step.ANSWER_CONSENT,
        lambda a: a.answer_consent("con-1", ConsentStep.REFUSE, NOW),
        (facts.ConsentRefused, facts.LevelProposalDropped),
        {**PROPOSED, **ASKED},
        "refused",
    ),
    Call(
        Step.ANSWER_CONSENT,
        lambda a: a.answer_consent("con-1", ConsentStep.REFUSE, NOW),
        (facts.ConsentRefused,),
        ASKED,
        "refused, nothing proposed",
    ),
    Call(Step.WITHDRAW_CONSENT, lambda a: a.withdraw_consent("con-1", NOW), (facts.ConsentWithdrawn,), GIVEN),
    Call(
        Step.WITHDRAW_CONSENT,
        lambda a: a.withdraw_consent("con-1", NOW),
        (facts.ConsentWithdrawn, facts.LevelProposalDropped),
        {**GIVEN, **PROPOSED},
        "while proposed",
    ),
    Call(
        Step.WITHDRAW_CONSENT,
        lambda a: a.withdraw_consent("con-1", NOW),
        (facts.ConsentWithdrawn, facts.LevelLowered),
        {**GIVEN, "identification": identified(), "level": Level.ATTENDED},
        "while attended",
    ),
    Call(
        Step.ANSWER_CONSENT,
        lambda a: a.witness_consent("inf-1", "con-1", ConsentStep.GIVE, NOW, **NOTED),
        (facts.ConsentWitnessed, facts.ConsentGiven),
        {**PROPOSED, **ASKED},
        "witnessed",
    ),
    Call(
        Step.ANSWER_CONSENT,
        lambda a: a.witness_consent("inf-1", "con-1", ConsentStep.REFUSE, NOW, **NOTED),
        (facts.ConsentWitnessed, facts.ConsentRefused, facts.LevelProposalDropped),
        {**PROPOSED, **ASKED},
        "refusal witnessed",
    ),
    Call(
        Step.IDENTIFY,
        lambda a: a.identify(identified(Assurance.LOW)),
        (facts.CitizenIdentified, facts.ConsentEnded, facts.LevelLowered),
        {**ASKED_WHO, **GIVEN, "level": Level.ATTENDED},
        "weaker than before",
    ),
    Call(Step.SEE_PICTURE, lambda a: a.see_picture("inf-1", 720), (facts.PictureSeen,)),
    Call(
        Step.SEE_PICTURE,
        lambda a: a.see_picture("inf-1", 720),
        (facts.PictureSeen, facts.LevelRaised),
        {"policy": demanding(picture=480), "identification": identified(), **PROPOSED, **GIVEN},
        "last proof",
    ),
    Call(Step.STOP_IDENTIFICATION, lambda a: a.stop_identification("inf-1"), (facts.IdentificationStopped,), ASKED_WHO),
    Call(Step.END_CLIP, lambda a: a.end_clip("time"), (facts.ClipEnded,), SPOKEN),
    Call(Step.DELIVER_FORM, lambda a: a.deliver_form("form-1", "ab" * 32), (facts.FormDelivered,), WRITTEN_DOWN),
    Call(Step.HANG_UP, lambda a: a.end_call("inf-1", NOW), (facts.CallEnded,), {}, "by the informer"),
    Call(Step.HANG_UP, lambda a: a.hang_up("citizen", NOW), (facts.CallEnded,), {**PROPOSED, **ASKED}),
    Call(Step.CONCLUDE, lambda a: a.conclude("inf-1", "informed"), (facts.AttentionConcluded,)),
)
EVERY = [
    pytest.param(call, stage, id=f"{stage}-{call.step}{' ' * bool(call.name)}{call.name}")
    for call in CALLS
    for stage in Stage
]
UNTOUCHED = ("id", "organisation", "office", "procedure", "language", "arrived_at", "version")


def test_every_step_has_its_method() -> None:
    assert {call.step for call in CALLS} == set(Step)


@pytest.mark.parametrize(("call", "stage"), EVERY)
def test_a_method_leads_where_the_table_says_or_changes_nothing(call: Call, stage: Stage) -> None:
    before = replace(waiting(), **{"stage": stage, "informer": NURIA, "talking_since": NOW, **call.given})
    untouched = deepcopy(before)

    if not ATTENTION.allows(stage, call.step):
        with pytest.raises(IllegalStep) as refused:
            call.call(before)
        assert (refused.value.stage, refused.value.step) == (stage, call.step)
        assert before == untouched
        return

    change = call.call(before)
    assert before == untouched
    assert change.attention.stage is ATTENTION.after(stage, call.step)
    over = call.step is Step.WITHDRAW_CONSENT and stage is not Stage.TALKING  # then no level falls by it
    assert tuple(type(fact) for fact in change.facts) == (call.told[:1] if over else call.told)
    assert {fact.attention for fact in change.facts} == {before.id}
    assert all(getattr(change.attention, name) == getattr(before, name) for name in UNTOUCHED)


VISUAL = Habilitation("visual", NOW.date())
VISUAL = Habilitation("visual", NOW.date())
LAPSED = Habilitation("attended", (later(0) - timedelta(days=1)).date())


def talking(**given: object) -> Attention:
    fields: dict[str, Any] = {"stage": Stage.TALKING, "informer": NURIA, "talking_since": NOW, **given}
    return replace(waiting(), **fields)


REFUSALS: dict[str, tuple[str, Callable[[], Change]]] = {
    "accepted by another": (
        "not_yours",
        lambda: waiting().offer(NURIA, later(20)).attention.accept("inf-2", NOW),
    ),
    "accepted, offered to nobody": ("not_yours", lambda: waiting().accept("inf-1", NOW)),
    "accepted when the time is over": (
        "offer_lapsed",
        lambda: waiting().offer(NURIA, later(20)).attention.accept("inf-1", later(20)),
    ),
    "accepted by another, late": (
        "not_yours",
        lambda: waiting().offer(NURIA, later(20)).attention.accept("inf-2", later(99)),
    ),
    "proposed by another": ("not_yours", lambda: talking().propose_level("inf-2", Level.ATTENDED, NOW)),
    "identification asked by another": ("not_yours", lambda: talking(**PROPOSED).ask_identification("inf-2")),
    "consent asked by another": ("not_yours", lambda: talking(**PROPOSED).ask_consent("inf-2", asked())),
    "concluded by another": ("not_yours", lambda: talking(stage=Stage.WRAPPING_UP).conclude("inf-2", "done")),
    "helped without assisting": (
        "outcome_not_proved",
        lambda: talking(stage=Stage.WRAPPING_UP).conclude("inf-1", "done", OutcomeKind.HELPED),
    ),
    "represented without proofs": (
        "outcome_not_proved",
        lambda: talking(stage=Stage.WRAPPING_UP, level=Level.ATTENDED).conclude(
            "inf-1", "done", OutcomeKind.REPRESENTED
        ),
    ),
    "represented without the form": (
        "outcome_not_proved",
        lambda: talking(
            **{**WRITTEN_DOWN, **GIVEN, "stage": Stage.WRAPPING_UP, "identification": identified()}
        ).conclude("inf-1", "done", OutcomeKind.REPRESENTED, stored=frozenset({"con-1"})),
    ),
    "informative proposed": ("level_not_possible", lambda: talking().propose_level("inf-1", Level.INFORMATIVE, NOW)),
    "attended proposed without a habilitation": (
        "habilitation_missing",
        lambda: talking(informer=replace(NURIA, habilitations=())).propose_level("inf-1", Level.ATTENDED, NOW),
    ),
    "attended proposed with another habilitation": (
        "habilitation_missing",
        lambda: talking(informer=replace(NURIA, habilitations=(VISUAL,))).propose_level("inf-1", Level.ATTENDED, NOW),
    ),
    "attended proposed with a lapsed habilitation": (
        "habilitation_lapsed",
        lambda: talking(informer=replace(NURIA, habilitations=(LAPSED,))).propose_level("inf-1", Level.ATTENDED, NOW),
    ),
    "picture seen by another": ("not_yours", lambda: talking().see_picture("inf-2", 720)),
    "identification stopped by another": ("not_yours", lambda: talking(**ASKED_WHO).stop_identification("inf-2")),
    "nothing to stop": ("not_asked", lambda: talking().stop_identification("inf-1")),
    "identified in another way": (
        "not_asked",
        lambda: talking(**PROPOSED, **ASKED_WHO).identify(replace(identified(), way=Way.PHONE)),
    ),
    "a phone for an attended procedure": (
        "way_too_weak",
        lambda: talking(**PROPOSED).ask_identification("inf-1", Way.PHONE),
    ),
    "witnessed by another": (
        "not_yours",
        lambda: talking(**ASKED).witness_consent("inf-2", "con-1", ConsentStep.GIVE, NOW, **NOTED),
    ),
    "witnessed with blanks": (
        "note_too_short",
        lambda: talking(**ASKED).witness_consent(
            "inf-1", "con-1", ConsentStep.GIVE, NOW, note=said("  sí \n      ho diu")
        ),
    ),
    "witnessed what was answered": (
        "illegal_step",
        lambda: talking(**GIVEN).witness_consent("inf-1", "con-1", ConsentStep.GIVE, NOW, **NOTED),
    ),
    "no authorisation to end": ("no_clip", lambda: talking().end_clip("heard")),
    "authorisation ended twice": ("no_clip", lambda: talking(clip=Clip.DONE).end_clip("heard")),
    "no form wanted": ("not_needed", lambda: talking(level=Level.ASSISTED).deliver_form("form-1", "")),
    "form delivered twice": ("not_needed", lambda: talking(**WRITTEN_DOWN, form="form-1").deliver_form("form-2", "")),
    "call ended by another": ("not_yours", lambda: talking().end_call("inf-2", NOW)),
    **{
        f"call ended with {undone} undone": ("step_undone", lambda given=given: talking(**given).end_call("inf-1", NOW))  # type: ignore[misc]
        for undone, given in {
            Undone.PROPOSAL: PROPOSED,
            Undone.CONSENT: ASKED,
            Undone.IDENTIFICATION: ASKED_WHO,
            Undone.CLIP: SPOKEN,
            Undone.FORM: WRITTEN_DOWN,
        }.items()
    },
    "level in force proposed": (
        "level_not_possible",
        lambda: talking(level=Level.ATTENDED).propose_level("inf-1", Level.ATTENDED, NOW),
    ),
    "informative lowered": ("level_not_possible", lambda: talking().lower_level(Side.INFORMER)),
    "nothing to drop": ("nothing_proposed", lambda: talking().drop_proposal("declined")),
    "identification for nothing": ("not_needed", lambda: talking().ask_identification("inf-1")),
    "identification twice": (
        "not_needed",
        lambda: talking(identification=identified(), **PROPOSED).ask_identification("inf-1"),
    ),
    "identified unasked": ("not_asked", lambda: talking(**PROPOSED).identify(identified())),
    "consent for nothing": ("not_needed", lambda: talking().ask_consent("inf-1", asked())),
    "consent already given": ("not_needed", lambda: talking(**PROPOSED, **GIVEN).ask_consent("inf-1", asked("con-2"))),
    "consent already asked": (
        "already_asked",
        lambda: talking(**PROPOSED, **ASKED).ask_consent("inf-1", asked("con-2")),
    ),
    "consent for what the level does not demand": (
        "consent_too_narrow",
        lambda: talking(**PROPOSED).ask_consent("inf-1", asked(purposes={Purpose.REMOTE_HELP, Purpose.IMAGES})),
    ),
    "answer to an unknown text": (
        "unknown_consent",
        lambda: talking(**ASKED).answer_consent("con-2", ConsentStep.GIVE, NOW),
    ),
    "unknown withdrawn": ("unknown_consent", lambda: talking(**GIVEN).withdraw_consent("con-2", NOW)),
    "answered twice": ("illegal_step", lambda: talking(**GIVEN).answer_consent("con-1", ConsentStep.GIVE, NOW)),
    "withdrawn unanswered": ("illegal_step", lambda: talking(**ASKED).withdraw_consent("con-1", NOW)),
    "withdrawal as an answer": (
        "not_an_answer",
        lambda: talking(**GIVEN).answer_consent("con-1", ConsentStep.WITHDRAW, NOW),
    ),
    "end as an answer": ("not_an_answer", lambda: talking(**GIVEN).answer_consent("con-1", ConsentStep.END, NOW)),
    "lapse as an answer": ("not_an_answer", lambda: talking(**ASKED).answer_consent("con-1", ConsentStep.LAPSE, NOW)),
}


@pytest.mark.parametrize(("code", "step"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_rule_refuses_with_its_code(code: str, step: Callable[[], Change]) -> None:
    with pytest.raises(StepRefused) as refused:
        step()
    assert refused.value.code == code


def test_the_text_that_is_wanted_is_the_proposed_levels() -> None:
    assert talking(**PROPOSED).wanted_text("inf-1") is Level.ATTENDED


@pytest.mark.parametrize(("informer", "code"), [("inf-1", "not_needed"), ("inf-2", "not_yours")])
def test_no_text_is_wanted_for_a_level_that_demands_none(informer: str, code: str) -> None:
    with pytest.raises(StepRefused) as refused:
        talking().wanted_text(informer)
    assert refused.value.code == code


def test_an_offer_is_accepted_until_its_last_moment() -> None:
    offered = waiting().offer(NURIA, later(20)).attention
    assert offered.accept("inf-1", later(19.999)).attention.stage is Stage.TALKING


def test_a_wider_consent_than_the_level_demands_will_do() -> None:
    wider = asked(purposes={*ATTENDED_PURPOSES, Purpose.REMOTE_HELP})
    assert talking(**PROPOSED).ask_consent("inf-1", wider).attention.pending_consent == wider


@pytest.mark.parametrize("assurance", Assurance)
def test_identification_can_be_asked_for_as_long_as_it_does_not_suffice(assurance: Assurance) -> None:
    attention = talking(identification=identified(assurance), **PROPOSED)
    if assurance >= Assurance.SUBSTANTIAL:
        with pytest.raises(StepRefused, match="not missing"):
            attention.ask_identification("inf-1")
    else:
        assert attention.ask_identification("inf-1").attention.identification_asked


def test_another_informer_cannot_take_what_is_offered() -> None:
    offered = waiting().offer(NURIA, later(20)).attention
    with pytest.raises(IllegalStep):
        offered.take(OTHER, NOW)


def test_a_habilitation_entitles_to_the_end_of_its_last_day() -> None:
    last_day = replace(NURIA, habilitations=(LAPSED, Habilitation("attended", NOW.date())))
    proposed = talking(informer=last_day, talking_since=NOW).propose_level("inf-1", Level.ATTENDED, NOW).attention
    assert proposed.proposed is Level.ATTENDED
    assert "habilitation" not in proposed.missing


def test_what_is_undone_is_told_in_order() -> None:
    everything = talking(**{**PROPOSED, **ASKED, **ASKED_WHO, **WRITTEN_DOWN, "clip": Clip.WANTED})
    assert everything.undone == tuple(Undone)
    assert talking(**WRITTEN_DOWN, form="form-1").undone == ()


def test_each_level_has_its_own_yes() -> None:
    first = replace(asked("con-0", ASSISTED_PURPOSES), stage=ConsentStage.GIVEN, level=Level.ASSISTED)
    assisted = talking(level=Level.ASSISTED, clip=Clip.WANTED, identification=identified(), consents=(first,))
    assert assisted.recorder_consent == first
    proposed = assisted.propose_level("inf-1", Level.ATTENDED, NOW).attention
    given = proposed.ask_consent("inf-1", asked()).attention.answer_consent("con-1", ConsentStep.GIVE, NOW)
    assert given.facts[1:] == (
        facts.ConsentEnded("att-1", "con-0", "level_changed"),
        facts.LevelRaised("att-1", "attended"),
    )
    assert (given.attention.clip, given.attention.dismissal("con-0")) == (Clip.NONE, "level_changed")
    back = given.attention.propose_level("inf-1", Level.ASSISTED, NOW).attention
    again = back.ask_consent("inf-1", asked("con-2", ASSISTED_PURPOSES)).attention
    lowered = again.answer_consent("con-2", ConsentStep.GIVE, NOW)
    assert lowered.facts[1:] == (
        facts.ConsentEnded("att-1", "con-1", "level_changed"),
        facts.LevelLowered("att-1", "assisted", "agreed"),
    )
    assert (lowered.attention.clip, lowered.attention.dismissal("con-2")) == (Clip.WANTED, "")


def test_the_recorder_leaves_when_the_authorisation_was_heard() -> None:
    given = replace(asked("con-1", ASSISTED_PURPOSES), stage=ConsentStage.GIVEN, level=Level.ASSISTED)
    spoken = talking(**SPOKEN, identification=identified(Assurance.DECLARED), consents=(given,))
    ended = spoken.end_clip("heard").attention
    assert (ended.clip, ended.recorder_consent, ended.dismissal("con-1")) == (Clip.DONE, None, "clip_ended")
    assert ended.level is Level.ASSISTED
    assert ended.withdraw_consent("con-1", NOW).attention.level is Level.INFORMATIVE


def test_a_consent_that_falls_takes_the_levels_others_with_it() -> None:
    policy = demanding(consents=ATTENDED_PURPOSES | {Purpose.TRANSCRIPTION})
    further = replace(asked("con-2", {Purpose.TRANSCRIPTION}), stage=ConsentStage.GIVEN)
    both = (standing(ConsentStage.GIVEN), further)
    attended = talking(level=Level.ATTENDED, policy=policy, identification=identified(), consents=both)
    fallen = attended.withdraw_consent("con-2", NOW)
    assert fallen.facts == (
        facts.ConsentWithdrawn("att-1", "con-2"),
        facts.ConsentEnded("att-1", "con-1", "consent_withdrawn"),
        facts.LevelLowered("att-1", "informative", "consent_withdrawn"),
    )
    assert fallen.attention.recorder_consent is None


def test_a_further_purpose_is_asked_for_with_a_text_of_its_own() -> None:
    policy = demanding(consents=ATTENDED_PURPOSES | {Purpose.IMAGES})
    proposed = talking(policy=policy, **PROPOSED, **GIVEN)
    assert proposed.wanted_purposes == {Purpose.IMAGES}
    further = asked("con-2", {Purpose.IMAGES})
    given = proposed.ask_consent("inf-1", further).attention.answer_consent("con-2", ConsentStep.GIVE, NOW).attention
    assert given.wanted_purposes == frozenset()


def test_it_is_told_which_of_how_many_texts_is_asked() -> None:
    policy = demanding(consents=ATTENDED_PURPOSES | {Purpose.IMAGES, Purpose.TRANSCRIPTION})
    proposed = talking(policy=policy, **PROPOSED)
    assert proposed.asked_text == (0, 0)
    first = proposed.ask_consent("inf-1", asked("con-1")).attention
    assert first.asked_text == (1, 3)
    given = first.answer_consent("con-1", ConsentStep.GIVE, NOW).attention
    second = given.ask_consent("inf-1", asked("con-2", {Purpose.IMAGES})).attention
    assert second.asked_text == (2, 3)
    given = second.answer_consent("con-2", ConsentStep.GIVE, NOW).attention
    assert given.asked_text == (0, 0)
    assert given.ask_consent("inf-1", asked("con-3", {Purpose.TRANSCRIPTION})).attention.asked_text == (3, 3)


def test_the_longer_term_of_the_level_in_force_and_of_the_one_aimed_at_is_told() -> None:
    assert talking().days_kept == 0
    assert talking(policy=demanding(retention_days=400), **PROPOSED).days_kept == 400
    shorter = replace(LEAST.of(Level.ASSISTED), retention_days=900)
    policy = ProcedurePolicy((LEAST.levels[0], shorter, demanding(retention_days=400).levels[2]))
    assert talking(level=Level.ASSISTED, policy=policy, **PROPOSED).days_kept == 900


def test_a_witnessed_answer_is_another_kind_of_consent() -> None:
    note = said("Té les mans ocupades; ho ha dit.")
    witnessed = talking(**PROPOSED, **ASKED).witness_consent("inf-1", "con-1", ConsentStep.GIVE, NOW, note=note)
    kept = witnessed.attention.consents[0]
    assert (kept.answered_by, kept.note, kept.salt) == (AnsweredBy.WITNESS, note.words, note.salt)
    assert kept.withdraw(NOW).answered_by is AnsweredBy.WITNESS
    assert witnessed.facts[0] == facts.ConsentWitnessed("att-1", "con-1", "give", note.hash)
    assert asked().answer(ConsentStep.GIVE, NOW).answered_by is AnsweredBy.CITIZEN


def test_the_levels_that_an_informer_is_not_entitled_to_are_told_with_the_day_on_which_that_began() -> None:
    assert talking().barred == ()
    assert talking(informer=replace(NURIA, habilitations=())).barred == ((Level.ATTENDED, None),)
    assert talking(informer=replace(NURIA, habilitations=(VISUAL,))).barred == ((Level.ATTENDED, None),)
    assert talking(informer=replace(NURIA, habilitations=(LAPSED,))).barred == ((Level.ATTENDED, LAPSED.until),)
    assert talking(informer=None, talking_since=None).barred == ((Level.ATTENDED, None),)
