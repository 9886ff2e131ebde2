"""One running service for the tests of its edges; each test makes its own people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.edges.pulse import idle_server
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
