"""Every level x assurance x set of consents, out of the policies; and what the product says of them, word by word."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from videoattention.domain.identification import Assurance
from videoattention.domain.levels import POLICIES, RAISABLE, Level, Purpose, RecordingRule, Requirement

CONSENTS = [
    frozenset(some) for some in chain.from_iterable(combinations(Purpose, size) for size in range(len(Purpose) + 1))
]
EVERY = [
    pytest.param(level, assurance, consented, id=f"{level}-{assurance.name}-{'+'.join(sorted(consented)) or 'none'}")
    for level in Level
    for assurance in Assurance
    for consented in CONSENTS
]


@pytest.mark.parametrize(("level", "assurance", "consented"), EVERY)
def test_what_is_missing_and_whether_a_recorder_may_enter(
    level: Level, assurance: Assurance, consented: frozenset[Purpose]
) -> None:
    policy = POLICIES[level]
    expected = []
    if assurance.value < policy.identity.value:
        expected.append(Requirement.IDENTIFICATION)
    if any(purpose not in consented for purpose in policy.consents):
        expected.append(Requirement.CONSENT)

    assert policy.missing(assurance, consented) == tuple(expected)
    recordable = policy.recording is not RecordingRule.NEVER
    proved = not expected and Purpose.RECORDING in consented
    assert policy.admits_recorder(assurance, consented) is (recordable and proved)


@pytest.mark.parametrize("assurance", Assurance)
@pytest.mark.parametrize("consented", CONSENTS, ids=lambda consented: "+".join(sorted(consented)) or "none")
def test_the_informative_level_never_admits_a_recorder_nor_asks_for_anything(
    assurance: Assurance, consented: frozenset[Purpose]
) -> None:
    policy = POLICIES[Level.INFORMATIVE]
    assert not policy.admits_recorder(assurance, consented)
    assert policy.missing(assurance, consented) == ()


@pytest.mark.parametrize("level", Level)
def test_no_recorder_without_a_consent_to_record(level: Level) -> None:
    everything_else = frozenset(Purpose) - {Purpose.RECORDING}
    assert not POLICIES[level].admits_recorder(Assurance.HIGH, everything_else)


def test_the_policies_are_those_of_the_product() -> None:
    shown = {
        level: (policy.level, policy.identity, policy.consents, policy.recording) for level, policy in POLICIES.items()
    }
    assert shown == {
        Level.INFORMATIVE: (Level.INFORMATIVE, Assurance.NONE, frozenset(), RecordingRule.NEVER),
        Level.ASSISTED: (
            Level.ASSISTED,
            Assurance.DECLARED,
            {Purpose.REMOTE_HELP, Purpose.RECORDING},
            RecordingRule.CONSENT_CLIP,
        ),
        Level.ATTENDED: (
            Level.ATTENDED,
            Assurance.SUBSTANTIAL,
            {Purpose.REPRESENTATION, Purpose.RECORDING},
            RecordingRule.WHOLE_SESSION,
        ),
    }


def test_a_level_that_is_recorded_demands_the_consent_to_it() -> None:
    recorded = [policy for policy in POLICIES.values() if policy.recording is not RecordingRule.NEVER]
    assert all(Purpose.RECORDING in policy.consents for policy in recorded)


def test_assurances_are_ordered() -> None:
    assert sorted(Assurance) == [
        Assurance.NONE,
        Assurance.DECLARED,
        Assurance.LOW,
        Assurance.SUBSTANTIAL,
        Assurance.HIGH,
    ]


def test_only_what_can_be_proved_today_can_be_proposed() -> None:
    assert {Level.ATTENDED} == RAISABLE
    assert set(POLICIES) == set(Level)
