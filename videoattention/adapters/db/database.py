"""A database by its address: connections that lose nothing, readers that see one moment, and the newest tables."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, nullcontext
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import aiosqlite
from alembic import command
from alembic.config import Config
from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]  # the driver has no types
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import URL, Connection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_DRIVERS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

_SQLITE: Final = (
    "PRAGMA journal_mode=WAL",
    # a commit that was answered survives the machine: FULL writes the log through at each one
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    # what is erased must not be found in the file
    "PRAGMA secure_delete=ON",
    # an INSERT OR REPLACE must not slip past the triggers that guard the journal
    "PRAGMA recursive_triggers=ON",
)

_POSTGRESQL: Final = {
    "application_name": "videoattention",
    "timezone": "UTC",
    "synchronous_commit": "on",
    "statement_timeout": "15000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "30000",
}

_ERASED_FROM: Final = (
    "data_keys",
    "organisation_keys",
    "signing_keys",
    "journal",
    "attentions",
    "consents",
    "phone_checks",
    "login_evidence",
    "deliveries",
    "delivery_bodies",
    "visuals",
    "visual_stills",
    "judgements",
    "data_requests",
)
"""The tables from which keys and personal data are erased."""

_SCRUB_TRIES: Final = 100
_SCRUB_AGAIN: Final = 0.05
"""Seconds between two tries: a reader is away in milliseconds."""

ANSWERS_WITHIN: Final = 3.0
"""Seconds after which a database that says nothing counts as away."""

_MIGRATION_LOCK: Final = 0x7669646561
"""Any number, but always the same: nodes that start together migrate one after the other."""


class Database:
    """One database, used from one event loop.

    ``url`` is SQLAlchemy's address, ``sqlite:///<file>`` or ``postgresql://…``; the driver is chosen here. A database
    in memory is refused, for its readers could not see what its writer wrote.
    """

    def __init__(self, url: str) -> None:
        address = _with_driver(url)
        if address.get_backend_name() == "sqlite":
            self._writer, self._reader = _sqlite_writer(address), _sqlite_reader(address)
        else:
            self._writer = create_async_engine(
                address, hide_parameters=True, pool_pre_ping=True, connect_args={"server_settings": dict(_POSTGRESQL)}
            )
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._turn: asyncio.Lock | None = asyncio.Lock() if address.get_backend_name() == "sqlite" else None

    @property
    def engines(self) -> tuple[AsyncEngine, AsyncEngine]:
        """The engines that write and read; in PostgreSQL both use the same connections."""
        return self._writer, self._reader

    async def open(self) -> None:
        """Reach the database; raises SQLAlchemy's `OperationalError` or `OSError` when that is impossible."""
        async with self.writing() as connection:
            await connection.execute(text("SELECT 1"))

    async def answers(self) -> bool:
        """Whether it can be read now; it has `ANSWERS_WITHIN` for that."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN), self.reading() as connection:
                await connection.execute(text("SELECT 1"))
        except (OSError, SQLAlchemyError, PostgresError, InterfaceError):  # a time that is over is one of the first
            return False
        return True

    async def close(self) -> None:
        """Let every connection go; what was not committed is not kept."""
        await self._reader.dispose()
        await self._writer.dispose()

    async def migrate(self) -> None:
        """Bring the tables to this version of the program, in one transaction; doing it again changes nothing."""
        async with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(text("SET LOCAL statement_timeout = 0"))
                await connection.execute(text("SET LOCAL lock_timeout = 0"))
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            await connection.run_sync(_upgrade)
            await connection.commit()

    async def scrub(self) -> bool:
        """Leave nothing in the database's files of what was deleted or replaced before; whether that was possible.

        SQLite overwrites what it deletes (``secure_delete``), and its log is written through and cut here, unless
        somebody keeps reading what was before. PostgreSQL takes the dead rows out of its pages; its own write-ahead
        log is kept for as long as its operator says.
        """
        if self._turn is None:
            return await self._vacuumed()
        for _ in range(_SCRUB_TRIES):
            if await self._log_cut():
                return True
            await asyncio.sleep(_SCRUB_AGAIN)
        return False

    async def _vacuumed(self) -> bool:
        async with self._writer.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            # a large table takes longer than any statement of the service may
            await connection.execute(text("SET statement_timeout = 0"))
            try:
                await connection.execute(text(f"VACUUM {', '.join(_ERASED_FROM)}"))
            except DBAPIError:
                return False  # somebody else holds a table; what was deleted is deleted all the same
            finally:
                await connection.execute(text("RESET statement_timeout"))
        return True

    async def _log_cut(self) -> bool:
        async with self._turn or nullcontext(), self._writer.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            if raw is None:
                return False
            # a reader is not waited for here, for nobody could write meanwhile
            await raw.execute("PRAGMA busy_timeout=0")
            try:
                cursor = await raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                busy, _, _ = await cursor.fetchone()
            finally:
                await raw.execute("PRAGMA busy_timeout=10000")
            return not busy

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees the database as it was at its first query, and cannot write."""
        async with self._reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes; without ``await connection.commit()`` nothing is kept.

        In SQLite it is alone until it ends: in this process by a lock, among processes by ``BEGIN IMMEDIATE``. So
        nothing slow may be awaited inside.
        """
        async with self._turn or nullcontext(), self._writer.connect() as connection:
            await connection.begin()
            yield connection


async def migrate(url: str) -> None:
    """Bring the database at this address to this version of the program."""
    database = Database(url)
    try:
        await database.migrate()
    finally:
        await database.close()


def _with_driver(url: str) -> URL:
    address = make_url(url)
    backend = address.get_backend_name()
    if backend not in _DRIVERS:
        raise ValueError(f"a database of SQLite or PostgreSQL is needed, not {backend!r}")
    if backend == "sqlite" and address.database in {None, "", ":memory:"}:
        raise ValueError("SQLite needs a file: readers could not see a database in memory")
    return address.set(drivername=_DRIVERS[backend])


def _sqlite_writer(address: URL) -> AsyncEngine:
    engine = create_async_engine(
        address, hide_parameters=True, pool_size=1, max_overflow=0, connect_args={"async_creator_fn": _opened}
    )
    _prepare_sqlite(engine, begin="BEGIN IMMEDIATE", settings=_SQLITE)
    return engine


def _sqlite_reader(address: URL) -> AsyncEngine:
    engine = create_async_engine(
        address, hide_parameters=True, pool_size=4, max_overflow=4, connect_args={"async_creator_fn": _opened}
    )
    _prepare_sqlite(engine, begin="BEGIN", settings=(*_SQLITE[3:], "PRAGMA query_only=ON"))
    return engine


async def _opened(*where: Any, **how: Any) -> aiosqlite.Connection:  # noqa: ANN401 - the driver's own, behind SQLAlchemy
    """As SQLAlchemy opens one; but the thread of a file that cannot be opened has ended before that is told.

    The driver leaves it with a last word to the event loop, which may have closed meanwhile.
    """
    connection = aiosqlite.connect(*where, **how)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does
    try:
        return await connection
    except BaseException:
        await asyncio.to_thread(connection._thread.join)  # noqa: SLF001 - nothing public tells of its end
        raise


def _prepare_sqlite(engine: AsyncEngine, *, begin: str, settings: tuple[str, ...]) -> None:
    """Take BEGIN away from the driver, which would put it before the first write only."""

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own, behind SQLAlchemy
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in settings:
            cursor.execute(setting)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(files(__package__) / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
