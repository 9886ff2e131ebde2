"""A town for every test: its database is migrated and seeded once, and copied."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from shutil import copyfile
from typing import TYPE_CHECKING

import pytest

from tests.unit.services.town import HELP, PLATFORM_ITSELF, TEXT, Town
from videoattention.adapters.db.catalogue import keep_texts, seed
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.demo import DEMO

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


async def found(path: Path) -> None:
    """Make a database in which nothing has happened yet."""
    database = Database(f"sqlite:///{path}")
    await database.migrate()
    await seed(database, (PLATFORM_ITSELF, *DEMO))
    await keep_texts(database, (HELP, TEXT))
    await database.close()


@pytest.fixture(scope="session")
async def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of such a database."""
    path = tmp_path_factory.mktemp("founded") / "town.db"
    await found(path)
    return path


@pytest.fixture
async def quiet(founded: Path, tmp_path: Path) -> AsyncIterator[Town]:
    """A town in which nothing follows from anything: reactions are queued, and nobody does them."""
    town = Town(copyfile(founded, tmp_path / "town.db"))
    yield town
    await town.database.close()


@pytest.fixture
async def town(quiet: Town) -> AsyncIterator[Town]:
    """A town whose reactions are done."""
    running = asyncio.create_task(quiet.reactions.run())
    yield quiet
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
