"""Every stage x every step of every machine, out of the tables themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from videoattention.domain.consent import CONSENT, ConsentStage, ConsentStep
from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.exporting import EXPORT, ExportStage, ExportStep
from videoattention.domain.phone import CHECK, OPEN, CheckStage, CheckStep
from videoattention.domain.recording import ACTIVE, ERASABLE, RECORDING, SEALED, RecordingStage, RecordingStep
from videoattention.domain.reviewing import REVIEW, ReviewStage, ReviewStep
from videoattention.domain.stages import ATTENTION, BUSY, LIVE, Stage, Step
from videoattention.domain.transitions import Machine

if TYPE_CHECKING:
    from enum import StrEnum

AnyMachine = Machine[Any, Any]

MACHINES: tuple[tuple[AnyMachine, type[StrEnum], type[StrEnum]], ...] = (
    (ATTENTION, Stage, Step),
    (RECORDING, RecordingStage, RecordingStep),
    (CONSENT, ConsentStage, ConsentStep),
    (CHECK, CheckStage, CheckStep),
    (REVIEW, ReviewStage, ReviewStep),
    (EXPORT, ExportStage, ExportStep),
)
EVERY = [
    pytest.param(machine, stage, step, id=f"{machine.name}-{stage}-{step}")
    for machine, stages, steps in MACHINES
    for stage in stages
    for step in steps
]


@pytest.mark.parametrize(("machine", "stage", "step"), EVERY)
def test_a_step_leads_where_the_table_says_or_is_illegal(machine: AnyMachine, stage: StrEnum, step: StrEnum) -> None:
    legal = (stage, step) in machine.table
    assert machine.allows(stage, step) is legal
    if legal:
        assert machine.after(stage, step) is machine.table[stage, step]
        return
    with pytest.raises(IllegalStep) as refused:
        machine.after(stage, step)
    assert refused.value.code == "illegal_step"
    assert (refused.value.stage, refused.value.step) == (stage, step)
    assert machine.name in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(("machine", "stages", "steps"), MACHINES, ids=lambda value: getattr(value, "name", ""))
def test_every_stage_is_reached_and_every_step_is_used(
    machine: AnyMachine, stages: type[StrEnum], steps: type[StrEnum]
) -> None:
    reached = {next(iter(stages))}
    for _ in stages:
        reached |= {to for (stage, _), to in machine.table.items() if stage in reached}
    assert reached == set(stages)
    assert {step for _, step in machine.table} == set(steps)


def test_an_illegal_step_is_a_refused_step() -> None:
    assert issubclass(IllegalStep, StepRefused)


def _left(machine: AnyMachine) -> set[StrEnum]:
    """The stages from which some step leads away."""
    return {stage for (stage, _), to in machine.table.items() if to is not stage}


def test_no_step_leaves_an_end() -> None:
    ends = {machine.name: set(stages) - _left(machine) for machine, stages, _ in MACHINES}
    assert ends == {
        "attention": {Stage.CLOSED, Stage.ABANDONED},
        "recording": {RecordingStage.ERASED},
        "consent": {ConsentStage.REFUSED, ConsentStage.WITHDRAWN, ConsentStage.LAPSED, ConsentStage.ENDED},
        "phone check": set(CheckStage) - OPEN,
        "review": {ReviewStage.SPARED, ReviewStage.CLOSED},
        "export": {ExportStage.REFUSED},  # one that was given can turn out not to be made
    }


def test_what_the_groups_of_stages_mean() -> None:
    assert {Stage.WAITING, Stage.OFFERED, Stage.TALKING} == LIVE
    assert {Stage.OFFERED, Stage.TALKING, Stage.WRAPPING_UP} == BUSY
    assert {RecordingStage.REQUESTED, RecordingStage.CAPTURING} == ACTIVE
    assert {RecordingStage.SEALED, RecordingStage.LOST} == ERASABLE
    assert {to for (stage, _), to in RECORDING.table.items() if stage in SEALED} == SEALED - ERASABLE
    assert set(RecordingStage) - ACTIVE - SEALED == {RecordingStage.SEALING}
    # the recorder cannot come back: once it was told to leave, no step leads to a stage in which it is in the call
    assert not {to for (stage, _), to in RECORDING.table.items() if stage not in ACTIVE} & ACTIVE
