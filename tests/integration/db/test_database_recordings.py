"""What the register promises of recordings, desks and the line, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.integration.db.cases import (
    NOW,
    OFFICE,
    ORGANISATION,
    add,
    attending,
    kept,
    later,
    person,
    record,
    save,
    sit_down,
    talking,
    waiting,
)
from videoattention.domain.informers import Desk, Readiness
from videoattention.domain.queueing import FreeInformer, Turn
from videoattention.domain.recording import Recording, RecordingStage
from videoattention.services.media import Track
from videoattention.services.ports import Grant, NotFound, Stale

if TYPE_CHECKING:
    from videoattention.adapters.db.register import DatabaseRegister


# --- recordings ------------------------------------------------------------------------------------------------------


async def test_a_recording_comes_back_as_it_was_saved(register: DatabaseRegister) -> None:
    await add(register, talking())
    await record(register)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        recording = await transaction.recordings.active_of("a1")
        assert recording == Recording("r1", "a1", ORGANISATION, "c-a1", later(120))
        opened = recording.open(1, later(121)).recording
        closed = opened.close_part(1, later(180), "worker_lost", (kept(Track.CITIZEN_AUDIO, 59.5),))
        await transaction.recordings.save(closed)
        await transaction.commit()
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        assert await transaction.recordings.get("r1") == replace(closed, version=1)
        with pytest.raises(Stale):
            await transaction.recordings.save(closed)


async def test_an_attention_has_one_active_recording(register: DatabaseRegister) -> None:
    await add(register, talking())
    await record(register)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        with pytest.raises(Stale):
            await transaction.recordings.add(Recording("r2", "a1", ORGANISATION, "c-a1", NOW))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        ended = (await transaction.recordings.get("r1")).stop("call_ended").recording
        await transaction.recordings.save(ended)
        await transaction.recordings.add(Recording("r2", "a1", ORGANISATION, "c-a1", NOW))
        await transaction.commit()
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        active = await transaction.recordings.active_of("a1")
        assert active
        assert (active.id, active.stage) == ("r2", RecordingStage.REQUESTED)


async def test_no_recording_without_a_consent_of_its_attention(register: DatabaseRegister) -> None:
    await add(register, talking(), talking("a2", informer="joan"))
    await record(register)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        with pytest.raises(NotFound):
            await transaction.recordings.add(Recording("r2", "a2", ORGANISATION, "c-a1", NOW))


async def test_keys_are_kept_once_for_a_part(register: DatabaseRegister) -> None:
    await add(register, talking())
    await record(register)
    wrapped = {track: bytes([number]) * 40 for number, track in enumerate(Track)}
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        assert await transaction.keys.of("r1", 1) == {}
        await transaction.keys.add("r1", 1, wrapped)
        await transaction.commit()
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        assert await transaction.keys.of("r1", 1) == wrapped
        assert await transaction.keys.of("r1", 2) == {}
        with pytest.raises(Stale):
            await transaction.keys.add("r1", 1, wrapped)


async def test_a_grant_holds_for_its_person_recording_and_time(register: DatabaseRegister) -> None:
    await add(register, talking())
    await record(register)
    grant = Grant("g1", "r1", "anna", "queixa 12", later(600))
    async with register.begin(ORGANISATION, "auditor:anna", NOW) as transaction:
        await transaction.grants.add(Grant("g0", "r1", "anna", "abans", later(60)))
        await transaction.grants.add(grant)
        await transaction.commit()
    async with register.begin(ORGANISATION, "auditor:anna", NOW) as transaction:
        assert await transaction.grants.held("r1", "anna", NOW) == grant
        assert await transaction.grants.held("r1", "anna", later(600)) is None
        assert await transaction.grants.held("r1", "pau", NOW) is None
        assert await transaction.grants.held("r9", "anna", NOW) is None
        with pytest.raises(NotFound):
            await transaction.grants.add(replace(grant, id="g2", recording="r9"))


# --- desks and the line ----------------------------------------------------------------------------------------------


async def test_a_desk_comes_back_as_it_was_saved(register: DatabaseRegister) -> None:
    desk = Desk(person(offices=(OFFICE, "elsewhere")), Readiness.AVAILABLE, NOW)
    async with register.begin(ORGANISATION, "informer:marta", NOW) as transaction:
        assert await transaction.desks.get("marta") is None
        await transaction.desks.save(desk)
        await transaction.commit()
    async with register.begin(ORGANISATION, "informer:marta", NOW) as transaction:
        read = await transaction.desks.get("marta")
        assert read == replace(desk, version=1)
        moved = read.ready(Readiness.PAUSED, later(5)).of(person(offices=("oac-terres-ebre",)))
        await transaction.desks.save(moved)
        await transaction.commit()
    async with register.begin(ORGANISATION, "informer:marta", NOW) as transaction:
        assert await transaction.desks.get("marta") == replace(moved, version=2)
        with pytest.raises(Stale):
            await transaction.desks.save(moved)
    async with register.begin(ORGANISATION, "informer:marta", NOW) as transaction:
        with pytest.raises(Stale):
            await transaction.desks.save(desk)


async def test_the_line_knows_who_waits_and_whose_page_is_there(register: DatabaseRegister) -> None:
    await add(register, waiting("a1"), waiting("a2", arrived=5), talking("a3"))
    await register.seen("attention:a2", now=later(10))
    await register.seen("attention:a2", now=later(4))
    await register.seen("attention:a1", now=later(1))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        turns = await transaction.line.turns(seen_since=later(5))
    assert sorted(turns, key=lambda turn: turn.attention) == [
        Turn("a1", OFFICE, later(0), present=False),
        Turn("a2", OFFICE, later(5), present=True),
    ]


async def test_free_are_those_who_say_so_whose_page_is_there_and_who_attend_nobody(register: DatabaseRegister) -> None:
    await add(register, waiting("a1"), talking("a2", informer="busy"), talking("a3", informer="done"))
    await sit_down(register, person("marta", offices=(OFFICE, "oac-terres-ebre")), person("busy"), person("done"))
    await sit_down(register, person("paused"), readiness=Readiness.PAUSED)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.desks.save(Desk(person("away"), Readiness.AVAILABLE, NOW))
        ended = (await transaction.attentions.get("a3")).hang_up("citizen", later(300)).attention
        await transaction.attentions.save(ended.conclude("done", "informed").attention)
        await transaction.commit()
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        free = await transaction.line.free(seen_since=NOW)
        assert free == [
            FreeInformer("done", frozenset({OFFICE}), later(300)),
            FreeInformer("marta", frozenset({OFFICE, "oac-terres-ebre"}), NOW),
        ]
        assert not await transaction.line.free(seen_since=later(1))


async def test_offers_lapse_when_their_time_is_over(register: DatabaseRegister) -> None:
    await add(register, waiting("a1"), waiting("a2"))
    await save(register, waiting("a1").offer(attending("marta"), later(20)))
    await save(register, waiting("a2").offer(attending("joan"), later(10)))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        assert await transaction.line.lapsed(later(9)) == []
        assert await transaction.line.lapsed(later(15)) == ["a2"]
        assert await transaction.line.lapsed(later(30)) == ["a2", "a1"]
