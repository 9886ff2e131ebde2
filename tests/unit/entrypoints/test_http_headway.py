"""The bytes of a recording leave ahead of what is looked at, and not much further ahead."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from videoattention.entrypoints.http import headway
from videoattention.entrypoints.http.headway import AT_ONCE, EVERY, LEAST, TIMES_AS_FAST, with_headway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

PIECE = 64 * 1024


class Clock:
    """Time that passes only while somebody waits, or when it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def get_running_loop(self) -> SimpleNamespace:
        return SimpleNamespace(time=lambda: self.now)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(headway, "asyncio", made)
    return made


class Media:
    """A recorded track of so many seconds and bytes a second, that gives itself in pieces."""

    etag, complete = '"tag"', True
    pictures: Sequence[int] = ()

    def __init__(self, seconds: float, plays: float) -> None:
        self.duration, self.size = seconds, round(seconds * plays)
        self.whole = (bytes(range(251)) * (self.size // 251 + 1))[: self.size]

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        assert 0 <= start <= end <= self.size
        for at in range(start, end, PIECE):
            yield self.whole[at : min(at + PIECE, end)]


async def given(clock: Clock, media: Media, *, kind: str = "video") -> list[tuple[float, int]]:
    """After how many seconds how many bytes had been given."""
    begun, total, told = clock.now, 0, []
    async for piece in with_headway(media, 0, media.size, kind=kind):
        total += len(piece)
        told.append((clock.now - begun, total))
    return told


@pytest.mark.parametrize(("kind", "plays"), [("video", 150_000), ("video", 500_000), ("audio", 20_000)])
async def test_some_seconds_go_at_once_and_the_rest_faster_than_it_plays(clock: Clock, kind: str, plays: int) -> None:
    told = await given(clock, Media(60, plays), kind=kind)
    at_once = max(total for after, total in told if after == 0)
    assert at_once == AT_ONCE * plays
    after, total = told[-1]
    assert total == 60 * plays
    assert after == pytest.approx((total - at_once) / (TIMES_AS_FAST * plays), abs=EVERY)


@pytest.mark.parametrize("kind", ["audio", "video"])
async def test_a_track_whose_mean_tells_little_is_not_starved(clock: Clock, kind: str) -> None:
    told = await given(clock, Media(3600, LEAST[kind] / 50), kind=kind)
    at_once = max(total for after, total in told if after == 0)
    assert at_once == AT_ONCE * LEAST[kind]
    assert all(later - earlier <= EVERY for (earlier, _), (later, _) in pairwise(told))
    after, total = told[-1]
    assert total - at_once == pytest.approx(TIMES_AS_FAST * LEAST[kind] * after, rel=0.05)


async def test_nobody_waits_who_takes_it_more_slowly_than_that(clock: Clock) -> None:
    media, pieces = Media(60, 200_000), 0
    async for _ in with_headway(media, 0, media.size, kind="video"):
        clock.now += 1.0
        pieces += 1
    assert clock.now == 100.0 + pieces


@pytest.mark.parametrize(("start", "end"), [(0, 6_000_000), (17, 5_999_999), (5_999_999, 6_000_000), (9, 9)])
async def test_every_byte_of_the_range_is_given_once_and_in_order(clock: Clock, start: int, end: int) -> None:
    media = Media(60, 100_000)
    told = b"".join([piece async for piece in with_headway(media, start, end, kind="video")])
    assert told == media.whole[start:end]
    assert clock.now < 110


async def test_it_waits_for_real() -> None:
    loop = asyncio.get_running_loop()
    media, begun = Media(7, LEAST["video"]), loop.time()
    assert len([piece async for piece in with_headway(media, 0, media.size, kind="video")]) > 1
    assert loop.time() - begun >= EVERY
