"""Who asks too often is told so; the others are not kept waiting by it."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from videoattention.entrypoints.allowances import Pace
from videoattention.entrypoints.http.crowd import Crowd, client_address

COOKIE = "__Host-citizen"
GUARDED = (
    ("GET", "/staff/sign-in"),
    ("HEAD", "/staff/sign-in"),
    ("GET", "/staff/callback?state=x"),
    ("GET", "/citizens/callback?state=x"),
    ("GET", "/attention/identify"),
    ("POST", "/attentions"),
    ("POST", "/staff/back-channel-logout"),
    ("GET", "/start/oac-girona/consulta"),
)


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("videoattention.entrypoints.allowances.time.monotonic", lambda: now[0])
    return now


def asked(crowd: Crowd, address: str = "192.0.2.1", path: str = "/staff/callback", **more: Any) -> bool:  # noqa: ANN401 - headers
    return crowd.admits(from_address(address, path, **more), known=COOKIE)


def from_address(address: str, path: str = "/", method: str = "GET", **headers: str) -> Any:  # noqa: ANN401 - a request
    return make_mocked_request(method, path, headers=headers).clone(remote=address)


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_so_many_at_once_and_then_so_many_a_second(moment: list[float], method: str, path: str) -> None:
    crowd = Crowd(Pace(3, 1.0))
    assert [asked(crowd, path=path, method=method) for _ in range(4)] == [True, True, True, False]
    assert asked(crowd, "192.0.2.2", path, method=method)
    moment[0] += 2
    assert [asked(crowd, path=path, method=method) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("path", ["/", "/attention", "/desk", "/static/a.js", "/healthz"])
def test_what_leaves_nothing_behind_is_free(path: str) -> None:
    crowd = Crowd(Pace(1, 0.0))
    assert all(asked(crowd, path=path) for _ in range(3))


def test_who_has_a_session_takes_none_of_the_starts() -> None:
    crowd = Crowd(Pace(1, 0.0))
    start = "/start/oac-girona/consulta"
    assert all(asked(crowd, path=start, Cookie=f"{COOKIE}=x") for _ in range(3))
    assert asked(crowd, path=start)
    assert not asked(crowd, path="/start/another/office")


def test_one_place_does_not_close_another() -> None:
    crowd = Crowd(Pace(1, 0.0))
    assert asked(crowd)
    assert not asked(crowd)
    assert asked(crowd, path="/staff/sign-in")


def test_memory_is_bounded_and_whoever_asks_on_is_not_forgotten() -> None:
    crowd = Crowd(Pace(1, 0.0), most=3)
    assert asked(crowd)
    for number in range(2, 50):
        assert asked(crowd, f"192.0.2.{number}")
        assert not asked(crowd)
    assert len(crowd._allowances) == 3


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("::1", "10.0.0.1, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)
def test_whose_request_it_is(remote: str, forwarded: str, address: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(from_address(remote, **headers)) == address
