"""What every test may ask for: browsers and databases.

**One event loop for the session** (`asyncio_default_*_loop_scope = "session"` in pyproject.toml). A browser is started
once and its connection lives on the loop it was started on, so tests and fixtures share that loop; a server that a
fixture starts keeps answering while the test awaits. A test ends what it starts: a task left
behind would meet the next test.
"""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from playwright.async_api import async_playwright

from tests.browsers import chromium_path, firefox_path, launch_chromium, launch_firefox
from tests.postgres import PostgresServer, programs_folder, running_server
from tests.turn import as_documented, running_coturn, turnserver_path

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from playwright.async_api import Browser, Playwright

    from tests.turn import Coturn, StartCoturn

pytest_plugins = ["tests.no_skips"]

# what a rule promises is not how fast this machine is: no example fails because it took long
settings.register_profile("by_the_rules", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("by_the_rules")


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """Playwright's driver, for a test that launches a browser its own way (`tests.browsers`)."""
    async with async_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    """One headless Chromium; every person of a test is a context of their own."""
    program = chromium_path()
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    browser = await launch_chromium(playwright, program)
    yield browser
    await browser.close()


@pytest.fixture(scope="session")
async def firefox(playwright: Playwright) -> AsyncIterator[Browser]:
    """One headless Firefox; every person of a test is a context of their own."""
    program = firefox_path()
    if program is None:
        pytest.skip("Firefox is not installed: apt-get install firefox-esr")
    browser = await launch_firefox(playwright, program)
    yield browser
    await browser.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server on a free port, as an ordinary user."""
    programs = programs_folder()
    if programs is None:
        pytest.skip("PostgreSQL 15 is not installed: apt-get install postgresql-15")
    with running_server(programs) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a new, empty database in PostgreSQL."""
    database = f"test_{uuid.uuid4().hex}"
    postgres_server.create(database)
    yield postgres_server.url(database)
    postgres_server.drop(database)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty database: the test runs once in SQLite and once in PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite+aiosqlite:///{tmp_path / 'attention.sqlite3'}"


@pytest.fixture
def start_coturn(tmp_path: Path) -> Iterator[StartCoturn]:
    """Starts TURN servers on free ports, each as the documents have it or changed; they end with the test."""
    if turnserver_path() is None:
        pytest.skip("coturn is not installed: apt-get install coturn")
    with ExitStack() as stack:
        yield lambda change=as_documented: stack.enter_context(running_coturn(tmp_path / "coturn", change))


@pytest.fixture
def coturn(start_coturn: StartCoturn) -> Coturn:
    """A TURN server as the documents have it."""
    return start_coturn()
