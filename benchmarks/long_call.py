"""A recorded call of an hour through the real service: does it verify, seek and stay in step? `make long-call`.

Two people without browsers talk for `MINUTES` (60) of real time; the clocks of their microphones run 80 parts in a
million fast and 60 slow, as cheap ones do, and their sender reports say so. Every frame sent is known, so the recording
is held against the truth: how far each stored frame is from where it belongs beside the other track of its person.
Then the recording is verified by the product's command, and a real browser seeks in the auditor's page. Prints one line
of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import random
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import av
from playwright.async_api import async_playwright

from benchmarks.media.clip import make_clip
from benchmarks.media.pacer import Pacer
from benchmarks.media.participant import Participant
from tests.browsers import chromium_path, launch_chromium
from tests.integration.edges.talking import Talk, command, talking
from tests.story.evidence import evidence
from tests.story.people import arrive
from tests.story.running import RunningService
from videoattention.domain.people import Side
from videoattention.services.media import Track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import BrowserContext

    from benchmarks.media.sending import SentTrack
    from tests.story.evidence import Evidence
    from tests.story.people import Person

DRIFTS = {Side.CITIZEN: 80.0, Side.INFORMER: -60.0}
MOST_OFFSET_MS = 40.0
MOST_SEEK_MS = 300.0
SEEKS = 20
STILL_THERE_EVERY = 600.0
LAST = 1500
"""Frames at the end of each track that are looked at."""

READY = """() => [...document.querySelectorAll("[data-track]")]
  .every((media) => media.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA)"""
SEEK = """([target]) => new Promise((told) => {
  const player = document.querySelector("[data-part=player]");
  const starts = Object.fromEntries(JSON.parse(player.dataset.parts)[0].tracks.map((each) => [each.track, each.start]));
  const tracks = [...player.querySelectorAll("[data-track]")];
  const bar = player.querySelector("[data-action=seek]");
  const ending = new AbortController();
  const begun = performance.now();
  let still = 0;
  const stands = (media) => !media.seeking && media.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA
    && Math.abs(starts[media.dataset.track] + media.currentTime - Number(bar.dataset.wanted)) < 0.5;
  const look = () => {
    clearTimeout(still);
    const took = performance.now() - begun;
    if (!tracks.every(stands)) return;
    still = setTimeout(() => { ending.abort(); told(took); }, 250);
  };
  const { signal } = ending;
  for (const media of tracks)
    for (const name of ["seeking", "seeked", "loadeddata"]) media.addEventListener(name, look, { signal });
  bar.value = target;
  bar.dataset.wanted = bar.value;
  bar.dispatchEvent(new Event("input"));
  bar.dispatchEvent(new Event("change"));
})"""
"""Moves the player's bar; milliseconds until all four tracks stand at the place, and none is corrected any more."""


@dataclass(slots=True)
class Peer:
    """A participant in the place of a page's connection."""

    participant: Participant
    peer: str = field(default_factory=lambda: uuid.uuid4().hex)
    epoch: int = 0


async def main() -> int:
    """Run it; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--folder", type=Path, help="keep the service's data here")
    said = parser.parse_args()
    minutes = said.minutes
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        async with RunningService(folder, extra={"VIDEOATTENTION_MEDIA_HOST": "127.0.0.1"}) as service:
            people = await recorded(service, minutes)
            result = await looked_at(service, people)
    faults = [name for name, holds in result.pop("holds").items() if not holds]  # type: ignore[attr-defined]
    print(json.dumps({"ok": not faults, "minutes": minutes, **result}))
    for fault in faults:
        print(f"does not hold: {fault}", file=sys.stderr)
    return 1 if faults else 0


async def recorded(service: RunningService, minutes: float) -> dict[Side, Participant]:
    """Two people talk under a consent."""
    clip, pacer = make_clip(), Pacer()
    people = {side: Participant(clip, drift=drift) for side, drift in DRIFTS.items()}
    async with talking(service) as talk:
        await connect(talk, people)
        for participant in people.values():
            pacer.begin(participant)
        await talk.raise_to_attended()
        end = time.monotonic() + 60 * minutes
        while (left := end - time.monotonic()) > 0:
            print(f"{left / 60:.0f} minutes to go", file=sys.stderr)
            await asyncio.sleep(min(left, STILL_THERE_EVERY))  # this is the length of the call
        await talk.done(talk.desk, "end_call", attention=talk.attention)
        for participant in people.values():
            pacer.forget(participant)
        await talk.desk.ask("conclude", command(attention=talk.attention, outcome="Explained what was asked."))
    return people


async def connect(talk: Talk, people: dict[Side, Participant]) -> None:
    """Descriptions through the service's sockets, then ICE and DTLS."""
    peers = {side: Peer(participant) for side, participant in people.items()}
    for side, page in talk.pages.items():
        assert await page.ask("join_media", {"attention": talk.attention, "peer": peers[side].peer}) == {"ok": True}
    for side in Side:
        told = await talk.pages[side].pushed("negotiate", partial(names, peers[side].peer))
        peers[side].epoch = told["epoch"]
    informer, citizen = peers[Side.INFORMER], peers[Side.CITIZEN]
    await say(talk, Side.INFORMER, informer, "offer", informer.participant.offer())
    offered = await talk.pages[Side.CITIZEN].pushed("media_described", lambda p: p["epoch"] == citizen.epoch)
    await say(talk, Side.CITIZEN, citizen, "answer", citizen.participant.answer(offered["sdp"]))
    answered = await talk.pages[Side.INFORMER].pushed("media_described", lambda p: p["epoch"] == informer.epoch)
    await asyncio.gather(citizen.participant.connect(offered["sdp"]), informer.participant.connect(answered["sdp"]))


def names(peer: str, push: dict[str, str]) -> bool:
    """Whether a push is for this page's connection."""
    return push["peer"] == peer


async def say(talk: Talk, side: Side, peer: Peer, kind: str, sdp: str) -> None:
    """Give the service a description."""
    told = {"attention": talk.attention, "peer": peer.peer, "epoch": peer.epoch, "kind": kind, "sdp": sdp}
    assert await talk.pages[side].ask("describe_media", told) == {"ok": True}


async def looked_at(service: RunningService, people: dict[Side, Participant]) -> dict[str, object]:
    """Everything that is measured."""
    found = await until_sealed(service)
    begun = time.monotonic()
    status, said = await service.command("recordings", "verify", found.recording.id)
    verified_s = time.monotonic() - begun
    program = chromium_path()
    assert program is not None, "Chromium is not installed: apt-get install chromium"
    async with async_playwright() as driver:
        browser = await launch_chromium(driver, program)
        try:
            auditor = await arrive(browser, service.url)
            await auditor.sign_in("staff-nuria", "/archive")
            await auditor.page.goto(f"{auditor.base}/archive/recordings/{found.recording.id}")
            await auditor.page.fill('[name="purpose"]', "Revisió de qualitat del cas 2026/117")
            await auditor.page.fill('[name="case"]', "2026/117")
            await auditor.press("state-purpose")
            seeks = await sought(auditor, found.recording.seconds)
            offsets = {side: await offset_ms(auditor.context, service.url, found, side, people[side]) for side in Side}
        finally:
            await browser.close()
    worst = max(max(map(abs, each)) for each in offsets.values())
    return {
        "recorded_s": round(found.recording.seconds, 1),
        "verified_s": round(verified_s, 1),
        "av_offset_ms": round(worst, 1),
        "av_offset_ms_median": {side.value: round(statistics.median(each), 1) for side, each in offsets.items()},
        "seek_ms": {"median": round(statistics.median(seeks)), "max": round(max(seeks))},
        "holds": {
            f"it verifies: {said}": status == 0,
            "sound and picture are in step": worst <= MOST_OFFSET_MS,
            "seeking is quick": max(seeks) <= MOST_SEEK_MS,
        },
    }


async def until_sealed(service: RunningService) -> Evidence:
    """The recording, once nothing can be added."""
    async with asyncio.timeout(120):
        while True:
            found = await evidence(service)
            if "RecordingSealed" in found.facts():
                return found
            await asyncio.sleep(0.5)


async def sought(auditor: Person, seconds: float) -> list[float]:
    """Milliseconds of `SEEKS` seeks to places of chance, as soon as the player can play."""
    await auditor.page.wait_for_function(READY)
    places = [random.uniform(1, seconds - 5) for _ in range(SEEKS)]  # noqa: S311 - where to look is no secret
    seeks = [await auditor.page.evaluate(SEEK, [place]) for place in places]
    print("seeks:", [round(each) for each in seeks], file=sys.stderr)
    return seeks


async def offset_ms(
    auditor: BrowserContext, base: str, found: Evidence, side: Side, person: Participant
) -> list[float]:
    """How late the sound of the last minute is beside the picture, frame by frame, in milliseconds."""
    errors = {}
    for kind in ("audio", "video"):
        track = Track(f"{side}-{kind}")
        body = await fetched(auditor, f"{base}/archive/recordings/{found.recording.id}/parts/1/{track}")
        start = next(kept.start for kept in found.parts[0].tracks if kept.track == track)
        clip = person.clip.pictures if kind == "video" else person.clip.sounds
        errors[kind] = misplaced(body, start, person.sent[kind], clip)
    picture = statistics.median(errors["video"])
    return [1000 * (error - picture) for error in errors["audio"]]


async def fetched(auditor: BrowserContext, address: str) -> bytes:
    """A whole track, as the auditor's browser may have it; hundreds of megabytes are too much for the driver's pipe."""
    cookies = {cookie["name"]: cookie["value"] for cookie in await auditor.cookies()}
    async with aiohttp.ClientSession(cookies=cookies) as http, http.get(address) as answer:
        assert answer.status == 200, answer.status
        return await answer.read()


def misplaced(webm: bytes, start: float, sent: SentTrack, clip: Sequence[bytes]) -> list[float]:
    """Seconds between where each of the last frames is stored and when it was sent, on a clock of its own."""
    place_of = {frame: place for place, frame in enumerate(clip)}
    with av.open(io.BytesIO(webm), "r") as file:
        packets = [packet for packet in file.demux() if packet.size and packet.pts is not None and packet.time_base]
        stored = [(start + float((p.pts or 0) * (p.time_base or 0)), place_of.get(bytes(p))) for p in packets]
    found, number = [], len(sent.log)
    for at, place in reversed([frame for frame in stored if frame[1] is not None][-LAST:]):
        number = next(n for n in range(number - 1, -1, -1) if sent.log[n] == place)
        found.append(at - sent.sent_time(number))
    return found


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
