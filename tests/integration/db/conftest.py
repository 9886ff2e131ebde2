"""A migrated and seeded database, in SQLite and in PostgreSQL, and the doors to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.db.cases import TEXTS
from videoattention.adapters.db.catalogue import keep_texts, seed
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.demo import DEMO
from videoattention.adapters.db.queries import DatabaseViews
from videoattention.adapters.db.register import DatabaseRegister

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with every table, the demonstration's organisations and the texts of `cases`."""
    opened = Database(database_url)
    await opened.migrate()
    await seed(opened, DEMO)
    await keep_texts(opened, TEXTS)
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
