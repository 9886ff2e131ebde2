from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import pytest

from tests.integration.media.peers import AiortcPerson
from tests.integration.media.talk import CONSENT, conversation, decoded, record
from videoattention.domain.people import Side
from videoattention.services.media import (
    CloseCall,
    Join,
    Leave,
    Negotiate,
    PartClosed,
    PartOpened,
    Record,
    RecordedUntil,
    RecordingRefused,
    StopRecording,
    Track,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.integration.media.talk import Conversation


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Conversation]:
    async with conversation(tmp_path, AiortcPerson) as talk:
        await talk.join()
        await talk.heard()
        yield talk


def sizes_in(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.iterdir()}


async def recording(talk: Conversation, seconds: float = 1.0) -> None:
    await talk.plane.obey(record())
    opened = await talk.reports.wait(PartOpened)
    await talk.reports.wait(RecordedUntil, lambda r: r.at > opened.at + seconds)


async def test_without_a_consent_no_file_is_opened(talk: Conversation, tmp_path: Path) -> None:
    await talk.plane.obey(record(consent=replace(CONSENT, consent="")))
    await talk.plane.obey(record(consent=replace(CONSENT, hash="")))
    assert [r.code for r in talk.reports.of(RecordingRefused)] == ["no_consent", "no_consent"]
    assert sizes_in(tmp_path) == {}
    await talk.heard()


async def test_an_unknown_or_unconnected_call_is_not_recorded(tmp_path: Path) -> None:
    async with conversation(tmp_path, AiortcPerson) as talk:
        await talk.plane.obey(record())
        await talk.plane.obey(Join("call", Side.CITIZEN, "c"))
        await talk.plane.obey(record())
        await talk.plane.obey(Join("call", Side.INFORMER, "i"))
        await talk.plane.obey(record())
        codes = [r.code for r in talk.reports.of(RecordingRefused)]
        assert codes == ["unknown_call", "not_connected", "not_connected"]
        assert sizes_in(tmp_path) == {}


async def test_after_the_stop_not_one_packet_is_written(talk: Conversation, tmp_path: Path) -> None:
    await recording(talk)
    await talk.plane.obey(StopRecording("call", "another"))
    assert talk.reports.of(PartClosed) == []
    await talk.plane.obey(StopRecording("call", "rec"))
    closed = talk.reports.of(PartClosed)[0]
    sizes = sizes_in(tmp_path)
    assert sizes == {tmp_path / f"rec-1-{kept.track}.webm": kept.length for kept in closed.tracks}
    await talk.heard()
    assert sizes_in(tmp_path) == sizes
    assert talk.vault.commits > 1
    assert all(leg.tap is None for call in talk.plane._calls.values() for leg in call.legs)


async def test_what_is_told_as_durable_is_in_the_files(talk: Conversation, tmp_path: Path) -> None:
    before = talk.people[Side.INFORMER].received["audio"] + 25
    await talk.plane.obey(record())
    opened = await talk.reports.wait(PartOpened)
    until = await talk.reports.wait(RecordedUntil, lambda r: r.at > opened.at + 1.5)
    counted = talk.people[Side.INFORMER].received["audio"]
    assert until.at - opened.at > 1.5
    later = await talk.reports.wait(RecordedUntil, lambda r: r.at > until.at)
    assert later.at <= time.time()
    # what the informer had decoded of it before the last report, less what waited in buffers at the start
    assert len(decoded(tmp_path / f"rec-1-{Track.CITIZEN_AUDIO}.webm")) >= counted - before


async def test_a_new_part_goes_on_where_the_old_ended_and_the_same_is_not_begun_twice(talk: Conversation) -> None:
    await recording(talk)
    first = talk.reports.of(PartOpened)[0]
    await talk.plane.obey(record())
    assert len(talk.reports.of(PartOpened)) == 1
    await talk.plane.obey(record(2, start=first.at))
    await talk.reports.wait(RecordedUntil, lambda r: r.part == 2)
    await talk.plane.obey(StopRecording("call", "rec"))
    one, two = talk.reports.of(PartClosed)
    assert (one.part, one.cause, two.part, two.cause) == (1, "stopped", 2, "stopped")
    for before, after in zip(one.tracks, two.tracks, strict=True):
        # aiortc's microphone catches up after a busy second, so ends are not compared
        assert after.start >= before.start + 1


@pytest.mark.parametrize(
    ("order", "cause"),
    [
        (CloseCall("call"), "call_closed"),
        (Leave("call", Side.CITIZEN, "citizen-1"), "epoch_ended"),
        (Join("call", Side.CITIZEN, "citizen-2"), "epoch_ended"),
    ],
)
async def test_whatever_ends_the_epoch_closes_the_files(
    talk: Conversation, order: CloseCall | Leave | Join, cause: str
) -> None:
    await recording(talk)
    await talk.plane.obey(order)
    closed = await talk.reports.wait(PartClosed)
    assert closed.cause == cause
    assert all(kept.frames > 5 for kept in closed.tracks)


async def test_a_lost_leg_closes_the_files(talk: Conversation) -> None:
    await recording(talk)
    await talk.people[Side.CITIZEN].close()
    closed = await talk.reports.wait(PartClosed, within=5)
    assert closed.cause == "epoch_ended"
    assert closed.at - talk.reports.of(PartOpened)[0].at < 10


async def test_a_worker_without_a_service_ends_its_recordings_and_keeps_the_call(talk: Conversation) -> None:
    await recording(talk)
    await talk.plane.end_recordings("service_lost")
    assert talk.reports.of(PartClosed)[0].cause == "service_lost"
    await talk.heard()


@pytest.mark.parametrize("code", ["no_space", "storage_failed"])
async def test_a_failing_disk_ends_the_recording_and_not_the_call(talk: Conversation, code: str) -> None:
    await recording(talk)
    talk.vault.fails_with = code
    refused = await talk.reports.wait(RecordingRefused)
    assert refused.code == code
    closed = await talk.reports.wait(PartClosed)
    assert closed.cause == "failed"
    await talk.heard()
    assert len(talk.reports.of(Negotiate)) == 2
    await talk.plane.obey(record(2))
    assert talk.reports.of(RecordingRefused)[-1].code == code
    talk.vault.fails_with = ""
    await talk.plane.obey(record(3))
    await talk.reports.wait(PartOpened, lambda r: r.part == 3)


async def test_a_file_that_cannot_be_closed_makes_the_part_a_failed_one(talk: Conversation) -> None:
    await recording(talk)
    talk.vault.fails_with = "no_space"
    await talk.plane.obey(StopRecording("call", "rec"))
    closed = talk.reports.of(PartClosed)[0]
    assert closed.cause == "failed"
    assert {kept.sha256 for kept in closed.tracks} == {""}


async def test_a_vault_that_breaks_otherwise_disturbs_nothing(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recording(talk)
    for writer in talk.vault.writers.values():
        monkeypatch.setattr(writer, "seal_record", None)
    refused = await talk.reports.wait(RecordingRefused)
    assert refused.code == "storage_failed"
    await talk.heard()


# --- orders that follow each other, and a disk that takes its time ----------------------------------------------------


def slow(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Nothing becomes durable until the event is set."""
    go_on = asyncio.Event()
    monkeypatch.setattr(talk.vault, "make_durable", go_on.wait)
    return go_on


async def test_a_stop_that_follows_a_new_part_is_not_lost_while_the_old_one_is_settled(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recording(talk)
    go_on = slow(talk, monkeypatch)
    asked = [asyncio.ensure_future(order_of(talk, order)) for order in (record(2), StopRecording("call", "rec"))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert all(leg.tap is None for call in talk.plane._calls.values() for leg in call.legs)
    go_on.set()
    await asyncio.gather(*asked)
    await talk.reports.wait(PartClosed, lambda r: r.part == 2)
    assert [closed.part for closed in talk.reports.of(PartClosed)] == [1, 2]
    assert all(call.part is None for call in talk.plane._calls.values())


async def order_of(talk: Conversation, order: Record | StopRecording) -> None:
    await talk.plane.obey(order)


async def test_what_was_stopped_is_not_recorded_again(talk: Conversation, tmp_path: Path) -> None:
    await talk.plane.obey(StopRecording("call", "rec"))
    await talk.plane.obey(record())
    assert [r.code for r in talk.reports.of(RecordingRefused)] == ["no_consent"]
    assert sizes_in(tmp_path) == {}
    await talk.plane.obey(replace(record(), recording="another"))
    assert [r.recording for r in talk.reports.of(PartOpened)] == ["another"]


async def test_all_recorders_leave_at_once_however_slow_the_disk_is(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recording(talk)
    go_on = slow(talk, monkeypatch)
    leaving = talk.plane.end_recordings("service_lost")
    assert [call.part for call in talk.plane._calls.values()] == [None]
    go_on.set()
    await leaving
    assert [closed.cause for closed in talk.reports.of(PartClosed)] == ["service_lost"]


async def test_no_recorder_waits_for_another_to_leave(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = (MagicMock(**{"end_part.return_value": asyncio.Future[None]()}) for _ in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(talk.plane, "_calls", {"first": first, "last": last})
        leaving = talk.plane.end_recordings("service_lost")
        assert [call.end_part.call_count for call in (first, last)] == [1, 1]
    for call in (first, last):
        call.end_part.return_value.set_result(None)
    await leaving


async def test_who_stops_waiting_for_the_files_does_not_keep_them_from_being_reported(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recording(talk)
    go_on = slow(talk, monkeypatch)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(talk.plane.obey(StopRecording("call", "rec")), 0.01)
    go_on.set()
    assert (await talk.reports.wait(PartClosed)).cause == "stopped"
