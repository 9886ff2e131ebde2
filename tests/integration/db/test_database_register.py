"""What the register promises its use cases, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.integration.db.cases import (
    NOW,
    ORGANISATION,
    OTHER,
    TEXTS,
    add,
    attending,
    commit,
    consenting,
    identified,
    later,
    person,
    record,
    save,
    talking,
    waiting,
)
from videoattention.domain.consent import ConsentText
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import CallEnded, SignedIn
from videoattention.domain.informers import Desk, Readiness
from videoattention.domain.recording import Recording
from videoattention.services.ports import NotFound, Stale

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.queries import DatabaseViews
    from videoattention.adapters.db.register import DatabaseRegister
    from videoattention.domain.attention import Attention


async def _attention(register: DatabaseRegister, attention: str, organisation: str = ORGANISATION) -> Attention:
    async with register.begin(organisation, "service", NOW) as transaction:
        return await transaction.attentions.get(attention)


# --- attentions ------------------------------------------------------------------------------------------------------


async def test_an_attention_comes_back_as_it_was_saved(register: DatabaseRegister) -> None:
    await add(register, waiting())
    assert await _attention(register, "a1") == waiting()
    await save(register, waiting().take(attending(), later(60)))
    change = consenting(identified(talking()))
    await save(register, replace(change, attention=replace(change.attention, version=1)))
    asked_again = change.attention.withdraw_consent("c1", later(130))
    await save(register, replace(asked_again, attention=replace(asked_again.attention, version=2)))
    assert await _attention(register, "a1") == replace(asked_again.attention, version=3)


async def test_leaving_without_a_commit_changes_nothing(register: DatabaseRegister) -> None:
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        await transaction.attentions.add(waiting())
        assert not await transaction.done_before("command-1")
    with pytest.raises(NotFound):
        await _attention(register, "a1")
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        assert not await transaction.done_before("command-1")


async def test_a_committed_transaction_takes_no_more(register: DatabaseRegister) -> None:
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        await transaction.attentions.add(waiting())
        await transaction.commit()
        with pytest.raises(RuntimeError, match="committed"):
            await transaction.attentions.save(waiting())


async def test_a_change_of_what_changed_meanwhile_is_stale(register: DatabaseRegister) -> None:
    await add(register, waiting())
    read = await _attention(register, "a1")
    await save(register, read.take(attending("first"), NOW))
    with pytest.raises(Stale):
        await save(register, read.take(attending("second"), NOW))
    now = await _attention(register, "a1")
    assert now.informer == attending("first")
    assert now.version == 1


async def test_a_stale_change_cannot_be_committed_by_going_on(register: DatabaseRegister) -> None:
    await add(register, waiting(), waiting("a2"))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.attentions.save(waiting("a2").take(attending("other"), NOW).attention)
        with pytest.raises(Stale):
            await transaction.attentions.save(replace(waiting(), version=7))
        with pytest.raises(Stale):
            await transaction.commit()
    assert (await _attention(register, "a2")).informer is None


async def test_an_informer_has_one_busy_attention(register: DatabaseRegister) -> None:
    await add(register, waiting(), waiting("a2"))
    await save(register, waiting().offer(attending(), later(20)))
    with pytest.raises(Stale):
        await save(register, waiting("a2").take(attending(), NOW))
    with pytest.raises(Stale):
        await add(register, talking("a3"))
    await save(register, (await _attention(register, "a1")).lapse("declined"))
    await save(register, waiting("a2").take(attending(), NOW))


async def test_the_same_subject_of_another_organisation_is_another_person(register: DatabaseRegister) -> None:
    await add(register, talking(), talking("b1", organisation=OTHER))
    assert (await _attention(register, "b1", OTHER)).informer == attending()


async def test_another_organisations_ids_do_not_exist(register: DatabaseRegister) -> None:
    await add(register, talking(), talking("b1", organisation=OTHER))
    await record(register)
    theirs = await _attention(register, "a1")
    async with register.begin(OTHER, "service", NOW) as transaction:
        with pytest.raises(NotFound):
            await transaction.attentions.get("a1")
        with pytest.raises(NotFound):
            await transaction.attentions.save(theirs)
        with pytest.raises(NotFound):
            await transaction.attentions.add(waiting("a9"))
        with pytest.raises(NotFound):
            await transaction.recordings.get("r1")
        with pytest.raises(NotFound):
            await transaction.recordings.save(Recording("r1", "a1", ORGANISATION, "c-a1", NOW))
        with pytest.raises(NotFound):
            await transaction.recordings.add(Recording("r2", "a1", ORGANISATION, "c-a1", NOW))
        with pytest.raises(NotFound):
            await transaction.desks.save(Desk(person(), Readiness.PAUSED, NOW))
        assert await transaction.recordings.active_of("a1") is None
        assert await transaction.keys.of("r1", 1) == {}
        assert [turn.attention for turn in await transaction.line.turns(seen_since=NOW)] == []


@pytest.mark.parametrize("name", ["a\x00", "\ud800", "x" * 100_000, "'; DROP TABLE attentions; --"])
async def test_a_hostile_name_is_not_found(register: DatabaseRegister, views: DatabaseViews, name: str) -> None:
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        for ask in (transaction.attentions.get, transaction.recordings.get):
            with pytest.raises(NotFound):
                await ask(name)
        assert await transaction.keys.of("r1", 2**80) == {}
    for view in (views.recording(ORGANISATION, name, "ca"), views.citizen(ORGANISATION, name, "ca", seen_since=NOW)):
        try:
            assert await view is None
        except NotFound:
            continue


async def test_words_that_cannot_be_kept_change_nothing(register: DatabaseRegister) -> None:
    await add(register, talking())
    async with register.begin(ORGANISATION, "informer:marta", NOW) as transaction:
        with pytest.raises(NotFound):
            await transaction.attentions.save(replace(talking(), outcome="\x00"))
        with pytest.raises(Stale):
            await transaction.commit()
    assert (await _attention(register, "a1")).version == 0


async def test_nobody_waits_for_what_an_office_does_not_serve(register: DatabaseRegister) -> None:
    with pytest.raises(NotFound):
        await add(register, replace(waiting(), procedure="padro"))
    with pytest.raises(NotFound):
        await add(register, replace(waiting(), office="oac-vila"))


async def test_a_consent_names_words_that_are_kept(register: DatabaseRegister) -> None:
    await add(register, talking())
    change = consenting(identified(talking()))
    wording = ConsentText("attended", "1", "ca", "0" * 64)
    other = tuple(replace(consent, wording=wording) for consent in change.attention.consents)
    with pytest.raises(NotFound):
        await save(register, replace(change, attention=replace(change.attention, consents=other)))
    assert TEXTS[0].wording.hash != wording.hash


async def test_a_naive_time_is_refused(register: DatabaseRegister) -> None:
    naive = replace(waiting(), arrived_at=NOW.replace(tzinfo=None))
    with pytest.raises(Exception, match="without a zone"):
        await add(register, naive)


# --- commands --------------------------------------------------------------------------------------------------------


async def test_a_command_is_done_once_however_often_it_comes(register: DatabaseRegister, second: Database) -> None:
    doors = [register, type(register)(second)]

    async def come(number: int) -> bool:
        async with doors[number % 2].begin(ORGANISATION, "citizen", NOW) as transaction:
            if await transaction.done_before("command-1"):
                return False
            await transaction.commit(CallEnded("a1", "citizen"))
            return True

    assert sorted(await asyncio.gather(*(come(number) for number in range(8)))) == [False] * 7 + [True]
    async with register.begin(OTHER, "citizen", NOW) as transaction:
        assert not await transaction.done_before("command-1")


async def test_under_the_id_of_a_command_nothing_else_is_done(register: DatabaseRegister, second: Database) -> None:
    doors = [register, type(register)(second)]

    async def come(number: int, command: str) -> str:
        async with doors[number % 2].begin(ORGANISATION, "citizen", NOW) as transaction:
            try:
                if await transaction.done_before(command):
                    return "again"
            except StepRefused as refused:
                return refused.code
            await transaction.commit(CallEnded("a1", "citizen"))
            return "done"

    said = sorted(await asyncio.gather(*(come(number, f"command-1#{number // 2}") for number in range(8))))
    assert said == ["again", *["bad_message"] * 6, "done"]
    assert await come(0, "command-1") == "again"
    assert await come(0, "command-2#0") == "done", "a refusal is not remembered"
    assert await come(1, "command-3") == "done"
    assert await come(1, "command-3#0") == "bad_message"


async def test_entries_tell_what_was_committed(register: DatabaseRegister) -> None:
    await commit(register, CallEnded("a0", "service"))
    async with register.begin(ORGANISATION, "informer:marta", NOW) as transaction:
        assert await transaction.commit() == ()
    async with register.begin(ORGANISATION, "informer:marta", later(3)) as transaction:
        facts = CallEnded("a1", "informer"), SignedIn("marta", "stand-in")
        entries = await transaction.commit(*facts)
    assert [(entry.seq, entry.fact, entry.actor, entry.at) for entry in entries] == [
        (2, facts[0], "informer:marta", later(3)),
        (3, facts[1], "informer:marta", later(3)),
    ]
    assert len({entry.hash for entry in entries}) == 2


async def test_a_transaction_that_is_cut_short_leaves_the_door_open(register: DatabaseRegister) -> None:
    """A page that goes away cancels what it asked for, wherever it stands."""
    await add(register, waiting())
    inside = asyncio.Event()

    async def take() -> None:
        async with register.begin(ORGANISATION, "informer:marta", NOW) as transaction:
            await transaction.attentions.save(waiting().take(attending(), NOW).attention)
            inside.set()
            await asyncio.Event().wait()

    async with asyncio.timeout(30):
        for _ in range(5):
            inside.clear()
            holding = asyncio.create_task(take())
            await inside.wait()
            queueing = [asyncio.create_task(take()) for _ in range(3)]
            await asyncio.sleep(0)
            for task in (*queueing[:2], holding, queueing[2]):
                task.cancel()
            ended = await asyncio.gather(holding, *queueing, return_exceptions=True)
            assert all(isinstance(end, asyncio.CancelledError) for end in ended), ended
    await save(register, waiting().take(attending("joan"), NOW))
    assert (await _attention(register, "a1")).informer == attending("joan")
