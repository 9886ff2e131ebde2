"""Every level x assurance x set of consents, out of the policies; and what the product says of them, word by word."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level, LevelPolicy, Purpose, RecordingRule, Requirement, Standing
from videoattention.domain.policies import AS_BUILT, LEAST

CONSENTS = [
    frozenset(some) for some in chain.from_iterable(combinations(Purpose, size) for size in range(len(Purpose) + 1))
]
EVERY = [
    pytest.param(level, assurance, consented, id=f"{level}-{assurance.name}-{'+'.join(sorted(consented)) or 'none'}")
    for level in Level
    for assurance in Assurance
    for consented in CONSENTS
]


def proved(assurance: Assurance, consented: frozenset[Purpose]) -> Standing:
    """By an informer who is entitled to everything."""
    return Standing(assurance, consented, frozenset({"attended"}))


@pytest.mark.parametrize(("level", "assurance", "consented"), EVERY)
def test_what_is_missing_and_whether_a_recorder_may_enter(
    level: Level, assurance: Assurance, consented: frozenset[Purpose]
) -> None:
    policy = LEAST.of(level)
    expected = []
    if assurance.value < policy.identity.value:
        expected.append(Requirement.IDENTIFICATION)
    if any(purpose not in consented for purpose in policy.consents):
        expected.append(Requirement.CONSENT)

    assert policy.missing(proved(assurance, consented)) == tuple(expected)
    recordable = policy.recording is not RecordingRule.NEVER
    everything = not expected and Purpose.RECORDING in consented
    assert policy.admits_recorder(proved(assurance, consented)) is (recordable and everything)


@pytest.mark.parametrize("assurance", Assurance)
@pytest.mark.parametrize("consented", CONSENTS, ids=lambda consented: "+".join(sorted(consented)) or "none")
def test_the_informative_level_never_admits_a_recorder_nor_asks_for_anything(
    assurance: Assurance, consented: frozenset[Purpose]
) -> None:
    policy = LEAST.of(Level.INFORMATIVE)
    assert not policy.admits_recorder(proved(assurance, consented))
    assert policy.missing(proved(assurance, consented)) == ()


@pytest.mark.parametrize("level", Level)
def test_no_recorder_without_a_consent_to_record(level: Level) -> None:
    everything_else = frozenset(Purpose) - {Purpose.RECORDING}
    assert not LEAST.of(level).admits_recorder(proved(Assurance.HIGH, everything_else))


def test_the_policies_are_those_of_the_product() -> None:
    shown = {
        policy.level: (policy.level, policy.identity, policy.consents, policy.recording) for policy in LEAST.levels
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
    recorded = [policy for policy in LEAST.levels if policy.recording is not RecordingRule.NEVER]
    assert all(Purpose.RECORDING in policy.consents for policy in recorded)


def test_assurances_are_ordered() -> None:
    assert sorted(Assurance) == [
        Assurance.NONE,
        Assurance.DECLARED,
        Assurance.LOW,
        Assurance.SUBSTANTIAL,
        Assurance.HIGH,
    ]


DEMANDING = LevelPolicy(Level.ATTENDED, consents=frozenset(), habilitation="attended", picture=480)


@pytest.mark.parametrize("held", [frozenset(), frozenset({"visual"}), frozenset({"attended", "visual"})], ids=sorted)
@pytest.mark.parametrize("lines", [0, 479, 480, 720])
def test_habilitation_and_picture_are_asked_for_first(held: frozenset[str], lines: int) -> None:
    expected = []
    if "attended" not in held:
        expected.append(Requirement.HABILITATION)
    if lines < 480:
        expected.append(Requirement.PICTURE)
    shown = Standing(habilitations=held, picture=lines)
    assert DEMANDING.missing(shown) == tuple(expected)
    assert DEMANDING.lost(shown) == (), "they are looked at when the level comes into force"


def test_every_level_has_words_and_a_law() -> None:
    for policy in AS_BUILT.levels:
        assert set(policy.legal_basis) == {"ca", "en"}
        assert (set(policy.scripts) >= {"ca", "en"}) is (policy.level is not Level.INFORMATIVE)
        assert (policy.retention_days > 0) is (policy.recording is not RecordingRule.NEVER)


@pytest.mark.parametrize(
    ("told", "language", "basis"),
    [
        ({"ca": "Llei", "en": "Law"}, "en", "Law"),
        ({"ca": "Llei", "en": "Law"}, "oc", "Llei"),
        ({"ca": "Llei"}, "en", "Llei"),
        ({"en": "Law"}, "ca", "Law"),
        ({}, "ca", ""),
    ],
)
def test_a_legal_basis_is_told_in_the_language_of_who_reads_it(told: dict[str, str], language: str, basis: str) -> None:
    assert LevelPolicy(Level.ATTENDED, legal_basis=told).basis(language) == basis
