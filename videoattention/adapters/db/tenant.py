"""The one door to a tenant's rows: every read and write through it is of one organisation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, literal, select
from sqlalchemy.exc import IntegrityError

from videoattention.adapters.db.columns import Unkeepable, insert_into
from videoattention.adapters.db.tables import journal_heads
from videoattention.services.ports import NotFound, Stale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Executable, Row, Select, Table
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.ext.asyncio import AsyncConnection

NO_LINK: Final = "0" * 64
"""What the first entry of a chain follows."""

_FOREIGN_KEY: Final = frozenset({"SQLITE_CONSTRAINT_FOREIGNKEY", "23503"})


@dataclass(frozen=True, slots=True)
class Head:
    """The end of an organisation's journal: the last sequence number (0 if none) and its link."""

    seq: int
    hash: str


class TenantConnection:
    """A writing connection that knows one organisation only.

    Before its first write it locks the end of the organisation's journal, as every other transaction of the
    organisation does: so writes queue in one line and never wait for each other in a ring. What was read before the
    lock is guarded by versions.
    """

    def __init__(self, connection: AsyncConnection, organisation: str) -> None:
        self.organisation = organisation
        self._connection = connection
        self._head: Head | None = None
        self._spoiled = False
        self._ended = False

    def owns(self, table: Table) -> ColumnElement[bool]:
        """The condition that belongs in every query."""
        owned: ColumnElement[bool] = table.c.organisation == self.organisation
        return owned

    async def fetch(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        """Every row of a query."""
        return (await self._connection.execute(query)).all()

    async def first(self, query: Select[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]] | None:
        """The first row of a query, if any."""
        return (await self._connection.execute(query)).first()

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that can say what happens on a conflict; its rows come from `row`."""
        return insert_into(table, self._connection)

    def row(self, **values: object) -> dict[str, object]:
        """The values of a row of this organisation."""
        return {"organisation": self.organisation, **values}

    async def write(self, statement: Executable, rows: Sequence[Mapping[str, object]] | None = None) -> int:
        """Carry out a change; returns how many rows it touched.

        Raises `Stale` when the change breaks a rule of uniqueness and `NotFound` when it names what is not there;
        either ends the transaction.
        """
        await self.head()
        try:
            result = await self._connection.execute(statement, rows)
        except Unkeepable:
            self._spoiled = True
            raise
        except IntegrityError as error:
            self._spoiled = True
            raise _refusal(error) from error
        return int(getattr(result, "rowcount", 0))

    async def add(self, table: Table, *rows: Mapping[str, object]) -> None:
        """Insert rows; raises as `write` does."""
        await self.write(table.insert(), rows)

    async def update(self, table: Table, key: Mapping[str, str], version: int, values: Mapping[str, object]) -> None:
        """Change the row that still has this version, and count it up; raises `Stale` if there is none."""
        same = and_(*(table.c[column] == value for column, value in key.items()))
        statement = table.update().where(self.owns(table), same, table.c.version == version)
        if await self.write(statement.values(**values, version=version + 1)) != 1:
            self._spoiled = True
            raise Stale(f"{table.name} {key} is not at version {version} any more")

    async def lock(self, *names: str) -> None:
        """Wait until no other transaction of any organisation holds one of these names; they are held to the end.

        After the end of the journal, and all at once: so nobody waits in a ring. In SQLite who writes is alone already.
        """
        await self.head()
        if self._connection.dialect.name != "postgresql":
            return
        for number in sorted({_number_of(name) for name in names}):
            await self._connection.execute(select(func.pg_advisory_xact_lock(number)))

    async def head(self) -> Head:
        """The end of the journal, locked until the transaction ends."""
        if self._ended:
            raise RuntimeError("the transaction was committed; nothing can be changed in it any more")
        if self._head is None:
            self._head = await self._locked_head()
        return self._head

    async def _locked_head(self) -> Head:
        query = select(journal_heads.c.seq, journal_heads.c.hash).where(self.owns(journal_heads)).with_for_update()
        found = await self.first(query)
        if found is None:
            fresh = self.insert(journal_heads).on_conflict_do_nothing()
            await self._connection.execute(fresh, self.row(seq=0, hash=NO_LINK))
            found = await self.first(query)
        if found is None:
            raise RuntimeError("the end of the journal cannot be locked")
        return Head(found.seq, found.hash)

    async def commit(self) -> None:
        """End the transaction; raises `Stale` if one of its changes did, even when the caller went on."""
        if self._spoiled:
            raise Stale("a change of this transaction was refused")
        await self._connection.commit()
        self._ended = True


def _number_of(name: str) -> int:
    """A name as a number of 63 bits, by which PostgreSQL knows a lock."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


def _refusal(error: IntegrityError) -> Exception:
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    if code in _FOREIGN_KEY:
        return NotFound("a change names something that this organisation does not have")
    return Stale("somebody else was first")


def presence_key(kind: str, *parts: ColumnElement[str]) -> ColumnElement[str]:
    """The key under which a page is heard of, as an expression of its columns: ``attention:<id>``."""
    key: ColumnElement[str] = literal(kind)
    for part in parts:
        key = key + ":" + part
    return key
