"""One house for all of these tests: what they change of it they put back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conformance.house import House, a_house, now
from tests.conformance.led_astray import Errand, Lane
from tests.integration.edges.callers import Caller
from tests.integration.edges.talking import Talk, talking
from tests.integration.identity.hostile import hostile_provider
from tests.integration.identity.valid_stage import hostile_valid
from videoattention.entrypoints.http import login

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The service runs in this process: what it is used to say in its own is no fault of a test."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.filterwarnings("ignore:returning HTTPException object:DeprecationWarning"))


@pytest.fixture(scope="session")
async def the_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with a_house(tmp_path_factory.mktemp("conformance")) as one:
        yield one


@pytest.fixture
def house(the_house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Each lie is told in the journal, however soon after the one before."""
    monkeypatch.setattr(login, "TOLD_EVERY", timedelta(0))
    kept = dict(the_house.providers)
    yield the_house
    the_house.providers.update(kept)


@pytest.fixture
async def lane(house: House) -> AsyncIterator[Lane]:
    """A member of staff before a provider that lies."""
    async with hostile_provider() as hostile, Caller(house.url) as caller:
        hostile.clock.moment = now()
        yield Lane(house, hostile, caller)


@pytest.fixture(scope="module")
async def asked(the_house: House) -> AsyncIterator[Talk]:
    """One call, in which the citizen was asked to identify, for all lies: none of them changes anything of it."""
    async with talking(the_house) as talk:  # type: ignore[arg-type]  # it only asks where the service is
        await talk.ask_to_identify()
        yield talk


@pytest.fixture
async def errand(house: House, asked: Talk) -> AsyncIterator[Errand]:
    """The citizen of that call before a provider that lies."""
    async with hostile_valid() as hostile:
        hostile.clock.moment = now()
        yield Errand(house, hostile, asked)
