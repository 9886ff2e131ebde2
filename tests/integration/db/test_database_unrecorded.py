"""Attentions without a recording, in both databases: found in the order of an index, and told whole."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from tests.integration.db.cases import NOW, OFFICE, ORGANISATION, OTHER, add, commit, later, record, save, talking
from tests.integration.db.test_database_costs import NEVER_WALKED, plans_of, walks
from videoattention.adapters.db.queries.unrecorded import LOOKED_BACK, DatabaseUnrecorded
from videoattention.adapters.db.stories import DatabaseStories
from videoattention.domain.exporting import ExportStage, ExportStep, Signatory, ask_for_attention
from videoattention.domain.facts import (
    AttentionExported,
    PersonalDataErased,
    RecordingErased,
    RecordingHeld,
    SignedOut,
)
from videoattention.domain.people import Person, Role
from videoattention.services.views.archive import Sought

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.register import DatabaseRegister

NURIA = Person("nuria", ORGANISATION, "Núria", "Auditora", frozenset({Role.AUDITOR}), frozenset())
WHY = ("Requeriment 12/2026 del jutjat", "EXP-2026/12")


async def over(register: DatabaseRegister, attention: str) -> None:
    """An attention from its turn to its conclusion."""
    begun = talking(attention, informer=f"i-{attention}")
    await add(register, begun)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        ended = (await transaction.attentions.get(attention)).hang_up("citizen", later(100))
        await transaction.attentions.save(ended.attention)
        await transaction.commit(*ended.facts)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        kept = await transaction.attentions.get(attention)
    await save(register, kept.conclude(f"i-{attention}", "Informada."))


async def asked(register: DatabaseRegister, attention: str, name: str) -> None:
    """A request that was approved."""
    change = ask_for_attention(attention, NURIA, name=name, why=WHY, at=NOW)
    decided = change.export.decide(ExportStep.APPROVE, Signatory("oriol", "Oriol", "Auditor"), at=NOW, answer="")
    for actor, facts in (("auditor:nuria", change.facts), ("auditor:oriol", decided.facts)):
        async with register.begin(ORGANISATION, actor, NOW) as transaction:
            await transaction.commit(*facts)


async def test_a_story_is_told_to_its_end_and_no_further(database: Database, register: DatabaseRegister) -> None:
    await over(register, "a1")
    await add(register, talking("a2"))
    await record(register, "a2", "r2")
    await asked(register, "a1", "e1")
    stories = DatabaseStories(database)
    story = await stories.of(ORGANISATION, "a1")
    assert story
    assert [line.kind for line in story.lines] == ["AttentionRequested", "CallEnded", "AttentionConcluded"]
    assert (story.refusal, story.recordings) == ("", [])
    first, last = story.lines[0].seq, story.lines[-1].seq
    entries = [entry async for entry in stories.entries(ORGANISATION, "a1", first=first, last=last)]
    assert [entry.seq for entry in entries] == list(range(first, last + 1))
    assert entries[0].prev == story.before
    assert [bool(entry.body) for entry in entries] == [entry.attention == "a1" for entry in entries]
    going_on = await stories.of(ORGANISATION, "a2")
    assert going_on
    assert going_on.refusal == "not_over"
    assert await stories.of(OTHER, "a1") is None


async def test_what_came_later_is_no_part_of_the_story(database: Database, register: DatabaseRegister) -> None:
    begun = talking("a1", informer="i-a1")
    await add(register, begun)
    await commit(register, RecordingHeld("a1", "r1", "h1", "Diligències 214/2026"))
    await save(register, begun.hang_up("citizen", later(100)))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        ended = await transaction.attentions.get("a1")
    await save(register, ended.conclude("i-a1", "Informada."))
    await add(register, talking("a2"))
    for later_on in (RecordingErased("a1", "r1", "c" * 64, "Termini"), PersonalDataErased("a1", "retention", 3)):
        await commit(register, later_on)
    stories = DatabaseStories(database)
    story = await stories.of(ORGANISATION, "a1")
    assert story
    assert story.lines[-1].kind == "AttentionConcluded"
    (entry,) = story.erasures.values()
    assert (list(story.erasures), entry.kind, '"Termini"' in (entry.body or "")) == (["r1"], "RecordingErased", True)
    first, last = story.lines[0].seq, story.lines[-1].seq
    told = {one.kind: one.body async for one in stories.entries(ORGANISATION, "a1", first=first, last=last)}
    assert told["AttentionConcluded"]
    assert told["RecordingHeld"] is None, "the cases of others are no business of whoever gets the package"


async def test_a_request_waits_in_sight_however_much_is_told(database: Database, register: DatabaseRegister) -> None:
    for name in ("a1", "a2"):
        await over(register, name)
    await asked(register, "a1", "e1")
    await commit(register, SignedOut("nuria", "left"))
    await _told_meanwhile(database, 100_001)
    await commit(register, *ask_for_attention("a2", NURIA, name="e2", why=WHY, at=NOW).facts)
    views = DatabaseUnrecorded(database)
    waiting = [seen.export.id for seen in await views.asked(ORGANISATION, "ca", now=NOW)]
    assert waiting == ["e2", "e1"]
    assert await views.asked(ORGANISATION, "ca", now=NOW + LOOKED_BACK + timedelta(seconds=1)) == []


async def _told_meanwhile(database: Database, count: int) -> None:
    """As many entries of others, at the same moment as the last one; their links do not matter here."""
    last = "(SELECT seq FROM journal_heads WHERE organisation = :organisation)"
    filled = f"""
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
        INSERT INTO journal (organisation, seq, at, actor, kind, attention, body, salt, commitment, prev, hash)
        SELECT organisation, seq + n, at, actor, kind, attention, body, salt, commitment, prev, hash
        FROM journal, numbers WHERE organisation = :organisation AND seq = {last}
    """  # noqa: S608 - nothing of it comes from elsewhere
    said = {"organisation": ORGANISATION, "count": count}
    async with database.engines[0].begin() as connection:
        await connection.execute(text(filled), said)
        moved = "UPDATE journal_heads SET seq = seq + :count WHERE organisation = :organisation"
        await connection.execute(text(moved), said)


async def test_requests_are_read_from_the_journal(database: Database, register: DatabaseRegister) -> None:
    for name in ("a1", "a2"):
        await over(register, name)
        await asked(register, name, f"e-{name}")
    await commit(register, AttentionExported("a2", WHY[0], "0" * 64, "k1", "e-a2"))
    views = DatabaseUnrecorded(database)
    seen = await views.asked(ORGANISATION, "ca", now=NOW)
    assert [(each.export.id, each.export.stage) for each in seen] == [
        ("e-a2", ExportStage.GIVEN),
        ("e-a1", ExportStage.APPROVED),
    ]
    (one,) = await views.asked(ORGANISATION, "ca", now=NOW, attention="a1")
    assert (one.export.id, one.waits, one.lapsed) == ("e-a1", True, False)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        assert [export.id for export in await transaction.asked.of("a1")] == ["e-a1"]
    assert await views.asked(OTHER, "ca", now=NOW) == []


async def test_nothing_walks_through_a_whole_table(database: Database, register: DatabaseRegister) -> None:
    for number in range(4):
        await over(register, f"a{number}")
    await asked(register, "a1", "e1")
    views, stories = DatabaseUnrecorded(database), DatabaseStories(database)
    looks: dict[str, Coroutine[Any, Any, object]] = {
        "search": views.search(ORGANISATION, Sought(), "ca"),
        "search in one office": views.search(ORGANISATION, Sought(office=OFFICE, after=(later(9), "a2")), "ca"),
        "one": views.one(ORGANISATION, "a1", "ca"),
        "asked": views.asked(ORGANISATION, "ca", now=NOW),
        "asked of one": views.asked(ORGANISATION, "ca", now=NOW, attention="a1"),
        "story": stories.of(ORGANISATION, "a1"),
    }
    for name, look in looks.items():
        plans = await plans_of(database, look)
        assert not [line for line in plans for table in NEVER_WALKED if walks(line, table)], (name, plans)
        if name.startswith("search") and database.engines[0].dialect.name == "sqlite":
            assert "ix_attentions_stage" in " ".join(plans), plans
