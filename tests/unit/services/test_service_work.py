"""One transaction for each action: tried again, done once, announced when it is committed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.services.town import NOW, OURS, THEIRS, by_citizen
from tests.unit.services.town import person as staff
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import AttentionAbandoned, SignedIn
from videoattention.domain.people import Role
from videoattention.domain.stages import Stage
from videoattention.services.ports import NotFound, Stale
from videoattention.services.work import TRIES, Acting, Work, acting_as, the_service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tests.unit.services.town import Town
    from videoattention.domain.facts import Fact
    from videoattention.services.ports import Entry, Transaction

FACT = SignedIn("marta", "https://staff.example")


class Losing:
    """An action that others are faster than, so many times."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.tried = 0

    async def __call__(self, transaction: Transaction, now: datetime) -> Sequence[Fact]:
        self.tried += 1
        if self.tried <= self.left:
            raise Stale("somebody was faster")
        return (FACT,)


async def test_it_tries_again_when_others_were_faster(quiet: Town) -> None:
    action = Losing(TRIES - 1)
    entries = await quiet.work.carry_out(the_service(OURS), action)
    assert action.tried == TRIES
    assert [entry.fact for entry in entries] == [FACT]
    assert quiet.told == list(entries)


async def test_it_gives_up_when_others_keep_being_faster(quiet: Town) -> None:
    action = Losing(TRIES)
    with pytest.raises(Stale):
        await quiet.work.carry_out(the_service(OURS), action)
    assert action.tried == TRIES
    assert quiet.told == []


async def test_every_try_sees_its_own_now_and_the_rules_decide_anew(quiet: Town) -> None:
    attention = await quiet.citizen()
    seen: list[datetime] = []

    async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
        seen.append(now)
        waiting = await transaction.attentions.get(attention)
        quiet.clock.move(1)
        if len(seen) == 1:
            raise Stale("once")
        change = waiting.abandon("left", now)
        await transaction.attentions.save(change.attention)
        return change.facts

    await quiet.work.carry_out(by_citizen(), action)
    assert [(now - NOW).total_seconds() for now in seen] == [0, 1]
    assert (await quiet.attention(attention)).ended_at == seen[1]


async def test_an_entry_tells_who_when_and_where(quiet: Town) -> None:
    acting = Acting(THEIRS, "staff:pau")
    (entry,) = await quiet.work.carry_out(acting, Losing(0))
    assert (entry.organisation, entry.actor, entry.at, entry.seq) == (THEIRS, "staff:pau", NOW, 1)


async def test_what_is_told_changes_nothing_else_and_is_announced(quiet: Town) -> None:
    person = staff("marta", Role.INFORMER)
    await quiet.work.tell(acting_as("informer", person), FACT)
    (entry,) = quiet.told
    assert (entry.organisation, entry.actor, entry.fact) == (person.organisation, "informer:marta", FACT)


async def test_what_is_read_tells_nothing_and_is_the_answer_of_the_last_try(quiet: Town) -> None:
    tries: list[int] = []

    async def question(_: Transaction, __: datetime) -> int:
        tries.append(len(tries))
        if len(tries) == 1:
            raise Stale("somebody was faster")
        return len(tries)

    assert await quiet.work.read(the_service(OURS), question) == 2
    assert quiet.told == []


async def test_a_command_is_done_once(quiet: Town) -> None:
    action = Losing(0)
    assert len(await quiet.work.carry_out(by_citizen("command-1"), action)) == 1
    assert await quiet.work.carry_out(by_citizen("command-1"), action) == ()
    assert await quiet.work.carry_out(by_citizen("command-2"), action) != ()
    assert (action.tried, len(quiet.told)) == (2, 2)


async def test_the_same_id_in_another_organisation_is_another_command(quiet: Town) -> None:
    action = Losing(0)
    for organisation in (OURS, THEIRS):
        await quiet.work.carry_out(by_citizen("command-1", organisation), action)
    assert action.tried == 2


async def test_what_has_no_id_is_done_as_often_as_it_is_asked(quiet: Town) -> None:
    action = Losing(0)
    for _ in range(3):
        await quiet.work.carry_out(the_service(OURS), action)
    assert action.tried == 3


async def test_a_refused_command_may_be_sent_again(quiet: Town) -> None:
    attention = await quiet.talking()
    with pytest.raises(StepRefused):
        await quiet.work.change(by_citizen("again"), attention, lambda a, now: a.abandon("left", now))
    await quiet.work.change(by_citizen("again"), attention, lambda a, now: a.hang_up("citizen", now))
    assert (await quiet.attention(attention)).stage is Stage.WRAPPING_UP


async def test_a_repeated_command_changes_nothing_and_is_not_announced(quiet: Town) -> None:
    attention = await quiet.citizen()
    for _ in range(2):
        await quiet.work.change(by_citizen("leave-1"), attention, lambda a, now: a.abandon("left", now))
    assert quiet.facts(AttentionAbandoned) == [AttentionAbandoned(attention, "left")]
    assert (await quiet.attention(attention)).version == 1


async def test_it_is_announced_when_everybody_can_read_it(quiet: Town) -> None:
    """The listener looks for itself, through a connection of its own."""
    readable: list[int] = []

    class Listener:
        def committed(self, entries: Sequence[Entry]) -> None:
            with closing(sqlite3.connect(quiet.path)) as connection:
                readable.append(connection.execute("SELECT count(*) FROM journal").fetchone()[0])

    work = Work(quiet.register, quiet.clock, Listener())
    for _ in range(2):
        await work.carry_out(the_service(OURS), Losing(0))
    assert readable == [1, 2]


async def test_what_could_not_be_committed_is_not_announced(quiet: Town) -> None:
    attention = await quiet.citizen()
    before = list(quiet.told)

    async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
        old = replace(await transaction.attentions.get(attention), version=7)
        with pytest.raises(Stale):
            await transaction.attentions.save(old)
        return (AttentionAbandoned(attention, "left"),)

    with pytest.raises(Stale):
        await quiet.work.carry_out(by_citizen("bad"), action)
    assert quiet.told == before
    assert len(await quiet.views.journal(OURS, attention)) == 1


async def test_what_is_another_organisations_does_not_exist(quiet: Town) -> None:
    attention = await quiet.citizen()
    with pytest.raises(NotFound):
        await quiet.work.change(by_citizen(organisation=THEIRS), attention, lambda a, now: a.abandon("left", now))
    assert (await quiet.attention(attention)).stage is Stage.WAITING
