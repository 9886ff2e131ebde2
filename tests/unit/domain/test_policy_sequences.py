"""10,000 random sequences: no second without consent, nobody represented without proof; and the test can fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.unit.domain.sequences import STEPS, WEIGHED, Broken, Story, told
from videoattention.domain import attention, change
from videoattention.domain.case import Case
from videoattention.domain.change import Change
from videoattention.domain.levels import Level, LevelPolicy, OutcomeKind, Purpose, Requirement
from videoattention.domain.policies import AS_BUILT
from videoattention.domain.proving import Clip, Unproved

if TYPE_CHECKING:
    from collections.abc import Callable

SEQUENCES = 10_000
SEEDED = 3_000


def test_no_sequence_records_without_consent_or_represents_without_proof(capsys: pytest.CaptureFixture[str]) -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=SEQUENCES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.binary(min_size=24, max_size=48))
    def every(sequence: bytes) -> None:
        story = told(sequence)
        seen.update({"sequences": 1, "steps": len(sequence) - 1})
        seen.update(story.seen)

    every()
    with capsys.disabled():
        counted = ("sequences", "steps", "refused", "recorded seconds", "represented", "helped", "ConsentWithdrawn")
        print("", *(f"{name}: {seen[name]}" for name in counted), sep="\n  ")  # noqa: T201 - the figures are the point
    assert seen["sequences"] >= SEQUENCES
    # what must never happen was possible to happen: the deep places were reached, again and again
    least = {
        "recorded seconds": 5_000,
        "represented": 1_000,
        "helped": 100,
        "ConsentWithdrawn": 500,
        "ClipEnded": 300,
        "FormDelivered": 200,
        "ConsentWitnessed": 100,
        "LevelLowered": 500,
        "refused": 50_000,
    }
    assert {name: seen[name] for name, wanted in least.items() if seen[name] < wanted} == {}


def test_every_step_can_be_taken_and_refused() -> None:
    story = Story()
    for step in STEPS.values():
        story.take(step)
    assert story.seen["refused"]
    assert len(WEIGHED) <= 256, "a byte names every step"


def sequences(number: int) -> int:
    """Take so many sequences of chance; returns how many it took until something broke, 0 when nothing did."""
    chance = Random(4)  # noqa: S311 - the same sequences for every rule that is broken on purpose
    for taken in range(1, number + 1):
        try:
            told(chance.randbytes(60))
        except Broken:
            return taken
    return 0


def _without(requirement: Requirement) -> Callable[[LevelPolicy, Any], tuple[Requirement, ...]]:
    right = LevelPolicy.missing
    return lambda policy, standing: tuple(one for one in right(policy, standing) if one is not requirement)


def _every_level(of: Case, level: Level) -> Any:  # noqa: ANN401 - as the domain has it
    """Consents of any level count for every level."""
    standing = RIGHT_STANDING(of, level)
    everything = frozenset(purpose for c in of.consents if c.in_force for purpose in c.purposes)
    return replace(standing, consented=everything)


def _first_in_force(of: Case) -> Any:  # noqa: ANN401 - as the domain has it
    """Whatever consent to be recorded was given once, for whatever level, lets the recorder in."""
    return next((c for c in of.consents if c.in_force and Purpose.RECORDING in c.purposes), None)


def _clip_goes_on(of: Case) -> Any:  # noqa: ANN401 - as the domain has it
    right: Any = RIGHT_RECORDER.fget
    return right(replace(of, clip=Clip.WANTED if of.clip is Clip.DONE else of.clip))


def _for_no(reason: Unproved) -> Callable[..., dict[OutcomeKind, Unproved]]:
    return lambda of, stored, **settling: {
        kind: why for kind, why in RIGHT_WITHHELD(of, stored, **settling).items() if why is not reason
    }


RIGHT_WITHHELD: Any = Case.withheld
RIGHT_PROPOSAL: Any = attention.Attention.propose_level
RIGHT_STANDING: Any = Case.standing
RIGHT_RECORDER: Any = Case.recorder_consent
RIGHT_SETTLED: Any = Change.settled

BROKEN_RULES: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a level needs no identity": lambda m: m.setattr(LevelPolicy, "missing", _without(Requirement.IDENTIFICATION)),
    "a level needs no consent": lambda m: m.setattr(LevelPolicy, "missing", _without(Requirement.CONSENT)),
    "a level needs no habilitation": lambda m: (
        m.setattr(LevelPolicy, "missing", _without(Requirement.HABILITATION)),
        m.setattr(attention.Attention, "_must_be_entitled", lambda *_: None),
    )[0],
    "a level needs no picture": lambda m: m.setattr(LevelPolicy, "missing", _without(Requirement.PICTURE)),
    "a consent counts for every level": lambda m: m.setattr(Case, "standing", _every_level),
    "a withdrawal lowers nothing": lambda m: m.setattr(Change, "lowered", lambda self, _: self),
    "the recorder never leaves": lambda m: m.setattr(Case, "dismissal", lambda *_: ""),
    "any consent to record lets in": lambda m: m.setattr(Case, "recorder_consent", property(_first_in_force)),
    "the clip never ends": lambda m: m.setattr(Case, "recorder_consent", property(_clip_goes_on)),
    "any outcome can be written": lambda m: m.setattr(Case, "_must_be_proved", lambda *_: None),
    "the form is not needed": lambda m: m.setattr(Case, "withheld", _for_no(Unproved.FORM)),
    "nothing need be recorded": lambda m: m.setattr(Case, "withheld", _for_no(Unproved.RECORDING)),
    "the authorisation need not be heard": lambda m: m.setattr(Case, "withheld", _for_no(Unproved.CLIP)),
    "another proposal keeps what was given for the first": lambda m: m.setattr(
        attention.Attention, "propose_level", lambda a, *how: RIGHT_PROPOSAL(replace(a, proposed=None), *how)
    ),
    "consents of a level outlive it": lambda m: m.setattr(
        change, "replace", lambda of, **new: replace(of, **{k: v for k, v in new.items() if k != "consents"})
    ),
    "a running attention gets the newest rules": lambda m: m.setattr(
        Change,
        "settled",
        lambda self: RIGHT_SETTLED(Change(replace(self.attention, policy=AS_BUILT), self.facts)),
    ),
}


@pytest.mark.parametrize("rule", BROKEN_RULES)
def test_a_broken_rule_is_found(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not sequences(20)
    BROKEN_RULES[rule](monkeypatch)
    assert sequences(SEEDED), f"{rule}: {SEEDED} sequences did not notice"
