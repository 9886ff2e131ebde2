"""The files of a recording, opened with their keys or measured when nobody told what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.keys import RecordedMedia
from tests.unit.services.town import OURS, THEIRS, by_citizen
from videoattention.domain.recording import KeptTrack
from videoattention.services import media
from videoattention.services.ports import NotFound
from videoattention.services.vault import FileIdentity, MediaTampered, StorageFailed

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


async def test_only_parts_that_nobody_told_of_are_measured(quiet: Town) -> None:
    order = await lost(quiet)
    quiet.library.files[named(order, AUDIO)] = RecordedMedia(4000, 9.5)
    quiet.library.files[named(order, VIDEO)] = MediaTampered("a record was changed")
    measured = await quiet.files.measure_unclosed(OURS, order.recording)
    assert measured == {2: (KeptTrack(AUDIO, 15.0, 9.5, frames=0, length=4000, sha256=""),)}
    assert {identity.part for identity in quiet.library.opened} == {2}


async def test_a_part_without_keys_holds_nothing(quiet: Town) -> None:
    order = await _capturing(quiet)
    await quiet.recorder.opened(OURS, media.PartOpened(order.call, order.recording, 7, 0.0))
    await quiet.call.hang_up(by_citizen(), order.call)
    await quiet.recorder.dismiss(OURS, order.call)
    assert (await quiet.files.measure_unclosed(OURS, order.recording))[7] == ()


async def test_a_disk_that_cannot_be_read_is_no_empty_recording(quiet: Town) -> None:
    """Nothing is sealed as empty because the disk was away for a moment."""
    order = await lost(quiet)
    quiet.library.files[named(order, VIDEO)] = StorageFailed("storage_failed", "as told")
    with pytest.raises(StorageFailed):
        await quiet.recorder.seal(OURS, order.recording)


async def test_nothing_is_measured_of_an_unknown_recording(quiet: Town) -> None:
    with pytest.raises(NotFound):
        await quiet.files.measure_unclosed(OURS, "no-such")
