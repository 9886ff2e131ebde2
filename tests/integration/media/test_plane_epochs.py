from __future__ import annotations

import asyncio
import re
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fakes.plain_vault import PlainVault
from tests.integration.media.peers import AiortcPerson
from tests.integration.media.talk import Reports, conversation
from videoattention.adapters.media import leg as leg_module
from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.domain.people import Side
from videoattention.services.media import (
    CloseCall,
    Describe,
    Described,
    DescriptionKind,
    Join,
    Leave,
    LegChanged,
    MediaRefused,
    Negotiate,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


FOLDER = Path(__file__).parents[2] / "unit" / "media" / "descriptions"
SAMPLE = (FOLDER / "chromium-offer.sdp").read_text()


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
async def plane(tmp_path: Path, reports: Reports) -> AsyncIterator[MediaPlane]:
    settings = MediaSettings(host="127.0.0.1", most_calls=3)
    async with MediaPlane(settings, vault=PlainVault(tmp_path), tell=reports, wall=time.time) as started:
        yield started


def _told(report: LegChanged, *, side: Side, connected: bool, after: int = 0) -> bool:
    return report.side is side and report.connected is connected and report.epoch > after


async def join(plane: MediaPlane, side: str, peer: str, call: str = "call") -> None:
    await plane.obey(Join(call, Side(side), peer))


async def test_an_epoch_begins_when_both_are_there_and_the_informer_offers(plane: MediaPlane, reports: Reports) -> None:
    before = int(time.time() * 1000)
    await join(plane, "citizen", "c1")
    assert reports.all == []
    await join(plane, "informer", "i1")
    told = reports.of(Negotiate)
    assert [(n.side, n.peer, n.offers) for n in told] == [("citizen", "c1", False), ("informer", "i1", True)]
    assert len({n.epoch for n in told}) == 1
    assert before <= told[0].epoch < 2**53
    assert plane.calls() == ("call",)


async def test_the_same_peer_again_changes_nothing_and_another_one_begins_a_new_epoch(
    plane: MediaPlane, reports: Reports
) -> None:
    for side in Side:
        await join(plane, side, f"{side}-1")
    await join(plane, "citizen", "citizen-1")
    assert len(reports.of(Negotiate)) == 2
    await join(plane, "citizen", "citizen-2")
    told = reports.of(Negotiate)[2:]
    assert {n.peer for n in told} == {"citizen-2", "informer-1"}
    assert told[0].epoch > reports.of(Negotiate)[0].epoch


async def test_who_leaves_ends_the_epoch_and_the_last_ends_the_call(plane: MediaPlane, reports: Reports) -> None:
    for side in Side:
        await join(plane, side, f"{side}-1")
    await plane.obey(Leave("call", Side.CITIZEN, "citizen-0"))
    await join(plane, "informer", "informer-1")
    assert len(reports.of(Negotiate)) == 2
    await plane.obey(Leave("call", Side.CITIZEN, "citizen-1"))
    assert plane.calls() == ("call",)
    await plane.obey(Leave("call", Side.INFORMER, "informer-1"))
    assert plane.calls() == ()


async def test_a_description_of_another_epoch_peer_or_call_is_refused(plane: MediaPlane, reports: Reports) -> None:
    for side in Side:
        await join(plane, side, f"{side}-1")
    epoch = reports.of(Negotiate)[0].epoch
    offer, answer = DescriptionKind.OFFER, DescriptionKind.ANSWER
    for order, code in (
        (Describe("call", Side.INFORMER, "informer-1", epoch - 1, offer, "v=0"), "stale"),
        (Describe("call", Side.INFORMER, "informer-2", epoch, offer, "v=0"), "stale"),
        (Describe("call", Side.CITIZEN, "citizen-1", epoch, answer, "v=0"), "stale"),
        (Describe("other", Side.CITIZEN, "citizen-1", epoch, offer, "v=0"), "unknown_call"),
        (Describe("call", Side.INFORMER, "informer-1", epoch, offer, "v=0"), "bad_sdp"),
        (Describe("call", Side.INFORMER, "informer-1", epoch, offer, None), "bad_sdp"),  # type: ignore[arg-type]
    ):
        await plane.obey(order)
        assert reports.of(MediaRefused)[-1] == MediaRefused(order.call, order.side, code, order.peer, order.epoch)


async def test_another_certificate_within_an_epoch_is_refused_and_another_ufrag_is_a_restart(
    plane: MediaPlane, reports: Reports
) -> None:
    for side in Side:
        await join(plane, side, f"{side}-1")
    epoch = reports.of(Negotiate)[0].epoch

    async def offer(text: str) -> None:
        await plane.obey(Describe("call", Side.INFORMER, "informer-1", epoch, DescriptionKind.OFFER, text))

    await offer(SAMPLE)
    (call,) = plane._calls.values()
    leg = next(leg for leg in call.legs if len(leg.ice.credentials) == 1 and leg._remote is not None)
    await offer(SAMPLE)
    assert len(leg.ice.credentials) == 1
    await offer(re.sub("ice-ufrag:.*", "ice-ufrag:another", SAMPLE))
    assert len(leg.ice.credentials) == 2
    assert {leg.ice.credentials[0].ufrag, leg.ice.credentials[1].ufrag} <= plane._port._by_ufrag.keys()
    passed = reports.of(Described)
    # the citizen's leg is not restarted by what the informer's page does
    assert len({re.findall("ice-ufrag:(.*)", report.sdp)[0] for report in passed}) == 1
    assert [re.findall(r"o=- \d+ (\d+)", report.sdp) for report in passed] == [["1"], ["2"], ["3"]]
    await offer(re.sub("sha-256 .*", "sha-256 " + "AB:" * 31 + "AB", SAMPLE))
    assert reports.of(MediaRefused)[-1].code == "bad_sdp"
    assert len(reports.of(Described)) == 3


async def test_a_full_worker_takes_no_more_calls(plane: MediaPlane, reports: Reports) -> None:
    for n in range(4):
        await join(plane, "citizen", "c", f"call-{n}")
    assert len(plane.calls()) == 3
    assert reports.of(MediaRefused)[0].call == "call-3"
    await plane.obey(CloseCall("call-0"))
    await join(plane, "citizen", "c", "call-3")
    assert "call-3" in plane.calls()


async def test_a_reload_is_a_new_epoch_in_which_both_see_again(tmp_path: Path) -> None:
    async with conversation(tmp_path, AiortcPerson) as talk:
        await talk.join()
        await talk.heard()
        first = talk.reports.of(Negotiate)[0].epoch
        talk.people[Side.CITIZEN].peer = "citizen-2"
        await talk.plane.obey(Join("call", Side.CITIZEN, "citizen-2"))
        for side in Side:
            await talk.reports.wait(LegChanged, partial(_told, side=side, connected=True, after=first))
        await talk.heard()
        await talk.plane.obey(Join("call", Side.CITIZEN, "citizen-2"))
        assert len(talk.reports.of(Negotiate)) == 4
        # the closed epoch says nothing of its end: the new one began before
        assert all(r.connected for r in talk.reports.of(LegChanged))
        assert talk.plane.stats().packets > 20


async def test_a_page_that_closes_its_connection_is_lost_at_once_and_may_join_again(tmp_path: Path) -> None:
    async with conversation(tmp_path, AiortcPerson) as talk:
        await talk.join()
        await talk.heard()
        await talk.people[Side.CITIZEN].close()
        lost = await talk.reports.wait(LegChanged, lambda r: not r.connected, within=3)
        assert lost.side is Side.CITIZEN
        await talk.plane.obey(Join("call", Side.CITIZEN, "citizen-1"))
        await talk.reports.wait(LegChanged, lambda r: r.side is Side.CITIZEN and r.connected and r.epoch > lost.epoch)
        await talk.heard()


async def test_silence_is_told_and_so_is_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leg_module, "_SILENCE", 1.0)
    async with conversation(tmp_path, AiortcPerson) as talk:
        await talk.join()
        await talk.heard()
        with monkeypatch.context() as deaf:
            deaf.setattr(leg_module.Leg, "media", lambda *_: None)
            deaf.setattr(leg_module.Leg, "check", lambda *_: None)
            for side in Side:
                await talk.reports.wait(LegChanged, partial(_told, side=side, connected=False))
        silent = len(talk.reports.of(LegChanged))
        await talk.heard()
        async with asyncio.timeout(5):
            while len(talk.reports.of(LegChanged)) < silent + 2:
                await talk.reports.more()
        assert all(r.connected for r in talk.reports.of(LegChanged)[silent:])
