"""Session descriptions from hostile pages in a call that goes on, and what becomes of it: nothing."""

from __future__ import annotations

import gc
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fakes.plain_vault import PlainVault
from tests.integration.edges.pulse import Pulse
from tests.integration.edges.talking import Talk, talking
from tests.integration.media.talk import Reports
from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.domain.people import Side
from videoattention.services.media import Describe, Described, DescriptionKind, Join, MediaRefused, Negotiate

if TYPE_CHECKING:
    from tests.story.running import RunningService

OFFER = (Path(__file__).parents[2] / "unit/media/descriptions/chromium-offer.sdp").read_text()
CANDIDATE = "a=candidate:{0} 1 udp 2113937151 10.{1}.{2}.5 6379 typ host generation 0 network-cost 999\r\n"
MOST = 62_000
"""Bytes of JSON: a little less than a message may have."""


def candidates(count: int) -> str:
    return "".join(CANDIDATE.format(n, n // 256 % 256, n % 256) for n in range(count))


def filled(piece: str) -> str:
    """An offer that is filled up to what a message may have."""
    return OFFER + piece * ((MOST - len(json.dumps(OFFER))) // len(json.dumps(piece)[1:-1]))


BOMBS = {
    "550 candidates": OFFER + candidates(550),
    "62 kB of sections": filled("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:9\r\n"),
    "62 kB of codecs": filled("a=rtpmap:111 opus/48000/2\r\n"),
    "62 kB of sources": filled("a=ssrc:1 cname:x\r\n"),
    "62 kB of fingerprints": filled("a=fingerprint:sha-256 " + "AA:" * 31 + "AA\r\n"),
    "62 kB of extensions": filled("a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"),
    "one line of 62 kB": OFFER + "a=fmtp:111 " + "x=1;" * 13_000 + "\r\n",
    "62 kB of lines": "v=0\r\n" + "a=\r\n" * 9_000,
    "62 kB of nothing": "\n" * 30_000,
    "nulls": "\0" * 10_000,
    "letters": "v=0\r\n" + "é" * 20_000,
    "no description": "hello",
    "an offer to a port": OFFER.replace("UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF"),
}
REPEATED = {"62 kB of codecs", "62 kB of fingerprints", "62 kB of extensions"}

TOO_LARGE = {"ok": False, "code": "too_large"}


@pytest.mark.parametrize("what", BOMBS)
async def test_the_worker_is_done_with_it_fast_and_goes_on(tmp_path: Path, what: str) -> None:
    reports = Reports()
    async with MediaPlane(MediaSettings(), vault=PlainVault(tmp_path), tell=reports, wall=time.time) as plane:
        for side in Side:
            await plane.obey(Join("call", side, f"{side}-1"))
        epoch = reports.of(Negotiate)[0].epoch
        # in this thread's CPU time, and without the garbage of other tests: the loop is free within 100 ms
        gc.disable()
        began = time.thread_time()
        await plane.obey(Describe("call", Side.INFORMER, "informer-1", epoch, DescriptionKind.OFFER, BOMBS[what]))
        lasted = time.thread_time() - began
        gc.enable()
        assert lasted < 0.1
        # what only repeats itself may pass, shorn of it; all else is refused
        passed = reports.of(Described)
        assert [report.code for report in reports.of(MediaRefused)] == ([] if what in REPEATED else ["bad_sdp"])
        assert all(len(report.sdp) <= 64 * 1024 for report in passed)
        await plane.obey(Join("call", Side.INFORMER, "informer-2"))
        epoch = reports.of(Negotiate)[-1].epoch
        await plane.obey(Describe("call", Side.INFORMER, "informer-2", epoch, DescriptionKind.OFFER, OFFER))
        assert len(reports.of(Described)) == len(passed) + 1


async def test_a_call_bears_hostile_descriptions_and_connects_afterwards(service: RunningService, idle: str) -> None:
    async with talking(service) as talk:
        worker = service.worker_pid()
        for side, page in talk.pages.items():
            assert await page.ask("join_media", {"attention": talk.attention, "peer": f"bad-{side}"}) == {"ok": True}
        said = await talk.desk.pushed("negotiate")
        async with Pulse(service, idle) as pulse:
            answers = []
            for sdp in BOMBS.values():
                answers.append(await _describe(talk, said["epoch"], sdp))
                await pulse.calm()
            assert answers == [{"ok": True}] * len(BOMBS)
            await talk.desk.pushed("description_refused", lambda _: len(_refused(talk)) >= len(BOMBS) - len(REPEATED))
            assert {tuple(push.values()) for push in _refused(talk)} == {
                (talk.attention, "bad-informer", said["epoch"], "bad_sdp")
            }
            for count in (5_000, 900):
                assert await _describe(talk, said["epoch"], OFFER + candidates(count)) == TOO_LARGE
                await pulse.calm()
        await talk.connect()
        assert service.worker_pid() == worker
        assert not any(name == "media_described" and "10." in push["sdp"] for name, push in talk.citizen_page.pushes)
        assert service.log.count('"code": "bad_sdp"') >= len(BOMBS) - len(REPEATED)


def _refused(talk: Talk) -> list[dict[str, object]]:
    """What the desk was told of its descriptions that were refused."""
    return [push for name, push in talk.desk.pushes if name == "description_refused"]


async def _describe(talk: Talk, epoch: int, sdp: str) -> object:
    told = {"attention": talk.attention, "peer": "bad-informer", "epoch": epoch, "kind": "offer", "sdp": sdp}
    return await talk.desk.ask("describe_media", told)


async def test_descriptions_of_nobodys_epoch_and_peer_reach_nobody(service: RunningService) -> None:
    async with talking(service) as talk:
        await talk.connect()
        told = len(talk.citizen_page.pushes)
        peer, epoch = talk.peers[Side.INFORMER].peer, talk.peers[Side.INFORMER].epoch
        for wrong in ({"peer": "somebody"}, {"epoch": 0}, {"epoch": 2**53}, {"peer": talk.peers[Side.CITIZEN].peer}):
            said = {"attention": talk.attention, "peer": peer, "epoch": epoch, "kind": "offer", "sdp": OFFER, **wrong}
            assert await talk.desk.ask("describe_media", said) == {"ok": True}
        assert await talk.citizen_page.ask("sync", {"revision": 0}) == {"ok": True}
        later = [name for name, _ in talk.citizen_page.pushes[told:]]
        assert "media_described" not in later


async def test_the_two_learn_nothing_of_each_others_network(service: RunningService) -> None:
    async with talking(service) as talk:
        await talk.connect()
        for side, page in talk.pages.items():
            other = talk.peers[side.other].connection
            assert other is not None
            theirs = other.localDescription.sdp
            heard = "\n".join(str(push) for _, push in page.pushes)
            lines = [line for line in theirs.splitlines() if line.startswith(("a=ice-", "a=fingerprint:", "o="))]
            assert lines
            assert not [line for line in lines if line in heard]
            ports = {line.split()[5] for line in theirs.splitlines() if line.startswith("a=candidate:")}
            assert ports
            assert not [port for port in ports if f" {port} typ" in heard]


async def test_after_the_call_its_media_messages_are_refused(service: RunningService) -> None:
    async with talking(service) as talk:
        await talk.connect()
        await talk.done(talk.desk, "end_call", attention=talk.attention)
        join = {"attention": talk.attention, "peer": "late"}
        assert await talk.citizen_page.ask("join_media", join) == {"ok": False, "code": "not_talking"}
        assert await talk.desk.ask("join_media", join) == {"ok": False, "code": "not_talking"}
        await talk.done(talk.desk, "conclude", attention=talk.attention, outcome="Done.", kind="informed")
        assert await talk.desk.ask("join_media", join) == {"ok": False, "code": "not_found"}


async def test_what_one_page_sends_is_told_to_the_other_page_of_its_own_call_alone(service: RunningService) -> None:
    async with talking(service) as talk:
        await talk.connect()
        peers = {side: talk.peers[side].peer for side in Side}
        said = {"attention": talk.attention, "peer": peers[Side.CITIZEN], "camera": "off", "microphone": "on"}
        assert await talk.citizen_page.ask("tell_sending", said) == {"ok": True}
        assert await talk.desk.pushed("other_sends") == {
            "attention": talk.attention,
            "camera": "off",
            "microphone": "on",
        }
        for wrong, code in (
            ({"peer": peers[Side.INFORMER]}, "stale"),
            ({"attention": "another"}, "not_found"),
            ({"camera": "broken"}, "bad_message"),
            ({"shown": True}, "bad_message"),
        ):
            assert await talk.citizen_page.ask("tell_sending", {**said, **wrong}) == {"ok": False, "code": code}
        assert await talk.desk.ask("tell_sending", {**said, "attention": "another"}) == {
            "ok": False,
            "code": "not_found",
        }
        assert [name for name, _ in talk.desk.pushes].count("other_sends") == 1
        assert "other_sends" not in [name for name, _ in talk.citizen_page.pushes]
        join = {"attention": talk.attention, "peer": peers[Side.INFORMER]}
        assert await talk.desk.ask("join_media", join) == {"ok": True}
        await talk.desk.pushed("other_sends", lambda _: [n for n, _ in talk.desk.pushes].count("other_sends") == 2)
