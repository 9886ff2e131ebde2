"""What can have come of a call: no more than was proved, and than was recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.domain.samples import NOW, NURIA, identified, later, standing, waiting
from videoattention.domain.consent import ConsentStage
from videoattention.domain.errors import StepRefused
from videoattention.domain.levels import Level, OutcomeKind, RecordingRule
from videoattention.domain.policies import LEAST, ProcedurePolicy
from videoattention.domain.proving import Clip, Unproved
from videoattention.domain.recording import KeptTrack, Part, Recording, RecordingStage, settling_under, stored_under
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from videoattention.domain.attention import Attention

NOTHING: frozenset[str] = frozenset()
STORED = frozenset({"con-1"})
POSSIBLE = {
    Level.INFORMATIVE: {OutcomeKind.INFORMED, OutcomeKind.UNFINISHED},
    Level.ASSISTED: {OutcomeKind.INFORMED, OutcomeKind.HELPED, OutcomeKind.UNFINISHED},
    Level.ATTENDED: set(OutcomeKind),
}


def ended_at(level: Level, **fields: Any) -> Attention:  # noqa: ANN401 - the fields of Attention
    """A call that ended at a level, with everything that the level demands."""
    proved: dict[str, Any] = {
        "identification": identified(),
        "consents": (replace(standing(ConsentStage.GIVEN), level=level),),
        "form": "form-1" if level is Level.ATTENDED else "",
        "clip": Clip.DONE if level is Level.ASSISTED else Clip.NONE,
        "talking_since": NOW,
        "ended_at": later(60),
        "stage": Stage.WRAPPING_UP,
    }
    return replace(waiting(), informer=NURIA, level=level, **{**proved, **fields})


@pytest.mark.parametrize("level", Level)
def test_what_can_have_come_of_a_level(level: Level) -> None:
    ended = ended_at(level)
    assert ended.outcomes(STORED) == POSSIBLE[level]
    assert ended.withheld(STORED) == {}
    assert OutcomeKind.REPRESENTED not in replace(ended, form="").outcomes(STORED)


def test_what_cannot_have_come_of_it_has_its_reason() -> None:
    attended, assisted = ended_at(Level.ATTENDED), ended_at(Level.ASSISTED)
    assert replace(attended, form="").withheld(STORED) == {OutcomeKind.REPRESENTED: Unproved.FORM}
    assert replace(attended, identification=None).withheld(STORED) == {OutcomeKind.REPRESENTED: Unproved.PROOFS}
    assert attended.withheld(NOTHING) == dict.fromkeys(
        (OutcomeKind.HELPED, OutcomeKind.REPRESENTED), Unproved.RECORDING
    )
    assert replace(assisted, clip=Clip.WANTED).withheld(STORED) == {OutcomeKind.HELPED: Unproved.CLIP}
    assert assisted.withheld(NOTHING) == {OutcomeKind.HELPED: Unproved.RECORDING}
    assert ended_at(Level.INFORMATIVE).withheld(NOTHING) == {}


def test_what_a_recording_kept_is_waited_for_and_another_is_not() -> None:
    attended = ended_at(Level.ATTENDED)
    both = (OutcomeKind.HELPED, OutcomeKind.REPRESENTED)
    assert attended.withheld(NOTHING, settling=STORED) == dict.fromkeys(both, Unproved.SETTLING)
    assert attended.withheld(NOTHING, settling=frozenset({"con-0"})) == dict.fromkeys(both, Unproved.RECORDING)
    assert attended.withheld(STORED, settling=STORED) == {}
    with pytest.raises(StepRefused) as refused:
        attended.conclude("inf-1", "done", OutcomeKind.REPRESENTED, settling=STORED)
    assert refused.value.code == "recording_settling"
    told = attended.conclude("inf-1", "told", OutcomeKind.INFORMED, settling=STORED)
    assert told.attention.stage is Stage.CLOSED


REFUSED = {
    "represented, and nothing was stored": (ended_at(Level.ATTENDED), OutcomeKind.REPRESENTED, NOTHING),
    "represented, and the recording is of an earlier consent": (
        ended_at(Level.ATTENDED),
        OutcomeKind.REPRESENTED,
        frozenset({"con-0"}),
    ),
    "helped, and nothing was stored": (ended_at(Level.ASSISTED), OutcomeKind.HELPED, NOTHING),
    "helped, and the authorisation was cut": (
        ended_at(Level.ASSISTED, clip=Clip.WANTED),
        OutcomeKind.HELPED,
        STORED,
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_outcome_without_its_recording_is_refused_and_a_lesser_one_is_not(case: str) -> None:
    ended, kind, stored = REFUSED[case]
    with pytest.raises(StepRefused) as refused:
        ended.conclude("inf-1", "done", kind, stored=stored)
    assert refused.value.code == "outcome_not_recorded"
    assert ended.conclude("inf-1", "told", OutcomeKind.INFORMED, stored=stored).attention.stage is Stage.CLOSED


def test_an_authorisation_that_the_citizen_cut_by_hanging_up_helped_nobody() -> None:
    talking = ended_at(Level.ASSISTED, stage=Stage.TALKING, ended_at=None, clip=Clip.WANTED)
    over = talking.hang_up("citizen", later(60)).attention
    assert over.withheld(STORED) == {OutcomeKind.HELPED: Unproved.CLIP}


def test_a_level_of_which_nothing_is_recorded_demands_no_recording() -> None:
    unrecorded = replace(LEAST.of(Level.ASSISTED), recording=RecordingRule.NEVER)
    policy = ProcedurePolicy((LEAST.levels[0], unrecorded, LEAST.levels[2]))
    ended = ended_at(Level.ASSISTED, policy=policy, clip=Clip.NONE)
    assert ended.outcomes(NOTHING) == POSSIBLE[Level.ASSISTED]


def test_a_consent_that_is_taken_back_after_the_call_leaves_what_was_recorded_under_it() -> None:
    taken_back = ended_at(Level.ATTENDED).withdraw_consent("con-1", later(90)).attention
    assert taken_back.outcomes(STORED) == set(OutcomeKind)


# --- what was stored -------------------------------------------------------------------------------------------------


def part(*lengths: int, closed: bool = True, cause: str = "stopped") -> Part:
    tracks = tuple(KeptTrack(f"track-{length}", 0, 1, 1, length, "") for length in lengths)
    return Part(1, NOW, later(5), cause, tracks) if closed else Part(1, NOW)


STAGE = RecordingStage
WRITTEN = {
    "never let write": (STAGE.REQUESTED, (), "settling"),
    "hung up before it was let write": (STAGE.SEALING, (), "settling"),
    "it never wrote": (STAGE.LOST, (), "nothing"),
    "writing": (STAGE.CAPTURING, (part(closed=False),), "settling"),
    "hung up, the last part is not told yet": (STAGE.SEALING, (part(closed=False),), "settling"),
    "hung up, the last of two parts is not told yet": (STAGE.SEALING, (part(5), part(closed=False)), "stored"),
    "hung up, the last part was told": (STAGE.SEALING, (part(900),), "stored"),
    "its disk failed, and the worker did not tell what it kept": (
        STAGE.REQUESTED,
        (part(cause="storage_failed"),),
        "settling",
    ),
    "its disk failed at once, and the worker told it": (STAGE.SEALING, (part(0, 0, cause="failed"),), "settling"),
    "its disk failed at once, and the seal looked": (STAGE.LOST, (part(0, 0, cause="failed"),), "nothing"),
    "its disk failed later": (STAGE.REQUESTED, (part(0, 700, cause="failed"),), "stored"),
    "its worker was lost, and the seal will look": (STAGE.SEALING, (part(cause="worker_lost"),), "settling"),
    "its worker was lost, and the seal found nothing": (STAGE.LOST, (part(cause="worker_lost"),), "nothing"),
    "sealed": (STAGE.SEALED, (part(0, 900),), "stored"),
    "sealed and erased": (STAGE.ERASED, (part(900),), "stored"),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_under_which_consents_something_was_stored(case: str) -> None:
    stage, parts, found = WRITTEN[case]
    recording = Recording("rec-1", "att-1", "gencat", "con-1", requested_at=NOW, stage=stage, parts=parts)
    assert stored_under([recording]) == (STORED if found == "stored" else NOTHING)
    assert settling_under([recording]) == (STORED if found == "settling" else NOTHING)
