"""Whole stories of an attention, fact by fact."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.domain.samples import ATTENDED_PURPOSES, NOW, NURIA, OTHER, WORDING, asked, identified, later, waiting
from videoattention.domain import facts
from videoattention.domain.consent import ConsentStage, ConsentStep
from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level, OutcomeKind, Purpose, Requirement, Standing
from videoattention.domain.people import Side
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from videoattention.domain.attention import Attention


def talking() -> Attention:
    return waiting().take(NURIA, NOW).attention


def asked_for_all() -> Attention:
    proposed = talking().propose_level("inf-1", Level.ATTENDED, NOW).attention
    return proposed.ask_identification("inf-1").attention.ask_consent("inf-1", asked()).attention


def attended() -> Attention:
    given = asked_for_all().answer_consent("con-1", ConsentStep.GIVE, later(60)).attention
    return given.identify(identified()).attention


def test_an_attention_begins_waiting_informative_and_unproved() -> None:
    begun = waiting()
    assert (begun.stage, begun.level, begun.version) == (Stage.WAITING, Level.INFORMATIVE, 0)
    assert begun.assurance is Assurance.NONE
    assert begun.standing(Level.ATTENDED) == Standing()
    assert begun.missing == ()
    assert begun.recorder_consent is None


def test_an_offer_is_accepted() -> None:
    offered = waiting().offer(NURIA, later(20))
    assert offered.facts == (facts.OfferMade("att-1", "inf-1", "2026-03-02T09:00:20+00:00"),)
    assert (offered.attention.informer, offered.attention.offer_until) == (NURIA, later(20))

    accepted = offered.attention.accept("inf-1", later(5))
    assert accepted.facts == (facts.OfferAccepted("att-1", "inf-1"),)
    assert (accepted.attention.informer, accepted.attention.offer_until) == (NURIA, None)
    assert accepted.attention.talking_since == later(5)


def test_a_lapsed_offer_goes_to_the_next_informer_and_the_citizen_keeps_the_place() -> None:
    lapsed = waiting().offer(NURIA, later(20)).attention.lapse("unanswered")
    assert lapsed.facts == (facts.OfferLapsed("att-1", "inf-1", "unanswered"),)
    assert lapsed.attention == waiting()
    with pytest.raises(StepRefused):
        lapsed.attention.accept("inf-1", later(21))
    assert lapsed.attention.offer(OTHER, later(40)).attention.accept("inf-2", later(30)).attention.informer == OTHER


def test_a_taken_citizen_talks_at_once() -> None:
    taken = waiting().take(OTHER, later(5))
    assert taken.facts == (facts.OfferAccepted("att-1", "inf-2"),)
    assert (taken.attention.informer, taken.attention.talking_since) == (OTHER, later(5))


def test_a_citizen_who_leaves_frees_the_informer() -> None:
    left = waiting().offer(NURIA, later(20)).attention.abandon("left", later(3))
    assert left.facts == (facts.AttentionAbandoned("att-1", "left"),)
    assert (left.attention.informer, left.attention.offer_until, left.attention.ended_at) == (None, None, later(3))


def test_raising_to_attended_asks_for_identification_then_consent() -> None:
    proposed = talking().propose_level("inf-1", Level.ATTENDED, NOW)
    assert proposed.facts == (facts.LevelProposed("att-1", "attended"),)
    assert proposed.attention.level is Level.INFORMATIVE
    assert proposed.attention.target.level is Level.ATTENDED
    assert proposed.attention.missing == (Requirement.IDENTIFICATION, Requirement.CONSENT)

    wanted = proposed.attention.ask_identification("inf-1")
    assert wanted.facts == (facts.IdentificationAsked("att-1", "electronic"),)
    shown = wanted.attention.identify(identified())
    assert shown.facts == (facts.CitizenIdentified("att-1", "https://citizens.example", "substantial", "cit-1"),)
    assert not shown.attention.identification_asked
    assert shown.attention.missing == (Requirement.CONSENT,)

    text = shown.attention.ask_consent("inf-1", asked())
    purposes = ("recording", "representation")
    assert text.facts == (facts.ConsentAsked("att-1", "con-1", "attended", "3", "ca", WORDING.hash, purposes),)
    assert text.attention.pending_consent == asked()
    assert text.attention.recorder_consent is None

    given = text.attention.answer_consent("con-1", ConsentStep.GIVE, later(60))
    assert given.facts == (
        facts.ConsentGiven("att-1", "con-1", WORDING.hash, purposes),
        facts.LevelRaised("att-1", "attended"),
    )
    assert (given.attention.level, given.attention.proposed) == (Level.ATTENDED, None)
    assert given.attention.pending_consent is None
    assert given.attention.standing(Level.ATTENDED).consented == ATTENDED_PURPOSES
    assert given.attention.consents[0].answered_at == later(60)
    assert given.attention.recorder_consent == given.attention.consents[0]


def test_consent_before_identification_does_as_well() -> None:
    given = asked_for_all().answer_consent("con-1", ConsentStep.GIVE, NOW)
    assert given.attention.level is Level.INFORMATIVE
    assert given.attention.recorder_consent is None
    raised = given.attention.identify(identified(Assurance.HIGH))
    assert raised.facts[-1] == facts.LevelRaised("att-1", "attended")
    assert raised.attention.recorder_consent is not None


def test_too_low_an_assurance_does_not_raise_the_level() -> None:
    given = asked_for_all().answer_consent("con-1", ConsentStep.GIVE, NOW).attention
    low = given.identify(identified(Assurance.LOW))
    assert [type(fact) for fact in low.facts] == [facts.CitizenIdentified]
    assert low.attention.level is Level.INFORMATIVE
    again = low.attention.ask_identification("inf-1").attention.identify(identified())
    assert again.attention.level is Level.ATTENDED


def test_refusing_the_consent_keeps_the_call_at_the_informative_level() -> None:
    refused = asked_for_all().answer_consent("con-1", ConsentStep.REFUSE, later(60))
    assert refused.facts == (
        facts.ConsentRefused("att-1", "con-1"),
        facts.LevelProposalDropped("att-1", "attended", "refused_consent"),
    )
    after = refused.attention
    assert (after.stage, after.level, after.proposed) == (Stage.TALKING, Level.INFORMATIVE, None)
    assert after.consents[0].stage is ConsentStage.REFUSED
    assert after.recorder_consent is None


def test_a_dropped_proposal_leaves_nothing_asked_and_what_was_proved_proved() -> None:
    dropped = asked_for_all().drop_proposal("declined")
    assert dropped.facts == (facts.LevelProposalDropped("att-1", "attended", "declined"),)
    assert dropped.attention.consents[0].stage is ConsentStage.LAPSED
    assert not dropped.attention.identification_asked
    with pytest.raises(StepRefused, match="nobody asked"):
        dropped.attention.identify(identified())

    proved = asked_for_all().identify(identified()).attention.drop_proposal("withdrawn_by_informer").attention
    assert proved.assurance is Assurance.SUBSTANTIAL
    assert proved.propose_level("inf-1", Level.ATTENDED, NOW).attention.missing == (Requirement.CONSENT,)


def test_withdrawing_sends_the_recorder_out_and_the_level_down() -> None:
    withdrawn = attended().withdraw_consent("con-1", later(90))
    assert withdrawn.facts == (
        facts.ConsentWithdrawn("att-1", "con-1"),
        facts.LevelLowered("att-1", "informative", "consent_withdrawn"),
    )
    after = withdrawn.attention
    assert (after.stage, after.level, after.recorder_consent) == (Stage.TALKING, Level.INFORMATIVE, None)
    assert (after.consents[0].stage, after.consents[0].withdrawn_at) == (ConsentStage.WITHDRAWN, later(90))
    assert after.assurance is Assurance.SUBSTANTIAL


@pytest.mark.parametrize("written", [False, True])
def test_after_the_call_a_consent_is_taken_back_and_what_was_done_stays(*, written: bool) -> None:
    over = attended().hang_up("citizen", later(60)).attention
    stored = frozenset({"con-1"})
    before = over.conclude("inf-1", "done", OutcomeKind.HELPED, stored=stored).attention if written else over
    change = before.withdraw_consent("con-1", later(90))
    assert change.facts == (facts.ConsentWithdrawn("att-1", "con-1"),)
    after = change.attention
    assert after.consents[0].stage is ConsentStage.WITHDRAWN
    assert replace(after, consents=before.consents) == before
    assert after.outcomes(stored) == over.outcomes(stored)
    with pytest.raises(IllegalStep):
        after.withdraw_consent("con-1", later(91))


def test_withdrawing_before_the_level_is_in_force_drops_the_proposal_and_tells_it() -> None:
    given = asked_for_all().answer_consent("con-1", ConsentStep.GIVE, NOW).attention
    withdrawn = given.withdraw_consent("con-1", later(90))
    assert withdrawn.facts == (
        facts.ConsentWithdrawn("att-1", "con-1"),
        facts.LevelProposalDropped("att-1", "attended", "consent_withdrawn"),
    )
    assert withdrawn.attention.proposed is None
    assert not withdrawn.attention.identification_asked


def test_after_a_withdrawal_only_a_new_text_lets_the_recorder_in_again() -> None:
    withdrawn = attended().withdraw_consent("con-1", NOW).attention
    proposed = withdrawn.propose_level("inf-1", Level.ATTENDED, NOW).attention
    assert proposed.missing == (Requirement.CONSENT,)
    asked_again = proposed.ask_consent("inf-1", asked("con-2")).attention
    assert asked_again.recorder_consent is None
    given = asked_again.answer_consent("con-2", ConsentStep.GIVE, NOW).attention
    assert given.recorder_consent is not None
    assert given.recorder_consent.id == "con-2"
    assert [c.stage for c in given.consents] == [ConsentStage.WITHDRAWN, ConsentStage.GIVEN]


@pytest.mark.parametrize("side", Side)
def test_either_side_lowers_the_level(side: Side) -> None:
    lowered = attended().lower_level(side)
    assert lowered.facts == (
        facts.ConsentEnded("att-1", "con-1", f"asked_by_{side}"),
        facts.LevelLowered("att-1", "informative", f"asked_by_{side}"),
    )
    assert lowered.attention.level is Level.INFORMATIVE
    assert lowered.attention.recorder_consent is None


@pytest.mark.parametrize("side", Side)
def test_after_a_lowering_the_level_needs_the_citizens_yes_again(side: Side) -> None:
    lowered = attended().lower_level(side).attention
    assert [c.stage for c in lowered.consents] == [ConsentStage.ENDED]
    assert lowered.standing(Level.ATTENDED).consented == frozenset()
    assert lowered.assurance is Assurance.SUBSTANTIAL

    proposed = lowered.propose_level("inf-1", Level.ATTENDED, NOW)
    assert proposed.facts == (facts.LevelProposed("att-1", "attended"),)
    assert proposed.attention.missing == (Requirement.CONSENT,)
    with pytest.raises(StepRefused):
        proposed.attention.answer_consent("con-1", ConsentStep.GIVE, NOW)
    again = proposed.attention.ask_consent("inf-1", asked("con-2")).attention
    raised = again.answer_consent("con-2", ConsentStep.GIVE, NOW).attention
    assert raised.recorder_consent is not None
    assert raised.recorder_consent.id == "con-2"


def test_why_the_recorder_must_leave() -> None:
    assert attended().dismissal("con-1") == ""
    withdrawn = attended().withdraw_consent("con-1", NOW).attention
    lowered = attended().lower_level(Side.CITIZEN).attention
    assert {
        "consent_withdrawn": withdrawn.dismissal("con-1"),
        "level_lowered": lowered.dismissal("con-1"),
        "call_ended": attended().hang_up("citizen", NOW).attention.dismissal("con-1"),
    } == {cause: cause for cause in ("consent_withdrawn", "level_lowered", "call_ended")}
    # what the citizen took back is the reason, whatever came after
    assert withdrawn.hang_up("citizen", NOW).attention.dismissal("con-1") == "consent_withdrawn"


def test_another_consent_does_not_keep_the_recorder_of_the_first() -> None:
    proposed = attended().withdraw_consent("con-1", NOW).attention.propose_level("inf-1", Level.ATTENDED, NOW).attention
    again = proposed.ask_consent("inf-1", asked("con-2")).attention
    given = again.answer_consent("con-2", ConsentStep.GIVE, NOW).attention
    assert (given.dismissal("con-1"), given.dismissal("con-2")) == ("consent_withdrawn", "")
    with pytest.raises(StepRefused):
        given.dismissal("con-3")


def test_lowering_ends_every_consent_that_is_in_force() -> None:
    further = replace(asked("con-0", {Purpose.IMAGES}), stage=ConsentStage.GIVEN)
    before = attended()
    lowered = replace(before, consents=(further, *before.consents)).lower_level(Side.CITIZEN)
    assert [c.stage for c in lowered.attention.consents] == [ConsentStage.ENDED, ConsentStage.ENDED]


def test_hanging_up_ends_what_was_asked_and_the_recording() -> None:
    hung_up = asked_for_all().hang_up("citizen", later(600))
    assert hung_up.facts == (facts.CallEnded("att-1", "citizen"),)
    after = hung_up.attention
    assert (after.stage, after.ended_at, after.proposed) == (Stage.WRAPPING_UP, later(600), None)
    assert after.consents[0].stage is ConsentStage.LAPSED
    assert not after.identification_asked

    recorded = attended().hang_up("service", later(600)).attention
    assert recorded.level is Level.ATTENDED
    assert recorded.consents[0].stage is ConsentStage.GIVEN
    assert recorded.recorder_consent is None


def test_the_informer_writes_the_outcome_with_the_level_reached() -> None:
    written = attended().deliver_form("form-1", "ab" * 32).attention
    over = written.hang_up("citizen", NOW).attention
    concluded = over.conclude("inf-1", "done", OutcomeKind.REPRESENTED, stored=frozenset({"con-1"}))
    assert concluded.facts == (facts.AttentionConcluded("att-1", "done", "attended", "represented"),)
    assert (concluded.attention.stage, concluded.attention.outcome) == (Stage.CLOSED, "done")
