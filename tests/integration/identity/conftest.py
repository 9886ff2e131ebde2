from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.identity.town import Town, a_town

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with a_town() as one:
        yield one
