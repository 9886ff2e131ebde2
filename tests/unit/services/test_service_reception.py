"""A turn is taken, kept, left, and given up on only when its page has been away for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.services.town import EBRE, GIRONA, NOW, OURS, THEIRS, VILA, by_citizen, by_informer
from videoattention.domain.consent import ConsentStage
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import AttentionAbandoned, AttentionRequested, LanguageChosen
from videoattention.domain.speaking import spoken
from videoattention.domain.stages import Stage
from videoattention.services.ports import NotFound
from videoattention.services.reception import GIVEN_UP, PRESENT

if TYPE_CHECKING:
    from tests.unit.services.town import Town

LONG = GIVEN_UP.total_seconds()


async def test_the_office_is_found_by_what_it_serves(quiet: Town) -> None:
    office = await quiet.reception.find(VILA, "padro", "en")
    assert (office.id, office.organisation, office.name) == (VILA, THEIRS, "Citizen office of Vilademo")


@pytest.mark.parametrize(("office", "procedure"), [("oac-nowhere", "consulta"), (GIRONA, "padro"), (GIRONA, "")])
async def test_nobody_waits_for_what_is_not_served(quiet: Town, office: str, procedure: str) -> None:
    with pytest.raises(NotFound):
        await quiet.reception.request(office, procedure, "ca")
    assert quiet.told == []


async def test_a_turn_is_taken(quiet: Town) -> None:
    organisation, attention = await quiet.reception.request(EBRE, "beques", "en")
    assert organisation == OURS
    (entry,) = quiet.told
    assert (entry.actor, entry.fact) == ("citizen", AttentionRequested(attention, EBRE, "beques", "en"))
    taken = await quiet.attention(attention)
    assert (taken.stage, taken.arrived_at, taken.office, taken.language) == (Stage.WAITING, NOW, EBRE, "en")


async def test_who_goes_on_in_another_language_is_asked_in_that_one(quiet: Town) -> None:
    attention, before = await quiet.asked()
    await quiet.reception.speak(OURS, attention, "en")
    changed = await quiet.attention(attention)
    assert changed.language == "en"
    assert changed.pending_consent is None, "what waited for an answer in the other language is asked again"
    asked = (await quiet.attention(attention)).consents[-1]
    assert asked.id == before
    assert (asked.wording.language, asked.stage) == ("ca", ConsentStage.LAPSED)
    assert quiet.facts(LanguageChosen) == [LanguageChosen(attention, "en")]


async def test_the_same_language_and_one_that_comes_too_late_change_nothing(quiet: Town) -> None:
    attention = await quiet.citizen()
    await quiet.reception.speak(OURS, attention, "ca")
    await quiet.reception.leave(by_citizen(), attention)
    before = await quiet.attention(attention)
    await quiet.reception.speak(OURS, attention, "en")
    assert await quiet.attention(attention) == before
    assert quiet.facts(LanguageChosen) == []
    with pytest.raises(StepRefused):
        spoken(before, "en")


async def test_a_citizen_leaves(quiet: Town) -> None:
    attention = await quiet.citizen()
    await quiet.reception.leave(by_citizen(), attention)
    assert quiet.facts(AttentionAbandoned) == [AttentionAbandoned(attention, "left")]
    assert (await quiet.attention(attention)).stage is Stage.ABANDONED


async def test_nobody_leaves_the_line_out_of_a_call(quiet: Town) -> None:
    attention = await quiet.talking()
    with pytest.raises(StepRefused):
        await quiet.reception.leave(by_citizen(), attention)


async def test_who_is_away_for_long_has_left_and_nobody_else(quiet: Town) -> None:
    gone, back, talking = await quiet.citizen(), await quiet.citizen(), await quiet.talking()
    quiet.clock.move(LONG)
    late = await quiet.citizen()
    await quiet.seen(back)
    quiet.clock.move(1)
    await quiet.reception.give_up_on_absent(OURS)
    assert quiet.facts(AttentionAbandoned) == [AttentionAbandoned(gone, "absent")]
    stages = [(await quiet.attention(each)).stage for each in (gone, back, talking, late)]
    assert stages == [Stage.ABANDONED, Stage.WAITING, Stage.TALKING, Stage.WAITING]


@pytest.mark.parametrize(("away", "stage"), [(-1, Stage.WAITING), (0, Stage.WAITING), (1, Stage.ABANDONED)])
async def test_the_place_is_kept_until_the_last_second(quiet: Town, away: int, stage: Stage) -> None:
    attention = await quiet.citizen()
    quiet.clock.move(LONG + away)
    await quiet.reception.give_up_on_absent(OURS)
    assert (await quiet.attention(attention)).stage is stage


async def test_a_page_that_was_never_heard_of_has_its_time_too(quiet: Town) -> None:
    quiet.clock.move(LONG * 2)
    _, attention = await quiet.reception.request(GIRONA, "consulta", "ca")
    quiet.clock.move(LONG - 1)
    await quiet.reception.give_up_on_absent(OURS)
    assert (await quiet.attention(attention)).stage is Stage.WAITING
    quiet.clock.move(2)
    await quiet.reception.give_up_on_absent(OURS)
    assert (await quiet.attention(attention)).stage is Stage.ABANDONED


async def test_nobody_loses_the_place_because_the_service_was_away(quiet: Town) -> None:
    """While it is away no page can be heard of; every page has the whole time to come back."""
    attention = await quiet.citizen()
    quiet.clock.move(LONG * 6)
    quiet.start()
    await quiet.reception.give_up_on_absent(OURS)
    assert (await quiet.attention(attention)).stage is Stage.WAITING
    quiet.clock.move(LONG + 1)
    await quiet.reception.give_up_on_absent(OURS)
    assert (await quiet.attention(attention)).stage is Stage.ABANDONED


async def test_giving_up_is_for_one_organisation(quiet: Town) -> None:
    other = await quiet.citizen(VILA, "padro")
    quiet.clock.move(LONG + 1)
    await quiet.reception.give_up_on_absent(OURS)
    assert (await quiet.attention(other, THEIRS)).stage is Stage.WAITING


async def test_the_entry_page_counts_who_is_there(quiet: Town) -> None:
    await quiet.informer()
    await quiet.citizen()
    seen = await quiet.reception.find(GIRONA, "consulta", "ca")
    assert (seen.waiting, seen.informers) == (1, 1)
    quiet.clock.move(PRESENT.total_seconds() + 1)
    assert (await quiet.reception.find(GIRONA, "consulta", "ca")).informers == 0


async def test_who_is_offered_and_leaves_frees_the_informer(quiet: Town) -> None:
    await quiet.informer()
    attention = await quiet.citizen()
    await quiet.pairing.pair(OURS)
    await quiet.reception.leave(by_citizen(), attention)
    with pytest.raises(StepRefused):
        await quiet.pairing.accept(by_informer(), attention)
    following = await quiet.citizen()
    await quiet.pairing.pair(OURS)
    await quiet.pairing.accept(by_informer(), following)
