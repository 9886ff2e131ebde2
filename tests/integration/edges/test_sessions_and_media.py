"""A session that ends takes its sound and picture along."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.sockets import Socket
from tests.integration.edges.talking import command, talking
from tests.integration.edges.test_sessions import LOGOUT, logout_token
from videoattention.domain.people import Side

if TYPE_CHECKING:
    from tests.integration.edges.talking import Talk
    from tests.story.running import RunningService


async def _gone(talk: Talk, side: Side) -> None:
    """The other page is told, by what the worker sees, that this side's media reaches it no more."""
    page = talk.pages[side.other]
    async with asyncio.timeout(20):
        await page.pushed("other_side", lambda p: not p["connected"])


@pytest.mark.parametrize("how", ["asked", "back_channel", "expired"])
async def test_the_media_of_an_informer_whose_session_ended_stops(service: RunningService, how: str) -> None:
    async with talking(service, informer="staff-marta") as talk, Caller(service.url) as provider:
        await talk.connect()
        talk.citizen_page.pushes.clear()
        if how == "asked":
            desk = await talk.informer.get("/desk")
            await talk.informer.post("/sign-out", {"csrf": desk.csrf})
        elif how == "back_channel":
            token = logout_token(service, sub="staff-marta")
            assert (await provider.post(LOGOUT, {"logout_token": token})).status == 200
        else:
            ledger.change(service, "UPDATE sessions SET ends_at = '2020-01-01 00:00:00.000000' WHERE person != ''")
            assert (await talk.desk.ask("sync", {"revision": 0}))["code"] == "session_ended"
        await _gone(talk, Side.INFORMER)
        await talk.desk.ended()
        await talk.citizen_page.ask("hang_up", command())
    async with Caller(service.url) as caller:
        await caller.sign_in("staff-marta")
        async with Socket(service.url, "/desk", caller.identity) as desk_again:
            await desk_again.ask(
                "conclude", command(attention=talk.attention, outcome="Ended by a sign-out.", kind="unfinished")
            )
            await desk_again.ask("set_readiness", command(readiness="paused"))


async def test_a_page_that_says_nothing_is_let_go_when_its_session_runs_out(service: RunningService) -> None:
    async with Caller(service.url) as citizen:
        attention = await citizen.take_turn("oac-terres-ebre")
        async with Socket(service.url, "/citizen", citizen.identity) as page:
            ledger.change(
                service, "UPDATE sessions SET ends_at = '2020-01-01 00:00:00.000000' WHERE attention = ?", attention
            )
            await page.ended(within=25)
            assert page.pushes[-1] == ("session_ended", {"cause": "expired"})
