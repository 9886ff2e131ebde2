"""A proposal that is let go takes with it what was consented for it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.domain.samples import ASSISTED_PURPOSES, NOW, NURIA, asked, identified, later, waiting
from videoattention.domain import facts
from videoattention.domain.consent import ConsentStage, ConsentStep
from videoattention.domain.identification import Assurance, Way
from videoattention.domain.levels import Level
from videoattention.domain.people import Side

if TYPE_CHECKING:
    from videoattention.domain.attention import Attention


@pytest.fixture
def assisted() -> Attention:
    """Assisted in force under c1; attended proposed, c2 given for it, and the identity still missing."""
    talking = waiting().take(NURIA, NOW).attention.propose_level("inf-1", Level.ASSISTED, NOW).attention
    known = replace(talking, identification=identified(Assurance.DECLARED))
    first = known.ask_consent("inf-1", asked("c1", ASSISTED_PURPOSES)).attention
    in_force = first.answer_consent("c1", ConsentStep.GIVE, NOW).attention
    assert in_force.level is Level.ASSISTED
    proposed = in_force.propose_level("inf-1", Level.ATTENDED, NOW).attention
    second = proposed.ask_consent("inf-1", asked("c2")).attention
    return second.answer_consent("c2", ConsentStep.GIVE, NOW).attention


def stages(attention: Attention) -> list[ConsentStage]:
    return [consent.stage for consent in attention.consents]


def test_declining_ends_the_consent_that_was_given_for_it(assisted: Attention) -> None:
    change = assisted.drop_proposal("declined")
    assert stages(change.attention) == [ConsentStage.GIVEN, ConsentStage.ENDED]
    assert change.facts[-1] == facts.ConsentEnded("att-1", "c2", "proposal_dropped")
    assert (change.attention.dismissal("c1"), change.attention.identification) == ("", assisted.identification)


def test_the_level_comes_again_only_with_another_yes(assisted: Attention) -> None:
    proposed = assisted.drop_proposal("declined").attention.propose_level("inf-1", Level.ATTENDED, NOW).attention
    known = proposed.ask_identification("inf-1", Way.ELECTRONIC).attention.identify(identified()).attention
    assert (known.level, known.proposed) == (Level.ASSISTED, Level.ATTENDED)


def test_withdrawing_the_consent_of_the_level_takes_back_every_one(assisted: Attention) -> None:
    change = assisted.withdraw_consent("c1", later(5))
    assert stages(change.attention) == [ConsentStage.WITHDRAWN, ConsentStage.ENDED]
    assert change.attention.level is Level.INFORMATIVE


def test_lowering_the_level_lets_the_proposal_go_first(assisted: Attention) -> None:
    sought = assisted.ask_identification("inf-1", Way.VISUAL).attention
    change = sought.lower_level(Side.CITIZEN)
    assert change.facts[0] == facts.LevelProposalDropped("att-1", Level.ATTENDED, "level_lowered")
    assert isinstance(change.facts[-1], facts.LevelLowered)
    assert stages(change.attention) == [ConsentStage.ENDED, ConsentStage.ENDED]
    assert not change.attention.identification_asked


def test_proposing_another_level_lets_the_first_proposal_go_with_its_consents() -> None:
    talking = waiting().take(NURIA, NOW).attention.propose_level("inf-1", Level.ATTENDED, NOW).attention
    given = talking.ask_consent("inf-1", asked("c1")).attention.answer_consent("c1", ConsentStep.GIVE, NOW).attention
    open_ones = given.ask_identification("inf-1").attention
    change = open_ones.propose_level("inf-1", Level.ASSISTED, NOW)
    assert change.facts == (
        facts.LevelProposalDropped("att-1", "attended", "another_proposed"),
        facts.ConsentEnded("att-1", "c1", "proposal_dropped"),
        facts.LevelProposed("att-1", "assisted"),
    )
    after = change.attention
    assert (after.proposed, stages(after)) == (Level.ASSISTED, [ConsentStage.ENDED])
    assert not after.identification_asked


def test_a_text_that_was_not_answered_goes_with_the_proposal_that_it_was_asked_for() -> None:
    talking = waiting().take(NURIA, NOW).attention.propose_level("inf-1", Level.ATTENDED, NOW).attention
    pending = talking.ask_consent("inf-1", asked("c1")).attention
    after = pending.propose_level("inf-1", Level.ASSISTED, NOW).attention
    assert (after.pending_consent, stages(after)) == (None, [ConsentStage.LAPSED])


def test_proposing_the_same_level_again_keeps_what_was_given_for_it(assisted: Attention) -> None:
    again = assisted.propose_level("inf-1", Level.ATTENDED, NOW)
    assert again.facts == (facts.LevelProposed("att-1", "attended"),)
    assert stages(again.attention) == [ConsentStage.GIVEN, ConsentStage.GIVEN]
