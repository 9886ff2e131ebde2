"""What the service has written, read from its database by another process: this one."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING

from videoattention.adapters.db.database import Database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.story.running import RunningService

VOLATILE = {"presence", "sessions", "sign_ins"}
"""Tables that tell of pages being open, not of anything that was done."""


def everything(service: RunningService) -> dict[str, str]:
    """A digest of each table, the journal and its heads among them."""
    with closing(_connected(service)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: _digest(connection, name) for name in names if name not in VOLATILE}


def heads(service: RunningService) -> dict[str, int]:
    """How long each organisation's journal is."""
    with closing(_connected(service)) as connection:
        return dict(connection.execute("SELECT organisation, seq FROM journal_heads"))


def facts_since(service: RunningService, seq: int, organisation: str) -> list[tuple[str, str, str]]:
    """(kind, actor, body) of what an organisation's journal got after an entry."""
    query = "SELECT kind, actor, body FROM journal WHERE organisation = ? AND seq > ? ORDER BY seq"
    with closing(_connected(service)) as connection:
        return list(connection.execute(query, (organisation, seq)))


def value(service: RunningService, query: str, *values: object) -> str:
    """The first column of the first row; empty without one."""
    with closing(_connected(service)) as connection:
        row = connection.execute(query, values).fetchone()
    return str(row[0]) if row else ""


def rows(service: RunningService, query: str, *values: object) -> list[tuple[str, ...]]:
    """Every row."""
    with closing(_connected(service)) as connection:
        return list(connection.execute(query, values))


def change(service: RunningService, statement: str, *values: object) -> None:
    """Alter the database behind the service's back, as time would."""
    with closing(sqlite3.connect(_path(service), timeout=10)) as connection, connection:
        connection.execute(statement, values)


@asynccontextmanager
async def opened(service: RunningService) -> AsyncIterator[Database]:
    """The database adapter of this process on the service's data."""
    database = Database(f"sqlite:///{_path(service)}")
    try:
        yield database
    finally:
        await database.close()


def _path(service: RunningService) -> str:
    return str(service.folder / "data" / "videoattention.sqlite3")


def _connected(service: RunningService) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{_path(service)}?mode=ro", uri=True, timeout=10)


def _digest(connection: sqlite3.Connection, table: str) -> str:
    rows = sorted(map(repr, connection.execute(f"SELECT * FROM {table}")))  # noqa: S608 - a name of its own schema
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
