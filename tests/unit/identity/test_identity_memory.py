"""What the client and the stand-in remember, for how long, and how often they ask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from videoattention.adapters.identity.kept import Kept
from videoattention.adapters.identity.once import UsedOnce
from videoattention.adapters.identity.refusals import Refusal, refused
from videoattention.adapters.identity.standin.tickets import Tickets
from videoattention.services.identity import SignInRefused


@dataclass
class Clock:
    moment: datetime = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Source:
    """Answers how often it was asked, or fails."""

    asked: int = 0
    fails: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def __call__(self) -> int:
        self.asked += 1
        await self.gate.wait()
        if self.fails:
            raise refused(Refusal.PROVIDER_UNREACHABLE)
        return self.asked


def kept(source: Source, clock: Clock) -> Kept[int]:
    return Kept(source, name="test", now=clock, max_age_s=900)


# what is kept


async def test_those_who_wait_share_one_load() -> None:
    source, clock = Source(), Clock()
    source.gate.clear()
    thing = kept(source, clock)
    waiting = [asyncio.create_task(thing.current()) for _ in range(10)]
    await asyncio.sleep(0)
    source.gate.set()
    assert await asyncio.gather(*waiting) == [1] * 10
    assert source.asked == 1


async def test_those_who_wait_share_one_failure_and_the_next_tries_again() -> None:
    source, clock = Source(fails=True), Clock()
    source.gate.clear()
    thing = kept(source, clock)
    waiting = [asyncio.create_task(thing.current()) for _ in range(10)]
    await asyncio.sleep(0)
    source.gate.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {SignInRefused}
    assert source.asked == 1
    source.fails = False
    assert await thing.current() == 2


async def test_somebody_who_leaves_does_not_take_the_load_along() -> None:
    source, clock = Source(), Clock()
    source.gate.clear()
    thing = kept(source, clock)
    first = asyncio.create_task(thing.current())
    second = asyncio.create_task(thing.current())
    await asyncio.sleep(0)
    first.cancel()
    source.gate.set()
    assert await second == 2
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_an_old_copy_is_renewed_and_kept_when_that_fails() -> None:
    source, clock = Source(), Clock()
    thing = kept(source, clock)
    assert await thing.current() == 1
    clock.advance(899)
    assert await thing.current() == 1
    clock.advance(1)
    source.fails = True
    assert [await thing.current(), await thing.current()] == [1, 1]
    assert source.asked == 2
    clock.advance(30)
    source.fails = False
    assert await thing.current() == 3


async def test_a_renewal_is_granted_once_in_thirty_seconds() -> None:
    source, clock = Source(), Clock()
    thing = kept(source, clock)
    await thing.current()
    assert [await thing.renewed(), await thing.renewed()] == [2, 2]
    clock.advance(29)
    assert await thing.renewed() == 2
    clock.advance(1)
    assert await thing.renewed() == 3


async def test_a_clock_that_is_set_back_does_not_stretch_the_pause() -> None:
    source, clock = Source(), Clock()
    thing = kept(source, clock)
    await thing.renewed()
    clock.advance(-3600)
    assert await thing.renewed() == 2


# what is used once


def test_an_identifier_is_spent_once_until_it_is_forgotten() -> None:
    clock = Clock()
    once = UsedOnce(now=clock, seconds=60)
    assert [once.spend("a"), once.spend("a"), once.spend("b")] == [True, False, True]
    clock.advance(60)
    assert once.spend("a")


def test_memory_of_spent_identifiers_is_bounded() -> None:
    once = UsedOnce(now=Clock(), seconds=60)
    assert all(once.spend(str(number)) for number in range(10_001))
    assert len(once._spent) == 10_000
    assert not once.spend("10000")


def test_tickets_end_and_are_bounded() -> None:
    clock = Clock()
    tickets: Tickets[int] = Tickets(now=clock, seconds=60)
    first = tickets.put(1)
    assert [tickets.get(first), tickets.take(first), tickets.take(first)] == [1, 1, None]
    second = tickets.put(2)
    clock.advance(60)
    assert tickets.get(second) is None
    for number in range(10_001):
        tickets.put(number)
    assert len(tickets._held) == 10_000
