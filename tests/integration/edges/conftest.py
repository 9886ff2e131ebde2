"""One running service for the tests of its edges; each test makes its own people."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.integration.edges import ledger
from tests.integration.edges.pulse import idle_server
from tests.integration.edges.talking import talking
from tests.story.running import RunningService

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture(scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningService]:
    """`serve` in its own process."""
    async with RunningService(tmp_path_factory.mktemp("edges")) as running:
        yield running


@pytest.fixture(scope="session")
async def idle() -> AsyncIterator[str]:
    """Where a server is that has nothing to do, to compare with."""
    async with idle_server() as where:
        yield where


@pytest.fixture(scope="session")
async def recorded(service: RunningService) -> str:
    """A sealed recording of a call at the office of Girona, with both people's sound and picture."""
    async with talking(service) as talk:
        await talk.connect()
        await talk.raise_to_attended()
        await talk.hear(40)
        await talk.end()
        attention = talk.attention
    query = "SELECT id FROM recordings WHERE attention = ? AND stage = 'sealed'"
    async with asyncio.timeout(20):
        while not (recording := ledger.value(service, query, attention)):  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.1)
    return recording
