"""Offers in fair order: accepted, declined, lapsed; and what informers say of themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.services.town import EBRE, ENTITLED, GIRONA, NOW, OURS, THEIRS, VILA, by_informer, person
from videoattention.adapters.db.desks import LineRows
from videoattention.domain.attention import AttendingInformer
from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.facts import OfferAccepted, OfferLapsed, OfferMade, ReadinessChanged
from videoattention.domain.informers import Readiness
from videoattention.domain.levels import OutcomeKind
from videoattention.domain.queueing import OFFER_LASTS, FreeInformer
from videoattention.domain.stages import Stage
from videoattention.services.ports import Stale
from videoattention.services.reception import PRESENT

if TYPE_CHECKING:
    from tests.unit.services.town import Town
    from videoattention.domain.people import Person

LASTS = OFFER_LASTS.total_seconds()


def offers(town: Town) -> list[tuple[str, str]]:
    return [(made.attention, made.informer) for made in town.facts(OfferMade)]


async def desk(town: Town, someone: Person) -> tuple[Readiness, str, int]:
    async with town.begin(someone.organisation) as transaction:
        kept = await transaction.desks.get(someone.subject)
    assert kept
    return kept.readiness, kept.person.position, kept.version


async def test_an_informer_arrives_paused_with_what_the_login_says(quiet: Town) -> None:
    marta = person()
    await quiet.pairing.arrive(marta)
    assert await desk(quiet, marta) == (Readiness.PAUSED, "Informadora", 1)
    await quiet.pairing.arrive(marta)
    assert await desk(quiet, marta) == (Readiness.PAUSED, "Informadora", 1)
    assert quiet.told == []


async def test_coming_again_with_another_position_keeps_the_readiness(quiet: Town) -> None:
    marta = await quiet.informer()
    await quiet.pairing.arrive(replace(marta, position="Cap d'unitat"))
    assert await desk(quiet, marta) == (Readiness.AVAILABLE, "Cap d'unitat", 3)


async def test_an_informer_who_never_arrived_may_say_that_they_are_ready(quiet: Town) -> None:
    await quiet.pairing.be_ready(by_informer(), person(), Readiness.AVAILABLE)
    (entry,) = quiet.told
    assert (entry.actor, entry.fact) == ("informer:marta", ReadinessChanged("marta", "available"))
    assert await quiet.readiness() is Readiness.AVAILABLE


async def test_a_waiting_citizen_is_offered_to_who_is_free(quiet: Town) -> None:
    await quiet.informer()
    attention = await quiet.citizen()
    await quiet.pairing.pair(OURS)
    offered = await quiet.attention(attention)
    assert (offered.stage, offered.offer_until) == (Stage.OFFERED, NOW + OFFER_LASTS)
    assert offered.informer == AttendingInformer("marta", "Nom marta", "Informadora", ENTITLED)
    await quiet.pairing.pair(OURS)
    assert offers(quiet) == [(attention, "marta")]


async def test_citizens_go_in_order_of_arrival_to_who_is_free_the_longest(quiet: Town) -> None:
    first, second, third = [await quiet.citizen() for _ in range(3)]
    for subject in ("pau", "anna"):
        await quiet.informer(subject)
        quiet.clock.move(1)
    await quiet.pairing.pair(OURS)
    assert offers(quiet) == [(first, "pau"), (second, "anna")]
    assert (await quiet.attention(third)).stage is Stage.WAITING


async def test_the_call_that_ended_last_makes_its_informer_the_last_in_line(quiet: Town) -> None:
    talking = await quiet.talking("pau")
    await quiet.pairing.be_ready(by_informer("pau"), person("pau"), Readiness.AVAILABLE)
    quiet.clock.move(1)
    await quiet.informer("anna")
    quiet.clock.move(1)
    await quiet.call.end_call(by_informer("pau"), talking)
    await quiet.call.conclude(by_informer("pau"), talking, "fet", OutcomeKind.INFORMED)
    waiting = await quiet.citizen()
    await quiet.pairing.pair(OURS)
    assert offers(quiet) == [(waiting, "anna")]


async def test_a_citizen_whose_page_is_away_keeps_the_place_and_is_passed_over(quiet: Town) -> None:
    away = await quiet.citizen()
    quiet.clock.move(PRESENT.total_seconds() + 1)
    present = await quiet.citizen()
    await quiet.informer("pau")
    await quiet.pairing.pair(OURS)
    assert offers(quiet) == [(present, "pau")]
    await quiet.seen(away)
    await quiet.informer("anna")
    await quiet.pairing.pair(OURS)
    assert offers(quiet)[1:] == [(away, "anna")]


@pytest.mark.parametrize("readiness", [Readiness.PAUSED, Readiness.MISSED])
async def test_who_is_not_ready_is_offered_nobody(quiet: Town, readiness: Readiness) -> None:
    await quiet.informer(readiness=readiness)
    await quiet.citizen()
    await quiet.pairing.pair(OURS)
    assert offers(quiet) == []


async def test_who_is_busy_away_or_of_another_office_is_offered_nobody(quiet: Town) -> None:
    busy = await quiet.talking("pau")
    await quiet.pairing.be_ready(by_informer("pau"), person("pau"), Readiness.AVAILABLE)
    await quiet.informer("anna")
    quiet.clock.move(PRESENT.total_seconds() + 1)
    await quiet.desk_seen(person("pau"))
    await quiet.informer(person("joan", offices=[EBRE]))
    await quiet.informer(person("neus", organisation=THEIRS, offices=[VILA]))
    waiting = await quiet.citizen()
    for organisation in (OURS, THEIRS):
        await quiet.pairing.pair(organisation)
    assert offers(quiet) == []
    await quiet.call.end_call(by_informer("pau"), busy)
    await quiet.pairing.pair(OURS)
    assert offers(quiet) == []
    await quiet.call.conclude(by_informer("pau"), busy, "fet", OutcomeKind.INFORMED)
    await quiet.pairing.pair(OURS)
    assert offers(quiet) == [(waiting, "pau")]


async def test_nobody_is_offered_to_a_desk_that_is_gone(quiet: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def with_a_ghost(*_: object, **__: object) -> list[FreeInformer]:
        return [FreeInformer("ghost", frozenset({GIRONA}), NOW)]

    monkeypatch.setattr(LineRows, "free", with_a_ghost)
    await quiet.citizen()
    await quiet.pairing.pair(OURS)
    assert offers(quiet) == []


async def test_an_offer_is_accepted_by_its_informer_only(quiet: Town) -> None:
    await quiet.informer()
    attention = await quiet.citizen()
    await quiet.pairing.pair(OURS)
    with pytest.raises(StepRefused, match="another informer"):
        await quiet.pairing.accept(by_informer("pau"), attention)
    quiet.clock.move(5)
    await quiet.pairing.accept(by_informer(), attention)
    talking = await quiet.attention(attention)
    assert (talking.stage, talking.talking_since) == (Stage.TALKING, quiet.clock.now())
    assert quiet.facts(OfferAccepted) == [OfferAccepted(attention, "marta")]


async def test_an_offer_cannot_be_accepted_when_its_time_is_over(quiet: Town) -> None:
    await quiet.informer()
    attention = await quiet.citizen()
    await quiet.pairing.pair(OURS)
    quiet.clock.move(LASTS)
    with pytest.raises(StepRefused) as refused:
        await quiet.pairing.accept(by_informer(), attention)
    assert refused.value.code == "offer_lapsed"
    await quiet.pairing.lapse(OURS)
    assert (await quiet.attention(attention)).stage is Stage.WAITING


async def test_an_unanswered_offer_goes_to_the_next_and_the_citizen_keeps_the_place(quiet: Town) -> None:
    await quiet.informer("pau")
    first = await quiet.citizen()
    await quiet.pairing.pair(OURS)
    quiet.clock.move(1)
    second = await quiet.citizen()
    await quiet.informer("anna")
    quiet.clock.move(LASTS - 1)
    await quiet.pairing.lapse(OURS)
    assert quiet.facts(OfferLapsed) == [OfferLapsed(first, "pau", "unanswered")]
    assert await quiet.readiness("pau") is Readiness.MISSED
    await quiet.pairing.pair(OURS)
    assert offers(quiet)[1:] == [(first, "anna")]
    assert (await quiet.attention(second)).stage is Stage.WAITING


async def test_an_offer_that_lasts_does_not_lapse(quiet: Town) -> None:
    await quiet.informer()
    attention = await quiet.citizen()
    await quiet.pairing.pair(OURS)
    quiet.clock.move(LASTS - 0.001)
    await quiet.pairing.lapse(OURS)
    assert (await quiet.attention(attention)).stage is Stage.OFFERED


async def test_the_offer_of_an_informer_without_a_desk_lapses_too(quiet: Town) -> None:
    attention = await quiet.citizen()
    async with quiet.begin() as transaction:
        waiting = await transaction.attentions.get(attention)
        offered = waiting.offer(AttendingInformer("ghost", "Ningú", ""), NOW)
        await transaction.attentions.save(offered.attention)
    await quiet.pairing.lapse(OURS)
    assert quiet.facts(OfferLapsed) == [OfferLapsed(attention, "ghost", "unanswered")]


async def test_declining_pauses_the_desk_and_the_citizen_keeps_the_place(quiet: Town) -> None:
    await quiet.informer()
    attention = await quiet.citizen()
    await quiet.pairing.pair(OURS)
    await quiet.pairing.decline(by_informer(), attention)
    assert quiet.facts(OfferLapsed) == [OfferLapsed(attention, "marta", "declined")]
    assert await quiet.readiness() is Readiness.PAUSED
    waiting = await quiet.attention(attention)
    assert (waiting.stage, waiting.arrived_at, waiting.informer) == (Stage.WAITING, NOW, None)
    await quiet.pairing.pair(OURS)
    assert len(offers(quiet)) == 1


async def test_only_what_is_offered_to_oneself_can_be_declined(quiet: Town) -> None:
    await quiet.informer()
    attention = await quiet.citizen()
    with pytest.raises(StepRefused) as nobody:
        await quiet.pairing.decline(by_informer(), attention)
    await quiet.pairing.pair(OURS)
    with pytest.raises(StepRefused) as another:
        await quiet.pairing.decline(by_informer("pau"), attention)
    assert {nobody.value.code, another.value.code} == {"not_yours"}
    await quiet.pairing.accept(by_informer(), attention)
    with pytest.raises(IllegalStep):
        await quiet.pairing.decline(by_informer(), attention)
    assert await quiet.readiness() is Readiness.AVAILABLE


async def test_an_informer_takes_a_waiting_citizen_of_their_office(quiet: Town) -> None:
    marta = await quiet.informer(readiness=Readiness.PAUSED)
    attention = await quiet.citizen()
    await quiet.pairing.take(by_informer(), marta, attention)
    taken = await quiet.attention(attention)
    assert (taken.stage, taken.informer) == (
        Stage.TALKING,
        AttendingInformer("marta", "Nom marta", "Informadora", ENTITLED),
    )


async def test_a_citizen_of_another_office_cannot_be_taken(quiet: Town) -> None:
    marta = await quiet.informer()
    attention = await quiet.citizen(EBRE)
    with pytest.raises(StepRefused) as refused:
        await quiet.pairing.take(by_informer(), marta, attention)
    assert refused.value.code == "other_office"


async def test_of_two_who_take_the_same_citizen_one_succeeds(quiet: Town) -> None:
    attention = await quiet.citizen()
    await quiet.pairing.take(by_informer("pau"), person("pau"), attention)
    with pytest.raises(StepRefused):
        await quiet.pairing.take(by_informer("anna"), person("anna"), attention)
    assert [fact.informer for fact in quiet.facts(OfferAccepted)] == ["pau"]


async def test_nobody_takes_two_at_once(quiet: Town) -> None:
    await quiet.talking()
    second = await quiet.citizen()
    with pytest.raises(Stale):
        await quiet.pairing.take(by_informer(), person(), second)
    assert (await quiet.attention(second)).stage is Stage.WAITING
