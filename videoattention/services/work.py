"""How every use case runs: one transaction, tried again when somebody was faster, announced after the commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from videoattention.services.ports import Stale

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.change import Change
    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.services.ports import Clock, Entry, Register, Transaction

    Step = Callable[[Transaction, datetime], Awaitable[Sequence[Fact]]]

ToldT = TypeVar("ToldT")

TRIES = 5
"""How often a step is tried when others change the same thing; the rules decide anew each time."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, in which organisation.

    ``actor`` is what the journal shows; ``subject`` is the member of staff's, empty for others; ``command`` is the id
    that makes a repeated command harmless, empty when the service itself acts.
    """

    organisation: str
    actor: str
    subject: str = ""
    command: str = ""


def the_service(organisation: str) -> Acting:
    """The service acting by itself."""
    return Acting(organisation, "service")


def acting_as(role: str, person: Person, command: str = "") -> Acting:
    """A member of staff whom the journal shows in this role: informer, auditor, administrator, or just staff."""
    return Acting(person.organisation, f"{role}:{person.subject}", person.subject, command)


class Announcer(Protocol):
    """Who must hear of what was committed. Never raises: what it cannot do now is done by the next round."""

    def committed(self, entries: Sequence[Entry]) -> None:
        """Take note; the work itself happens later, in order."""


class Work:
    """Carries out one action in one transaction."""

    def __init__(self, register: Register, clock: Clock, announcer: Announcer) -> None:
        self._register = register
        self.clock = clock
        self._announcer = announcer

    async def carry_out(self, acting: Acting, action: Step) -> Sequence[Entry]:
        """Run the action; its facts are committed with what it saved, then announced.

        A command that was carried out before changes nothing and returns nothing. Raises `Stale` when others kept
        being faster, and whatever the rules refuse.
        """
        for _ in range(TRIES - 1):
            try:
                return await self._once(acting, action)
            except Stale:
                continue
        return await self._once(acting, action)

    async def _once(self, acting: Acting, action: Step) -> Sequence[Entry]:
        now = self.clock.now()
        async with self._register.begin(acting.organisation, acting.actor, now) as transaction:
            if acting.command and await transaction.done_before(acting.command):
                return ()
            facts = await action(transaction, now)
            entries = await transaction.commit(*facts)
        self._announcer.committed(entries)
        return entries

    async def tell(self, acting: Acting, *facts: Fact) -> None:
        """Write down what happened where nothing else changes."""

        async def action(_: Transaction, __: datetime) -> Sequence[Fact]:
            return facts

        await self.carry_out(acting, action)

    async def read(self, acting: Acting, question: Callable[[Transaction, datetime], Awaitable[ToldT]]) -> ToldT:
        """Ask in turn with whoever writes: the answer knows all that was begun before. Nothing is changed or told."""
        answers: list[ToldT] = []

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            answers[:] = [await question(transaction, now)]
            return ()

        await self.carry_out(acting, action)
        return answers[-1]

    async def look(self, organisation: str, question: Callable[[Transaction, datetime], Awaitable[ToldT]]) -> ToldT:
        """Ask what is committed now, without waiting for whoever writes."""
        now = self.clock.now()
        async with self._register.look(organisation, now) as transaction:
            return await question(transaction, now)

    async def change(
        self, acting: Acting, attention: str, step: Callable[[Attention, datetime], Change]
    ) -> Sequence[Entry]:
        """Load the attention, ask the rules, save; raises `NotFound` or `StepRefused`."""

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            changed = step(await transaction.attentions.get(attention), now)
            await transaction.attentions.save(changed.attention)
            return changed.facts

        return await self.carry_out(acting, action)
