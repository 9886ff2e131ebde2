"""A provider that lies, met by the pages of the running service: each lie ends on a clear page and in the journal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.conformance.led_astray import ANYBODY_CAN_SAY, Lane
from tests.integration.identity.mutations import ANSWER, KEYS, LOGOUTS, METADATA, TOKEN

if TYPE_CHECKING:
    from tests.integration.edges.callers import Answer
    from tests.integration.identity.mutations import Change

pytestmark = pytest.mark.mutation

LIES = {**TOKEN, **KEYS, **METADATA, **ANSWER}
BEFORE_THE_SIGNATURE = {
    "token_header_refused",
    "token_algorithm_refused",
    "token_type_refused",
    "token_signature_invalid",
    "key_unknown",
}
"""A logout that is refused for these may be anybody's, and so is in the log alone."""


@pytest.mark.parametrize(("code", "change"), [pytest.param(*lie, id=name) for name, lie in LIES.items()])
async def test_a_lie_ends_on_a_clear_page_and_in_the_journal(lane: Lane, code: str, change: Change) -> None:
    change(lane.hostile)
    lane.settle()
    before = await lane.house.refused()
    page = await lane.sign_in()
    told = ANYBODY_CAN_SAY.get(code, code)
    assert (page.status, page.headers["X-Reason"]) == (403, told)
    assert page.headers["Content-Type"].startswith("text/html")
    assert _title(page) == _title(await lane.caller.get("/staff/callback")), "You could not sign in"
    assert 'class="lead"' in page.text
    assert "<script>" not in page.text.replace('<script type="module"', "")
    assert (await lane.caller.get("/desk")).status == 303
    expected = [] if code in ANYBODY_CAN_SAY else [("staff", told)]
    assert (await lane.house.refused())[len(before) :] == expected


@pytest.mark.parametrize(("code", "change"), [pytest.param(*lie, id=name) for name, lie in LOGOUTS.items()])
async def test_a_false_logout_ends_no_session(lane: Lane, code: str, change: Change) -> None:
    change(lane.hostile)
    lane.settle()
    before = await lane.house.refused()
    said = await lane.caller.post("/staff/back-channel-logout", {"logout_token": lane.hostile.logout_token()})
    assert (said.status, said.body) == (400, f'{{"error": "{code}"}}'.encode())
    expected = [] if code in BEFORE_THE_SIGNATURE else [("staff", code)]
    assert (await lane.house.refused())[len(before) :] == expected


def _title(page: Answer) -> str:
    found = re.search(r"<h1>(.+)</h1>", page.text)
    assert found, page.text
    return found[1]
