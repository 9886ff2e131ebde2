"""What opens the relays goes to the one side of the call that is told to make a connection, and to nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.clock import Clock
from videoattention.domain.people import Side
from videoattention.entrypoints.signalling import rooms
from videoattention.entrypoints.signalling.calls import CallPages
from videoattention.services import media
from videoattention.services.turn import TurnPasses

URLS = ("turn:turn.example.cat?transport=tcp",)
SECRET = "secret-secret-secret-secret-secret"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Server:
    """Notes what is sent where."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any], str, str]] = []

    async def emit(self, name: str, payload: dict[str, Any], *, room: str, namespace: str) -> None:
        self.sent.append((name, payload, room, namespace))


async def told(urls: tuple[str, ...], side: Side) -> tuple[str, dict[str, Any], str, str]:
    server = Server()
    pages = CallPages(server, TurnPasses(urls, SECRET, Clock(NOW)))
    await pages.negotiate(media.Negotiate("call", side, "peer", 3, offers=True))
    (sent,) = server.sent
    return sent


@pytest.mark.parametrize(("side", "namespace"), [(Side.CITIZEN, rooms.CITIZEN), (Side.INFORMER, rooms.DESK)])
async def test_each_side_is_told_its_own_password(side: Side, namespace: str) -> None:
    name, payload, room, where = await told(URLS, side)
    assert (name, room, where) == ("negotiate", rooms.of_attention("call"), namespace)
    (server,) = TurnPasses(URLS, SECRET, Clock(NOW)).of("call", side)
    words = {"urls": URLS, "username": server.username, "credential": server.credential}
    assert payload["ice_servers"] in ((words,), [words])
    assert SECRET not in str(payload)


async def test_without_a_turn_server_the_list_is_empty() -> None:
    _, payload, _, _ = await told((), Side.CITIZEN)
    assert list(payload["ice_servers"]) == []
