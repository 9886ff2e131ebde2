"""Every method of an attention from every stage, and every guard."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.domain.samples import ATTENDED_PURPOSES, NOW, NURIA, OTHER, asked, identified, later, standing, waiting
from videoattention.domain import facts
from videoattention.domain.consent import ConsentStage, ConsentStep
from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level, Purpose
from videoattention.domain.people import Side
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
    Call(Step.PROPOSE_LEVEL, lambda a: a.propose_level("inf-1", Level.ATTENDED), (facts.LevelProposed,)),
    Call(
        Step.PROPOSE_LEVEL,
        lambda a: a.propose_level("inf-1", Level.ATTENDED),
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
        {"identification_asked": True},
    ),
    Call(
        Step.IDENTIFY,
        lambda a: a.identify(identified()),
        (facts.CitizenIdentified, facts.LevelRaised),
        {"identification_asked": True, **PROPOSED, **GIVEN},
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
    before = replace(waiting(), **{"stage": stage, "informer": NURIA, **call.given})
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
    assert tuple(type(fact) for fact in change.facts) == call.told
    assert {fact.attention for fact in change.facts} == {before.id}
    assert all(getattr(change.attention, name) == getattr(before, name) for name in UNTOUCHED)


def talking(**given: object) -> Attention:
    fields: dict[str, Any] = {"stage": Stage.TALKING, "informer": NURIA, **given}
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
    "proposed by another": ("not_yours", lambda: talking().propose_level("inf-2", Level.ATTENDED)),
    "identification asked by another": ("not_yours", lambda: talking(**PROPOSED).ask_identification("inf-2")),
    "consent asked by another": ("not_yours", lambda: talking(**PROPOSED).ask_consent("inf-2", asked())),
    "concluded by another": ("not_yours", lambda: talking(stage=Stage.WRAPPING_UP).conclude("inf-2", "done")),
    "informative proposed": ("level_not_possible", lambda: talking().propose_level("inf-1", Level.INFORMATIVE)),
    "assisted proposed": ("level_not_possible", lambda: talking().propose_level("inf-1", Level.ASSISTED)),
    "level in force proposed": (
        "level_not_possible",
        lambda: talking(level=Level.ATTENDED).propose_level("inf-1", Level.ATTENDED),
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
    "consent without recording": (
        "consent_too_narrow",
        lambda: talking(**PROPOSED).ask_consent("inf-1", asked(purposes={Purpose.REPRESENTATION})),
    ),
    "consent without representation": (
        "consent_too_narrow",
        lambda: talking(**PROPOSED).ask_consent("inf-1", asked(purposes={Purpose.RECORDING, Purpose.REMOTE_HELP})),
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
