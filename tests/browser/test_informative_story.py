"""Somebody asks a question by video, does not say who they are, and leaves nothing but times and the answer.

That nothing else was kept is proved to whoever has no service, and any change of the proof is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from tests.browser.test_stories import a_call
from tests.story.evidence import database_of
from tests.story.packages import no_byte_can_change, proves_nothing_recorded
from tests.story.people import conclude
from tests.story.running import RunningService
from videoattention.adapters.db.tables import attentions, consents, recordings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service in a new folder."""
    async with RunningService(tmp_path) as running:
        yield running


async def test_an_informative_attention_is_anonymous_and_stores_nothing(
    chromium: Browser, service: RunningService, tmp_path: Path
) -> None:
    citizen, informer = await a_call(chromium, chromium, service)
    assert await citizen.state("level") == "informative"
    assert await citizen.state("recorder") == "absent"
    await citizen.press("hang-up")
    await conclude(informer, "S'ha informat dels terminis.")
    await citizen.until(stage="closed", recorded="nothing")
    assert not [path for path in service.recordings.rglob("*") if path.is_file()]
    database = database_of(service)
    try:
        async with database.reading() as connection:
            row = (await connection.execute(select(attentions))).one()
            assert row.level == "informative"
            assert (row.identity_name, row.identity_document, row.identity_subject) == (None, None, None)
            for table in (consents, recordings):
                assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == 0
    finally:
        await database.close()
    receipt = await citizen.context.request.get(f"{service.url}/attention/receipt.json")
    assert receipt.status == 200
    told = await proves_nothing_recorded(service, tmp_path / "elsewhere")
    assert "The receipts hold: 2 files, signed or named by their hash." in told
    assert "nobody asked for a consent to record, and none was in force" in told
    (package,) = (tmp_path / "elsewhere").glob("*.zip")
    no_byte_can_change(package)
    for person in (citizen, informer):
        assert not person.problems
        await person.leave()
