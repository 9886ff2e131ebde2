"""Codes for phones on both databases, everybody at once: budgets trip exactly, a code has five tries and one use."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.fakes.clock import Clock
from tests.fakes.sms import Gateway, phone_identity
from tests.integration.db.cases import NOW, ORGANISATION, OTHER, add, talking
from videoattention.adapters.db.forgetting import forget_expired
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import SmsBudgetSpent
from videoattention.domain.identification import Way
from videoattention.domain.levels import Level
from videoattention.domain.phone import CheckStage, Limits
from videoattention.services.phone import Declared
from videoattention.services.work import Acting, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.adapters.db.database import Database
    from videoattention.services.phone import PhoneIdentity
    from videoattention.services.ports import Entry

pytestmark = pytest.mark.timeout(60)


class Told:
    """What was committed."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def committed(self, entries: Sequence[Entry]) -> None:
        self.entries += entries


class Town:
    """Two processes that serve the same database, one message service, and citizens who were asked for their phone."""

    def __init__(self, database: Database, second: Database, limits: Limits) -> None:
        self.register = DatabaseRegister(database)
        self.gateway, self.told, self.clock = Gateway(), Told(), Clock(NOW)
        registers = (self.register, DatabaseRegister(second))
        self.phones = [
            phone_identity(Work(register, self.clock, self.told), self.gateway, limits, name=f"p{number}")
            for number, register in enumerate(registers)
        ]

    async def asked(self, attention: str, organisation: str = ORGANISATION) -> str:
        informer = f"i-{attention}"
        proposed = talking(attention, informer=informer, organisation=organisation)
        proposed = proposed.propose_level(informer, Level.ASSISTED, NOW).attention
        await add(self.register, proposed.ask_identification(informer, Way.PHONE).attention)
        return attention

    async def ask(self, turn: int, attention: str, number: str, organisation: str = ORGANISATION) -> str:
        declared = Declared("Pere Puig", number, f"192.0.2.{turn}")
        return await _outcome(self._phone(turn).ask(Acting(organisation, "citizen"), attention, declared))

    async def answer(self, turn: int, attention: str, code: str) -> str:
        return await _outcome(self._phone(turn).answer(Acting(ORGANISATION, "citizen"), attention, code))

    def _phone(self, turn: int) -> PhoneIdentity:
        return self.phones[turn % 2]


async def _outcome(doing: object) -> str:
    try:
        await doing  # type: ignore[misc]  # a coroutine
    except StepRefused as refused:
        return refused.code
    return "done"


async def test_the_budget_trips_exactly_when_everybody_asks_at_once(database: Database, second: Database) -> None:
    town = Town(database, second, Limits(organisation_day=7))
    attentions = [await town.asked(f"a{number}") for number in range(20)]
    said = await asyncio.gather(
        *(town.ask(turn, attention, f"6123456{turn:02}") for turn, attention in enumerate(attentions))
    )
    assert Counter(said) == {"done": 7, "sms_budget_spent": 13}
    assert len(town.gateway.sent) == 7
    assert len([entry for entry in town.told.entries if isinstance(entry.fact, SmsBudgetSpent)]) == 1
    assert isinstance(await Journal(second).verify(ORGANISATION), Verified)


async def test_a_number_gets_three_an_hour_from_all_organisations_at_once(database: Database, second: Database) -> None:
    town = Town(database, second, Limits())
    ours = [(await town.asked(f"a{number}"), ORGANISATION) for number in range(5)]
    theirs = [(await town.asked(f"b{number}", OTHER), OTHER) for number in range(5)]
    everybody = [each for pair in zip(ours, theirs, strict=True) for each in pair]
    said = await asyncio.gather(
        *(town.ask(turn, attention, "612345678", whose) for turn, (attention, whose) in enumerate(everybody))
    )
    assert Counter(said) == {"done": 3, "sms_number_limit": 7}
    assert town.gateway.numbers == {"+34612345678": 3}


async def test_of_many_who_type_the_right_code_at_once_one_is_identified(database: Database, second: Database) -> None:
    town = Town(database, second, Limits())
    await town.asked("a1")
    await town.ask(0, "a1", "612345678")
    said = await asyncio.gather(*(town.answer(turn, "a1", town.gateway.code) for turn in range(8)))
    assert Counter(said) == {"done": 1, "not_asked": 7}
    kinds = Counter(type(entry.fact).__name__ for entry in town.told.entries)
    assert (kinds["PhoneShown"], kinds["CitizenIdentified"]) == (1, 1)


async def test_of_many_guesses_at_once_five_are_looked_at(database: Database, second: Database) -> None:
    town = Town(database, second, Limits())
    await town.asked("a1")
    await town.ask(0, "a1", "612345678")
    code = int(town.gateway.code)
    guesses = [f"{(code + 1 + number) % 1_000_000:06}" for number in range(30)]
    said = await asyncio.gather(*(town.answer(turn, "a1", guess) for turn, guess in enumerate(guesses)))
    assert Counter(said) == {"code_wrong": 4, "code_exhausted": 1, "code_unknown": 25}
    assert await town.answer(0, "a1", town.gateway.code) == "code_unknown"
    async with town.register.begin(ORGANISATION, "service", NOW) as transaction:
        check = await transaction.phones.newest("a1")
        assert (await transaction.attentions.get("a1")).identification is None
    assert check
    assert (check.tries, check.stage, check.name) == (5, CheckStage.EXHAUSTED, "")


async def test_what_is_counted_is_forgotten_after_two_days(database: Database, second: Database) -> None:
    town = Town(database, second, Limits())
    await town.asked("a1")
    await town.ask(0, "a1", "612345678")
    assert await forget_expired(database, town.clock.now()) == 0
    town.clock.move(24 * 3600)
    assert await forget_expired(database, town.clock.now()) == 1  # the name
    assert await forget_expired(database, town.clock.now()) == 0
    town.clock.move(24 * 3600 + 1)
    assert await forget_expired(database, town.clock.now()) == 1


async def test_a_name_is_forgotten_when_nobody_types_its_code_in_time(database: Database, second: Database) -> None:
    town = Town(database, second, Limits())
    await town.asked("a1")
    await town.ask(0, "a1", "612345678")
    for seconds, name, stage in ((599, "Pere Puig", CheckStage.SENT), (1, "", CheckStage.LAPSED)):
        town.clock.move(seconds)
        await forget_expired(database, town.clock.now())
        async with town.register.begin(ORGANISATION, "service", NOW) as transaction:
            check = await transaction.phones.newest("a1")
        assert check
        assert (check.name, check.stage) == (name, stage)
    assert await town.answer(0, "a1", "000000") == "code_unknown"
