"""A stored file plays and seeks in real browsers, by Range, out of the encrypted records."""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import av
import pytest
from aiohttp import ClientSession, web

from tests.integration.vault.streams import RATE, decoded_numbers, live_audio, live_video, rewritten, unsized
from tests.unit.vault.samples import AUDIO, KEY, VIDEO, in_pieces, read_all, write_file
from videoattention.adapters.vault.library import FolderLibrary
from videoattention.entrypoints.http.ranges import ByteRange, RangeNotSatisfiable, requested_range

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from videoattention.services.vault import FileIdentity, RecordedMedia

SECONDS = 20
SEEKS = [12.5, 3.217, 19.0, 0.4, 7.75, 7.5]
PAGE = """<!doctype html><title>playback</title><{tag} id=media src=/media muted preload=metadata></{tag}>"""
SEEK = """async ([place]) => {
  const media = document.getElementById('media');
  const sought = new Promise((done) => media.addEventListener('seeked', done, {once: true}));
  media.currentTime = place;
  await sought;
  return media.currentTime;
}"""
SHOWN = """() => {
  const media = document.getElementById('media');
  const canvas = document.createElement('canvas');
  canvas.width = media.videoWidth; canvas.height = media.videoHeight;
  const paper = canvas.getContext('2d');
  paper.drawImage(media, 0, 0);
  let shown = 0;
  for (let bit = 0; bit < 12; bit++) {
    const x = Math.floor((2 * bit + 1) * canvas.width / 24);
    if (paper.getImageData(x, Math.floor(canvas.height / 4), 1, 1).data[1] > 127) shown += 1 << bit;
  }
  return shown;
}"""
PLAY = """async () => {
  const media = document.getElementById('media');
  media.currentTime = 0;
  await media.play();
  await new Promise((done) => media.addEventListener('timeupdate', () => media.currentTime > 0.5 && done()));
  media.pause();
  return media.error === null;
}"""


@pytest.fixture(scope="module")
def video() -> bytes:
    return live_video(SECONDS)


@pytest.fixture(scope="module")
def audio() -> bytes:
    return live_audio(SECONDS)


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Each browser in turn."""
    found: Browser = request.getfixturevalue(request.param)
    return found


class Playback:
    """Serves one stored file as the archive will: by Range, with its strong tag.

    The answer that begins with the first byte stops after a quarter of the file until something else is asked for: on
    loopback a browser has the whole of a short file otherwise before it seeks, and would ask for no range.
    """

    def __init__(self, media: RecordedMedia, tag: str) -> None:
        self.media = media
        self.tag = tag
        self.asked: list[str | None] = []
        self._sought = asyncio.Event()

    async def page(self, _request: web.Request) -> web.Response:
        return web.Response(text=PAGE.format(tag=self.tag), content_type="text/html")

    async def stored(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.headers.get("Range"))
        size, etag = self.media.size, self.media.etag
        try:
            part = requested_range(request.headers.get("Range"), request.headers.get("If-Range"), size=size, etag=etag)
        except RangeNotSatisfiable as refused:
            return web.Response(status=416, headers={"Content-Range": refused.content_range})
        whole, sent = part or ByteRange(start=0, end=size, size=size), 0
        response = web.StreamResponse(status=206 if part else 200, headers={"ETag": etag, "Accept-Ranges": "bytes"})
        response.content_type = f"{self.tag}/webm"
        response.content_length = whole.end - whole.start
        if part:
            response.headers["Content-Range"] = part.content_range
        await response.prepare(request)
        if whole.start:
            self._sought.set()
        with suppress(ConnectionError):  # a browser that seeks drops what it asked for before
            async for piece in self.media.read(whole.start, whole.end):
                await response.write(piece)
                sent += len(piece)
                if sent > size // 4:
                    await self._sought.wait()
        return response


@asynccontextmanager
async def serving(playback: Playback) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes([web.get("/", playback.page), web.get("/media", playback.stored)])
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def stored(root: Path, stream: bytes, identity: FileIdentity = VIDEO) -> RecordedMedia:
    write_file(root, in_pieces(stream, 20_000), identity)
    return await FolderLibrary(root).open(identity, KEY)


def forms(stream: bytes, kind: str) -> dict[str, bytes]:
    """The ways in which a stream may have been written live."""
    own = rewritten(stream, kind=kind)
    return {"ffmpeg": stream, "own": own, "unsized": unsized(own)}


@pytest.mark.parametrize("form", ["ffmpeg", "own", "unsized"])
async def test_every_stored_picture_is_in_what_is_played(tmp_path: Path, video: bytes, form: str) -> None:
    media = await stored(tmp_path, forms(video, "video")[form])
    whole = await read_all(media)
    assert media.duration == pytest.approx(SECONDS, abs=0.05)
    assert list(decoded_numbers(whole)) == list(range(SECONDS * RATE))
    with av.open(io.BytesIO(whole), "r") as container:
        assert container.duration == pytest.approx(SECONDS * 1_000_000, abs=50_000)


async def test_sound_is_all_there_and_its_length_known(tmp_path: Path, audio: bytes) -> None:
    media = await stored(tmp_path, rewritten(audio, kind="audio"), AUDIO)
    assert media.duration == pytest.approx(SECONDS, abs=0.05)
    with av.open(io.BytesIO(await read_all(media)), "r") as container:
        samples = sum(int(frame.samples) for frame in container.decode(audio=0))
    assert samples / 48_000 == pytest.approx(SECONDS, abs=0.05)


async def test_the_route_answers_as_the_rfc_says(tmp_path: Path, video: bytes) -> None:
    media = await stored(tmp_path, video)
    whole = await read_all(media)
    async with serving(Playback(media, "video")) as origin, ClientSession() as session:
        async with session.get(f"{origin}/media", headers={"Range": "bytes=100-70099"}) as answer:
            assert answer.status == 206
            assert answer.headers["Content-Range"] == f"bytes 100-70099/{media.size}"
            assert await answer.read() == whole[100:70_100]
        headers = {"Range": "bytes=100-", "If-Range": '"another"'}
        async with session.get(f"{origin}/media", headers=headers) as answer:
            assert answer.status == 200
            assert await answer.read() == whole
        async with session.get(f"{origin}/media", headers={"Range": f"bytes={media.size}-"}) as answer:
            assert answer.status == 416


async def played(browser: Browser, playback: Playback) -> dict[str, Any]:
    """Play, then seek here and there: duration, the places the clock and, for pictures, the picture landed on."""
    async with serving(playback) as origin:
        page = await browser.new_page()
        try:
            await page.goto(origin)
            await page.wait_for_function("() => document.getElementById('media').readyState >= 1")
            duration = await page.evaluate("() => document.getElementById('media').duration")
            moves = await page.evaluate(PLAY)
            landed, shown = [], []
            for place in SEEKS:
                landed.append(await page.evaluate(SEEK, [place]))
                if playback.tag == "video":
                    shown.append(await page.evaluate(SHOWN) / RATE)
            return {"duration": duration, "moves": moves, "landed": landed, "shown": shown}
        finally:
            await page.close()


@pytest.mark.browser
@pytest.mark.parametrize("form", ["ffmpeg", "own", "unsized"])
async def test_a_browser_plays_and_seeks_pictures(browser: Browser, tmp_path: Path, video: bytes, form: str) -> None:
    playback = Playback(await stored(tmp_path, forms(video, "video")[form]), "video")
    seen = await played(browser, playback)
    assert seen["duration"] == pytest.approx(SECONDS, abs=0.05)
    assert seen["moves"]
    assert seen["landed"] == pytest.approx(SEEKS, abs=0.05)
    assert seen["shown"] == pytest.approx(SEEKS, abs=0.05)
    first_bytes = [int((asked or "bytes=0-")[len("bytes=") :].split("-")[0]) for asked in playback.asked]
    assert max(first_bytes) > 100_000


@pytest.mark.browser
async def test_a_browser_plays_and_seeks_sound(browser: Browser, tmp_path: Path, audio: bytes) -> None:
    playback = Playback(await stored(tmp_path, rewritten(audio, kind="audio"), AUDIO), "audio")
    seen = await played(browser, playback)
    assert seen["duration"] == pytest.approx(SECONDS, abs=0.05)
    assert seen["moves"]
    assert seen["landed"] == pytest.approx(SEEKS, abs=0.05)
