"""What must happen because time passes, or because a process ended at the wrong moment."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from tests.fakes.keys import RecordedMedia
from tests.unit.services.town import OURS, THEIRS, VILA, by_citizen, by_informer, person
from videoattention.domain import facts
from videoattention.domain.informers import Readiness
from videoattention.domain.people import Side
from videoattention.domain.queueing import OFFER_LASTS
from videoattention.domain.recording import SEALED, RecordingStage
from videoattention.domain.stages import Stage
from videoattention.services import media, rounds
from videoattention.services.reactions import Reactions
from videoattention.services.reception import GIVEN_UP
from videoattention.services.rounds import DESERTED, RECORDINGS_EVERY
from videoattention.services.vault import FileIdentity, StorageFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.unit.services.town import Town


async def restarted(town: Town) -> asyncio.Task[None]:
    """A new process over the same database."""
    town.start()
    running = asyncio.create_task(town.reactions.run())
    await town.rounds.after_restart()
    return running


@pytest.fixture
async def tasks() -> AsyncIterator[list[asyncio.Task[None]]]:
    """What a test started; it is ended after it."""
    running: list[asyncio.Task[None]] = []
    yield running
    for task in running:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


# --- offers --------------------------------------------------------------------------------------------------------


async def test_one_round_catches_up_after_an_hour(quiet: Town) -> None:
    await quiet.informer("pau")
    offered, gone = await quiet.citizen(), await quiet.citizen()
    await quiet.pairing.pair(OURS)
    quiet.clock.move(3600)
    await quiet.informer("anna")
    await quiet.seen(offered)
    await quiet.rounds.offers()
    assert quiet.facts(facts.OfferLapsed) == [facts.OfferLapsed(offered, "pau", "unanswered")]
    assert (await quiet.readiness("pau")) is Readiness.MISSED
    assert quiet.facts(facts.OfferMade)[-1].informer == "anna"
    assert (await quiet.attention(gone)).stage is Stage.ABANDONED


async def test_a_citizen_who_comes_back_is_offered_by_the_next_round(quiet: Town) -> None:
    attention = await quiet.citizen()
    quiet.clock.move(60)
    await quiet.informer()
    await quiet.rounds.offers()
    assert (await quiet.attention(attention)).stage is Stage.WAITING
    await quiet.seen(attention)
    await quiet.rounds.offers()
    assert (await quiet.attention(attention)).stage is Stage.OFFERED


async def test_what_fails_for_one_organisation_is_done_for_the_next(
    quiet: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await quiet.citizen()
    theirs = await quiet.citizen(VILA, "padro")
    await quiet.informer(person("neus", organisation=THEIRS, offices=[VILA]))
    pair, seen = quiet.pairing.pair, []

    async def failing(organisation: str) -> None:
        seen.append(organisation)
        if organisation == OURS:
            raise RuntimeError("as told")
        await pair(organisation)

    monkeypatch.setattr(quiet.pairing, "pair", failing)
    with capture_logs() as logs:
        await quiet.rounds.offers()
    assert set(seen) == {OURS, THEIRS}
    assert [log["event"] for log in logs] == ["round_failed"]
    assert (await quiet.attention(theirs, THEIRS)).stage is Stage.OFFERED


async def test_nobody_is_given_up_on_because_the_service_was_away(quiet: Town) -> None:
    attention = await quiet.citizen()
    quiet.clock.move(3600)
    quiet.start()
    await quiet.rounds.offers()
    assert (await quiet.attention(attention)).stage is Stage.WAITING
    quiet.clock.move(GIVEN_UP.total_seconds())
    await quiet.rounds.offers()
    assert (await quiet.attention(attention)).stage is Stage.ABANDONED


# --- calls ----------------------------------------------------------------------------------------------------------


async def test_a_call_that_both_people_left_is_ended_by_the_service(town: Town) -> None:
    attention = await town.talking()
    town.clock.move(DESERTED.total_seconds() + 1)
    await town.rounds.calls()
    assert town.facts(facts.CallEnded) == [facts.CallEnded(attention, "service")]
    assert (await town.attention(attention)).stage is Stage.WRAPPING_UP


@pytest.mark.parametrize("side", list(Side))
async def test_a_call_goes_on_while_one_of_the_two_is_there(town: Town, side: Side) -> None:
    attention = await town.talking()
    town.clock.move(DESERTED.total_seconds() + 1)
    await (town.seen(attention) if side is Side.CITIZEN else town.desk_seen(person("marta")))
    await town.rounds.calls()
    assert (await town.attention(attention)).stage is Stage.TALKING


async def test_no_call_is_ended_because_the_service_was_away(town: Town) -> None:
    attention = await town.talking()
    town.clock.move(3600)
    town.start()
    await town.rounds.calls()
    assert (await town.attention(attention)).stage is Stage.TALKING


async def test_recordings_are_looked_after_though_calls_cannot_be(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing() -> None:
        raise OSError("as told")

    looked = []

    async def recordings() -> None:
        looked.append("recordings")

    monkeypatch.setattr(town.rounds, "offers", failing)
    monkeypatch.setattr(town.rounds, "calls", failing)
    monkeypatch.setattr(town.rounds, "recordings", recordings)
    with capture_logs() as logs:
        await town.rounds._walk(0)
        await town.rounds._walk(1)
    assert looked == ["recordings"]
    assert [log["event"] for log in logs] == ["round_failed"] * 3


# --- recordings ------------------------------------------------------------------------------------------------------


async def test_a_recorder_that_was_not_admitted_is(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reactions, "committed", lambda *_: None)
    attention, _ = await town.attended()
    await town.connect(attention)
    monkeypatch.undo()
    assert town.link.of(media.Record) == []
    await town.rounds.recordings()
    await town.reactions.settled()
    assert [order.part for order in town.link.of(media.Record)] == [1]


async def test_a_round_changes_nothing_in_a_call_that_is_recorded(town: Town) -> None:
    await town.recorded()
    told, sent = len(town.told), len(town.link.sent)
    for _ in range(3):
        await town.rounds.recordings()
        await town.reactions.settled()
    assert (len(town.told), len(town.link.sent)) == (told, sent)


async def test_what_a_lost_worker_left_of_people_who_went_away_is_sealed_within_a_minute(town: Town) -> None:
    attention, order = await town.recorded()
    await town.switchboard.worker_gone("worker-1")
    for _ in range(11):
        town.clock.move(5)
        await town.rounds.recordings()
        await town.reactions.settled()
    assert town.facts(facts.RecorderDismissed)[-1].cause == "nobody_there"
    assert (await town.recording(order.recording)).stage in SEALED
    await town.seen(attention)
    await town.rounds.recordings()
    again = town.facts(facts.RecorderAdmitted)
    assert len({admitted.recording for admitted in again}) == len(again) == 2


async def test_what_a_lost_worker_left_waits_for_nobody_and_who_is_there_is_recorded_anew(town: Town) -> None:
    attention, order = await town.recorded()
    await town.switchboard.worker_gone("worker-1")
    for _ in range(11):
        town.clock.move(5)
        await town.seen(attention)
        await town.rounds.recordings()
        await town.reactions.settled()
    assert (await town.recording(order.recording)).stage in SEALED
    await town.connect(attention, epoch=2, worker="worker-2")
    await town.reactions.settled()
    again = town.link.of(media.Record)[-1]
    assert again.recording != order.recording
    assert again.part == 1


async def test_a_recording_whose_people_were_cut_off_waits_for_them(town: Town) -> None:
    _, order = await town.recorded()
    await town.report(town.part_closed(order, cause="epoch_ended"))
    for _ in range(11):
        town.clock.move(5)
        await town.rounds.recordings()
        await town.reactions.settled()
    assert (await town.recording(order.recording)).stage is RecordingStage.REQUESTED


@pytest.mark.parametrize("why", ["withdrawn", "ended"])
async def test_a_recorder_that_was_not_dismissed_is(town: Town, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    attention, order = await town.recorded()
    (consent,) = [c.id for c in (await town.attention(attention)).consents]
    monkeypatch.setattr(Reactions, "committed", lambda *_: None)
    if why == "withdrawn":
        await town.call.withdraw_consent(by_citizen(), attention, consent)
    else:
        await town.call.hang_up(by_citizen(), attention)
    monkeypatch.undo()
    await town.rounds.recordings()
    await town.reactions.settled()
    assert town.link.of(media.StopRecording) == [media.StopRecording(attention, order.recording)]
    closed = [media.CloseCall(attention)] if why == "ended" else []
    assert town.link.of(media.CloseCall) == closed
    await town.report(town.part_closed(order))
    assert (await town.recording(order.recording)).stage is RecordingStage.SEALED


async def test_a_part_that_nobody_writes_is_interrupted_and_followed_by_another(town: Town) -> None:
    """The last word of a worker that was lost may come after the gap was looked for."""
    attention, order = await town.recorded()
    await town.switchboard.worker_gone("worker-1")
    await town.reactions.settled()
    await town.report(media.PartOpened(attention, order.recording, 2, town.clock.now().timestamp()))
    assert (await town.recording(order.recording)).stage is RecordingStage.CAPTURING
    await town.rounds.recordings()
    await town.reactions.settled()
    assert (await town.recording(order.recording)).stage is RecordingStage.REQUESTED
    await town.connect(attention, epoch=2, worker="worker-2")
    assert town.link.of(media.Record)[-1].part == 3


async def test_a_call_that_is_over_is_closed_where_a_worker_still_carries_it(town: Town) -> None:
    over, going_on = await town.talking("pau"), await town.talking("anna")
    for attention in (over, going_on):
        await town.connect(attention)
    await town.call.hang_up(by_citizen(), over)
    await town.reactions.settled()
    await town.switchboard.worker_gone("worker-1")
    await town.switchboard.worker_ready("worker-1", (over, going_on))
    town.link.sent.clear()
    await town.rounds.recordings()
    await town.reactions.settled()
    assert town.link.sent == [("worker-1", media.CloseCall(over))]


async def test_what_no_worker_closed_is_sealed_after_a_whole_round(town: Town) -> None:
    attention, order = await town.recorded()
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    track = FileIdentity(OURS, order.recording, 1, media.Track.CITIZEN_VIDEO)
    town.library.files[track] = RecordedMedia(4000, 8.0)
    await town.rounds.recordings()
    assert (await town.recording(order.recording)).stage is RecordingStage.SEALING
    await town.rounds.recordings()
    await town.reactions.settled()
    assert [(fact.recording, fact.seconds) for fact in town.facts(facts.RecordingSealed)] == [(order.recording, 8.0)]


async def test_a_recording_that_cannot_be_sealed_keeps_no_other_waiting(town: Town) -> None:
    orders = []
    for subject in ("pau", "anna"):
        attention, order = await town.recorded(subject)
        await town.call.hang_up(by_citizen(), attention)
        await town.reactions.settled()
        orders.append(order)
    poisoned, sound = sorted(orders, key=lambda order: order.recording)
    fault = StorageFailed("storage_failed", "as told")
    town.library.files[FileIdentity(OURS, poisoned.recording, 1, media.Track.CITIZEN_AUDIO)] = fault
    await town.rounds.recordings()
    with capture_logs() as logs:
        await town.rounds.recordings()
        await town.reactions.settled()
    assert [log["event"] for log in logs] == ["sealing_failed"]
    assert (await town.recording(poisoned.recording)).stage is RecordingStage.SEALING
    assert (await town.recording(sound.recording)).stage is RecordingStage.LOST
    town.library.files.clear()
    await town.rounds.recordings()
    await town.reactions.settled()
    assert (await town.recording(poisoned.recording)).stage is RecordingStage.LOST


# --- after a restart -------------------------------------------------------------------------------------------------


async def test_after_a_restart_the_recording_has_a_gap_and_goes_on(town: Town, tasks: list[asyncio.Task[None]]) -> None:
    attention, order = await town.recorded()
    town.clock.move(5)
    tasks.append(await restarted(town))
    assert town.facts(facts.RecordingInterrupted)[-1].cause == "service_lost"
    await town.connect(attention, epoch=2)
    following = town.link.of(media.Record)[-1]
    assert (following.recording, following.part) == (order.recording, 2)
    at = town.clock.now().timestamp()
    await town.report(media.PartOpened(attention, order.recording, 2, at))
    assert (await town.recording(order.recording)).stage is RecordingStage.CAPTURING


async def test_after_a_restart_a_worker_that_lives_goes_on_and_its_last_report_counts(
    town: Town, tasks: list[asyncio.Task[None]]
) -> None:
    attention, order = await town.recorded()
    tasks.append(await restarted(town))
    await town.switchboard.worker_ready("worker-1", (attention,))
    await town.report(town.part_closed(order, "service_lost"))
    for side in Side:
        await town.leg(attention, side)
    await town.reactions.settled()
    assert town.link.of(media.Record)[-1].part == 2
    assert len((await town.recording(order.recording)).parts[0].tracks) == 1


async def test_a_call_that_ended_as_the_service_did_is_sealed_by_the_next_service(
    town: Town, tasks: list[asyncio.Task[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    attention, order = await town.recorded()
    monkeypatch.setattr(Reactions, "committed", lambda *_: None)
    await town.call.hang_up(by_citizen(), attention)
    monkeypatch.undo()
    tasks.append(await restarted(town))
    track = FileIdentity(OURS, order.recording, 1, media.Track.CITIZEN_VIDEO)
    town.library.files[track] = RecordedMedia(4000, 8.0)
    await town.rounds.recordings()
    await town.reactions.settled()
    assert (await town.recording(order.recording)).stage is RecordingStage.SEALED
    assert town.facts(facts.RecorderDismissed)[-1].cause == "call_ended"


async def test_after_a_restart_everybody_waits_in_the_same_place(quiet: Town, tasks: list[asyncio.Task[None]]) -> None:
    line = [await quiet.citizen() for _ in range(3)]
    quiet.clock.move(GIVEN_UP.total_seconds() * 3)
    tasks.append(await restarted(quiet))
    await quiet.rounds.offers()
    for place, attention in enumerate(line, 1):
        seen = await quiet.views.citizen(OURS, attention, "ca", seen_since=quiet.clock.now())
        assert seen
        assert (seen.stage, seen.place) == ("waiting", place)


# --- the walk ------------------------------------------------------------------------------------------------------


async def test_rounds_go_on_and_one_that_fails_is_logged(
    quiet: Town, monkeypatch: pytest.MonkeyPatch, tasks: list[asyncio.Task[None]]
) -> None:
    walked: list[str] = []
    enough = asyncio.Event()

    async def offers() -> None:
        walked.append("offers")
        if len(walked) == 1:
            raise RuntimeError("as told")

    async def recordings() -> None:
        walked.append("recordings")
        if walked.count("recordings") == 2:
            enough.set()

    monkeypatch.setattr(rounds, "OFFERS_EVERY", 0)
    monkeypatch.setattr(quiet.rounds, "offers", offers)
    monkeypatch.setattr(quiet.rounds, "recordings", recordings)
    with capture_logs() as logs:
        tasks.append(asyncio.create_task(quiet.rounds.run()))
        await asyncio.wait_for(enough.wait(), 10)
    assert [log["event"] for log in logs] == ["round_failed"]
    first, second = [n for n, name in enumerate(walked) if name == "recordings"]
    assert walked[:first] == ["offers"]
    assert walked[first + 1 : second] == ["offers"] * RECORDINGS_EVERY


async def test_an_offer_that_lapsed_is_made_to_the_next_by_the_rounds_alone(
    quiet: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await quiet.informer("pau")
    attention = await quiet.citizen()
    await quiet.rounds.offers()
    await quiet.informer("anna")
    quiet.clock.move(OFFER_LASTS.total_seconds())
    await quiet.rounds.offers()
    assert [made.informer for made in quiet.facts(facts.OfferMade)] == ["pau", "anna"]
    await quiet.pairing.accept(by_informer("anna"), attention)


@pytest.mark.parametrize(
    ("code", "rounds"),
    [
        ("storage_failed", [0, 1, 3, 7, 15, 27, 39]),
        ("no_space", list(range(45))),
        ("no_consent", [0, 1, 3, 7, 15, 27, 39]),
    ],
)
async def test_a_recorder_that_is_refused_is_tried_more_and_more_seldom_unless_the_disk_is_full(
    town: Town, code: str, rounds: list[int]
) -> None:
    attention, _ = await town.attended()
    await town.connect(attention)
    tried: list[int] = []
    for number in range(45):
        orders = town.link.of(media.Record)
        if len(orders) > len(tried):
            tried.append(number)
            await town.report(media.RecordingRefused(attention, orders[-1].recording, code))
        await town.rounds.recordings()
        await town.reactions.settled()
    assert tried == rounds


async def test_a_disk_that_opens_files_and_fails_them_is_tried_more_and_more_seldom(town: Town) -> None:
    attention, order = await town.recorded()
    tried: list[int] = []
    for number in range(20):
        orders = town.link.of(media.Record)
        if len(orders) > len(tried):
            tried.append(number)
            order = orders[-1]
            await town.report(media.PartOpened(attention, order.recording, order.part, town.clock.now().timestamp()))
            await town.report(media.RecordingRefused(attention, order.recording, "storage_failed"))
            await town.report(town.part_closed(order, "failed"))
        await town.rounds.recordings()
        await town.reactions.settled()
    assert tried == [0, 1, 3, 7, 15]


async def test_a_recorder_that_entered_again_is_not_waited_for_any_more(town: Town) -> None:
    attention, _ = await town.attended()
    await town.connect(attention)
    for _ in range(4):
        order = town.link.of(media.Record)[-1]
        await town.report(media.RecordingRefused(attention, order.recording, "storage_failed"))
        for _ in range(20):
            await town.rounds.recordings()
            await town.reactions.settled()
    order = town.link.of(media.Record)[-1]
    now = town.clock.now().timestamp()
    await town.report(media.PartOpened(attention, order.recording, order.part, now))
    await town.report(media.RecordedUntil(attention, order.recording, order.part, now))
    await town.switchboard.report("worker-1", media.RecordingRefused(attention, order.recording, "storage_failed"))
    for side in Side:
        await town.leg(attention, side, connected=False)
    await town.report(town.part_closed(order, "failed"))
    parts = len(town.link.of(media.Record))
    town.switchboard._lines[attention].connected.update(Side)
    await town.rounds.recordings()
    await town.reactions.settled()
    assert len(town.link.of(media.Record)) == parts + 1
