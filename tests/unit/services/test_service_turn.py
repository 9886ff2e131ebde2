"""Passwords for TURN servers: as coturn computes them, for ten minutes, telling nothing of anybody."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.clock import Clock
from videoattention.domain.people import Side
from videoattention.services.turn import (
    HOLDS,
    IceServer,
    Transport,
    TurnPasses,
    name_in_call,
    password,
    turn_server,
)

SECRET = "secret-secret-secret-secret-secret"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URLS = ("turn:turn.example.cat?transport=tcp", "turns:turn.example.cat:443")


def a_pass(*, call: str = "call", side: Side = Side.CITIZEN, now: datetime = NOW, secret: str = SECRET) -> IceServer:
    (given,) = TurnPasses(URLS, secret, Clock(now)).of(call, side)
    return given


def test_the_password_is_the_proof_of_the_name_under_the_secret() -> None:
    opens = password(SECRET, "somebody", NOW)
    assert opens.username == f"{int(NOW.timestamp())}:somebody"
    proof = hmac.new(SECRET.encode(), opens.username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(opens.password) == proof


def test_it_holds_for_ten_minutes_at_most() -> None:
    assert timedelta(minutes=10) >= HOLDS
    until = int(a_pass().username.partition(":")[0])
    assert until == int((NOW + HOLDS).timestamp())


def test_each_connection_has_a_new_one() -> None:
    later = a_pass(now=NOW + timedelta(minutes=15))
    assert later.username != a_pass().username
    assert later.credential != a_pass().credential


def test_each_side_of_each_call_has_a_name_of_its_own_for_the_whole_call() -> None:
    def name(given: IceServer) -> str:
        return given.username.partition(":")[2]

    names = {name(a_pass(call=call, side=side)) for call in ("one", "another") for side in Side}
    assert len(names) == 4
    assert name(a_pass(now=NOW + HOLDS)) == name(a_pass())


def test_the_name_tells_neither_call_nor_person() -> None:
    assert name_in_call(SECRET, "call", Side.CITIZEN) != name_in_call(SECRET + "!", "call", Side.CITIZEN)
    assert name_in_call(SECRET, "call", Side.CITIZEN).isalnum()
    assert "call" not in a_pass().username
    assert "citizen" not in a_pass().username


def test_neither_secret_nor_password_shows() -> None:
    given = a_pass()
    assert given.credential not in repr(given)
    opens = password(SECRET, "somebody", NOW)
    assert opens.password not in repr(opens)


def test_without_a_server_nothing_is_given() -> None:
    assert TurnPasses((), "", Clock(NOW)).of("call", Side.CITIZEN) == ()


@pytest.mark.parametrize(
    ("url", "host", "port", "transport"),
    [
        ("turn:turn.example.cat", "turn.example.cat", 3478, Transport.UDP),
        ("turn:turn.example.cat?transport=udp", "turn.example.cat", 3478, Transport.UDP),
        ("turn:turn.example.cat:80?transport=tcp", "turn.example.cat", 80, Transport.TCP),
        ("turns:turn.example.cat", "turn.example.cat", 5349, Transport.TLS),
        ("turns:192.0.2.7:443?transport=tcp", "192.0.2.7", 443, Transport.TLS),
        ("turn:[2001:db8::7]:3478", "2001:db8::7", 3478, Transport.UDP),
    ],
)
def test_a_url_names_a_server(url: str, host: str, port: int, transport: Transport) -> None:
    server = turn_server(url)
    assert server is not None
    assert (server.url, server.host, server.port, server.transport) == (url, host, port, transport)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "turn.example.cat",
        "stun:turn.example.cat",
        "turn://turn.example.cat",
        "turn:",
        "turn::3478",
        "turn:user@turn.example.cat",
        "turn:turn.example.cat:0",
        "turn:turn.example.cat:65536",
        "turn:turn.example.cat:٣٤٧٨",
        "turn:turn.example.cat?transport=sctp",
        "turn:turn.example.cat/",
        "turn:turn.example.cat\n",
        "turns:turn.example.cat?transport=udp",
    ],
)
def test_what_is_no_url_of_a_turn_server_for_browsers_names_none(url: str) -> None:
    assert turn_server(url) is None
