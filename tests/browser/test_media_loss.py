"""A network that loses packets before the recorder and after it, and real browsers that repair what can be repaired."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_media_browsers import BrowserPerson, address, meeting
from tests.integration.media.talk import decoded, record
from videoattention.adapters.media.datagrams import ROOM
from videoattention.adapters.media.track import TrackTap
from videoattention.domain.people import Side
from videoattention.services.media import PartClosed, PartOpened, RecordedUntil, StopRecording, Track

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

    from videoattention.adapters.media.depacketise import Frame
    from videoattention.adapters.media.port import UdpPort

__all__ = ["address"]
pytestmark = pytest.mark.browser

LOSS = 0.03
SECONDS = 8
LEAST_SHOWN = 100
"""Pictures that a page shows in those seconds on a busy machine."""


class LossyNetwork:
    """Three of a hundred media packets are lost on their way in, and three of those that go out."""

    def __init__(self, port: UdpPort, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chance = random.Random(7)  # noqa: S311 - which packets are lost is no secret
        self.lost_in = self.lost_out = 0
        take, queue, datagrams = port._take, port.datagrams.queue, port.datagrams

        def lossy_take(place: int, now: float) -> None:
            if datagrams.memory[place * ROOM] >= b"\x80" and self.chance.random() < LOSS:
                self.lost_in += 1
            else:
                take(place, now)

        def lossy_queue(place: int, length: int, to: object) -> None:
            if self.chance.random() < LOSS:
                self.lost_out += 1
            else:
                queue(place, length, to)

        monkeypatch.setattr(port, "_take", lossy_take)
        monkeypatch.setattr(port.datagrams, "queue", lossy_queue)


async def test_what_the_other_person_saw_is_in_the_recording(
    tmp_path: Path, address: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[Track, set[int]] = {track: set() for track in Track}
    keep = TrackTap._keep

    def noted(tap: TrackTap, frame: Frame, ssrc: int, wall_ahead: float) -> None:
        before = tap._count
        keep(tap, frame, ssrc, wall_ahead)
        if tap._count > before:
            kept[tap.track].add(frame.timestamp)

    monkeypatch.setattr(TrackTap, "_keep", noted)
    async with meeting(tmp_path, address, browsers=dict.fromkeys(Side, chromium)) as talk:
        await talk.join()
        await talk.heard(20)
        network = LossyNetwork(talk.plane._port, monkeypatch)
        await talk.plane.obey(record())
        opened = await talk.reports.wait(PartOpened)
        await talk.reports.wait(RecordedUntil, lambda r: r.at > opened.at + SECONDS, within=30)
        await talk.plane.obey(StopRecording("call", "rec"))
        closed = await talk.reports.wait(PartClosed)
        assert min(network.lost_in, network.lost_out) > SECONDS
        for side in Side:
            watcher = talk.people[side.other]
            assert isinstance(watcher, BrowserPerson)
            shown: list[int] = await watcher.page.evaluate("() => window.shown")
            stored = kept[Track(f"{side}-video")]
            first, last = min(stored), max(stored)
            seen = {stamp for stamp in shown if first <= stamp <= last}
            assert len(seen) > LEAST_SHOWN
            assert not seen - stored
    for track in closed.tracks:
        times = decoded(tmp_path / f"rec-1-{track.track}.webm")
        assert len(times) >= len(kept[Track(track.track)])
        if track.track.kind == "audio":
            # what the network lost is there as silence: the sound is as long as its time line
            assert len(times) * 0.02 == pytest.approx(track.duration, abs=0.05)
            assert track.frames >= (1 - 2 * LOSS) * track.duration / 0.02
