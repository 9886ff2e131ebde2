"""Every method of a recording from every stage; gaps, parts and the seal, to the millisecond."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import NOW, later
from videoattention.domain import facts
from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.recording import (
    ACTIVE,
    RECORDING,
    SEALED,
    KeptTrack,
    Part,
    Proof,
    Recording,
    RecordingStage,
    RecordingStep,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.domain.recording import RecordingChange


def track(duration: float, *, name: str = "citizen-video", length: int = 1000) -> KeptTrack:
    return KeptTrack(name, start=0.0, duration=duration, frames=25, length=length, sha256="cd" * 32)


def requested() -> Recording:
    return Recording("rec-1", "att-1", "gencat", "con-1", requested_at=NOW)


def capturing() -> Recording:
    return requested().open(1, later(2)).recording


PROOF = Proof("5e", "k1")
KEPT = (Part(1, later(2), later(60), "stopped", (track(58.0),)),)

CALLS: dict[RecordingStep, Callable[[Recording], RecordingChange]] = {
    RecordingStep.OPEN: lambda r: r.open(r.next_part, later(70)),
    RecordingStep.INTERRUPT: lambda r: r.interrupt(later(70), "worker_lost"),
    RecordingStep.STOP: lambda r: r.stop("call_ended"),
    RecordingStep.SEAL: lambda r: replace(r, parts=KEPT).settle(later(70), {}).seal(PROOF),
    RecordingStep.LOSE: lambda r: replace(r, parts=()).settle(later(70), {}).seal(PROOF),
    RecordingStep.ERASE: lambda r: r.erase("ab" * 32, "the period of keeping is over"),
}
TOLD: dict[RecordingStep, type] = {
    RecordingStep.OPEN: facts.RecordingResumed,
    RecordingStep.INTERRUPT: facts.RecordingInterrupted,
    RecordingStep.STOP: facts.RecorderDismissed,
    RecordingStep.SEAL: facts.RecordingSealed,
    RecordingStep.LOSE: facts.RecordingLost,
    RecordingStep.ERASE: facts.RecordingErased,
}


def test_every_step_has_its_method() -> None:
    assert set(CALLS) == set(TOLD) == set(RecordingStep)


@pytest.mark.parametrize("stage", RecordingStage)
@pytest.mark.parametrize("step", RecordingStep)
def test_a_method_leads_where_the_table_says_or_changes_nothing(stage: RecordingStage, step: RecordingStep) -> None:
    before = replace(requested(), stage=stage, parts=KEPT)
    untouched = deepcopy(before)
    if not RECORDING.allows(stage, step):
        with pytest.raises(IllegalStep) as refused:
            CALLS[step](before)
        assert (refused.value.stage, refused.value.step) == (stage, step)
        assert before == untouched
        return
    change = CALLS[step](before)
    assert before == untouched
    assert change.recording.stage is RECORDING.after(stage, step)
    assert [type(fact) for fact in change.facts] == [TOLD[step]]
    assert change.recording.version == before.version
    assert change.recording.consent == before.consent


def test_the_first_part_starts_the_recording() -> None:
    opened = requested().open(1, later(2))
    assert opened.facts == (facts.RecordingStarted("att-1", "rec-1", 1, "2026-03-02T09:00:02+00:00"),)
    assert opened.recording.parts == (Part(1, later(2)),)
    assert opened.recording.open_part == Part(1, later(2))
    assert (requested().next_part, opened.recording.next_part) == (1, 2)


def test_an_interruption_closes_the_part_and_asks_for_another() -> None:
    interrupted = capturing().interrupt(later(30), "worker_lost")
    assert interrupted.facts == (facts.RecordingInterrupted("att-1", "rec-1", 1, "worker_lost"),)
    assert interrupted.recording.parts == (Part(1, later(2), later(30), "worker_lost"),)
    assert interrupted.recording.open_part is None
    assert interrupted.recording.stage is RecordingStage.REQUESTED


def test_an_interruption_after_the_worker_closed_keeps_what_the_worker_said() -> None:
    closed = capturing().close_part(1, later(29), "epoch_ended", (track(27.0),))
    interrupted = closed.interrupt(later(30), "epoch_ended")
    assert interrupted.facts == (facts.RecordingInterrupted("att-1", "rec-1", 1, "epoch_ended"),)
    assert interrupted.recording.parts == (Part(1, later(2), later(29), "epoch_ended", (track(27.0),)),)


def test_a_gap_is_told_from_the_close_to_the_next_part() -> None:
    resumed = capturing().interrupt(later(30), "worker_lost").recording.open(2, later(33.25))
    assert resumed.facts == (facts.RecordingResumed("att-1", "rec-1", 2, "2026-03-02T09:00:33.250000+00:00", 3.25),)
    assert [part.number for part in resumed.recording.parts] == [1, 2]
    assert resumed.recording.open_part == Part(2, later(33.25))


def test_a_gap_is_told_in_milliseconds() -> None:
    resumed = capturing().interrupt(later(30), "worker_lost").recording.open(2, later(31.0004567))
    assert resumed.facts[0] == facts.RecordingResumed("att-1", "rec-1", 2, later(31.0004567).isoformat(), 1.0)


def test_a_clock_that_went_back_makes_no_negative_gap() -> None:
    resumed = capturing().interrupt(later(30), "worker_lost").recording.open(2, later(29))
    assert isinstance(resumed.facts[0], facts.RecordingResumed)
    assert resumed.facts[0].gap_seconds == 0.0


def test_a_part_that_nobody_closed_leaves_no_gap_that_could_be_told() -> None:
    unclosed = replace(capturing(), stage=RecordingStage.REQUESTED)
    resumed = unclosed.open(2, later(50))
    assert isinstance(resumed.facts[0], facts.RecordingResumed)
    assert resumed.facts[0].gap_seconds == 0.0


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_part_is_never_opened_twice_nor_out_of_order(number: int) -> None:
    interrupted = requested().open(3, later(2)).recording.interrupt(later(30), "worker_lost").recording
    with pytest.raises(StepRefused) as refused:
        interrupted.open(number, later(31))
    assert refused.value.code == "stale_part"


def test_an_order_that_came_to_nothing_leaves_a_hole_in_the_numbers() -> None:
    opened = requested().open(3, later(2)).recording
    assert opened.next_part == 4
    closed = opened.close_part(3, later(9), "epoch_ended", (track(7.0),))
    assert closed.interrupt(later(9), "epoch_ended").facts[0] == facts.RecordingInterrupted(
        "att-1", "rec-1", 3, "epoch_ended"
    )
    assert closed.interrupt(later(9), "epoch_ended").recording.open(6, later(10)).recording.next_part == 7


@given(
    lengths=st.lists(
        st.tuples(st.integers(min_value=0, max_value=10**7), st.integers(min_value=0, max_value=10**6)),
        min_size=1,
        max_size=6,
    )
)
def test_parts_and_gaps_add_up_to_the_whole_time(lengths: list[tuple[int, int]]) -> None:
    """Milliseconds of media and of gap, in turn: what was kept and what was not account for every one."""
    recording, at, told = requested(), 0, 0.0
    for number, (media, gap) in enumerate(lengths, 1):
        opened = recording.open(number, later(at / 1000))
        told += sum(fact.gap_seconds for fact in opened.facts if isinstance(fact, facts.RecordingResumed))
        at += media
        closed = opened.recording.close_part(number, later(at / 1000), "epoch_ended", (track(media / 1000),))
        recording = closed.interrupt(later(at / 1000), "epoch_ended").recording
        at += gap
    unrecorded_after_the_last = lengths[-1][1] / 1000
    sealed = recording.stop("call_ended").recording.settle(later(at / 1000), {}).seal(PROOF).recording
    assert sealed.seconds + told + unrecorded_after_the_last == pytest.approx(at / 1000, abs=0.001 * len(lengths))
    assert sealed.seconds == pytest.approx(sum(media for media, _ in lengths) / 1000)


@pytest.mark.parametrize("number", [0, 2])
def test_closing_an_unknown_part_changes_nothing(number: int) -> None:
    assert capturing().close_part(number, later(9), "stopped", (track(7.0),)) == capturing()


def test_closing_a_closed_part_changes_nothing() -> None:
    closed = capturing().close_part(1, later(9), "stopped", (track(7.0),))
    assert closed.close_part(1, later(99), "failed", ()) == closed


def test_a_part_that_was_given_up_gets_its_tracks_and_keeps_the_end_that_was_told() -> None:
    given_up = capturing().interrupt(later(30), "worker_lost").recording
    closed = given_up.close_part(1, later(28), "service_lost", (track(26.0),))
    assert closed.parts == (Part(1, later(2), later(30), "worker_lost", (track(26.0),)),)
    assert closed.stage is RecordingStage.REQUESTED


@pytest.mark.parametrize("stage", sorted(SEALED))
def test_nothing_that_is_told_after_the_seal_is_taken(stage: RecordingStage) -> None:
    sealed = replace(requested(), stage=stage, parts=(Part(1, later(2), later(30), "worker_lost"),))
    assert sealed.close_part(1, later(31), "stopped", (track(26.0),)) == sealed


@pytest.mark.parametrize("stage", sorted(ACTIVE))
def test_the_recorder_is_dismissed_from_where_it_is(stage: RecordingStage) -> None:
    stopped = replace(requested(), stage=stage).stop("consent_withdrawn")
    assert stopped.facts == (facts.RecorderDismissed("att-1", "rec-1", "consent_withdrawn"),)
    assert stopped.recording.stage is RecordingStage.SEALING


def test_the_seal_counts_parts_that_hold_something_and_their_longest_track() -> None:
    parts = (
        Part(1, later(0), later(10), "epoch_ended", (track(9.5), track(9.9994, name="citizen-audio"))),
        Part(2, later(12), later(13), "failed", (track(0.0, length=0),)),
        Part(3, later(14), later(20), "stopped", (track(5.5),)),
    )
    sealed = replace(requested(), stage=RecordingStage.SEALING, parts=parts).settle(later(30), {}).seal(PROOF)
    assert sealed.facts == (facts.RecordingSealed("att-1", "rec-1", 2, 15.499, "5e", "k1", complete=True),)
    assert sealed.recording.parts == parts
    assert sealed.recording.seconds == pytest.approx(15.4994)


def test_the_seal_closes_what_a_lost_worker_left_with_what_its_files_hold() -> None:
    measured: dict[int, tuple[KeptTrack, ...]] = {1: (track(27.5),), 2: (track(4.0),), 7: (track(99.0),)}
    left = capturing().interrupt(later(30), "worker_lost").recording.open(2, later(33)).recording
    sealed = left.stop("call_ended").recording.settle(later(40), measured).seal(PROOF)
    assert sealed.facts == (facts.RecordingSealed("att-1", "rec-1", 2, 31.5, "5e", "k1", complete=True),)
    assert sealed.recording.parts == (
        Part(1, later(2), later(30), "worker_lost", (track(27.5),)),
        Part(2, later(33), later(40), "worker_lost", (track(4.0),)),
    )


def test_what_a_worker_reported_is_not_measured_over() -> None:
    closed = capturing().close_part(1, later(29), "stopped", (track(27.0),)).stop("call_ended").recording
    assert closed.settle(later(40), {1: (track(99.0),)}).seal(PROOF).recording.seconds == 27.0


@pytest.mark.parametrize("parts", [(), (Part(1, NOW),), (Part(1, NOW, NOW, "failed", (track(0.0, length=0),)),)])
def test_a_recording_of_which_nothing_was_kept_is_lost(parts: tuple[Part, ...]) -> None:
    sealing = replace(requested(), stage=RecordingStage.SEALING, parts=parts)
    lost = sealing.settle(later(5), {}).seal(PROOF)
    assert lost.facts == (facts.RecordingLost("att-1", "rec-1", "nothing_kept", "5e", "k1"),)
    assert lost.recording.stage is RecordingStage.LOST
    assert all(part.closed_at for part in lost.recording.parts)


def test_nothing_is_added_to_a_sealed_recording() -> None:
    sealed = replace(requested(), stage=RecordingStage.SEALING, parts=KEPT).settle(later(70), {}).seal(PROOF).recording
    assert sealed.close_part(1, later(80), "stopped", (track(1.0),)) == sealed
    with pytest.raises(IllegalStep):
        sealed.open(2, later(80))
    with pytest.raises(IllegalStep):
        sealed.settle(later(80), {}).seal(PROOF)


def test_the_seal_says_what_proves_it_and_why_it_is_not_complete() -> None:
    sealing = replace(requested(), stage=RecordingStage.SEALING, parts=KEPT)
    (sealed,) = sealing.seal(Proof("5e", "k1", ("torn",))).facts
    assert sealed == facts.RecordingSealed("att-1", "rec-1", 1, 58.0, "5e", "k1", complete=False, causes=("torn",))
    (lost,) = replace(sealing, parts=()).seal(Proof("5e", "k1", ("nothing_kept", "no_space"))).facts
    assert lost == facts.RecordingLost("att-1", "rec-1", "nothing_kept", "5e", "k1", ("nothing_kept", "no_space"))


def test_a_track_for_which_no_worker_vouches_is_as_its_file_was_found() -> None:
    """A file that could not be closed is told with length 0 and no hash, whatever was sealed of it before."""
    unclosed = replace(track(0.0, length=0), sha256="")
    part = Part(1, later(2), later(60), "failed", (unclosed, track(50.0, name="citizen-audio")))
    found = (track(40.0), track(1.0, name="citizen-audio"), track(3.0, name="informer-audio"))
    (settled,) = replace(requested(), parts=(part,)).settle(later(70), {1: found}).parts
    assert settled.tracks == (found[0], part.tracks[1], found[2])


# --- a place of recordings that fails -------------------------------------------------------------------------------


@pytest.mark.parametrize("cause", ["no_space", "storage_failed"])
def test_a_place_that_fails_ends_the_part_and_the_next_one_ends_the_hindrance(cause: str) -> None:
    hindered = capturing().hinder(later(9), cause)
    assert hindered.facts == (facts.RecordingInterrupted("att-1", "rec-1", 1, cause),)
    assert (hindered.recording.stage, hindered.recording.hindrance) == (RecordingStage.REQUESTED, cause)
    assert [(part.closed_at, part.cause) for part in hindered.recording.parts] == [(later(9), cause)]
    again = hindered.recording.hinder(later(14), cause)
    assert again == type(again)(hindered.recording, ())
    assert hindered.recording.open(2, later(19)).recording.hindrance == ""


def test_a_recorder_that_cannot_enter_is_told_once_for_each_cause_in_a_row() -> None:
    recording, told = requested(), list[facts.Fact]()
    for cause in ("no_space", "no_space", "no_consent", "no_space"):
        change = recording.hinder(later(3), cause)
        recording = change.recording
        told += change.facts
    assert told == [facts.RecorderRefused("att-1", "rec-1", cause) for cause in ("no_space", "no_consent", "no_space")]
    assert recording.stage is RecordingStage.REQUESTED
