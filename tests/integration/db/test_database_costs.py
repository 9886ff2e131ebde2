"""What a view costs: a fixed number of queries however full the tables, and never a walk through a whole table."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text

from tests.integration.db.cases import (
    NOW,
    ORGANISATION,
    add,
    commit,
    person,
    record,
    sit_down,
    talking,
    waiting,
)
from videoattention.adapters.db.sessions import DatabaseSessions
from videoattention.domain.facts import CallEnded

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from sqlalchemy import Connection

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.queries import DatabaseViews
    from videoattention.adapters.db.register import DatabaseRegister

    View = Callable[[DatabaseViews], Coroutine[Any, Any, object]]

VIEWS: dict[str, View] = {
    "offices": lambda views: views.offices("ca", seen_since=NOW),
    "citizen": lambda views: views.citizen(ORGANISATION, "a1", "ca", seen_since=NOW),
    "waiting citizen": lambda views: views.citizen(ORGANISATION, "w1", "ca", seen_since=NOW),
    "desk": lambda views: views.desk(ORGANISATION, "marta", "ca", seen_since=NOW),
    "recordings": lambda views: views.recordings(ORGANISATION, "ca"),
    "recording": lambda views: views.recording(ORGANISATION, "r1", "ca"),
    "journal": lambda views: views.journal(ORGANISATION, "a1"),
    "talking": lambda views: views.talking(),
    "organisations waiting": lambda views: views.organisations_waiting(),
    "unsealed": lambda views: views.unsealed(),
    "owner of recording": lambda views: views.owner_of_recording("r1"),
}
MOST_QUERIES = 8
"""Of one view, a call's: among them one for its papers and one for a visual identification."""
CHOSEN = {
    "offices": "ix_attentions_stage",
    "citizen": "ix_recordings_attention",
    "waiting citizen": "ix_attentions_stage",
    "desk": "ix_attentions_informer_stage",
    "recordings": "ix_recordings_requested",
    "journal": "ix_journal_attention",
    "unsealed": "ix_recordings_stage",
}
"""The index without which a view would read everything that its organisation ever did."""
NEVER_WALKED = "attentions", "recordings", "journal"

Sent = list[tuple[str, Any]]


@contextmanager
def _sent(database: Database) -> Iterator[Sent]:
    """Every query that is sent meanwhile, with its parameters."""
    sent: Sent = []

    def note(_connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:  # noqa: ANN401 - the driver's
        sent.append((statement, parameters))

    # in PostgreSQL both engines use one pool, and the writer hears of what the reader sends
    engines = {id(each.sync_engine.pool): each for each in reversed(database.engines)}.values()
    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def _fill(register: DatabaseRegister, *, from_: int, to: int) -> None:
    for number in range(from_, to):
        await add(register, waiting(f"w{number}", arrived=number), talking(f"t{number}", informer=f"i{number}"))
        await register.seen(f"attention:w{number}", now=NOW)
        await record(register, f"t{number}", f"r-t{number}", requested=number)
        await commit(register, CallEnded("a1", "citizen"))
    await sit_down(register, *(person(f"i{number}") for number in range(from_, to)))


async def _start(register: DatabaseRegister) -> None:
    await add(register, talking("a1"), waiting("w0"))
    await sit_down(register, person())
    await record(register)


async def _counts(database: Database, views: DatabaseViews) -> dict[str, int]:
    counts = {}
    for name, view in VIEWS.items():
        with _sent(database) as sent:
            await view(views)
        counts[name] = len([statement for statement, _ in sent if statement.lstrip().startswith("SELECT")])
    return counts


async def test_a_view_costs_the_same_however_full_the_tables(
    database: Database, register: DatabaseRegister, views: DatabaseViews
) -> None:
    await _start(register)
    await _fill(register, from_=1, to=3)
    few = await _counts(database, views)
    await _fill(register, from_=3, to=20)
    assert await _counts(database, views) == few
    assert max(few.values()) <= MOST_QUERIES, few
    assert min(few.values()) >= 1


async def test_no_view_walks_through_a_whole_table(
    database: Database, register: DatabaseRegister, views: DatabaseViews
) -> None:
    await _start(register)
    await _fill(register, from_=1, to=4)
    for name, view in VIEWS.items():
        plans = await plans_of(database, view(views))
        walked = [line for line in plans for table in NEVER_WALKED if walks(line, table)]
        assert not walked, (name, plans)
        # the planner of PostgreSQL weighs figures, and those of a test's tables say nothing
        if database.engines[0].dialect.name == "sqlite":
            assert CHOSEN.get(name, "") in " ".join(plans), (name, plans)


async def test_closing_the_sessions_of_an_attention_walks_through_nobody_elses(database: Database) -> None:
    plans = await plans_of(database, DatabaseSessions(database).close_of(ORGANISATION, "a1"))
    assert not [line for line in plans if walks(line, "sessions")], plans
    assert "ix_sessions_attention" in " ".join(plans), plans


async def plans_of(database: Database, view: Coroutine[Any, Any, object]) -> list[str]:
    """How the database answers each query of the view, or finds what is to be deleted."""
    with _sent(database) as sent:
        await view
    plans = [line for statement, parameters in sent for line in await _plan(database, statement, parameters)]
    assert plans
    return plans


def walks(line: str, table: str) -> bool:
    """Whether a line of a plan reads every row of the table, from the table itself or from an index."""
    words = line.replace("->", "").split()
    return words[:2] == ["SCAN", table] or f"Seq Scan on {table}" in line


async def _plan(database: Database, statement: str, parameters: Any) -> list[str]:  # noqa: ANN401 - the driver's
    if not statement.lstrip().startswith(("SELECT", "DELETE")):
        return []
    async with database.reading() as connection:
        if connection.dialect.name == "sqlite":
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [str(row.detail) for row in rows]
        # tables of tests are so small that walking through them is cheapest: forbid it where there is another way
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return [str(line) for line in rows.scalars()]
