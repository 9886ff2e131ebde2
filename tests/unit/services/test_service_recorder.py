"""The recorder: let in by consent only, its keys kept before it writes, and out at once."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.fakes.keys import RecordedMedia, key_of
from tests.unit.services.town import OURS, PURPOSES, TEXT, by_citizen, by_informer
from videoattention.domain import facts
from videoattention.domain.consent import Consent, ConsentStage, ConsentStep
from videoattention.domain.levels import Level
from videoattention.domain.recording import RecordingStage
from videoattention.services import media
from videoattention.services.ports import NotFound
from videoattention.services.vault import FileIdentity

if TYPE_CHECKING:
    from tests.unit.services.town import Town
    from videoattention.domain.recording import Recording

ORGANISATION = OURS


async def admitted(town: Town) -> tuple[str, str]:
    """An attended call whose recorder is on its way: the attention and the recording."""
    attention, _ = await town.attended()
    await town.recorder.admit(ORGANISATION, attention)
    return attention, town.facts(facts.RecorderAdmitted)[-1].recording


async def ordered(town: Town) -> media.Record:
    attention, _ = await admitted(town)
    order = await town.recorder.next_order(ORGANISATION, attention)
    assert order
    return order


async def capturing(town: Town) -> media.Record:
    order = await ordered(town)
    assert await town.recorder.opened(ORGANISATION, opening(town, order))
    return order


def opening(town: Town, order: media.Record, part: int = 0) -> media.PartOpened:
    return media.PartOpened(order.call, order.recording, part or order.part, town.clock.now().timestamp())


def stages(recording: Recording) -> tuple[RecordingStage, list[tuple[int, str]]]:
    return recording.stage, [(part.number, part.cause) for part in recording.parts]


# --- letting it in -------------------------------------------------------------------------------------------------


async def test_consent_lets_it_in_once(quiet: Town) -> None:
    attention, consent = await quiet.attended()
    for _ in range(2):
        await quiet.recorder.admit(ORGANISATION, attention)
    (told,) = quiet.facts(facts.RecorderAdmitted)
    assert (told.attention, told.consent) == (attention, consent)
    kept = await quiet.recording(told.recording)
    assert (kept.stage, kept.consent, kept.requested_at) == (RecordingStage.REQUESTED, consent, quiet.clock.now())
    assert quiet.told[-1].actor == "service"


@pytest.mark.parametrize("far", ["talking", "proposed", "asked", "refused", "withdrawn", "lowered", "ended"])
async def test_nothing_less_lets_it_in(quiet: Town, far: str) -> None:
    attention, consent = await quiet.asked()
    if far in {"talking", "proposed"}:
        await quiet.call.decline_level(by_citizen(), attention)
    if far == "proposed":
        await quiet.call.propose_level(by_informer(), attention, Level.ATTENDED)
    if far == "refused":
        await quiet.call.answer_consent(by_citizen(), attention, consent, ConsentStep.REFUSE)
    if far in {"withdrawn", "lowered", "ended"}:
        await quiet.call.answer_consent(by_citizen(), attention, consent, ConsentStep.GIVE)
        if far == "withdrawn":
            await quiet.call.withdraw_consent(by_citizen(), attention, consent)
        elif far == "lowered":
            await quiet.call.return_to_informative(by_citizen(), attention)
        else:
            await quiet.call.hang_up(by_citizen(), attention)
    await quiet.recorder.admit(ORGANISATION, attention)
    assert quiet.facts(facts.RecorderAdmitted) == []


# --- the order -----------------------------------------------------------------------------------------------------


async def test_the_order_proves_the_consent_by_its_link_in_the_journal(quiet: Town) -> None:
    order = await ordered(quiet)
    given = next(entry for entry in quiet.told if isinstance(entry.fact, facts.ConsentGiven))
    (consent,) = [c.id for c in (await quiet.attention(order.call)).consents]
    assert order.consent == media.ConsentProof(consent, given.seq, given.hash)
    assert (order.organisation, order.part, order.epoch_start) == (ORGANISATION, 1, quiet.clock.now().timestamp())


async def test_the_keys_are_kept_before_the_order_exists(quiet: Town) -> None:
    order = await ordered(quiet)
    async with quiet.begin() as transaction:
        wrapped = await transaction.keys.of(order.recording, 1)
    for track in media.Track:
        key = b64decode(order.keys[track])
        assert key == key_of(FileIdentity(ORGANISATION, order.recording, 1, track))
        assert wrapped[track] == key[::-1]


async def test_the_keys_of_an_order_that_cannot_be_kept_are_not_given_out(
    quiet: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    attention, recording = await admitted(quiet)
    unwritable = dict.fromkeys(media.Track, "not bytes")
    monkeypatch.setattr(quiet.keys, "fresh", lambda *_, **__: (dict.fromkeys(media.Track, b"plain"), unwritable))
    with pytest.raises(Exception, match="bytes"):
        await quiet.recorder.next_order(ORGANISATION, attention)
    async with quiet.begin() as transaction:
        assert await transaction.keys.of(recording, 1) == {}


async def test_a_key_is_never_given_out_twice(quiet: Town) -> None:
    """An order that came to nothing has used its number."""
    first = await ordered(quiet)
    orders = [await quiet.recorder.next_order(ORGANISATION, first.call) for _ in range(2)]
    assert [order.part for order in orders if order] == [2, 3]
    assert len({key for order in (first, *orders) if order for key in order.keys.values()}) == 12


async def test_later_parts_are_placed_on_the_time_line_of_the_first(quiet: Town) -> None:
    order = await capturing(quiet)
    quiet.clock.move(30)
    await quiet.recorder.interrupted(ORGANISATION, order.call, "worker_lost")
    following = await quiet.recorder.next_order(ORGANISATION, order.call)
    assert following
    assert (following.part, following.epoch_start) == (2, order.epoch_start)


@pytest.mark.parametrize("why", ["not admitted", "capturing", "withdrawn", "ended"])
async def test_there_is_nothing_to_order(quiet: Town, why: str) -> None:
    if why == "not admitted":
        attention, _ = await quiet.attended()
    else:
        attention = (await capturing(quiet)).call
    if why == "withdrawn":
        (consent,) = [c.id for c in (await quiet.attention(attention)).consents]
        await quiet.recorder.interrupted(ORGANISATION, attention, "worker_lost")
        await quiet.call.withdraw_consent(by_citizen(), attention, consent)
    if why == "ended":
        await quiet.recorder.interrupted(ORGANISATION, attention, "worker_lost")
        await quiet.call.hang_up(by_citizen(), attention)
    assert await quiet.recorder.next_order(ORGANISATION, attention) is None


async def test_a_consent_that_the_journal_does_not_know_orders_nothing(quiet: Town) -> None:
    """Whoever writes a consent into the tables has not written it into the journal."""
    attention, recording = await admitted(quiet)
    forged = Consent("forged", TEXT.wording, PURPOSES, quiet.clock.now(), ConsentStage.GIVEN)
    async with quiet.begin() as transaction:
        talking = await transaction.attentions.get(attention)
        await transaction.attentions.save(replace(talking, consents=(talking.consents[0].end(), forged)))
        old = await transaction.recordings.get(recording)
        await transaction.recordings.save(old.stop("level_lowered").recording)
    await quiet.recorder.admit(ORGANISATION, attention)
    assert quiet.facts(facts.RecorderAdmitted)[-1].consent == "forged"
    assert await quiet.recorder.next_order(ORGANISATION, attention) is None


async def test_the_recorder_of_a_consent_that_is_over_gets_no_order_under_a_new_one(quiet: Town) -> None:
    attention, _ = await admitted(quiet)
    await quiet.call.lower_level(by_informer(), attention)
    await quiet.call.propose_level(by_informer(), attention, Level.ATTENDED)
    again = await quiet.ask_consent(attention)
    await quiet.call.answer_consent(by_citizen(), attention, again, ConsentStep.GIVE)
    assert await quiet.recorder.next_order(ORGANISATION, attention) is None
    assert await quiet.recorder.dismiss(ORGANISATION, attention)
    await quiet.recorder.admit(ORGANISATION, attention)
    order = await quiet.recorder.next_order(ORGANISATION, attention)
    assert order
    assert order.consent.consent == again


# --- parts ---------------------------------------------------------------------------------------------------------


async def test_a_part_opens_closes_and_another_follows_the_gap(quiet: Town) -> None:
    order = await capturing(quiet)
    quiet.clock.move(10)
    assert await quiet.recorder.closed(ORGANISATION, quiet.part_closed(order, "epoch_ended"))
    quiet.clock.move(2)
    following = await quiet.recorder.next_order(ORGANISATION, order.call)
    assert following
    assert await quiet.recorder.opened(ORGANISATION, opening(quiet, following))
    assert quiet.kinds()[-4:] == ["RecorderAdmitted", "RecordingStarted", "RecordingInterrupted", "RecordingResumed"]
    assert quiet.facts(facts.RecordingResumed)[0].gap_seconds == 2
    assert stages(await quiet.recording(order.recording)) == (RecordingStage.CAPTURING, [(1, "epoch_ended"), (2, "")])


async def test_hearing_twice_that_a_part_opened_changes_nothing(quiet: Town) -> None:
    order = await capturing(quiet)
    before, told = await quiet.recording(order.recording), len(quiet.told)
    assert await quiet.recorder.opened(ORGANISATION, opening(quiet, order))
    assert (await quiet.recording(order.recording), len(quiet.told)) == (before, told)


async def test_hearing_twice_that_a_part_closed_changes_nothing(quiet: Town) -> None:
    order = await capturing(quiet)
    report = quiet.part_closed(order, "epoch_ended")
    assert await quiet.recorder.closed(ORGANISATION, report)
    before, told = await quiet.recording(order.recording), len(quiet.told)
    assert await quiet.recorder.closed(ORGANISATION, report)
    assert (await quiet.recording(order.recording), len(quiet.told)) == (before, told)


async def test_a_new_part_while_one_is_open_means_that_its_end_was_not_told(quiet: Town) -> None:
    order = await capturing(quiet)
    quiet.clock.move(5)
    assert await quiet.recorder.opened(ORGANISATION, opening(quiet, order, 2))
    assert quiet.kinds()[-2:] == ["RecordingInterrupted", "RecordingResumed"]
    assert stages(await quiet.recording(order.recording)) == (RecordingStage.CAPTURING, [(1, "worker_lost"), (2, "")])


async def test_what_is_told_late_of_a_part_before_does_not_end_the_one_that_is_open(quiet: Town) -> None:
    order = await capturing(quiet)
    await quiet.recorder.opened(ORGANISATION, opening(quiet, order, 2))
    assert not await quiet.recorder.closed(ORGANISATION, quiet.part_closed(order, "service_lost"))
    kept = await quiet.recording(order.recording)
    assert kept.stage is RecordingStage.CAPTURING
    assert [len(part.tracks) for part in kept.parts] == [1, 0]


async def test_a_part_that_ends_after_the_call_did_is_no_interruption(quiet: Town) -> None:
    order = await capturing(quiet)
    await quiet.call.hang_up(by_citizen(), order.call)
    assert await quiet.recorder.closed(ORGANISATION, quiet.part_closed(order, "epoch_ended"))
    assert not quiet.facts(facts.RecordingInterrupted)
    assert await quiet.recorder.dismiss(ORGANISATION, order.call) == order.recording
    await quiet.sealing.seal(ORGANISATION, order.recording)
    assert stages(await quiet.recording(order.recording)) == (RecordingStage.SEALED, [(1, "epoch_ended")])


async def test_a_stale_part_is_not_opened_and_the_next_takes_its_place(quiet: Town) -> None:
    order = await capturing(quiet)
    await quiet.recorder.interrupted(ORGANISATION, order.call, "worker_lost")
    before = await quiet.recording(order.recording)
    assert await quiet.recorder.opened(ORGANISATION, opening(quiet, order))
    assert await quiet.recording(order.recording) == before


async def test_a_stale_part_does_not_stop_the_one_that_is_written(quiet: Town) -> None:
    order = await capturing(quiet)
    await quiet.recorder.interrupted(ORGANISATION, order.call, "worker_lost")
    await quiet.recorder.opened(ORGANISATION, opening(quiet, order, 2))
    assert await quiet.recorder.opened(ORGANISATION, opening(quiet, order, 1))
    assert (await quiet.recording(order.recording)).stage is RecordingStage.CAPTURING


@pytest.mark.parametrize("sealed", [False, True])
async def test_a_part_that_opens_after_the_dismissal_must_stop(quiet: Town, *, sealed: bool) -> None:
    order = await ordered(quiet)
    await quiet.call.hang_up(by_citizen(), order.call)
    await quiet.recorder.dismiss(ORGANISATION, order.call)
    if sealed:
        await quiet.sealing.seal(ORGANISATION, order.recording)
    told = len(quiet.told)
    assert not await quiet.recorder.opened(ORGANISATION, opening(quiet, order))
    assert len(quiet.told) == told
    assert (await quiet.recording(order.recording)).parts == ()


async def test_a_report_of_an_unknown_recording_is_refused(quiet: Town) -> None:
    order = replace(await ordered(quiet), recording="no-such")
    with pytest.raises(NotFound):
        await quiet.recorder.opened(ORGANISATION, opening(quiet, order))
    with pytest.raises(NotFound):
        await quiet.recorder.closed(ORGANISATION, quiet.part_closed(order))


async def test_what_a_track_kept_is_kept(quiet: Town) -> None:
    order = await capturing(quiet)
    await quiet.recorder.closed(ORGANISATION, quiet.part_closed(order, seconds=12.5))
    (part,) = (await quiet.recording(order.recording)).parts
    (track,) = part.tracks
    assert (track.track, track.start, track.duration, track.frames) == ("citizen-video", 0.0, 12.5, 250)
    assert (track.length, track.sha256) == (12500, "ab" * 32)


async def test_an_interruption_is_told_once(quiet: Town) -> None:
    order = await capturing(quiet)
    for cause in ("worker_lost", "service_lost"):
        await quiet.recorder.interrupted(ORGANISATION, order.call, cause)
    (told,) = quiet.facts(facts.RecordingInterrupted)
    assert (told.part, told.cause) == (1, "worker_lost")


async def test_nothing_is_interrupted_where_nothing_is_recorded(quiet: Town) -> None:
    attention = await quiet.talking()
    await quiet.recorder.interrupted(ORGANISATION, attention, "worker_lost")
    assert quiet.facts(facts.RecordingInterrupted) == []


async def test_a_refusal_is_told_while_it_matters(quiet: Town) -> None:
    order = await ordered(quiet)
    refused = media.RecordingRefused(order.call, order.recording, "no_space")
    await quiet.recorder.refused(ORGANISATION, refused)
    await dismissed(quiet, order)
    await quiet.recorder.refused(ORGANISATION, refused)
    told = facts.RecorderRefused(order.call, order.recording, "no_space")
    assert quiet.facts(facts.RecorderRefused) == [told]


# --- sending it out ------------------------------------------------------------------------------------------------


async def test_it_stays_while_its_consent_admits_it(quiet: Town) -> None:
    order = await capturing(quiet)
    assert await quiet.recorder.dismiss(ORGANISATION, order.call) is None
    assert quiet.facts(facts.RecorderDismissed) == []


async def test_nobody_is_dismissed_from_a_call_without_recorder(quiet: Town) -> None:
    attention = await quiet.talking()
    assert await quiet.recorder.dismiss(ORGANISATION, attention) is None


@pytest.mark.parametrize("cause", ["consent_withdrawn", "level_lowered", "call_ended"])
async def test_it_is_sent_out_and_the_journal_says_why(quiet: Town, cause: str) -> None:
    order = await capturing(quiet)
    (consent,) = [c.id for c in (await quiet.attention(order.call)).consents]
    if cause == "consent_withdrawn":
        await quiet.call.withdraw_consent(by_citizen(), order.call, consent)
    elif cause == "level_lowered":
        await quiet.call.return_to_informative(by_citizen(), order.call)
    else:
        await quiet.call.hang_up(by_citizen(), order.call)
    assert await quiet.recorder.dismiss(ORGANISATION, order.call) == order.recording
    assert await quiet.recorder.dismiss(ORGANISATION, order.call) is None
    assert quiet.facts(facts.RecorderDismissed) == [facts.RecorderDismissed(order.call, order.recording, cause)]


# --- the seal --------------------------------------------------------------------------------------------------------


async def dismissed(town: Town, order: media.Record) -> None:
    await town.call.hang_up(by_citizen(), order.call)
    await town.recorder.dismiss(ORGANISATION, order.call)


async def test_a_closed_recording_is_sealed_once(quiet: Town) -> None:
    order = await capturing(quiet)
    await dismissed(quiet, order)
    await quiet.recorder.closed(ORGANISATION, quiet.part_closed(order))
    for _ in range(2):
        await quiet.sealing.seal(ORGANISATION, order.recording)
    (sealed,) = quiet.facts(facts.RecordingSealed)
    assert (sealed.recording, sealed.parts, sealed.seconds, sealed.complete) == (order.recording, 1, 10, True)


async def test_what_goes_on_is_not_sealed_and_its_files_are_left_alone(quiet: Town) -> None:
    order = await capturing(quiet)
    await quiet.sealing.seal(ORGANISATION, order.recording)
    assert (await quiet.recording(order.recording)).stage is RecordingStage.CAPTURING
    assert quiet.library.measured == []


async def test_what_a_lost_worker_left_is_measured_in_its_files(quiet: Town) -> None:
    order = await capturing(quiet)
    quiet.clock.move(20)
    await quiet.recorder.interrupted(ORGANISATION, order.call, "worker_lost")
    await dismissed(quiet, order)
    of_the_part = FileIdentity(ORGANISATION, order.recording, 1, media.Track.INFORMER_AUDIO)
    quiet.library.files[of_the_part] = RecordedMedia(4000, 19.5)
    await quiet.sealing.seal(ORGANISATION, order.recording)
    (sealed,) = quiet.facts(facts.RecordingSealed)
    assert (sealed.parts, sealed.seconds, sealed.causes) == (1, 19.5, ("worker_lost", "file_missing"))


async def test_a_recording_of_which_nothing_was_kept_is_lost(quiet: Town) -> None:
    order = await capturing(quiet)
    await dismissed(quiet, order)
    await quiet.recorder.closed(ORGANISATION, quiet.part_closed(order, "failed", seconds=0))
    await quiet.sealing.seal(ORGANISATION, order.recording)
    (lost,) = quiet.facts(facts.RecordingLost)
    assert (lost.recording, lost.cause, lost.causes) == (order.recording, "nothing_kept", ("nothing_kept", "failed"))
