"""What coturn makes of the service's passwords: they open a way for ten minutes, and a way that is open stays open."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.turn import HERE, OUTSIDE, SECRET
from videoattention.adapters.turn.wire import GRANTED, line_to
from videoattention.domain.people import Side
from videoattention.services.turn import Password, TurnPasses, password, turn_server

if TYPE_CHECKING:
    from tests.turn import Coturn, StartCoturn

UNAUTHORISED, QUOTA_REACHED = 401, 486


class Now:
    """The real time, a little earlier: for passwords that end soon."""

    def __init__(self, earlier: timedelta = timedelta()) -> None:
        self.earlier = earlier

    def now(self) -> datetime:
        return datetime.now(UTC) - self.earlier


def given(coturn: Coturn, *, earlier: timedelta = timedelta()) -> Password:
    (server,) = TurnPasses(coturn.urls, SECRET, Now(earlier)).of("call", Side.CITIZEN)
    return Password(server.username, server.credential)


@pytest.mark.parametrize("number", [0, 1])
async def test_a_way_that_is_open_outlives_its_password_and_its_nonce(start_coturn: StartCoturn, number: int) -> None:
    coturn = start_coturn(lambda lines: [line.replace("stale-nonce=600", "stale-nonce=2") for line in lines])
    server = turn_server(coturn.urls[number])
    assert server is not None
    opens = given(coturn, earlier=timedelta(minutes=9, seconds=57))
    until = int(opens.username.partition(":")[0])
    async with line_to(server, opens) as line:
        assert await line.allocate() == GRANTED
        while datetime.now(UTC).timestamp() < until + 3:
            await asyncio.sleep(0.5)  # nothing tells of the hour but the clock
            assert await line.refresh() == GRANTED
        assert await line.permits(OUTSIDE)
        async with line_to(server, opens) as another:
            assert await another.allocate() == UNAUTHORISED


async def test_two_secrets_hold_while_one_replaces_the_other(start_coturn: StartCoturn) -> None:
    coturn = start_coturn(lambda lines: [*lines, f"static-auth-secret={'n' * 32}"])
    server = turn_server(coturn.urls[1])
    assert server is not None
    for secret in (SECRET, "n" * 32):
        async with line_to(server, password(secret, "somebody", Now().now() + timedelta(minutes=1))) as line:
            assert await line.allocate() == GRANTED


async def test_one_side_of_a_call_cannot_take_everything(start_coturn: StartCoturn) -> None:
    coturn = start_coturn(lambda lines: [line.replace("user-quota=24", "user-quota=1") for line in lines])
    server = turn_server(coturn.urls[1])
    assert server is not None
    async with line_to(server, given(coturn)) as line:
        assert await line.allocate() == GRANTED
        # a later connection has another password, and still the same name
        async with line_to(server, given(coturn, earlier=timedelta(minutes=1))) as another:
            assert await another.allocate() == QUOTA_REACHED
    assert server.host == HERE
