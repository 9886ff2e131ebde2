"""What must never be in the log: a whole attention is driven with known words, and none of them is there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from yarl import URL

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.sockets import Socket
from tests.integration.edges.talking import Talk, command, talking
from videoattention.domain.people import Side

if TYPE_CHECKING:
    from tests.story.running import RunningService

OUTCOME = "canary-outcome told to the citizen"
PURPOSE = "canary-purpose 2026/77 of the auditor"
PEOPLE = ("Clara Ribas Mestre", "Marta Puig i Ferrer", "Núria Vidal", "00000014Z", "citizen-clara")
TELLTALE = re.compile(
    r"a=candidate|ice-(ufrag|pwd)|fingerprint|eyJ[A-Za-z0-9]|__Host-|csrf|code=|state=|secret", re.IGNORECASE
)


async def test_nothing_that_a_person_said_or_holds_is_in_the_log(service: RunningService) -> None:
    canaries: set[str] = {*PEOPLE, OUTCOME, PURPOSE}
    async with talking(service) as talk:
        await talk.connect()
        await talk.raise_to_attended("citizen-clara")
        await _hostile(talk, canaries)
        canaries |= _descriptions(talk)
        await talk.end(OUTCOME)
        for caller in (talk.citizen, talk.informer):
            canaries |= set(caller.cookies.values())
        canaries.add((await talk.informer.get("/desk")).csrf)
    async with Caller(service.url) as auditor:
        chosen = await auditor.choose(await auditor.follow("/staff/sign-in?to=/archive"), person="staff-nuria")
        canaries |= {value for name, value in URL(chosen.location).query.items() if name in {"code", "state"}}
        archive = await auditor.follow(chosen.location)
        recording = ledger.value(service, "SELECT id FROM recordings WHERE attention = ?", talk.attention)
        await auditor.post(
            f"/archive/recordings/{recording}/purpose", {"csrf": archive.csrf, "purpose": PURPOSE, "case": "2026/117"}
        )
        canaries |= {archive.csrf, *auditor.cookies.values(), *_tokens(service)}
        await auditor.post("/sign-out", {"csrf": archive.csrf})
        await auditor.post("/sign-out", {"csrf": archive.csrf})
    canaries |= {file.read_text().strip() for file in (service.folder / "data").glob("master.key")}
    assert len(canaries) > 30
    assert all(len(canary) > 7 for canary in canaries), sorted(canaries, key=len)[:3]
    told = [line for line in service.log.splitlines() if line.startswith("{")]
    assert told
    for line in told:
        assert json.loads(line)["event"]
        assert not [canary for canary in canaries if canary in line or json.dumps(canary)[1:-1] in line], line[:60]
        assert not TELLTALE.search(line), line[:200]


async def _hostile(talk: Talk, canaries: set[str]) -> None:
    """Words in places where a fault might quote them."""
    marked = "canary-words-in-the-wrong-place"
    canaries.add(marked)
    await talk.desk.ask("conclude", command(attention=marked, outcome=marked, kind="informed"))
    await talk.desk.ask("describe_media", {"attention": talk.attention, "peer": marked, "sdp": marked})
    told = {"attention": talk.attention, "peer": "informer-1", "epoch": 1, "kind": "offer", "sdp": f"v=0\r\ns={marked}"}
    await talk.desk.ask("describe_media", told)
    await talk.desk.ask(marked, {marked: marked})
    await talk.desk.raw(marked[0:0] + "4" + marked)
    await talk.citizen.get(f"/archive/recordings/{marked}", headers={"Cookie": f"__Host-staff={marked}"})
    await talk.citizen.post("/attentions", {"csrf": marked, "office": marked, "procedure": marked})
    await talk.citizen.post("/attentions", {}, headers={"Origin": f"https://{marked}.example"})
    await talk.citizen.post("/staff/back-channel-logout", {"logout_token": f"eyJhbGciOiJub25lIn0.{marked}."})
    await talk.citizen.get(f"/staff/callback?code={marked}&state={marked}&error={marked}")
    with pytest.raises(Exception, match="400"):
        async with Socket(talk.citizen.base, "/desk", {"Origin": f"https://{marked}.example"}):
            pass
    async with Socket(talk.citizen.base, "/media", {}, {"secret": marked}) as worker:
        assert not worker.admitted


def _descriptions(talk: Talk) -> set[str]:
    """ICE credentials and fingerprints of both browsers, and of the service's ends."""
    texts = [push["sdp"] for page in talk.pages.values() for name, push in page.pushes if name == "media_described"]
    for side in Side:
        connection = talk.peers[side].connection
        assert connection is not None
        texts += [connection.localDescription.sdp]
    pattern = re.compile(r"a=(?:ice-pwd|fingerprint):(\S+ ?\S*)")
    return {found.strip() for text in texts for found in pattern.findall(text)}


def _tokens(service: RunningService) -> set[str]:
    return {ledger.value(service, f"SELECT id_token FROM sessions WHERE subject = '{who}'") for who in ("staff-nuria",)}  # noqa: S608 - our own word


async def test_every_line_of_the_log_is_json_but_for_the_introduction(service: RunningService) -> None:
    told = service.log.splitlines()
    introduction = [line for line in told if not line.startswith("{")]
    assert len(introduction) < 25
    assert told[: len(introduction)] == introduction
