"""When a session ends, its page's sound and picture end: as the page that the session let in, and no other."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from videoattention.domain.people import Side
from videoattention.entrypoints.signalling.live import NEGOTIATIONS, LiveCalls
from videoattention.entrypoints.signalling.protocol import DescribeMedia, JoinMedia, TellSending
from videoattention.services import media
from videoattention.services.sending import Sending
from videoattention.services.sessions import Session

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def session(key: str) -> Session:
    return Session(key, "csrf", NOW, NOW, "gencat-demo")


class Board:
    """A switchboard whose one worker takes every call."""

    def __init__(self) -> None:
        self.sent: list[media.Order] = []
        self.calls: set[str] = set()
        self.told: list[tuple[str, Side, Sending]] = []

    async def join(self, order: media.Join) -> bool:
        self.calls.add(order.call)
        return True

    async def order(self, order: media.Describe) -> bool:
        self.sent.append(order)
        return True

    async def leave(self, order: media.Leave) -> None:
        self.sent.append(order)

    async def tell_sending(self, call: str, side: Side, sending: Sending) -> bool:
        self.told.append((call, side, sending))
        return call in self.calls


class Views:
    async def citizen(self, *_: object, **__: object) -> object:
        return SimpleNamespace(stage="talking")


def live(board: Board) -> LiveCalls:
    anything: Any = SimpleNamespace(knows=lambda *_: None, now=lambda: NOW)
    views: Any = Views()
    switchboard: Any = board
    return LiveCalls(anything, anything, views=views, switchboard=switchboard, reactions=anything)


async def test_every_page_that_the_session_let_in_leaves_and_nobody_else() -> None:
    board = Board()
    calls = live(board)
    await calls.media(session("s1"), Side.INFORMER, JoinMedia("a1", "p1"))
    await calls.media(session("s2"), Side.CITIZEN, JoinMedia("a1", "p2"))
    await calls.leave("s1")
    assert board.sent == [media.Leave("a1", Side.INFORMER, "p1")]
    await calls.leave("s1")
    await calls.leave("unknown")
    assert len(board.sent) == 1


async def test_the_newest_page_of_a_side_is_the_one_that_leaves() -> None:
    board = Board()
    calls = live(board)
    for key, peer in (("s1", "p1"), ("s1", "p2"), ("s2", "p3")):
        await calls.media(session(key), Side.INFORMER, JoinMedia("a1", peer))
    await calls.leave("s1")  # the page that came after has another session, and stays
    assert board.sent == []
    await calls.leave("s2")
    assert board.sent == [media.Leave("a1", Side.INFORMER, "p3")]


async def test_what_belongs_to_calls_that_are_over_is_forgotten() -> None:
    board = Board()
    calls = live(board)
    await calls.media(session("s1"), Side.CITIZEN, JoinMedia("a1", "p1"))
    board.calls.clear()
    await calls.media(session("s2"), Side.CITIZEN, JoinMedia("a2", "p2"))
    board.calls.add("a2")
    await calls.leave("s1")
    assert board.sent == []


async def test_a_side_makes_so_many_offers_and_no_more() -> None:
    """Each costs the worker some milliseconds."""
    board = Board()
    calls = live(board)
    offer, answer = (DescribeMedia("a1", "p1", 1, kind, "v=0") for kind in ("offer", "answer"))
    told = [await calls.media(session("s1"), Side.INFORMER, offer) for _ in range(NEGOTIATIONS.burst + 30)]
    assert told == [None] * NEGOTIATIONS.burst + [{"ok": False, "code": "too_many"}] * 30
    assert len(board.sent) == NEGOTIATIONS.burst
    assert await calls.media(session("s1"), Side.INFORMER, answer) is None
    assert await calls.media(session("s2"), Side.CITIZEN, offer) is None
    other = DescribeMedia("a2", "p1", 1, "offer", "v=0")
    assert await calls.media(session("s1"), Side.INFORMER, other) is None


async def test_a_side_joins_anew_so_often_and_no_more() -> None:
    board = Board()
    calls = live(board)
    told = [await calls.media(session("s"), Side.CITIZEN, JoinMedia("a1", f"p{n}")) for n in range(30)]
    assert told == [None] * NEGOTIATIONS.burst + [{"ok": False, "code": "too_many"}] * (30 - NEGOTIATIONS.burst)
    last = JoinMedia("a1", f"p{NEGOTIATIONS.burst - 1}")
    for _ in range(30):  # the page that is in repeats itself, as after each lost connection to the service
        assert await calls.media(session("s"), Side.CITIZEN, last) is None
    assert await calls.media(session("s"), Side.INFORMER, JoinMedia("a1", "q")) is None


async def test_only_the_page_that_has_the_side_says_what_it_sends() -> None:
    board = Board()
    calls = live(board)
    stale = {"ok": False, "code": "stale"}
    assert await calls.media(session("s"), Side.CITIZEN, TellSending("a1", "p1", "off", "on")) == stale
    for peer in ("p1", "p2"):
        await calls.media(session("s"), Side.CITIZEN, JoinMedia("a1", peer))
    assert await calls.media(session("s"), Side.CITIZEN, TellSending("a1", "p1", "on", "on")) == stale
    assert await calls.media(session("s"), Side.INFORMER, TellSending("a1", "p2", "on", "on")) == stale
    assert await calls.media(session("s"), Side.CITIZEN, TellSending("a1", "p2", "off", "none")) is None
    assert board.told == [("a1", Side.CITIZEN, Sending("off", "none"))]
    board.calls.clear()
    refused = await calls.media(session("s"), Side.CITIZEN, TellSending("a1", "p2", "on", "on"))
    assert refused == {"ok": False, "code": "no_worker"}
