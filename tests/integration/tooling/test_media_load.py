"""The load of `make bench-media` against our worker: it joins, flows, is recorded whole, can be lost and repaired."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from benchmarks.media.clip import Clip, make_clip
from benchmarks.media.contenders import Ours
from benchmarks.media.kept import Kept, compared
from benchmarks.media.ours import OurCalls, OurWorker
from benchmarks.media.pacer import Pacer
from benchmarks.media.participant import Participant

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def clip() -> Clip:
    return make_clip(seconds=1)


async def test_two_participants_are_relayed_and_recorded_whole(clip: Clip, tmp_path: Path) -> None:
    ours = Ours(tmp_path, Pacer())
    await ours.start(clip, 2)
    try:
        relay, recorded, kept = await ours.together(1)
        assert relay.cpu_a_minute > 0
        assert recorded.sent > 200
        assert recorded.received >= recorded.sent * 0.9
        assert recorded.delays
        assert kept.sent > 300
        assert kept.lost == 0
        alone, kept = await ours.alone(1)
        assert alone.received == 0
        assert kept.lost == 0
    finally:
        await ours.stop()


async def test_a_lossy_uplink_loses_what_it_is_told_to_and_repairs_are_sent(clip: Clip, tmp_path: Path) -> None:
    def uplink(kind: str, number: int) -> float | None:
        return None if kind == "video" and number % 20 == 0 else 0.0

    worker = OurWorker(tmp_path)
    await worker.start()
    pacer, heard, enough = Pacer(), [], asyncio.Event()

    def listener(kind: str, packet: bytes) -> None:
        heard.append(kind)
        if heard.count("repair") >= 3 and len(heard) > 200:
            enough.set()

    lossy = Participant(clip, uplink=uplink)
    whole = Participant(clip, repairs=True, listener=listener)
    try:
        await worker.join("call", lossy, whole)
        for person in (lossy, whole):
            pacer.begin(person)
        await asyncio.wait_for(enough.wait(), 20)
        assert lossy.asked_again
        assert "audio" in heard
        assert whole.lost("audio") == 0
    finally:
        for person in (lossy, whole):
            pacer.forget(person)
            await person.close()
        await worker.stop()


def test_what_is_missing_in_a_file_is_counted_in_packets() -> None:
    sent, weights = [0, 1, 2, 0, 1, 2], [3, 1, 1]
    assert compared([0, 1, 2, 0, 1, 2], sent, weights) == Kept(10, 0, 0)
    assert compared([1, 2, 1, 2], sent, weights) == Kept(7, 3, 1)
    assert compared([0, 1], sent, weights) == Kept(5, 1, 3)
    assert compared([], sent, weights).lost == 10
    assert compared([2, 2, 2], sent, weights).lost == 10


async def test_one_alone_sends_to_somebody_silent(clip: Clip, tmp_path: Path) -> None:
    worker = OurWorker(tmp_path)
    await worker.start()
    try:
        calls = OurCalls(worker, clip, 1)
        await calls.connect()
        assert (len(calls.senders), len(calls.people)) == (1, 2)
        await calls.close()
    finally:
        await worker.stop()
