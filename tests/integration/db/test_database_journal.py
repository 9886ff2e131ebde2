"""The journal: whole under concurrency and kill -9, and any change of it is found where it was made."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from tests.integration.db.cases import NOW, ORGANISATION, OTHER, commit, later
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.journal import Broken, Journal, Verified, verify_seen
from videoattention.adapters.db.journal_facts import fact_of
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.tables import journal
from videoattention.domain.facts import CallEnded, ConsentAsked, SignedIn

if TYPE_CHECKING:
    from videoattention.domain.facts import Fact

ENTRIES = 12


async def _told(register: DatabaseRegister, organisation: str = ORGANISATION) -> None:
    for number in range(ENTRIES):
        await commit(register, CallEnded(f"a{number % 3}", "citizen"), organisation=organisation)


async def _tampered(database: Database, *statements: str, organisation: str = ORGANISATION) -> Verified | Broken:
    """What is found after somebody who may drop the triggers changed the journal; the change is not kept."""
    async with database.writing() as connection:
        on_table = " ON journal" if connection.dialect.name == "postgresql" else ""
        for trigger in "journal_no_update", "journal_no_delete":
            await connection.execute(text(f"DROP TRIGGER {trigger}{on_table}"))
        for statement in statements:
            assert (await connection.execute(text(statement))).rowcount > 0, statement
        return await verify_seen(connection, organisation)


async def test_a_chain_that_nobody_touched_verifies(database: Database, register: DatabaseRegister) -> None:
    await _told(register)
    await commit(register, CallEnded("b1", "citizen"), organisation=OTHER)
    verified = await Journal(database).verify(ORGANISATION)
    assert isinstance(verified, Verified)
    assert (verified.entries, verified.erased) == (ENTRIES, 0)
    assert await Journal(database).verify("nobody") == Verified(0, 0, "0" * 64)
    assert await Journal(database).organisations() == [ORGANISATION, OTHER]


async def test_facts_come_back_from_the_journal(database: Database, register: DatabaseRegister) -> None:
    facts: list[Fact] = [
        ConsentAsked("a1", "c1", "attended", "1", "ca", "ab" * 32, ("recording", "representation")),
        SignedIn("márta «la d'aquí»", "https://idp.example/"),
    ]
    await commit(register, *facts)
    async with database.reading() as connection:
        rows = (await connection.execute(select(journal).order_by(journal.c.seq))).all()
    assert [fact_of(row.kind, row.body) for row in rows] == facts
    assert [(row.attention, row.at) for row in rows] == [("a1", NOW), (None, NOW)]
    assert len({row.salt for row in rows}) == 2
    assert all(len(row.salt) == 32 for row in rows)


def _copied(seq: int, *, to: int) -> str:
    rest = "at, actor, kind, attention, body, salt, commitment, prev, hash"
    return f"INSERT INTO journal SELECT organisation, {to}, {rest} FROM journal WHERE seq = {seq}"  # noqa: S608 - numbers


CHANGES: dict[str, tuple[list[str], int, str]] = {
    "body edited": (["UPDATE journal SET body = replace(body, 'citizen', 'informer') WHERE seq = 5"], 5, "body"),
    "body erased without its salt": (["UPDATE journal SET body = NULL WHERE seq = 5"], 5, "body"),
    "actor edited": (["UPDATE journal SET actor = 'citizen' WHERE seq = 5"], 5, "link"),
    "kind edited": (["UPDATE journal SET kind = 'SignedOut' WHERE seq = 5"], 5, "link"),
    "time edited": (["UPDATE journal SET at = '2026-03-02 09:30:01.123456' WHERE seq = 5"], 5, "link"),
    "moved to another attention": (["UPDATE journal SET attention = 'a9' WHERE seq = 5"], 5, "link"),
    "link edited": (["UPDATE journal SET hash = prev WHERE seq = 5"], 5, "link"),
    "one deleted": (["DELETE FROM journal WHERE seq = 5"], 5, "missing"),
    "the first deleted": (["DELETE FROM journal WHERE seq = 1"], 1, "missing"),
    "one deleted and the rest moved up": (
        [
            "DELETE FROM journal WHERE seq = 5",
            "UPDATE journal SET seq = seq - 1000 WHERE seq > 5",
            "UPDATE journal SET seq = seq + 999 WHERE seq < 0",
        ],
        5,
        "relinked",
    ),
    "one inserted before the first": (
        [_copied(5, to=0)],
        1,
        "missing",
    ),
    "one inserted at the end": (
        [_copied(12, to=13)],
        13,
        "beyond_the_end",
    ),
    "two exchanged": (
        [
            "UPDATE journal SET seq = 1005 WHERE seq = 5",
            "UPDATE journal SET seq = 5 WHERE seq = 6",
            "UPDATE journal SET seq = 6 WHERE seq = 1005",
        ],
        5,
        "relinked",
    ),
    "truncated": (["DELETE FROM journal WHERE seq > 9"], 10, "truncated"),
    "all deleted": (["DELETE FROM journal"], 1, "truncated"),
    "truncated, and the head moved back": (
        ["DELETE FROM journal WHERE seq > 9", "UPDATE journal_heads SET seq = 9"],
        9,
        "head",
    ),
    "the head's link edited": (["UPDATE journal_heads SET hash = 'x'"], 12, "head"),
    "the head deleted": (["DELETE FROM journal_heads"], 1, "beyond_the_end"),
}


async def test_every_change_is_found_where_it_was_made(database: Database, register: DatabaseRegister) -> None:
    await _told(register)
    for change, (statements, seq, what) in CHANGES.items():
        assert await _tampered(database, *statements) == Broken(seq, what), change
    assert isinstance(await Journal(database).verify(ORGANISATION), Verified)


async def test_a_change_that_was_committed_is_found(database: Database, register: DatabaseRegister) -> None:
    await _told(register)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE journal_heads SET seq = 13"))
        await connection.commit()
    assert await Journal(database).verify(ORGANISATION) == Broken(13, "truncated")


async def test_an_entry_of_another_organisation_has_no_place_here(
    database: Database, register: DatabaseRegister
) -> None:
    await _told(register)
    await _told(register, OTHER)
    moved = (
        "DELETE FROM journal WHERE organisation = 'gencat-demo' AND seq = 1",
        "UPDATE journal SET organisation = 'gencat-demo' WHERE organisation = 'vila-demo' AND seq = 1",
    )
    assert await _tampered(database, *moved) == Broken(1, "link")
    assert await _tampered(database, *moved, organisation=OTHER) == Broken(1, "missing")


REFUSED = (
    "DELETE FROM journal WHERE seq = 5",
    "UPDATE journal SET actor = 'service' WHERE seq = 5",
    "UPDATE journal SET body = '{}' WHERE seq = 5",
    "UPDATE journal SET body = NULL WHERE seq = 5",
    "UPDATE journal SET body = NULL, salt = NULL, actor = 'nobody' WHERE seq = 5",
    "UPDATE journal SET organisation = 'vila-demo' WHERE seq = 5",
)


async def test_the_table_refuses_to_change_what_was_written(database: Database, register: DatabaseRegister) -> None:
    await _told(register)
    for statement in REFUSED:
        async with database.writing() as connection:
            with pytest.raises(DBAPIError, match="only grows"):
                await connection.execute(text(statement))
    assert isinstance(await Journal(database).verify(ORGANISATION), Verified)


@pytest.mark.postgres
async def test_the_table_cannot_be_emptied_at_a_stroke(postgres_url: str) -> None:
    database = Database(postgres_url)
    await database.migrate()
    async with database.writing() as connection:
        with pytest.raises(DBAPIError, match="only grows"):
            await connection.execute(text("TRUNCATE journal"))
    await database.close()


async def test_what_an_entry_says_can_be_erased_and_the_chain_verifies(
    database: Database, register: DatabaseRegister
) -> None:
    await _told(register)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE journal SET body = NULL, salt = NULL WHERE seq IN (3, 5)"))
        await connection.commit()
    verified = await Journal(database).verify(ORGANISATION)
    assert isinstance(verified, Verified)
    assert (verified.entries, verified.erased) == (ENTRIES, 2)


async def test_a_long_chain_is_read_in_pieces(database: Database, register: DatabaseRegister) -> None:
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.commit(*(CallEnded(f"a{number}", "citizen") for number in range(1203)))
    most: list[int] = []

    def count(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "FROM journal " in statement.replace("\n", " "):
            most.append(1)

    _, reader = database.engines
    event.listen(reader.sync_engine, "before_cursor_execute", count)
    verified = await Journal(database).verify(ORGANISATION)
    event.remove(reader.sync_engine, "before_cursor_execute", count)
    assert isinstance(verified, Verified)
    assert verified.entries == 1203
    assert len(most) == 7


async def test_many_who_write_at_once_keep_one_chain(database: Database, second: Database) -> None:
    doors = [DatabaseRegister(database), DatabaseRegister(second)]

    async def tell(number: int) -> list[int]:
        seqs = []
        for time in range(25):
            async with doors[number % 2].begin(ORGANISATION, f"informer:{number}", later(time)) as transaction:
                seqs += [entry.seq for entry in await transaction.commit(CallEnded(f"a{number}", "citizen"))]
        return seqs

    told = await asyncio.gather(*(tell(number) for number in range(8)))
    assert sorted(seq for seqs in told for seq in seqs) == list(range(1, 201))
    assert all(seqs == sorted(seqs) for seqs in told)
    verified = await Journal(database).verify(ORGANISATION)
    assert isinstance(verified, Verified)
    assert verified.entries == 200


WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.domain.attention import Attention
from videoattention.domain.facts import AttentionRequested

async def write():
    register = DatabaseRegister(Database(sys.argv[1]))
    now = datetime.now(UTC)
    first = int(sys.argv[2])
    for number in range(first, first + 10_000):
        async with register.begin("gencat-demo", "citizen", now) as transaction:
            attention = f"k{number}"
            taken = Attention(attention, "gencat-demo", "oac-girona", "consulta", "ca", now)
            await transaction.attentions.add(taken)
            entries = await transaction.commit(AttentionRequested(attention, "oac-girona", "consulta", "ca"))
        print(attention, entries[0].seq, entries[0].hash, flush=True)

asyncio.run(write())
"""


async def _write_and_kill(database_url: str, first: int) -> list[list[str]]:
    """What a writing process had answered when it was killed, from its attention number ``first`` on."""
    command = sys.executable, "-c", WRITER, database_url, str(first)
    writer = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert writer.stdout
    answered = [(await writer.stdout.readline()).decode().split() for _ in range(20 + first % 7)]
    writer.send_signal(signal.SIGKILL)
    # what it had said before it died was answered too; the last line may be torn
    answered += [
        line.split() for line in (await writer.stdout.read()).decode().splitlines(keepends=True) if "\n" in line
    ]
    assert await writer.wait() == -signal.SIGKILL
    return answered


async def test_everything_that_was_answered_survives_kill_9(
    database: Database, register: DatabaseRegister, database_url: str
) -> None:
    for first in (0, 10_001, 20_002):
        answered = await _write_and_kill(database_url, first)
        async with register.begin(ORGANISATION, "service", NOW) as transaction:
            waiting = {turn.attention for turn in await transaction.line.turns(seen_since=NOW)}
        async with database.reading() as connection:
            kept = {row.seq: row.hash for row in (await connection.execute(select(journal))).all()}
        assert {attention for attention, _, _ in answered} <= waiting
        assert {int(seq): link for _, seq, link in answered}.items() <= kept.items()
        assert await Journal(database).verify(ORGANISATION) == Verified(len(kept), 0, kept[max(kept)])
        # state and journal are never one without the other
        assert len(waiting) == len(kept)
