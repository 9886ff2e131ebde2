"""Giving waiting citizens to informers: offers that are accepted or lapse, in fair order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.attention import AttendingInformer
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import ReadinessChanged
from videoattention.domain.informers import Desk, Readiness
from videoattention.domain.queueing import OFFER_LASTS, next_offers
from videoattention.services.reception import PRESENT
from videoattention.services.work import acting_as, the_service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.change import Change
    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Acting, Work


class Pairing:
    """Offers, and the informers' readiness for them."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def arrive(self, person: Person) -> None:
        """The informer opens the desk: it exists from now on, paused, with what the corporate login says today."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            desk = await transaction.desks.get(person.subject) or Desk(person, Readiness.PAUSED, now)
            if desk.version == 0 or desk.person != person:
                await transaction.desks.save(desk.of(person))
            return ()

        await self._work.carry_out(acting_as("informer", person), action)

    async def be_ready(self, acting: Acting, person: Person, readiness: Readiness) -> None:
        """The informer says whether they attend from now on; an offer that is before them stays until it ends."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            desk = await transaction.desks.get(person.subject) or Desk(person, Readiness.PAUSED, now)
            await transaction.desks.save(desk.ready(readiness, now).of(person))
            return (ReadinessChanged(person.subject, readiness),)

        await self._work.carry_out(acting, action)

    async def pair(self, organisation: str) -> None:
        """Make every offer that can be made now."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            since = now - PRESENT
            turns = await transaction.line.turns(seen_since=since)
            free = await transaction.line.free(seen_since=since)
            facts: list[Fact] = []
            for attention, subject in next_offers(turns, free):
                facts += await self._offer(transaction, attention, subject, now)
            return facts

        await self._work.carry_out(the_service(organisation), action)

    async def _offer(self, transaction: Transaction, attention: str, subject: str, now: datetime) -> Sequence[Fact]:
        desk = await transaction.desks.get(subject)
        if desk is None:
            return ()
        offered = (await transaction.attentions.get(attention)).offer(_attending(desk.person), now + OFFER_LASTS)
        await transaction.attentions.save(offered.attention)
        return offered.facts

    async def accept(self, acting: Acting, attention: str) -> None:
        """The informer answers the offer; raises `StepRefused` when it is not theirs any more."""
        await self._work.change(acting, attention, lambda a, now: a.accept(acting.subject, now))

    async def take(self, acting: Acting, person: Person, attention: str) -> None:
        """The informer attends a waiting citizen of one of their offices; of several who try, one succeeds."""

        def step(a: Attention, now: datetime) -> Change:
            if a.office not in person.offices:
                raise StepRefused("other_office", "the citizen waits at another office")
            return a.take(_attending(person), now)

        await self._work.change(acting, attention, step)

    async def decline(self, acting: Acting, attention: str) -> None:
        """The informer cannot attend now: the citizen keeps the place, the desk is paused."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            offered = await transaction.attentions.get(attention)
            offered.must_be_attended_by(acting.subject)
            return await _pass_on(transaction, offered, "declined", now)

        await self._work.carry_out(acting, action)

    async def lapse(self, organisation: str) -> None:
        """Pass on every offer that was not answered in time."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            facts: list[Fact] = []
            for attention in await transaction.line.lapsed(now):
                offered = await transaction.attentions.get(attention)
                facts += await _pass_on(transaction, offered, "unanswered", now)
            return facts

        await self._work.carry_out(the_service(organisation), action)


READINESS_AFTER = {"declined": Readiness.PAUSED, "unanswered": Readiness.MISSED}
"""An informer who lets an offer go is offered nothing until they say that they are back."""


async def _pass_on(transaction: Transaction, offered: Attention, cause: str, now: datetime) -> Sequence[Fact]:
    change = offered.lapse(cause)
    await transaction.attentions.save(change.attention)
    desk = await transaction.desks.get(offered.informer.subject) if offered.informer else None
    if desk is not None:
        await transaction.desks.save(desk.ready(READINESS_AFTER[cause], now))
    return change.facts


def _attending(person: Person) -> AttendingInformer:
    return AttendingInformer(person.subject, person.name, person.position, person.habilitations)
