"""Versions of a policy: what is stricter, what is refused, what a change takes along and what it leaves."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level, LevelPolicy, Purpose, RecordingRule
from videoattention.domain.policies import (
    AS_BUILT,
    BUILT_IN,
    LEAST,
    Policy,
    ProcedurePolicy,
    Weakness,
    compared,
    differences,
    weaknesses,
)
from videoattention.domain.strictness import AT_LEAST, Why, impossible, lifted, weaker

ATTENDED = BUILT_IN.general.of(Level.ATTENDED)
ASSISTED = BUILT_IN.general.of(Level.ASSISTED)

purposes = st.frozensets(st.sampled_from(Purpose))
rules = st.builds(
    LevelPolicy,
    st.sampled_from([Level.ASSISTED, Level.ATTENDED]),
    st.sampled_from(Assurance),
    purposes,
    st.sampled_from(RecordingRule),
    st.sampled_from(["", "attended", "other"]),
    st.sampled_from([0, 480, 720]),
    st.sampled_from([5, 20, 40]),
    st.sampled_from([0, 100, 1825]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def test_the_products_own_rules_hold_and_are_the_least_or_more() -> None:
    assert weaknesses(BUILT_IN) == ()
    assert BUILT_IN.of("anything") == AS_BUILT == BUILT_IN.general
    assert [rule.level for rule in BUILT_IN.levels] == list(Level) == [rule.level for rule in LEAST.levels]


@given(rules, rules)
def test_what_is_lifted_is_nowhere_weaker_and_what_was_strict_stays(own: LevelPolicy, general: LevelPolicy) -> None:
    raised = lifted(own, general)
    assert set(weaker(raised, general)) == set()
    assert set(weaker(raised, own)) <= {"habilitation"}, "only another habilitation takes the place of its own"
    assert lifted(raised, general) == raised


@given(rules, rules)
def test_the_weaker_of_two_is_told_field_by_field(one: LevelPolicy, other: LevelPolicy) -> None:
    same = [name for name in AT_LEAST if name not in {*weaker(one, other), *weaker(other, one)}]
    assert all(AT_LEAST[name](one) == AT_LEAST[name](other) for name in same)


@given(st.lists(st.tuples(st.sampled_from(["", "idcat", "beques"]), rules), max_size=6))
def test_a_level_never_loosens_a_procedure_and_lifts_it(edits: list[tuple[str, LevelPolicy]]) -> None:
    policy = BUILT_IN
    for procedure, rule in edits:
        before = policy
        policy = policy.with_procedure(procedure, rule) if procedure else policy.with_level(rule)
        assert policy.version == before.version + 1
        if procedure:
            continue
        for name in before.procedures:
            own = before.own(name, rule.level)
            if own:
                after = policy.of(name).of(rule.level)
                assert set(weaker(after, own)) <= {"habilitation"}
                assert weaker(after, rule) == ()


def test_what_a_procedure_took_from_its_level_follows_it_and_its_own_does_not() -> None:
    own = replace(ATTENDED, identity=Assurance.HIGH, legal_basis={"en": "Its own article"})
    changed = replace(ATTENDED, retention_days=99, legal_basis={"en": "New"})
    policy = BUILT_IN.with_procedure("idcat", own).with_level(changed)
    assert policy.of("idcat").of(Level.ATTENDED) == replace(own, retention_days=99)
    assert policy.of("beques").of(Level.ATTENDED).legal_basis == {"en": "New"}
    assert policy.of("idcat").of(Level.ASSISTED) == ASSISTED


def test_a_rule_that_says_what_its_level_says_is_none() -> None:
    policy = BUILT_IN.with_procedure("idcat", replace(ATTENDED, picture=720))
    assert policy.own("idcat", Level.ATTENDED)
    assert policy.without("idcat", Level.ATTENDED) == Policy(2, BUILT_IN.levels)
    assert policy.with_level(replace(ATTENDED, picture=720)).procedures == {}
    assert policy.again(BUILT_IN) == Policy(2, BUILT_IN.levels)


def at_level(**changed: object) -> Policy:
    return BUILT_IN.with_level(replace(ATTENDED, **changed))  # type: ignore[arg-type]  # fields of LevelPolicy


@pytest.mark.parametrize(
    ("policy", "field", "why"),
    [
        (at_level(identity=Assurance.LOW), "identity", Why.BELOW_LEAST),
        (BUILT_IN.with_level(replace(ASSISTED, consents=frozenset({Purpose.RECORDING}))), "consents", Why.BELOW_LEAST),
        (at_level(habilitation=""), "habilitation", Why.BELOW_LEAST),
        (at_level(recording=RecordingRule.CONSENT_CLIP), "recording", Why.BELOW_LEAST),
        (at_level(review=False, second_review=True), "second_review", Why.REVIEWED_ONCE_FIRST),
        (at_level(retention_days=0), "retention_days", Why.KEPT_FOR_NO_TIME),
        (BUILT_IN.with_level(replace(ASSISTED, recording=RecordingRule.WHOLE_SESSION)), "recording", Why.NOT_TOLD),
        (BUILT_IN.with_level(replace(ASSISTED, form=True)), "form", Why.NOBODY_REPRESENTED),
        (BUILT_IN.with_level(replace(ASSISTED, clip_seconds=4)), "clip_seconds", Why.BELOW_LEAST),
        (BUILT_IN.with_procedure("idcat", replace(ATTENDED, review=False)), "review", Why.BELOW_LEVEL),
        (BUILT_IN.with_procedure("idcat", replace(ASSISTED, clip_seconds=10)), "clip_seconds", Why.BELOW_LEVEL),
    ],
)
def test_what_cannot_hold_is_told_with_the_reason(policy: Policy, field: str, why: Why) -> None:
    (found,) = weaknesses(policy)
    assert (found.field, found.why) == (field, why)


def test_what_people_consent_to_is_kept_for_a_day_at_least_though_nothing_is_recorded() -> None:
    asked = replace(ATTENDED, recording=RecordingRule.NEVER, consents=frozenset({Purpose.REPRESENTATION}), review=False)
    assert impossible(asked, asked) == ()
    unkept = replace(asked, retention_days=0)
    assert impossible(unkept, unkept) == (("retention_days", Why.KEPT_FOR_NO_TIME),)


def test_the_level_at_which_attentions_begin_demands_nothing() -> None:
    first = BUILT_IN.general.of(Level.INFORMATIVE)
    demanding = replace(
        first,
        identity=Assurance.HIGH,
        consents=frozenset({Purpose.RECORDING}),
        recording=RecordingRule.WHOLE_SESSION,
        habilitation="attended",
        picture=720,
        form=True,
        review=True,
        second_review=True,
    )
    for policy, procedure in (
        (BUILT_IN.with_level(demanding), ""),
        (BUILT_IN.with_procedure("idcat", demanding), "idcat"),
    ):
        told = weaknesses(policy)
        assert {one.field for one in told} == set(AT_LEAST) - {"clip_seconds"}
        assert {(one.procedure, one.why) for one in told} == {(procedure, Why.NOBODY_TO_ASK)}


def test_a_weakness_names_the_procedure_and_the_level() -> None:
    policy = BUILT_IN.with_procedure("idcat", replace(ATTENDED, identity=Assurance.LOW))
    assert weaknesses(policy) == (Weakness("idcat", Level.ATTENDED, "identity", Why.BELOW_LEVEL),)


def test_two_versions_are_compared_by_what_holds() -> None:
    strict = replace(ATTENDED, identity=Assurance.HIGH)
    policy = BUILT_IN.with_procedure("idcat", strict)
    (told,) = compared(BUILT_IN, policy)
    assert (told.procedure, told.level, told.field) == ("idcat", Level.ATTENDED, "identity")
    assert (told.old, told.new) == (Assurance.SUBSTANTIAL, Assurance.HIGH)
    (back,) = compared(policy, BUILT_IN)
    assert (back.old, back.new) == (told.new, told.old)
    # what changes for everybody is told once
    wider = policy.with_level(replace(ATTENDED, retention_days=99))
    assert [(one.procedure, one.field) for one in compared(policy, wider)] == [("", "retention_days")]
    assert compared(policy, policy) == ()


@given(rules, rules)
def test_every_field_that_differs_is_told(one: LevelPolicy, other: LevelPolicy) -> None:
    told = differences(one, other)
    assert [name for name in told if getattr(one, name) == getattr(other, name)] == []
    assert replace(other, **{name: getattr(one, name) for name in told}) == one
    assert list(told) == [field.name for field in fields(one) if field.name in told]


def test_a_snapshot_answers_for_each_level() -> None:
    snapshot = ProcedurePolicy(BUILT_IN.levels)
    assert [snapshot.of(level).level for level in Level] == list(Level)
