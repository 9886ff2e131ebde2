"""What the informer may write is what was proved and recorded: from the disk that fails to the seal that is pending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.services.town import OURS, by_citizen, by_informer
from videoattention.domain.errors import StepRefused
from videoattention.domain.levels import Level, OutcomeKind
from videoattention.domain.stages import Stage
from videoattention.services import media
from videoattention.services.views import WithheldSeen

if TYPE_CHECKING:
    from tests.unit.services.town import Town

MARTA = by_informer()
BEYOND = {Level.ATTENDED: OutcomeKind.REPRESENTED, Level.ASSISTED: OutcomeKind.HELPED}
"""What says the most at each level."""


async def withheld(town: Town) -> tuple[WithheldSeen, ...]:
    """What the desk shows that cannot be written."""
    seen = (await town.views.desk(OURS, "marta", "ca", seen_since=town.clock.now())).attended
    assert seen is not None
    return seen.withheld


async def with_form(town: Town, attention: str) -> None:
    """The consent to be represented is in the citizen's hands."""
    await town.work.change(MARTA, attention, lambda a, _: a.deliver_form("form-1", "ab" * 32))


async def is_refused(town: Town, attention: str, level: Level) -> None:
    kind = BEYOND[level]
    assert kind in {seen.kind for seen in await withheld(town)}
    with pytest.raises(StepRefused) as refused:
        await town.call.conclude(MARTA, attention, "fet", kind)
    assert refused.value.code == "outcome_not_recorded"
    assert (await town.attention(attention)).stage is Stage.WRAPPING_UP
    await town.call.conclude(MARTA, attention, "informada", OutcomeKind.INFORMED)
    assert (await town.attention(attention)).stage is Stage.CLOSED


async def is_written(town: Town, attention: str, level: Level) -> None:
    assert await withheld(town) == ()
    await town.call.conclude(MARTA, attention, "fet", BEYOND[level])
    assert (await town.attention(attention)).outcome_kind is BEYOND[level]


async def test_a_disk_that_failed_from_the_start_leaves_nothing_to_stand_on(town: Town) -> None:
    attention, _ = await town.attended()
    await with_form(town, attention)
    await town.connect(attention)
    order = town.link.of(media.Record)[-1]
    await town.report(media.RecordingRefused(attention, order.recording, "storage_failed"))
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    await is_refused(town, attention, Level.ATTENDED)


async def test_files_that_stayed_empty_are_no_recording(town: Town) -> None:
    attention, order = await town.recorded()
    await with_form(town, attention)
    await town.report(media.RecordingRefused(attention, order.recording, "no_space"))
    await town.report(town.part_closed(order, "failed", seconds=0))
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    await is_refused(town, attention, Level.ATTENDED)


async def test_a_recorder_that_never_came_stored_nothing(town: Town) -> None:
    attention, _ = await town.attended()
    await with_form(town, attention)
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    await is_refused(town, attention, Level.ATTENDED)


async def is_settling(town: Town, attention: str) -> None:
    assert ("represented", "settling") in {(seen.kind, seen.reason) for seen in await withheld(town)}
    with pytest.raises(StepRefused) as refused:
        await town.call.conclude(MARTA, attention, "fet", OutcomeKind.REPRESENTED)
    assert refused.value.code == "recording_settling"


async def test_until_it_is_told_what_was_kept_nothing_stands_on_it(town: Town) -> None:
    attention, order = await town.recorded()
    await with_form(town, attention)
    town.clock.move(30)
    await town.call.end_call(MARTA, attention)
    await is_settling(town, attention)
    await town.recorder.closed(OURS, town.part_closed(order))
    await is_written(town, attention, Level.ATTENDED)


@pytest.mark.parametrize("told", ["the last part told, the seal pending", "sealed"])
async def test_what_was_recorded_to_the_end_can_be_concluded_at_once(town: Town, told: str) -> None:
    attention, order = await town.recorded()
    await with_form(town, attention)
    town.clock.move(30)
    await town.call.end_call(MARTA, attention)
    if told == "the last part told, the seal pending":
        await town.recorder.closed(OURS, town.part_closed(order))
    elif told == "sealed":
        await town.reactions.settled()
        await town.report(town.part_closed(order))
        assert await town.seal_of(order.recording)
    await is_written(town, attention, Level.ATTENDED)


async def test_an_authorisation_that_was_heard_to_its_end_helps(town: Town) -> None:
    attention, order = await town.recorded(level=Level.ASSISTED)
    town.clock.move(20)
    await town.clips.end_when_due(OURS, attention)
    await town.report(town.part_closed(order, seconds=20))
    await town.call.end_call(MARTA, attention)
    await is_written(town, attention, Level.ASSISTED)


async def test_a_citizen_who_hangs_up_in_the_middle_of_it_was_not_helped(town: Town) -> None:
    attention, order = await town.recorded(level=Level.ASSISTED)
    town.clock.move(5)
    await town.call.hang_up(by_citizen(), attention)
    await town.reactions.settled()
    await town.report(town.part_closed(order, seconds=5))
    assert await withheld(town) == (WithheldSeen("helped", "clip"),)
    await is_refused(town, attention, Level.ASSISTED)
