"""A provider in VÀLid's dialect that lies to a citizen in a call: each lie ends on a clear page and in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conformance.led_astray import ANYBODY_CAN_SAY
from tests.integration.identity.valid_mutations import EVERY

if TYPE_CHECKING:
    from tests.conformance.led_astray import Errand
    from tests.integration.identity.valid_mutations import Change

pytestmark = pytest.mark.mutation


@pytest.mark.parametrize(
    ("code", "change"), [pytest.param(*lie, id=name) for lies in EVERY.values() for name, lie in lies.items()]
)
async def test_a_lie_ends_on_a_clear_page_and_in_the_journal(errand: Errand, code: str, change: Change) -> None:
    change(errand.hostile)
    errand.settle()
    before = await errand.house.refused()
    page = await errand.identify()
    told = ANYBODY_CAN_SAY.get(code, code)
    assert (page.status, page.headers["X-Reason"]) == (403, told)
    assert 'data-identified="no"' in page.text
    assert "<script>" not in page.text
    assert (await errand.house.refused())[len(before) :] == [("citizens", told)]
    assert await errand.house.facts("CitizenIdentified", "gencat-demo") == []
