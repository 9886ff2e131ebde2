"""A visual identification, step by step: every stage with every step, and what the rules refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.unit.domain.samples import NOW
from videoattention.domain import facts
from videoattention.domain.consent import ConsentText
from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.mrz import Check
from videoattention.domain.papers import FEATURES, DocumentKind, Reading
from videoattention.domain.people import Habilitation, must_be_entitled
from videoattention.domain.visual import Visual
from videoattention.domain.visual_parts import HABILITATION, Challenge, Instant, Signed, Still
from videoattention.domain.visual_stages import (
    OPEN,
    SUSPICIOUS,
    VISUAL,
    Action,
    Reason,
    StillKind,
    VisualStage,
    VisualStep,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from videoattention.domain.visual import VisualChange

NURIA = "inf-1"
KIND = DocumentKind.DNI4
READING = Reading("99999999R", "Carmen", "2030-01-01", (Check.NUMBER,), ())
ASKED = Challenge((Action.TURN_LEFT, Action.COVER_DOCUMENT, Action.SAY_DIGITS), "4711")
SIGNED = Signed("ab" * 32, "key-1")
SHOWN = Instant("2026-03-02T09:00:00+00:00")
STILLS = tuple(Still(f"still-{kind}", kind, "cd" * 32, 1280, 720) for kind in StillKind)
WORDING = ConsentText("images", "1", "ca", "ef" * 32)
BEGUN = Visual("vis-1", "gencat", "att-1", NURIA, WORDING, NOW)


def at(stage: VisualStage) -> Visual:
    """One that came to a stage with all that it collected on the way."""
    features = tuple(FEATURES[KIND][:4])
    return replace(
        BEGUN,
        stage=stage,
        code_sent=True,
        kind=KIND,
        drawn={KIND: features},
        seen=dict.fromkeys(features, True),
        reading=READING,
        challenge=ASKED,
        done=dict.fromkeys(ASKED.actions, True),
        stills=STILLS,
        interrupted="connection_lost" if stage is VisualStage.LAPSED else "",
    )


STEPS: dict[VisualStep, Callable[[Visual], VisualChange]] = {
    VisualStep.AGREE: lambda v: v.agree(),
    VisualStep.SEND_CODE: lambda v: v.send_code(NURIA),
    VisualStep.PROVE_CODE: lambda v: v.prove_code("citizen"),
    VisualStep.CHOOSE_DOCUMENT: lambda v: v.choose_document(NURIA, KIND, FEATURES[KIND]),
    VisualStep.TICK_FEATURE: lambda v: v.tick_feature(NURIA, FEATURES[KIND][0], seen=True),
    VisualStep.READ_DOCUMENT: lambda v: v.read_document(NURIA, READING),
    VisualStep.TICK_ACTION: lambda v: v.tick_action(NURIA, Action.TURN_LEFT, done=True),
    VisualStep.SHOOT: lambda v: v.shoot(NURIA, STILLS[0], SHOWN),
    VisualStep.FINISH: lambda v: v.finish(NURIA, ASKED),
    VisualStep.ACCEPT: lambda v: v.accept(NURIA, SIGNED, NOW),
    VisualStep.STOP: lambda v: v.stop(NURIA, Reason.DOUBT, SIGNED, NOW),
    VisualStep.REFUSE: lambda v: v.refuse(NOW),
    VisualStep.LAPSE: lambda v: v.lapse("call_ended", NOW),
    VisualStep.INTERRUPT: lambda v: v.interrupt("connection_lost"),
    VisualStep.RESUME: lambda v: replace(v, interrupted="connection_lost").resume(ASKED),
}


@pytest.mark.parametrize("step", VisualStep)
@pytest.mark.parametrize("stage", VisualStage)
def test_a_step_does_what_the_table_says_and_nothing_else(stage: VisualStage, step: VisualStep) -> None:
    before = replace(at(stage), interrupted="")
    if VISUAL.allows(stage, step):
        change = STEPS[step](before)
        assert change.visual.stage is VISUAL.after(stage, step)
        assert change.facts
        assert all(fact.attention == "att-1" for fact in change.facts)
    else:
        with pytest.raises(IllegalStep):
            STEPS[step](before)


def test_the_whole_way_is_told_in_order() -> None:
    ways: list[Callable[[Visual], VisualChange]] = [
        lambda v: v.begin(),
        lambda v: v.agree(),
        lambda v: v.send_code(NURIA),
        lambda v: v.prove_code("informer"),
        lambda v: v.choose_document(NURIA, KIND, FEATURES[KIND]),
        *((lambda v, n=n: v.tick_feature(NURIA, v.features[n], seen=True)) for n in range(3)),
        lambda v: v.read_document(NURIA, READING),
        lambda v: v.finish(NURIA, ASKED),
        *((lambda v, action=action: v.tick_action(NURIA, action, done=True)) for action in ASKED.actions),
        lambda v: v.finish(NURIA, ASKED),
        *((lambda v, still=still: v.shoot(NURIA, still, SHOWN)) for still in STILLS),
        lambda v: v.finish(NURIA, ASKED),
        lambda v: v.accept(NURIA, SIGNED, NOW),
    ]
    visual = BEGUN
    told: list[facts.Fact] = []
    for way in ways:
        change = way(visual)
        visual = change.visual
        told += change.facts
    assert visual.stage is VisualStage.ACCEPTED
    assert [type(fact).__name__ for fact in told] == [
        "VisualBegun",
        "VisualAgreed",
        "VisualCodeSent",
        "VisualCodeProved",
        "DocumentChosen",
        *["FeatureTicked"] * 3,
        "DocumentRead",
        "VisualStepDone",
        "ActionsAsked",
        *["ActionTicked"] * 3,
        "VisualStepDone",
        *["StillTaken"] * 3,
        "VisualStepDone",
        "VisualIdentified",
    ]


# --- who may ------------------------------------------------------------------------------------------------------


def is_entitled(held: list[Habilitation], now: datetime) -> bool:
    try:
        must_be_entitled(held, HABILITATION, now)
    except StepRefused:
        return False
    return True


def test_a_habilitation_in_force_entitles_until_the_end_of_its_last_day() -> None:
    held = [Habilitation("attended", NOW.date())]
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    moments = (NOW, midnight - timedelta(seconds=1), midnight)
    assert [is_entitled(held, moment) for moment in moments] == [True, True, False]


def test_one_that_is_in_force_entitles_beside_one_that_lapsed() -> None:
    lapsed, valid = Habilitation("attended", date(2020, 1, 1)), Habilitation("attended", date(2030, 1, 1))
    assert [is_entitled(held, NOW) for held in ([lapsed, valid], [valid, lapsed], [lapsed])] == [True, True, False]


def test_one_that_lapsed_says_when() -> None:
    lapsed = [Habilitation("attended", date(2025, 12, 31)), Habilitation("attended", date(2024, 1, 1))]
    with pytest.raises(StepRefused, match="2025-12-31") as refused:
        must_be_entitled(lapsed, HABILITATION, NOW)
    assert refused.value.code == "habilitation_lapsed"


@pytest.mark.parametrize("held", [[], [Habilitation("something else", date(2099, 1, 1))]])
def test_without_one_nobody_begins(held: list[Habilitation]) -> None:
    with pytest.raises(StepRefused) as refused:
        must_be_entitled(held, HABILITATION, NOW)
    assert refused.value.code == "habilitation_missing"


def refusal(step: Callable[[], object]) -> str:
    with pytest.raises(StepRefused) as refused:
        step()
    return refused.value.code


OF_THE_INFORMER = {
    VisualStep.SEND_CODE,
    VisualStep.CHOOSE_DOCUMENT,
    VisualStep.TICK_FEATURE,
    VisualStep.READ_DOCUMENT,
    VisualStep.TICK_ACTION,
    VisualStep.SHOOT,
    VisualStep.FINISH,
    VisualStep.ACCEPT,
    VisualStep.STOP,
}


@pytest.mark.parametrize("step", sorted(OF_THE_INFORMER))
def test_another_informer_does_nothing(step: VisualStep) -> None:
    stage = next(stage for stage, allowed in VISUAL.table if allowed is step)
    assert refusal(lambda: STEPS[step](replace(at(stage), informer="inf-2"))) == "not_yours"


# --- what a step needs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "changed", "code"),
    [
        (VisualStage.DOCUMENT, {"kind": None}, "document_not_chosen"),
        (VisualStage.DOCUMENT, {"seen": {}}, "features_not_seen"),
        (VisualStage.DOCUMENT, {"seen": dict.fromkeys(FEATURES[KIND], False)}, "features_not_seen"),
        (VisualStage.DOCUMENT, {"reading": None}, "document_not_read"),
        (VisualStage.DOCUMENT, {"reading": replace(READING, failed=(Check.IN_DATE,))}, "document_fails"),
        (VisualStage.ACTIONS, {"challenge": None}, "actions_not_seen"),
        (VisualStage.ACTIONS, {"done": {}}, "actions_not_seen"),
        (VisualStage.ACTIONS, {"done": dict.fromkeys(ASKED.actions, False)}, "actions_not_seen"),
        (VisualStage.STILLS, {"stills": STILLS[:2]}, "stills_missing"),
    ],
)
def test_a_step_that_lacks_something_is_not_finished(stage: VisualStage, changed: dict[str, object], code: str) -> None:
    visual = replace(at(stage), **changed)  # type: ignore[arg-type]  # fields of Visual
    assert visual.lacking == code
    assert refusal(lambda: visual.finish(NURIA, ASKED)) == code


def test_no_code_is_proved_before_one_was_sent() -> None:
    visual = replace(at(VisualStage.CODE), code_sent=False)
    assert refusal(lambda: visual.prove_code("citizen")) == "no_code"


def test_an_easy_draw_cannot_be_waited_for() -> None:
    """Choosing the kind again, or another one in between, keeps what was drawn for it."""
    order = list(FEATURES[KIND])
    first = at(VisualStage.CODE).prove_code("citizen").visual
    first = replace(first, kind=None, drawn={}).choose_document(NURIA, KIND, order).visual
    other = first.choose_document(NURIA, DocumentKind.TIE, FEATURES[DocumentKind.TIE]).visual
    again = other.choose_document(NURIA, KIND, order[::-1]).visual
    assert again.features == first.features


def test_a_draw_out_of_half_a_list_is_refused() -> None:
    half = FEATURES[KIND][:4]
    assert refusal(lambda: at(VisualStage.DOCUMENT).choose_document(NURIA, KIND, half)) == "too_few_features"


@pytest.mark.parametrize("asked", [Challenge((Action.LOOK_UP,) * 3, "4711"), Challenge(ASKED.actions, "47")])
def test_a_challenge_that_asks_too_little_is_refused(asked: Challenge) -> None:
    assert refusal(lambda: at(VisualStage.DOCUMENT).finish(NURIA, asked)) == "too_few_actions"


def test_a_still_taken_again_takes_the_place_of_the_one_before() -> None:
    again = replace(STILLS[0], id="still-new")
    stills = at(VisualStage.STILLS).shoot(NURIA, again, SHOWN).visual.stills
    assert [still.id for still in stills if still.kind is again.kind] == ["still-new"]
    assert len(stills) == len(STILLS)


# --- a lost connection --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "dropped"),
    [
        (VisualStage.CODE, {"code_sent": False}),
        (VisualStage.DOCUMENT, {"kind": None, "drawn": {}, "seen": {}, "reading": None}),
        (VisualStage.ACTIONS, {"challenge": None, "done": {}}),
        (VisualStage.STILLS, {"stills": ()}),
        (VisualStage.DECISION, {}),
    ],
)
def test_an_interruption_drops_what_the_step_had_collected(stage: VisualStage, dropped: dict[str, object]) -> None:
    before = at(stage)
    after = before.interrupt("connection_lost").visual
    expected = replace(before, interrupted="connection_lost", restarts=1, **dropped)  # type: ignore[arg-type]
    assert after == expected
    back = after.resume(ASKED)
    assert back.visual.interrupted == ""
    assert (facts.ActionsAsked in map(type, back.facts)) == (stage is VisualStage.ACTIONS)


@pytest.mark.parametrize("step", sorted(OF_THE_INFORMER - {VisualStep.STOP} | {VisualStep.PROVE_CODE}))
def test_nothing_is_collected_while_the_connection_is_lost(step: VisualStep) -> None:
    stage = next(stage for stage, allowed in VISUAL.table if allowed is step)
    lost = replace(at(stage), interrupted="connection_lost")
    assert refusal(lambda: STEPS[step](lost)) == "connection_lost"


def test_a_second_interruption_and_a_return_that_was_none_are_refused() -> None:
    lost = at(VisualStage.STILLS).interrupt("connection_lost").visual
    assert refusal(lambda: lost.interrupt("connection_lost")) == "connection_lost"
    assert refusal(lambda: at(VisualStage.STILLS).resume(ASKED)) == "not_interrupted"


# --- the end ------------------------------------------------------------------------------------------------------


def test_there_are_nine_reasons() -> None:
    assert len(Reason) == 9
    assert {Reason.COERCION, Reason.DOUBT, Reason.BAD_MEDIA, Reason.BAD_CONNECTION}.isdisjoint(SUSPICIOUS)


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("stage", OPEN)
def test_every_reason_ends_it_at_any_step_also_without_a_connection(stage: VisualStage, reason: Reason) -> None:
    lost = replace(at(stage), interrupted="connection_lost")
    change = lost.stop(NURIA, reason, SIGNED, NOW)
    assert change.visual.stage is VisualStage.STOPPED
    assert change.visual.suspected == (reason in SUSPICIOUS)
    assert bool(change.visual.stills) == (reason in SUSPICIOUS), "pictures stay only with a suspicion"
    assert change.visual.reading is None
    assert str(reason) not in str(change.facts), "the journal is for ever, a reason is not"


@pytest.mark.parametrize("reason", Reason)
def test_a_suspicion_is_of_a_document_and_of_whoever_saw_it(reason: Reason) -> None:
    unshown, shown = replace(at(VisualStage.DOCUMENT), kind=None), at(VisualStage.DOCUMENT)
    if reason in SUSPICIOUS:
        assert refusal(lambda: unshown.must_bear(reason, witnessed=True)) == "document_not_chosen"
        assert refusal(lambda: shown.must_bear(reason, witnessed=False)) == "not_witnessed"
        shown.must_bear(reason, witnessed=True)
    else:
        unshown.must_bear(reason, witnessed=False)


@pytest.mark.parametrize("stage", OPEN)
def test_the_citizen_leaves_at_any_step_and_nothing_of_them_stays(stage: VisualStage) -> None:
    for change in (at(stage).refuse(NOW), at(stage).lapse("call_ended", NOW)):
        assert (change.visual.stills, change.visual.reading) == ((), None)
        assert not change.visual.goes_on
