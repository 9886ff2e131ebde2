"""Requests about personal data and their keeping: every step in every stage, deadlines and grounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.facts import DataRequestGranted, DataRequestRefused, QuarantineBegun
from videoattention.domain.retention import QUARANTINE, RETENTION, Keeping, RetentionStage, RetentionStep
from videoattention.domain.rights import (
    COPY_LASTS,
    GROUNDS,
    HOLD_GROUND,
    REQUEST,
    SILENT,
    Answer,
    DataRequest,
    RequestStage,
    RequestStep,
    Right,
    grounds_for,
    months_after,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = datetime(2026, 4, 2, 9, tzinfo=UTC)


def asked(right: Right = Right.ERASURE) -> DataRequest:
    return DataRequest("q1", "a1", "gencat", right, "citizen", asked_at=NOW, due_at=DUE)


def taken(request: DataRequest, step: RequestStep) -> DataRequest:
    """The step, at a time and with a ground that suit it."""
    grant = grounds_for(request.right, Answer.GRANT)[0].code
    match step:
        case RequestStep.EXTEND:
            return request.extend(SILENT, NOW).request
        case RequestStep.LAPSE:
            return request.lapse(DUE).request
        case RequestStep.GRANT:
            return request.decide(grant, SILENT, by="montse", now=NOW).request
        case RequestStep.REFUSE:
            return request.decide("repeated", SILENT, by="montse", now=NOW).request
        case RequestStep.CARRY_OUT:
            return request.carry_out(NOW).request
        case RequestStep.LIFT:
            return request.lift(SILENT).request


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("stage", RequestStage)
@pytest.mark.parametrize("step", RequestStep)
def test_every_step_in_every_stage(right: Right, stage: RequestStage, step: RequestStep) -> None:
    request = replace(asked(right), stage=stage)
    if step is RequestStep.LIFT and right is not Right.RESTRICTION:
        with pytest.raises(StepRefused, match="only a restriction"):
            taken(request, step)
    elif REQUEST.allows(stage, step):
        assert taken(request, step).stage is REQUEST.table[stage, step]
    else:
        with pytest.raises(IllegalStep):
            taken(request, step)


@pytest.mark.parametrize("stage", RetentionStage)
@pytest.mark.parametrize("step", RetentionStep)
def test_every_step_of_keeping_in_every_stage(stage: RetentionStage, step: RetentionStep) -> None:
    kept = Keeping("a1", NOW, "p/attended", stage)
    steps = {
        RetentionStep.QUARANTINE: lambda: kept.quarantine(NOW),
        RetentionStep.RESCUE: lambda: kept.rescue("officer", DUE),
        RetentionStep.ERASE: lambda: kept.erase(NOW, cause="request", entries=1),
    }
    if RETENTION.allows(stage, step):
        assert steps[step]().keeping.stage is RETENTION.table[stage, step]
    else:
        with pytest.raises(IllegalStep):
            steps[step]()


def test_a_month_is_a_month_and_ends_with_a_short_one() -> None:
    assert months_after(NOW, 1) == DUE
    assert months_after(datetime(2026, 1, 31, tzinfo=UTC), 1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert months_after(datetime(2027, 12, 31, tzinfo=UTC), 2) == datetime(2028, 2, 29, tzinfo=UTC)
    assert months_after(datetime(2026, 11, 30, tzinfo=UTC), 3) == datetime(2027, 2, 28, tzinfo=UTC)


def test_the_time_is_extended_once_by_two_months_and_not_when_it_is_over() -> None:
    extended = asked().extend(SILENT, NOW).request
    assert extended.due_at == datetime(2026, 6, 2, 9, tzinfo=UTC)
    with pytest.raises(StepRefused) as again:
        extended.extend(SILENT, NOW)
    assert again.value.code == "extended_before"
    with pytest.raises(StepRefused) as late:
        asked().extend(SILENT, DUE)
    assert late.value.code == "too_late_to_extend"
    with pytest.raises(StepRefused):
        asked().lapse(DUE - timedelta(seconds=1))


@pytest.mark.parametrize("code", GROUNDS)
@pytest.mark.parametrize("right", Right)
def test_a_ground_answers_the_requests_it_is_for_and_no_other(code: str, right: Right) -> None:
    ground = GROUNDS[code]
    if right not in ground.rights:
        with pytest.raises(StepRefused):
            asked(right).decide(code, SILENT, by="montse", now=NOW)
        return
    change = asked(right).decide(code, SILENT, by="montse", now=NOW)
    granted = ground.answer is Answer.GRANT
    assert type(change.fact) is (DataRequestGranted if granted else DataRequestRefused)
    assert ground.law


def test_every_right_can_be_granted_and_refused_and_a_hold_refuses_erasure() -> None:
    for right in Right:
        assert grounds_for(right, Answer.GRANT)
        assert grounds_for(right, Answer.REFUSE)
    assert GROUNDS[HOLD_GROUND] in grounds_for(Right.ERASURE, Answer.REFUSE)
    with pytest.raises(StepRefused):
        asked().decide("no such law", SILENT, by="montse", now=NOW)


def test_a_copy_can_be_fetched_for_a_time_and_a_restriction_lasts_until_it_is_lifted() -> None:
    copy = asked(Right.COPY).decide("access", SILENT, by="montse", now=NOW).request
    assert copy.fetched_until is None
    assert copy.carry_out(NOW).request.fetched_until == NOW + COPY_LASTS
    restriction = asked(Right.RESTRICTION).decide("contested", SILENT, by="montse", now=NOW).request
    done = restriction.carry_out(NOW).request
    assert done.restricts
    assert done.fetched_until is None
    assert not done.lift(SILENT).request.restricts
    assert not asked(Right.RESTRICTION).restricts


def test_nothing_is_erased_by_its_period_before_quarantine_and_time() -> None:
    kept = Keeping("a1", DUE, "p/attended")
    with pytest.raises(StepRefused):
        kept.quarantine(DUE - timedelta(seconds=1))
    change = kept.quarantine(DUE)
    (begun,) = change.facts
    assert isinstance(begun, QuarantineBegun)
    assert change.keeping.until == DUE + QUARANTINE
    for early in (kept, change.keeping):
        with pytest.raises(StepRefused):
            early.erase(DUE + QUARANTINE - timedelta(seconds=1), cause="retention", entries=0)
    assert change.keeping.erase(DUE + QUARANTINE, cause="retention", entries=0).keeping.stage is RetentionStage.ERASED
