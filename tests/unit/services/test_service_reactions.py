"""What follows from what: out of the table, in order, and dismissal before anything else."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args

import pytest
from structlog.testing import capture_logs

from tests.unit.services.town import GIRONA, OURS, THEIRS, by_citizen, by_informer, person
from videoattention.domain import facts
from videoattention.domain.consent import ConsentStep
from videoattention.domain.informers import Readiness
from videoattention.domain.levels import Level, OutcomeKind
from videoattention.domain.people import Side
from videoattention.domain.recording import RecordingStage
from videoattention.domain.stages import Stage
from videoattention.services import jobs as module
from videoattention.services import media
from videoattention.services.ports import Entry
from videoattention.services.reactions import DISMISSING, PAIRING, Reactions
from videoattention.services.sealers import Sealers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.unit.services.town import Town
    from videoattention.domain.facts import Fact


class UseCases:
    """Pairing, recorder and switchboard at once: what they are asked is written down."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.calls = frozenset({"a"})
        self.answers: dict[str, object] = {}

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        async def asked(*given: object) -> object:
            self.asked.append((name, *given))
            return self.answers.get(name)

        return asked

    def is_connected(self, call: str) -> bool:
        return True


@pytest.fixture
def cases() -> UseCases:
    return UseCases()


@pytest.fixture
def alone(cases: UseCases) -> Reactions:
    """Reactions to which nothing is attached but lists."""
    stand_in: Any = cases
    reactions = Reactions(stand_in, stand_in, Sealers(stand_in.seal))
    reactions.attach(stand_in)
    return reactions


async def done(reactions: Reactions) -> None:
    running = asyncio.create_task(reactions.run())
    await reactions.settled()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def entry(fact: Fact, organisation: str = OURS) -> Entry:
    from tests.unit.services.town import NOW

    return Entry(organisation, 1, NOW, "service", fact, "00")


def record_order() -> media.Record:
    proof = media.ConsentProof("k1", 1, "0" * 64)
    return media.Record("a", OURS, "r1", 1, epoch_start=0.0, consent=proof, keys={})


def made(kind: type[Fact]) -> Fact:
    """A fact of attention ``a``, whatever else it tells."""
    from dataclasses import fields

    given: dict[str, Any] = {field.name: "a" if field.name == "attention" else "x" for field in fields(kind)}
    return kind(**given)


TABLE: dict[type, list[tuple[object, ...]]] = {
    facts.AttentionRequested: [("pair", OURS)],
    facts.OfferLapsed: [("pair", OURS)],
    facts.AttentionAbandoned: [("pair", OURS)],
    facts.AttentionConcluded: [("pair", OURS)],
    facts.ReadinessChanged: [("pair", OURS)],
    facts.LevelRaised: [("admit", OURS, "a")],
    facts.RecorderAdmitted: [("next_order", OURS, "a")],
    facts.RecordingInterrupted: [("next_order", OURS, "a")],
    facts.ConsentWithdrawn: [("dismiss", OURS, "a")],
    facts.LevelLowered: [("dismiss", OURS, "a"), ("admit", OURS, "a")],
    facts.ConsentEnded: [("dismiss", OURS, "a")],
    facts.ClipEnded: [("dismiss", OURS, "a")],
    facts.CallEnded: [("dismiss", OURS, "a"), ("close", "a")],
}


@pytest.mark.parametrize("kind", get_args(facts.Fact))
async def test_the_table(alone: Reactions, cases: UseCases, kind: type[Fact]) -> None:
    alone.knows(OURS, "a")
    alone.committed([entry(made(kind))])
    await done(alone)
    assert cases.asked == TABLE.get(kind, [])


def test_the_table_names_every_reaction() -> None:
    assert {*DISMISSING, *PAIRING} <= set(TABLE)


async def test_dismissal_goes_before_anything_else(alone: Reactions, cases: UseCases) -> None:
    alone.committed([entry(facts.AttentionRequested(f"w{n}", GIRONA, "x", "ca"), f"org-{n}") for n in range(50)])
    alone.committed([entry(facts.LevelRaised("b", "attended")), entry(facts.RecorderAdmitted("c", "r1", "c1"))])
    alone.committed([entry(facts.ConsentWithdrawn("a", "c1")), entry(facts.CallEnded("d", "citizen"))])
    await done(alone)
    assert cases.asked[:2] == [("dismiss", OURS, "a"), ("dismiss", OURS, "d")]
    assert cases.asked[2:4] == [("pair", "org-0"), ("pair", "org-1")]
    assert cases.asked[52:] == [("admit", OURS, "b"), ("next_order", OURS, "c"), ("close", "d")]


async def test_the_tap_stops_before_the_dismissal_is_written_down(alone: Reactions, cases: UseCases) -> None:
    cases.answers = {"next_order": record_order(), "order": True, "dismiss": "r1"}
    alone.knows(OURS, "a")
    alone.both_connected("a")
    await done(alone)
    cases.asked.clear()
    alone.committed([entry(facts.ConsentWithdrawn("a", "k1"))])
    await done(alone)
    assert cases.asked[:2] == [("order", media.StopRecording("a", "r1")), ("dismiss", OURS, "a")]
    assert [asked[0] for asked in cases.asked].count("order") == 1


@pytest.mark.parametrize("fact", [facts.ConsentWithdrawn("a", "k2"), facts.ConsentEnded("a", "k2", "proposal_dropped")])
async def test_the_end_of_another_consent_stops_no_tap(alone: Reactions, cases: UseCases, fact: Fact) -> None:
    cases.answers = {"next_order": record_order(), "order": True}
    alone.knows(OURS, "a")
    alone.both_connected("a")
    await done(alone)
    cases.asked.clear()
    alone.committed([entry(fact)])
    await done(alone)
    assert cases.asked == [("dismiss", OURS, "a")]


async def test_what_was_stopped_for_nothing_is_ordered_to_stop_again(alone: Reactions, cases: UseCases) -> None:
    cases.answers = {"next_order": record_order(), "order": True, "dismiss": None}
    alone.knows(OURS, "a")
    alone.both_connected("a")
    await done(alone)
    alone.committed([entry(facts.ClipEnded("a", "time"))])
    await done(alone)
    cases.asked.clear()
    cases.answers["dismiss"] = "r1"
    alone.look_after(OURS, "a")
    await done(alone)
    assert ("order", media.StopRecording("a", "r1")) in cases.asked


async def test_what_ends_while_an_order_is_made_is_not_recorded(alone: Reactions, cases: UseCases) -> None:
    async def withdrawn_meanwhile(*_: object) -> media.Record:
        alone.committed([entry(facts.ConsentWithdrawn("a", "k1"))])
        return record_order()

    cases.next_order = withdrawn_meanwhile  # type: ignore[attr-defined]  # in place of what __getattr__ answers
    alone.knows(OURS, "a")
    alone.both_connected("a")
    await done(alone)
    assert not [asked for asked in cases.asked if isinstance(asked[-1], media.Record)]


async def test_a_stop_that_fails_is_ordered_again_by_the_dismissal(alone: Reactions, cases: UseCases) -> None:
    cases.answers = {"next_order": record_order(), "order": True, "dismiss": "r1"}
    alone.knows(OURS, "a")
    alone.both_connected("a")
    await done(alone)
    tries = []

    async def failing_once(order: object) -> bool:
        tries.append(order)
        if len(tries) == 1:
            raise OSError
        return True

    cases.order = failing_once  # type: ignore[attr-defined]  # in place of what __getattr__ answers
    alone.committed([entry(facts.ConsentWithdrawn("a", "k1"))])
    await done(alone)
    assert tries == [media.StopRecording("a", "r1")] * 2


async def test_pairing_is_asked_for_once_however_many_facts_ask_for_it(alone: Reactions, cases: UseCases) -> None:
    again = [entry(facts.AttentionRequested(f"w{n}", GIRONA, "x", "ca")) for n in range(30)]
    alone.committed([*again, entry(facts.AttentionRequested("t", "oac-vila", "x", "ca"), THEIRS)])
    await done(alone)
    assert cases.asked == [("pair", OURS), ("pair", THEIRS)]
    alone.committed(again)
    await done(alone)
    assert cases.asked[2:] == [("pair", OURS)]


async def test_a_job_that_fails_is_logged_and_does_not_end_the_others(
    alone: Reactions, cases: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(cases, "admit", failing, raising=False)
    with capture_logs() as logs:
        alone.committed([entry(facts.LevelRaised("a", "attended")), entry(facts.ReadinessChanged("m", "available"))])
        await done(alone)
    assert [log["event"] for log in logs] == ["reaction_failed"]
    assert cases.asked == [("pair", OURS)]


async def test_what_does_not_fit_into_the_queue_is_left_to_the_rounds(
    monkeypatch: pytest.MonkeyPatch, cases: UseCases
) -> None:
    monkeypatch.setattr(module, "WAITING", 1)
    stand_in: Any = cases
    full = Reactions(stand_in, stand_in, Sealers(stand_in.seal))
    with capture_logs() as logs:
        full.committed([entry(facts.LevelRaised("a", "attended")), entry(facts.ReadinessChanged("m", "available"))])
        await done(full)
    assert [log["event"] for log in logs] == ["reactions_full"]
    assert cases.asked == [("admit", OURS, "a")]
    # what was dropped is no reason not to ask again
    full.committed([entry(facts.ReadinessChanged("m", "available"))])
    await done(full)
    assert cases.asked[1:] == [("pair", OURS)]


async def test_without_a_switchboard_nothing_is_ordered(cases: UseCases) -> None:
    stand_in: Any = cases
    alone = Reactions(stand_in, stand_in, Sealers(stand_in.seal))
    cases.answers = {"dismiss": "r1", "opened": False}
    alone.knows(OURS, "a")
    alone.both_connected("a")
    alone.committed([entry(facts.CallEnded("a", "citizen"))])
    alone.reported(media.PartOpened("a", "r1", 1, 0.0))
    await done(alone)
    assert [name for name, *_ in cases.asked] == ["dismiss", "opened", "seal"]
    assert alone.known == frozenset()


async def test_reports_and_losses_of_unknown_calls_are_ignored(alone: Reactions, cases: UseCases) -> None:
    alone.both_connected("a")
    alone.worker_lost("a")
    alone.reported(media.PartOpened("a", "r1", 1, 0.0))
    alone.reported(media.PartClosed("a", "r1", 1, 0.0, "stopped", ()))
    alone.reported(media.RecordingRefused("a", "r1", "no_space"))
    await done(alone)
    assert cases.asked == []


# --- over the real use cases -----------------------------------------------------------------------------------------


async def test_a_citizen_who_arrives_is_offered_at_once(town: Town) -> None:
    await town.informer()
    attention = await town.citizen()
    await town.seen(attention)
    await town.pairing.be_ready(by_informer(), person(), Readiness.AVAILABLE)
    await town.reactions.settled()
    assert (await town.attention(attention)).stage is Stage.OFFERED


async def test_both_connected_orders_one_part(town: Town) -> None:
    attention, _ = await town.attended()
    await town.connect(attention)
    (order,) = town.link.of(media.Record)
    assert (order.call, order.part) == (attention, 1)
    for side in Side:
        await town.leg(attention, side)
    town.reactions.both_connected(attention)
    await town.reactions.settled()
    assert town.link.of(media.Record) == [order]


async def test_connected_before_the_consent_orders_when_the_consent_comes(town: Town) -> None:
    attention, consent = await town.asked()
    await town.connect(attention)
    assert town.link.of(media.Record) == []
    await town.call.answer_consent(by_citizen(), attention, consent, ConsentStep.GIVE)
    await town.reactions.settled()
    assert len(town.link.of(media.Record)) == 1


async def test_nobody_is_recorded_while_one_side_is_away(town: Town) -> None:
    attention, _ = await town.attended()
    await town.switchboard.worker_ready("worker-1", ())
    await town.switchboard.join(media.Join(attention, Side.CITIZEN, "citizen-1"))
    await town.leg(attention, Side.CITIZEN)
    await town.reactions.settled()
    assert town.link.of(media.Record) == []


async def test_withdrawing_stops_the_recorder_and_what_it_kept_is_sealed(town: Town) -> None:
    attention, order = await town.recorded()
    (consent,) = [c.id for c in (await town.attention(attention)).consents]
    await town.call.withdraw_consent(by_citizen(), attention, consent)
    await town.reactions.settled()
    assert town.link.sent[-1] == ("worker-1", media.StopRecording(attention, order.recording))
    assert (await town.recording(order.recording)).stage is RecordingStage.SEALING
    await town.report(town.part_closed(order))
    assert town.kinds()[-4:] == ["ConsentWithdrawn", "LevelLowered", "RecorderDismissed", "RecordingSealed"]
    assert town.link.of(media.CloseCall) == []


async def test_hanging_up_stops_the_recorder_then_closes_the_call(town: Town) -> None:
    attention, order = await town.recorded()
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    orders = [sent for _, sent in town.link.sent[-2:]]
    assert orders == [media.StopRecording(attention, order.recording), media.CloseCall(attention)]
    await town.report(town.part_closed(order))
    assert town.kinds()[-3:] == ["CallEnded", "RecorderDismissed", "RecordingSealed"]


async def test_what_was_kept_is_heard_of_even_when_the_outcome_was_written_first(town: Town) -> None:
    attention, order = await town.recorded()
    await town.call.hang_up(by_citizen(), attention)
    await town.call.conclude(by_informer(), attention, "fet", OutcomeKind.INFORMED)
    await town.reactions.settled()
    await town.report(town.part_closed(order))
    (part,) = (await town.recording(order.recording)).parts
    assert part.tracks[0].sha256 == "ab" * 32


async def test_a_recorder_that_nobody_writes_for_is_sealed_at_once(town: Town) -> None:
    attention, order = await town.recorded()
    await town.switchboard.worker_gone("worker-1")
    await town.reactions.settled()
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    assert (await town.recording(order.recording)).stage is RecordingStage.LOST
    assert town.link.of(media.StopRecording) == []


async def test_a_part_that_opens_after_the_dismissal_is_told_to_stop(town: Town) -> None:
    attention, _ = await town.attended()
    await town.connect(attention)
    (order,) = town.link.of(media.Record)
    await town.call.return_to_informative(by_citizen(), attention)
    await town.reactions.settled()
    before = town.link.of(media.StopRecording)
    assert set(before) == {media.StopRecording(attention, order.recording)}
    await town.report(media.PartOpened(attention, order.recording, 1, 0.0))
    assert town.link.of(media.StopRecording) == [*before, media.StopRecording(attention, order.recording)]
    await town.report(town.part_closed(order, seconds=0))
    assert (await town.recording(order.recording)).stage is RecordingStage.LOST


async def test_a_lost_worker_leaves_a_gap_and_the_next_part_follows(town: Town) -> None:
    attention, order = await town.recorded()
    await town.switchboard.worker_ready("worker-2", ())
    town.clock.move(10)
    await town.switchboard.worker_gone("worker-1")
    await town.reactions.settled()
    assert town.facts(facts.RecordingInterrupted)[-1].cause == "worker_lost"
    assert town.pages.lost == [attention]
    town.clock.move(3)
    await town.connect(attention, epoch=2, worker="worker-2")
    following = town.link.of(media.Record)[-1]
    assert (following.recording, following.part) == (order.recording, 2)
    at = town.clock.now().timestamp()
    await town.report(media.PartOpened(attention, order.recording, 2, at), "worker-2")
    assert town.facts(facts.RecordingResumed)[-1].gap_seconds == 3


async def test_what_the_lost_worker_tells_late_does_not_disturb_the_next_part(town: Town) -> None:
    attention, order = await town.recorded()
    await town.switchboard.worker_gone("worker-1")
    await town.connect(attention, epoch=2, worker="worker-2")
    await town.report(media.PartOpened(attention, order.recording, 2, town.clock.now().timestamp()), "worker-2")
    sent = len(town.link.sent)
    await town.report(town.part_closed(order, "service_lost"))
    await town.report(media.PartOpened(attention, order.recording, 1, 0.0))
    kept = await town.recording(order.recording)
    assert kept.stage is RecordingStage.CAPTURING
    assert [(part.number, part.cause, len(part.tracks)) for part in kept.parts] == [(1, "worker_lost", 1), (2, "", 0)]
    assert len(town.link.sent) == sent


async def test_a_new_connection_is_a_new_part(town: Town) -> None:
    attention, order = await town.recorded()
    await town.leg(attention, Side.CITIZEN, connected=False)
    await town.report(town.part_closed(order, "epoch_ended"))
    assert len(town.link.of(media.Record)) == 1
    await town.connect(attention, epoch=2)
    assert [record.part for record in town.link.of(media.Record)] == [1, 2]


async def test_a_part_that_failed_is_followed_by_another_in_the_next_round(town: Town) -> None:
    attention, order = await town.recorded()
    await town.switchboard.report("worker-1", media.RecordingRefused(attention, order.recording, "storage_failed"))
    await town.report(town.part_closed(order, "failed"))
    town.reactions.both_connected(attention)
    await town.reactions.settled()
    assert [record.part for record in town.link.of(media.Record)] == [1]
    assert [told.cause for told in town.facts(facts.RecordingInterrupted)] == ["storage_failed"]
    (part,) = (await town.recording(order.recording)).parts
    assert (part.cause, len(part.tracks)) == ("storage_failed", 1)
    town.reactions.try_again(attention)
    await town.reactions.settled()
    assert [record.part for record in town.link.of(media.Record)] == [1, 2]


async def test_a_part_that_could_not_be_closed_well_is_followed_by_another_in_the_next_round(town: Town) -> None:
    attention, order = await town.recorded()
    await town.report(town.part_closed(order, "failed"))
    assert [record.part for record in town.link.of(media.Record)] == [1]
    town.reactions.try_again(attention)
    await town.reactions.settled()
    assert [record.part for record in town.link.of(media.Record)] == [1, 2]


async def test_a_refused_order_is_not_repeated_before_something_changes(town: Town) -> None:
    attention, _ = await town.attended()
    await town.connect(attention)
    (order,) = town.link.of(media.Record)
    with capture_logs() as logs:
        await town.report(media.RecordingRefused(attention, order.recording, "no_space"))
    assert [(log["event"], log["code"]) for log in logs] == [("recording_refused", "no_space")]
    assert len(town.link.of(media.Record)) == 1
    town.reactions.try_again(attention)
    await town.reactions.settled()
    assert [record.part for record in town.link.of(media.Record)] == [1, 2]


async def test_what_is_told_of_an_older_recording_does_not_order_a_second_part_of_the_new_one(town: Town) -> None:
    attention, first = await town.recorded()
    await town.call.return_to_informative(by_citizen(), attention)
    await town.reactions.settled()
    await town.call.propose_level(by_informer(), attention, Level.ATTENDED)
    again = await town.ask_consent(attention)
    await town.call.answer_consent(by_citizen(), attention, again, ConsentStep.GIVE)
    await town.reactions.settled()
    second = town.link.of(media.Record)[-1]
    assert second.recording != first.recording
    await town.report(media.RecordingRefused(attention, first.recording, "not_connected"))
    await town.report(town.part_closed(first))
    assert town.link.of(media.Record)[-1] == second
    assert (await town.recording(first.recording)).stage is RecordingStage.SEALED
    at = town.clock.now().timestamp()
    await town.report(media.PartOpened(attention, second.recording, second.part, at))
    assert (await town.recording(second.recording)).stage is RecordingStage.CAPTURING


async def test_an_order_that_no_worker_took_is_made_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    attention, _ = await town.attended()
    await town.switchboard.worker_ready("worker-1", ())
    monkeypatch.setattr(town.switchboard, "is_connected", lambda _: True)
    await town.reactions.settled()
    town.reactions.both_connected(attention)
    await town.reactions.settled()
    assert town.link.of(media.Record) == []
    monkeypatch.undo()
    await town.connect(attention)
    (order,) = town.link.of(media.Record)
    assert order.part > 1


@pytest.mark.parametrize("recorded", [False, True])
async def test_calls_that_are_over_are_forgotten(town: Town, *, recorded: bool) -> None:
    if recorded:
        attention, order = await town.recorded()
    else:
        attention = await town.talking()
        await town.connect(attention)
        town.reactions.knows(OURS, attention)
    await town.rounds.recordings()
    assert town.reactions.known == {attention}
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    assert town.reactions.known == ({attention} if recorded else set())
    if recorded:
        await town.report(town.part_closed(order))
        await town.rounds.recordings()
        await town.reactions.settled()
    reactions = town.reactions
    assert [*reactions.known, *reactions._ordered, *reactions._closing, *reactions._to_pair] == []


# --- what is told once and cannot be noted at once ------------------------------------------------------------------


def away(town: Town, monkeypatch: pytest.MonkeyPatch, *use_cases: str) -> None:
    """The database answers none of these use cases of the recorder."""

    async def failing(*_: object) -> None:
        raise OSError("the database is away")

    for use_case in use_cases:
        monkeypatch.setattr(town.recorder, use_case, failing)


async def test_a_part_whose_opening_could_not_be_noted_is_noted_by_the_next_round(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(town, monkeypatch, "opened")
    attention, order = await town.recorded()
    assert (await town.recording(order.recording)).stage is RecordingStage.REQUESTED
    monkeypatch.undo()
    await town.rounds.recordings()
    await town.reactions.settled()
    assert (await town.recording(order.recording)).stage is RecordingStage.CAPTURING
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    await town.report(town.part_closed(order))
    assert (await town.recording(order.recording)).stage is RecordingStage.SEALED
    assert len(town.link.of(media.Record)) == 1


@pytest.mark.parametrize("end", ["withdrawn", "closed", "worker lost"])
async def test_what_was_opened_is_noted_before_its_end_is(
    town: Town, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    away(town, monkeypatch, "opened")
    attention, order = await town.recorded()
    monkeypatch.undo()
    if end == "withdrawn":
        (consent,) = [c.id for c in (await town.attention(attention)).consents]
        await town.call.withdraw_consent(by_citizen(), attention, consent)
    elif end == "closed":
        await town.leg(attention, Side.CITIZEN, connected=False)
        await town.report(town.part_closed(order, "epoch_ended"))
    else:
        await town.switchboard.worker_gone("worker-1")
    await town.reactions.settled()
    assert [part.number for part in (await town.recording(order.recording)).parts] == [1]


async def test_a_part_whose_closing_could_not_be_noted_is_noted_by_the_next_round(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    attention, order = await town.recorded()
    away(town, monkeypatch, "closed")
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    await town.report(town.part_closed(order))
    monkeypatch.undo()
    await town.rounds.recordings()
    await town.reactions.settled()
    kept = await town.recording(order.recording)
    assert (kept.stage, kept.parts[0].tracks[0].sha256) == (RecordingStage.SEALED, "ab" * 32)
    await town.rounds.recordings()
    await town.reactions.settled()
    assert town.reactions.known == frozenset()


async def test_the_next_part_waits_until_the_last_is_noted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its place on the time line is counted from the first part."""
    away(town, monkeypatch, "opened")
    attention, order = await town.recorded()
    began = town.clock.now().timestamp()
    town.clock.move(10)
    await town.report(town.part_closed(order, "failed"))
    assert len(town.link.of(media.Record)) == 1
    monkeypatch.undo()
    town.reactions.both_connected(attention)
    await town.reactions.settled()
    assert [(record.part, record.epoch_start) for record in town.link.of(media.Record)][1:] == [(2, began)]


async def test_a_report_that_cannot_be_so_does_not_keep_the_others_waiting(town: Town) -> None:
    attention, order = await town.recorded()
    with capture_logs() as logs:
        await town.report(media.PartClosed(attention, "nobody's", 1, 0.0, "stopped", ()))
        await town.report(media.PartClosed(attention, order.recording, 1, 1e300, "stopped", ()))
    assert [log["event"] for log in logs] == ["report_refused"] * 2
    await town.leg(attention, Side.CITIZEN, connected=False)
    await town.report(town.part_closed(order, "epoch_ended"))
    assert (await town.recording(order.recording)).stage is RecordingStage.REQUESTED


async def test_the_late_word_of_a_lost_worker_does_not_stop_the_recording_on_the_next(town: Town) -> None:
    """A stop is for good: the worker that is told of one refuses every later part of the recording."""
    attention, order = await town.recorded()
    await town.switchboard.worker_gone("worker-1")
    await town.connect(attention, epoch=2, worker="worker-2")
    assert town.link.of(media.Record)[-1].part == 2
    await town.report(media.PartOpened(attention, order.recording, 1, town.clock.now().timestamp()))
    assert town.link.of(media.StopRecording) == []
    assert (await town.recording(order.recording)).stage is RecordingStage.REQUESTED


async def test_why_a_recorder_could_not_record_is_written_down_whenever_it_is_another_cause(town: Town) -> None:
    attention, _ = await town.attended()
    await town.connect(attention)
    (order,) = town.link.of(media.Record)
    for code in ("not_connected", "no_space", "no_space", "storage_failed", "no_space"):
        await town.report(media.RecordingRefused(attention, order.recording, code))
    causes = [(refused.recording, refused.cause) for refused in town.facts(facts.RecorderRefused)]
    assert causes == [(order.recording, cause) for cause in ("no_space", "storage_failed", "no_space")]
