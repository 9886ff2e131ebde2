"""A citizen takes a turn, keeps it, leaves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from videoattention.domain.attention import Attention
from videoattention.domain.facts import AttentionRequested
from videoattention.domain.speaking import spoken
from videoattention.domain.stages import LIVE
from videoattention.services.ports import NotFound
from videoattention.services.work import Acting, the_service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.services.ports import Transaction
    from videoattention.services.views import OfficeSeen, Views
    from videoattention.services.work import Work

PRESENT = timedelta(seconds=45)
"""A page that was not heard of for three of its rounds is away; offers pass it over."""

GIVEN_UP = timedelta(minutes=10)
"""A citizen whose page is away for so long has left; until then the place is kept.

Counted from the start of the service at the earliest: while it is away, no page can be heard of.
"""


class Reception:
    """The way in."""

    def __init__(self, work: Work, views: Views, new_id: Callable[[], str]) -> None:
        self._work = work
        self._views = views
        self._new_id = new_id
        self._since = work.clock.now()

    async def find(self, office: str, procedure: str, language: str) -> OfficeSeen:
        """The office, if it serves the procedure; raises `NotFound`."""
        since = self._work.clock.now() - PRESENT
        for seen in await self._views.offices(language, seen_since=since):
            if seen.id == office and any(offered.id == procedure for offered in seen.procedures):
                return seen
        raise NotFound(f"no procedure {procedure!r} at {office!r}")

    async def request(self, office: str, procedure: str, language: str) -> tuple[str, str]:
        """Take a turn; returns (organisation, attention). Raises `NotFound`."""
        organisation = (await self.find(office, procedure, language)).organisation
        attention = self._new_id()

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            policy = await transaction.policies.current()
            taken = Attention(attention, organisation, office, procedure, language, arrived_at=now)
            taken = replace(taken, policy=policy.of(procedure), policy_version=policy.version)
            await transaction.attentions.add(taken)
            return (AttentionRequested(attention, office, procedure, language, policy.version),)

        await self._work.carry_out(Acting(organisation, "citizen"), action)
        return organisation, attention

    async def speak(self, organisation: str, attention: str, language: str) -> None:
        """The citizen has the page in this language, while they wait or talk: they are asked and answered in it.

        The same as before, and any once the call is over, changes nothing. Raises `NotFound`.
        """

        async def known(transaction: Transaction, _: datetime) -> bool:
            return _goes_on_in(await transaction.attentions.get(attention), language)

        if not await self._work.look(organisation, known):
            return

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            found = await transaction.attentions.get(attention)
            if not _goes_on_in(found, language):
                return ()
            change = spoken(found, language)
            await transaction.attentions.save(change.attention)
            return change.facts

        await self._work.carry_out(Acting(organisation, "citizen"), action)

    async def leave(self, acting: Acting, attention: str) -> None:
        """The citizen does not wait any longer."""
        await self._work.change(acting, attention, lambda a, now: a.abandon("left", now))

    async def give_up_on_absent(self, organisation: str) -> None:
        """Close the turns of citizens who have been away for `GIVEN_UP`."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            facts: list[Fact] = []
            since = now - GIVEN_UP
            for turn in await transaction.line.turns(seen_since=since):
                if turn.present or max(turn.arrived_at, self._since) > since:
                    continue
                change = (await transaction.attentions.get(turn.attention)).abandon("absent", now)
                await transaction.attentions.save(change.attention)
                facts += change.facts
            return facts

        await self._work.carry_out(the_service(organisation), action)


def _goes_on_in(attention: Attention, language: str) -> bool:
    """Whether it goes on, and was in another language until now."""
    return attention.stage in LIVE and attention.language != language
