"""The tables' history leads to the tables that the code speaks of, on both databases."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from tests.integration.db.cases import NOW
from videoattention.adapters.db.database import Database, migrate
from videoattention.adapters.db.tables import metadata, presence, sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


Shape = dict[str, Any]


def _shape(connection: Connection) -> Shape:
    """Everything of the tables that can be seen from outside, in one order."""
    seen = inspect(connection)
    names = sorted(set(seen.get_table_names()) - {"alembic_version"})
    return {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(name)],
            "key": seen.get_pk_constraint(name),
            "references": sorted(map(str, seen.get_foreign_keys(name))),
            "unique": sorted(map(str, seen.get_unique_constraints(name))),
            "indexes": sorted(
                (str(i["name"]), i["column_names"], i["unique"], _where(dict(i))) for i in seen.get_indexes(name)
            ),
        }
        for name in names
    }


def _where(index: Mapping[str, Any]) -> str:
    options = index.get("dialect_options", {})
    return str(options.get("sqlite_where", options.get("postgresql_where", "")))


def _differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str | None:
    config = Config()
    config.set_main_option("script_location", "videoattention.adapters.db:migrations")
    return ScriptDirectory.from_config(config).get_current_head()


async def test_upgrade_from_nothing_leads_to_the_tables_of_the_code(database_url: str) -> None:
    database = Database(database_url)
    async with database.writing() as connection:
        await connection.run_sync(metadata.create_all)
        expected = await connection.run_sync(_shape)
        await connection.rollback()
    await database.migrate()
    async with database.writing() as connection:
        assert await connection.run_sync(_shape) == expected
        assert await connection.run_sync(_differences) == []
    await database.close()
    assert len(expected) == len(metadata.tables)
    assert "offered" in str(expected["attentions"]["indexes"])


async def test_a_second_migration_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    database = Database(database_url)
    async with database.writing() as connection:
        await connection.execute(presence.insert().values(key="attention:a", seen_at=NOW))
        before = await connection.run_sync(_shape), await connection.run_sync(_version)
        await connection.commit()
    await database.migrate()
    async with database.reading() as connection:
        assert (await connection.run_sync(_shape), await connection.run_sync(_version)) == before
        assert len((await connection.execute(presence.select())).all()) == 1
    await database.close()


async def test_two_nodes_that_start_together_migrate_once(database_url: str) -> None:
    program = "import asyncio, sys, videoattention.adapters.db.database as db; asyncio.run(db.migrate(sys.argv[1]))"
    command = sys.executable, "-c", program, database_url
    nodes = [await asyncio.create_subprocess_exec(*command) for _ in range(2)]
    assert [await node.wait() for node in nodes] == [0, 0]
    database = Database(database_url)
    async with database.reading() as connection:
        assert await connection.run_sync(_version) == _newest()
    await database.close()


async def test_readers_cannot_write(database: Database) -> None:
    async with database.reading() as connection:
        with pytest.raises(DBAPIError):
            await connection.execute(sessions.delete())


async def test_what_is_answered_is_durable(database: Database) -> None:
    async with database.writing() as connection:
        if connection.dialect.name == "sqlite":
            names = ["journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout"]
            settings = [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names]
            assert settings == ["wal", 2, 1, 1, 10000]
        else:
            names = ["synchronous_commit", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
            settings = [(await connection.execute(text(f"SHOW {name}"))).scalar() for name in names]
            assert settings == ["on", "15s", "10s", "30s"]


async def test_readers_go_on_while_somebody_writes_and_see_one_moment(database: Database) -> None:
    async with database.reading() as reader, database.writing() as writer:
        assert not (await reader.execute(presence.select())).all()
        await writer.execute(presence.insert().values(key="attention:a", seen_at=NOW))
        await writer.commit()
        assert not (await reader.execute(presence.select())).all()
    async with database.reading() as reader:
        assert (await reader.execute(presence.select())).one().seen_at == NOW


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://somewhere/db"])
def test_a_database_that_cannot_serve_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SQLite"):
        Database(url)
