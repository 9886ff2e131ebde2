"""A migrated and seeded database, in SQLite and in PostgreSQL, and the doors to it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url

from tests.integration.db.cases import TEXTS
from videoattention.adapters.db.catalogue import keep_texts, seed
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.demo import DEMO
from videoattention.adapters.db.queries import DatabaseViews
from videoattention.adapters.db.register import DatabaseRegister

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.postgres import PostgresServer

READY = "ready"
"""What the tests' own databases are copies of."""


async def _made(url: str) -> None:
    """Every table, the demonstration's organisations and the texts of `cases`."""
    opened = Database(url)
    await opened.migrate()
    await seed(opened, DEMO)
    await keep_texts(opened, TEXTS)
    await opened.close()


@pytest.fixture(scope="session")
async def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `database` copies in SQLite: the migrations take longer than most tests."""
    file: Path = tmp_path_factory.mktemp(READY) / "attention.sqlite3"
    await _made(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(scope="session")
async def ready_server(postgres_server: PostgresServer) -> PostgresServer:
    """The server whose database `READY` is what `database` copies in PostgreSQL."""
    postgres_server.create(READY)
    await _made(postgres_server.url(READY))
    return postgres_server


@pytest.fixture
def filled_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """`database_url`, whose database is a copy of the one made ready."""
    place = make_url(database_url).database or ""
    if database_url.startswith("sqlite"):
        shutil.copy(request.getfixturevalue("ready_file"), place)
    else:
        server: PostgresServer = request.getfixturevalue("ready_server")
        server.copy(READY, place)
    return database_url


@pytest.fixture
async def database(filled_url: str) -> AsyncIterator[Database]:
    """A database with every table, the demonstration's organisations and the texts of `cases`."""
    opened = Database(filled_url)
    yield opened
    await opened.close()


@pytest.fixture
async def second(database: Database, database_url: str) -> AsyncIterator[Database]:
    """The same database through connections of its own, as another process would have."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def register(database: Database) -> DatabaseRegister:
    """The door that writes."""
    return DatabaseRegister(database)


@pytest.fixture
def views(database: Database) -> DatabaseViews:
    """The reading side."""
    return DatabaseViews(database)
