"""Two informers and one citizen, at the same moment, again and again: exactly one wins each time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.integration.db.cases import NOW, ORGANISATION, add, attending, later, save, waiting
from videoattention.adapters.db.catalogue import seed
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.demo import DEMO
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.domain.errors import StepRefused
from videoattention.services.ports import Stale

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.domain.attention import Attention
    from videoattention.domain.change import Change

ROUNDS = 200


async def _try(register: DatabaseRegister, attention: str, step: Callable[[Attention], Change]) -> str:
    try:
        async with register.begin(ORGANISATION, "informer", NOW) as transaction:
            change = step(await transaction.attentions.get(attention))
            await transaction.attentions.save(change.attention)
            await transaction.commit(*change.facts)
    except (Stale, StepRefused) as lost:
        return type(lost).__name__
    return "won"


def _taking(name: str) -> Callable[[Attention], Change]:
    return lambda attention: attention.take(attending(name), NOW)


async def _end(register: DatabaseRegister, attention: str) -> str:
    """The call ends and the outcome is written, so that the informer is free for the next round."""
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        now = await transaction.attentions.get(attention)
        assert now.informer
        change = now.hang_up("service", later(1))
        concluded = change.then(change.attention.conclude(now.informer.subject, "informed"))
        await transaction.attentions.save(concluded.attention)
        await transaction.commit(*concluded.facts)
    return now.informer.subject


@pytest.mark.timeout(300)
async def test_of_two_informers_who_take_the_same_citizen_one_wins(database: Database, second: Database) -> None:
    doors = {"marta": DatabaseRegister(database), "joan": DatabaseRegister(second)}
    winners = []
    for number in range(ROUNDS):
        attention = f"a{number}"
        await add(doors["marta"], waiting(attention, arrived=number))
        turn = list(doors) if number % 2 else list(reversed(doors))
        results = await asyncio.gather(*(_try(doors[name], attention, _taking(name)) for name in turn))
        assert results.count("won") == 1, results
        winners.append(await _end(doors["joan"], attention))
        assert winners[-1] == turn[results.index("won")]
    assert len(winners) == ROUNDS
    verified = await Journal(database).verify(ORGANISATION)
    assert isinstance(verified, Verified)
    assert verified.entries == ROUNDS * 4


def _accept(attention: Attention) -> Change:
    return attention.accept("marta", NOW)


def _lapse(attention: Attention) -> Change:
    return attention.lapse("unanswered")


@pytest.mark.timeout(300)
async def test_of_two_answers_to_one_offer_one_wins(database: Database, second: Database) -> None:
    """Two pages of the informer accept at the same moment, or one accepts while the offer lapses."""
    one, other = DatabaseRegister(database), DatabaseRegister(second)
    for number in range(ROUNDS):
        attention = f"a{number}"
        await add(one, waiting(attention, arrived=number))
        await save(one, waiting(attention, arrived=number).offer(attending(), later(20)))
        against = _accept if number % 2 else _lapse
        results = await asyncio.gather(_try(one, attention, _accept), _try(other, attention, against))
        assert results.count("won") == 1, results
        if results[0] == "won" or number % 2:
            assert await _end(one, attention) == "marta"
    assert isinstance(await Journal(second).verify(ORGANISATION), Verified)


@pytest.mark.postgres
async def test_two_who_read_the_same_moment_cannot_both_write(postgres_url: str) -> None:
    """In PostgreSQL transactions overlap: the version decides. (In SQLite the second cannot even begin.)"""
    database = Database(postgres_url)
    await database.migrate()
    await seed(database, DEMO)
    register = DatabaseRegister(database)
    await add(register, waiting())
    both_read = asyncio.Barrier(2)

    async def take(name: str) -> str:
        try:
            async with register.begin(ORGANISATION, name, NOW) as transaction:
                change = (await transaction.attentions.get("a1")).take(attending(name), NOW)
                await both_read.wait()
                await transaction.attentions.save(change.attention)
                await transaction.commit(*change.facts)
        except Stale:
            return "stale"
        return "won"

    assert sorted(await asyncio.gather(take("marta"), take("joan"))) == ["stale", "won"]
    await database.close()
