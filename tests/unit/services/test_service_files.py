"""The files of a recording, opened with their keys or measured for the seal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.fakes.keys import SHA256, RecordedMedia
from tests.unit.services.town import OURS, THEIRS, by_citizen
from videoattention.services import files as module
from videoattention.services import media
from videoattention.services.ports import NotFound
from videoattention.services.vault import FileIdentity, FileSeal, MeasuredFile, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from tests.unit.services.town import Town

VIDEO, AUDIO = media.Track.CITIZEN_VIDEO, media.Track.CITIZEN_AUDIO


async def lost(town: Town) -> media.Record:
    """A recording that is sealing; its first part has its tracks, the second was left by a worker that was lost."""
    order = await _capturing(town)
    town.clock.move(10)
    await town.recorder.closed(OURS, town.part_closed(order, "epoch_ended"))
    town.clock.move(5)
    at = town.clock.now().timestamp()
    await town.recorder.opened(OURS, media.PartOpened(order.call, order.recording, 2, at))
    await town.recorder.interrupted(OURS, order.call, "worker_lost")
    await town.recorder.next_order(OURS, order.call)
    await town.call.hang_up(by_citizen(), order.call)
    await town.recorder.dismiss(OURS, order.call)
    return order


async def _capturing(town: Town) -> media.Record:
    attention, _ = await town.attended()
    await town.recorder.admit(OURS, attention)
    order = await town.recorder.next_order(OURS, attention)
    assert order
    await town.recorder.next_order(OURS, attention)
    await town.recorder.opened(OURS, media.PartOpened(attention, order.recording, 1, town.clock.now().timestamp()))
    return order


def named(order: media.Record, track: media.Track, part: int = 2, organisation: str = OURS) -> FileIdentity:
    return FileIdentity(organisation, order.recording, part, track)


async def test_a_track_is_opened_with_its_own_key(quiet: Town) -> None:
    order = await _capturing(quiet)
    there = RecordedMedia(4000, 10.0)
    quiet.library.files[named(order, VIDEO, 1)] = there
    assert await quiet.files.open(named(order, VIDEO, 1)) is there


@pytest.mark.parametrize(("part", "organisation"), [(9, OURS), (1, THEIRS)])
async def test_what_has_no_key_here_does_not_exist(quiet: Town, part: int, organisation: str) -> None:
    order = await _capturing(quiet)
    quiet.library.files[named(order, VIDEO, part, organisation)] = RecordedMedia(4000, 10.0)
    with pytest.raises(NotFound):
        await quiet.files.open(named(order, VIDEO, part, organisation))
    assert quiet.library.opened == []


async def test_a_part_that_was_written_after_the_dismissal_is_opened_by_nobody(quiet: Town) -> None:
    attention, _ = await quiet.attended()
    await quiet.recorder.admit(OURS, attention)
    order = await quiet.recorder.next_order(OURS, attention)  # its key was given away, and no part of it was ever told
    assert order
    quiet.library.files[named(order, VIDEO, order.part)] = RecordedMedia(4000, 10.0)
    with pytest.raises(NotFound, match="none of this recording"):
        await quiet.files.open(named(order, VIDEO, order.part))
    assert quiet.library.opened == []


async def test_every_track_of_every_part_is_measured(quiet: Town) -> None:
    order = await lost(quiet)
    quiet.library.files[named(order, AUDIO)] = RecordedMedia(4000, 9.5)
    quiet.library.files[named(order, VIDEO)] = MediaTampered("a record was changed")
    measured = await quiet.files.measure(await quiet.recording(order.recording))
    assert measured.keys() == {(part, track) for part in (1, 2) for track in media.Track}
    assert (measured[2, AUDIO].duration, measured[2, AUDIO].fault) == (9.5, "")
    assert measured[2, VIDEO].fault == "file_tampered"
    assert measured[2, media.Track.INFORMER_AUDIO].fault == "file_missing"
    assert measured[1, VIDEO].media == FileSeal(10_000, SHA256)


async def test_a_file_without_its_key_is_told(quiet: Town) -> None:
    order = await _capturing(quiet)
    await quiet.recorder.opened(OURS, media.PartOpened(order.call, order.recording, 7, 0.0))
    measured = await quiet.files.measure(await quiet.recording(order.recording))
    assert {found.fault for (part, _), found in measured.items() if part == 7} == {"key_missing"}


async def test_a_disk_that_cannot_be_read_or_does_not_answer_is_told(
    quiet: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await _capturing(quiet)
    quiet.library.files[named(order, VIDEO, 1)] = StorageFailed("storage_failed", "as told")
    measured = await quiet.files.measure(await quiet.recording(order.recording))
    assert [measured[1, track].fault for track in (VIDEO, AUDIO)] == ["storage_failed", "file_missing"]

    async def for_ever(*_: object) -> MeasuredFile:
        return await asyncio.Future()

    monkeypatch.setattr(module, "MEASURED_WITHIN", 0.01)
    monkeypatch.setattr(quiet.library, "measure", for_ever)
    measured = await quiet.files.measure(await quiet.recording(order.recording))
    assert {found.fault for found in measured.values()} == {"storage_failed"}
