"""The recorded authorisation ends by itself, and the recorder goes with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.unit.services.town import OURS, by_citizen, by_informer
from videoattention.domain import facts
from videoattention.domain.consent import ConsentStep
from videoattention.domain.errors import StepRefused
from videoattention.domain.levels import Level
from videoattention.domain.people import Side
from videoattention.domain.proving import Clip
from videoattention.services import media

if TYPE_CHECKING:
    from tests.unit.services.town import Town

MARTA = by_informer()
LASTS = 20
"""Seconds of the clip in the policy that the product comes with."""


async def clip_of(town: Town, attention: str) -> Clip:
    return (await town.attention(attention)).clip


async def test_it_ends_when_it_has_lasted_its_time_and_not_before(town: Town) -> None:
    attention, order = await town.recorded(level=Level.ASSISTED)
    town.clock.move(LASTS - 0.5)
    assert await town.clips.end_when_due(OURS, attention) == pytest.approx(0.5)
    assert await clip_of(town, attention) is Clip.WANTED
    town.clock.move(0.5)
    assert await town.clips.end_when_due(OURS, attention) is None
    await town.reactions.settled()
    assert await clip_of(town, attention) is Clip.DONE
    assert town.link.of(media.StopRecording) == [media.StopRecording(attention, order.recording)]
    assert town.facts(facts.ClipEnded) == [facts.ClipEnded(attention, "time")]
    assert [fact.cause for fact in town.facts(facts.RecorderDismissed)] == ["clip_ended"]
    assert await town.clips.end_when_due(OURS, attention) is None, "it ends once"


async def test_the_level_and_the_consent_stay_and_no_recorder_comes_back(town: Town) -> None:
    attention, order = await town.recorded(level=Level.ASSISTED)
    town.clock.move(LASTS)
    await town.clips.end_when_due(OURS, attention)
    await town.reactions.settled()
    await town.report(town.part_closed(order))
    await town.rounds.recordings()
    await town.reactions.settled()
    after = await town.attention(attention)
    assert (after.level, after.consents[0].in_force) == (Level.ASSISTED, True)
    assert len(town.link.of(media.Record)) == 1
    manifest, _ = await town.seal_of(order.recording)
    assert manifest["complete"] is True


async def test_a_gap_does_not_count(town: Town) -> None:
    attention, order = await town.recorded(level=Level.ASSISTED)
    town.clock.move(15)
    await town.report(town.part_closed(order, "epoch_ended"))
    town.clock.move(60)
    assert await town.clips.end_when_due(OURS, attention) is None
    for side in Side:
        await town.leg(attention, side, epoch=2)
    await town.reactions.settled()
    again = town.link.of(media.Record)[-1]
    await town.report(media.PartOpened(attention, again.recording, again.part, town.clock.now().timestamp()))
    assert await town.clips.end_when_due(OURS, attention) == pytest.approx(5.0)


async def test_what_another_level_recorded_is_nothing_of_it(quiet: Town) -> None:
    """Before the recorder of the attended level has left, the clip of the assisted one is there and not begun."""
    attention, _ = await quiet.attended()
    await quiet.recorder.admit(OURS, attention)
    (admitted,) = quiet.facts(facts.RecorderAdmitted)
    at = quiet.clock.now().timestamp()
    assert await quiet.recorder.opened(OURS, media.PartOpened(attention, admitted.recording, 1, at))
    quiet.clock.move(LASTS + 40)
    await quiet.call.propose_level(MARTA, attention, Level.ASSISTED)
    consent = await quiet.ask_consent(attention)
    await quiet.call.answer_consent(by_citizen(), attention, consent, ConsentStep.GIVE)
    assert await quiet.clips.end_when_due(OURS, attention) is None
    with pytest.raises(StepRefused, match="less than 3 seconds"):
        await quiet.clips.hear(MARTA, attention)
    assert await clip_of(quiet, attention) is Clip.WANTED


async def test_the_informer_hears_it_sooner_and_not_before_it_can_have_been_said(town: Town) -> None:
    attention, _ = await town.recorded(level=Level.ASSISTED)
    town.clock.move(2.9)
    with pytest.raises(StepRefused) as refused:
        await town.clips.hear(MARTA, attention)
    assert refused.value.code == "clip_too_short"
    town.clock.move(0.1)
    await town.clips.hear(MARTA, attention)
    assert town.facts(facts.ClipEnded) == [facts.ClipEnded(attention, "heard")]


async def test_it_cannot_have_been_heard_while_nothing_is_recorded(quiet: Town) -> None:
    attention, _ = await quiet.attended(level=Level.ASSISTED)
    for acting, code in ((MARTA, "clip_too_short"), (by_informer("pau"), "not_yours")):
        with pytest.raises(StepRefused) as refused:
            await quiet.clips.hear(acting, attention)
        assert refused.value.code == code


async def test_an_attended_call_has_no_clip_to_end(town: Town) -> None:
    attention, _ = await town.recorded()
    town.clock.move(LASTS)
    assert await town.clips.end_when_due(OURS, attention) is None
    assert town.facts(facts.ClipEnded) == []


async def test_a_call_that_ended_has_no_clip_to_end(town: Town) -> None:
    attention, _ = await town.recorded(level=Level.ASSISTED)
    town.clock.move(LASTS)
    await town.call.hang_up(by_citizen(), attention)
    assert await town.clips.end_when_due(OURS, attention) is None
    await town.reactions.settled()
    assert [fact.cause for fact in town.facts(facts.RecorderDismissed)] == ["call_ended"]


async def ended(town: Town, attention: str) -> None:
    async with asyncio.timeout(10):
        while await clip_of(town, attention) is Clip.WANTED:  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0)


async def test_the_recorder_that_begins_to_store_sets_the_timer(town: Town) -> None:
    attention, _ = await town.recorded(level=Level.ASSISTED)
    town.clock.move(LASTS - 0.01)
    town.clips.committed([entry for entry in town.told if isinstance(entry.fact, facts.RecordingStarted)])
    await asyncio.sleep(0)
    assert await clip_of(town, attention) is Clip.WANTED, "its time is not over"
    town.clock.move(1)
    await ended(town, attention)
    assert town.facts(facts.ClipEnded) == [facts.ClipEnded(attention, "time")]


async def test_a_timer_that_a_crash_lost_is_made_up_for(town: Town) -> None:
    attention, _ = await town.recorded(level=Level.ASSISTED)
    town.clock.move(LASTS + 30)
    looking = asyncio.create_task(town.clips.run())
    await ended(town, attention)
    looking.cancel()
    assert town.facts(facts.ClipEnded) == [facts.ClipEnded(attention, "time")]
    await town.reactions.settled()
    assert [fact.cause for fact in town.facts(facts.RecorderDismissed)] == ["clip_ended"]


async def test_raising_from_assisted_lets_the_recorder_of_the_clip_out_and_that_of_the_session_in(town: Town) -> None:
    attention, clip = await town.recorded(level=Level.ASSISTED)
    await town.call.propose_level(MARTA, attention, Level.ATTENDED)
    consent = await town.ask_consent(attention)
    await town.call.answer_consent(by_citizen(), attention, consent, ConsentStep.GIVE)
    await town.reactions.settled()
    await town.report(town.part_closed(clip))
    session = town.link.of(media.Record)[-1]
    assert session.recording != clip.recording
    assert [fact.cause for fact in town.facts(facts.RecorderDismissed)] == ["level_changed"]
    assert [fact.consent for fact in town.facts(facts.RecorderAdmitted)][-1] == consent


async def test_going_down_to_assisted_ends_the_session_and_records_a_clip(town: Town) -> None:
    attention, session = await town.recorded()
    await town.call.propose_level(MARTA, attention, Level.ASSISTED)
    consent = await town.ask_consent(attention)
    await town.call.answer_consent(by_citizen(), attention, consent, ConsentStep.GIVE)
    await town.reactions.settled()
    await town.report(town.part_closed(session))
    clip = town.link.of(media.Record)[-1]
    assert clip.recording != session.recording
    assert await clip_of(town, attention) is Clip.WANTED
    assert [fact.cause for fact in town.facts(facts.LevelLowered)] == ["agreed"]
