"""Real browsers through a media plane of the same process: what aiortc forgives, browsers do not."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from aiohttp import web

from tests.integration.media.strangers import client_hello, silence, stranger_to
from tests.integration.media.talk import conversation, decoded, record
from videoattention.domain.people import Side
from videoattention.services.media import (
    Describe,
    Described,
    DescriptionKind,
    LegChanged,
    MediaRefused,
    Negotiate,
    PartClosed,
    PartOpened,
    RecordedUntil,
    StopRecording,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from tests.integration.media.talk import Conversation
    from videoattention.adapters.media.plane import MediaPlane

pytestmark = pytest.mark.browser

_PAGE = Path(__file__).with_name("media_page.html")
_POLL = 0.1


class BrowserPerson:
    """A page that does what `docs/features/media.md` asks of pages."""

    def __init__(self, plane: MediaPlane, side: Side, page: Page) -> None:
        self.plane, self.side, self.page, self.peer = plane, side, page, f"{side}-1"
        self.received = {"audio": 0, "video": 0}
        self.counted = asyncio.Event()
        self.epoch = 0
        self._polling: asyncio.Task[None] | None = None

    async def negotiate(self, order: Negotiate) -> None:
        self.epoch = order.epoch
        sdp = await self.page.evaluate("(offers) => negotiate(offers)", order.offers)
        if self._polling is None:
            self._polling = asyncio.create_task(self._poll())
        if sdp:
            await self.describe(DescriptionKind.OFFER, sdp)

    async def described(self, report: Described) -> None:
        sdp = await self.page.evaluate("([kind, sdp]) => describe(kind, sdp)", [report.kind, report.sdp])
        if sdp:
            await self.describe(DescriptionKind.ANSWER, sdp)

    async def describe(self, kind: DescriptionKind, sdp: str) -> None:
        await self.plane.obey(Describe("call", self.side, self.peer, self.epoch, kind, sdp))

    async def figures(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.page.evaluate("() => figures()")
        return found

    async def close(self) -> None:
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        await self.page.evaluate("() => close()")

    async def _poll(self) -> None:
        while True:
            found = await self.figures()
            self.received = {"audio": found["audio"], "video": found["video"]}
            self.counted.set()
            await asyncio.sleep(_POLL)


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text=_PAGE.read_text(), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://localhost:{runner.addresses[0][1]}/"
    await runner.cleanup()


@asynccontextmanager
async def meeting(
    folder: Path, address: str, *, browsers: dict[Side, Browser], scene: str = "camera"
) -> AsyncIterator[Conversation]:
    pages = {side: await browser.new_page() for side, browser in browsers.items()}
    for page in pages.values():
        await page.goto(address)
        await page.evaluate("(what) => enter(what)", scene)
    try:
        async with conversation(folder, lambda plane, side: BrowserPerson(plane, side, pages[side])) as talk:
            yield talk
    finally:
        for page in pages.values():
            await page.close()


@pytest.fixture(params=["chromium-chromium", "chromium-firefox", "firefox-chromium"])
def pair(request: pytest.FixtureRequest) -> dict[Side, Browser]:
    """Citizen's browser and informer's browser: the informer's makes the offer."""
    citizen, informer = request.param.split("-")
    return {
        Side.CITIZEN: request.getfixturevalue(citizen),
        Side.INFORMER: request.getfixturevalue(informer),
    }


async def test_browsers_talk_and_are_recorded_without_renegotiation(
    tmp_path: Path, address: str, pair: dict[Side, Browser]
) -> None:
    async with meeting(tmp_path, address, browsers=pair) as talk:
        await talk.join()
        await talk.heard(20)
        assert not talk.reports.of(MediaRefused)
        assert all(report.connected for report in talk.reports.of(LegChanged))
        descriptions = len(talk.reports.of(Described))
        for recording in ("rec", "rec-again"):  # one that was stopped is over: a new consent makes a new one
            await _record_a_while(talk, tmp_path, recording)
        await talk.heard(20)
        assert len(talk.reports.of(Described)) == descriptions == 2
        for person in talk.people.values():
            assert isinstance(person, BrowserPerson)
            figures = await person.figures()
            assert figures["state"] == "connected", figures
            assert figures["events"].count("stable") == 1, figures
            assert set(figures["codecs"]) <= {"video/VP8", "video/rtx", "audio/opus"}, figures
            assert set(figures.get("remote", [])) <= set(talk.plane.address[0]), figures
            assert figures.get("srtp") in {None, "AEAD_AES_256_GCM", "SRTP_AEAD_AES_256_GCM"}, figures


async def test_a_strangers_handshake_and_media_get_no_answer_beside_a_call(
    tmp_path: Path, address: str, chromium: Browser
) -> None:
    async with meeting(tmp_path, address, browsers=dict.fromkeys(Side, chromium)) as talk:
        await talk.join()
        await talk.heard(10)
        with stranger_to(talk.plane) as stranger:
            stranger.send(client_hello())
            stranger.send(bytes([0x80, 96]) + bytes(100))
            assert await silence(stranger)
        await talk.heard(10)
        assert all(report.connected for report in talk.reports.of(LegChanged))


async def test_a_second_picture_and_an_ice_restart_from_either_side(
    tmp_path: Path, address: str, chromium: Browser, firefox: Browser
) -> None:
    async with meeting(tmp_path, address, browsers={Side.CITIZEN: chromium, Side.INFORMER: firefox}) as talk:
        await talk.join()
        await talk.heard(10)
        for side in Side:
            person = talk.people[side]
            assert isinstance(person, BrowserPerson)
            for what in ("addScreen", "restart"):
                described = len(talk.reports.of(Described))
                await person.describe(DescriptionKind.OFFER, await person.page.evaluate("(f) => window[f]()", what))
                async with asyncio.timeout(10):
                    while len(talk.reports.of(Described)) < described + 2:
                        await talk.reports.more()
                await talk.heard(30)
        assert not talk.reports.of(MediaRefused)
        assert all(report.connected for report in talk.reports.of(LegChanged))
        for person in talk.people.values():
            assert isinstance(person, BrowserPerson)
            figures = await person.figures()
            assert figures["state"] == "connected"
            assert figures["pictures"] == 2, figures


async def _record_a_while(talk: Conversation, folder: Path, recording: str) -> None:
    await talk.plane.obey(replace(record(), recording=recording))
    opened = await talk.reports.wait(PartOpened, lambda r: r.recording == recording)
    await talk.reports.wait(RecordedUntil, lambda r: r.recording == recording and r.at > opened.at + 3)
    await talk.plane.obey(StopRecording("call", recording))
    closed = await talk.reports.wait(PartClosed, lambda r: r.recording == recording)
    spoken = closed.at - opened.at
    for kept in closed.tracks:
        times = decoded(folder / f"{recording}-1-{kept.track}.webm")
        assert len(times) >= kept.frames - 1
        assert 0 <= kept.start - (opened.at - closed.at + spoken) < 1.0
        expected = spoken * (50 if kept.track.kind == "audio" else 15)
        assert kept.frames >= 0.85 * expected, (kept, spoken)
        assert kept.start + kept.duration <= spoken + 0.2


async def test_sound_and_picture_of_a_recording_are_in_step(tmp_path: Path, address: str, chromium: Browser) -> None:
    async with meeting(tmp_path, address, browsers=dict.fromkeys(Side, chromium), scene="flash") as talk:
        await talk.join()
        await talk.heard(60)
        await talk.plane.obey(record())
        opened = await talk.reports.wait(PartOpened)
        await talk.reports.wait(RecordedUntil, lambda r: r.at > opened.at + 6)
        await talk.plane.obey(StopRecording("call", "rec"))
        closed = await talk.reports.wait(PartClosed)
        kept = {track.track: track for track in closed.tracks}
        for side in ("citizen", "informer"):
            starts = [next(k.start for t, k in kept.items() if t == f"{side}-{kind}") for kind in ("audio", "video")]
            beeps = [starts[0] + t for t in _beeps(tmp_path / f"rec-1-{side}-audio.webm")]
            flashes = [starts[1] + t for t in _flashes(tmp_path / f"rec-1-{side}-video.webm")]
            apart = [min((f - b for f in flashes), key=abs) for b in beeps]
            apart = [a for a in apart if abs(a) < 0.4]
            print(side, [round(1000 * a) for a in apart])  # noqa: T201 - the figure is wanted when it fails
            assert len(apart) >= 4
            assert abs(float(np.median(apart))) < 0.06


def _beeps(path: Path) -> list[float]:
    with av.open(str(path)) as file:
        levels = [
            (frame.time or 0.0, float(np.abs(frame.to_ndarray()).max())) for frame in file.decode(file.streams.audio[0])
        ]
    return _rises(levels, above=0.1)


def _flashes(path: Path) -> list[float]:
    with av.open(str(path)) as file:
        levels = [
            (frame.time or 0.0, float(frame.to_ndarray(format="gray")[:100].mean()))
            for frame in file.decode(file.streams.video[0])
        ]
    return _rises(levels, above=150)


def _rises(levels: list[tuple[float, float]], *, above: float) -> list[float]:
    return [time for (_, before), (time, level) in pairwise(levels) if before < above <= level]
