"""An address that asks without end is told to wait, in words; nobody else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.edges.callers import Caller

if TYPE_CHECKING:
    from tests.story.running import RunningService


async def test_who_asks_without_end_is_told_to_wait(service: RunningService) -> None:
    crowd = {"X-Forwarded-For": "203.0.113.7"}
    async with Caller(service.url) as caller:
        told = [await caller.get("/staff/callback?state=x", headers=crowd) for _ in range(200)]
        assert {answer.status for answer in told[:120]} == {403}
        assert told[-1].status == 429
        assert told[-1].headers["X-Reason"] == "too_many_requests"
        assert "<h1" in told[-1].text
        assert (await caller.get("/staff/callback?state=x", headers={"X-Forwarded-For": "203.0.113.8"})).status == 403
        assert (await caller.get("/", headers=crowd)).status == 200
