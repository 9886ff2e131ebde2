"""The auditor: who, why, and only then what; every refusal in the journal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.services.town import NOW, OURS, THEIRS, person
from videoattention.domain.access import Action
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import AccessRefused, PlaybackRefused, PurposeStated, RecorderAdmitted
from videoattention.domain.people import Role
from videoattention.domain.recording import RecordingStage
from videoattention.services.archive import GRANT_LASTS, LEAST_PURPOSE, LONGEST_NAME, AccessDenied
from videoattention.services.media import Track
from videoattention.services.ports import NotFound
from videoattention.services.vault import FileIdentity, MediaErased

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.unit.services.town import Town
    from videoattention.domain.facts import Fact
    from videoattention.services.archive import Archive

AUDITOR = person("aina", Role.AUDITOR, offices=())
THEIR_AUDITOR = person("bru", Role.AUDITOR, organisation=THEIRS, offices=())
INFORMER = person("marta", Role.INFORMER)
WHY = "Reclamació 2026/17 de la persona atesa"


@pytest.fixture
async def recording(quiet: Town) -> str:
    attention, _ = await quiet.attended()
    await quiet.recorder.admit(OURS, attention)
    told = quiet.facts(RecorderAdmitted)[-1].recording
    quiet.told.clear()
    return told


def told(town: Town) -> list[tuple[str, str, Fact]]:
    return [(entry.organisation, entry.actor, entry.fact) for entry in town.told]


async def test_a_purpose_opens_one_recording_for_two_hours(quiet: Town, recording: str) -> None:
    with pytest.raises(AccessDenied) as refused:
        await quiet.archive.play(AUDITOR, recording)
    assert refused.value.code == "no_purpose"
    await quiet.archive.state_purpose(AUDITOR, recording, f"  {WHY}\n ")
    await quiet.archive.play(AUDITOR, recording)
    grant = await quiet.archive.held(AUDITOR, recording)
    assert grant
    assert (grant.purpose, grant.until, grant.subject) == (WHY, NOW + GRANT_LASTS, "aina")
    attention = (await quiet.recording(recording)).attention
    until = grant.until.isoformat()
    assert told(quiet) == [
        (OURS, "staff:aina", PlaybackRefused(recording, "no_purpose", attention)),
        (OURS, "auditor:aina", PurposeStated(attention, recording, grant.id, WHY, until)),
    ]


async def test_the_leave_ends_by_itself(quiet: Town, recording: str) -> None:
    await quiet.archive.state_purpose(AUDITOR, recording, WHY)
    quiet.clock.move(GRANT_LASTS.total_seconds() - 1)
    await quiet.archive.play(AUDITOR, recording)
    quiet.clock.move(1)
    assert await quiet.archive.held(AUDITOR, recording) is None
    with pytest.raises(AccessDenied) as refused:
        await quiet.archive.play(AUDITOR, recording)
    assert refused.value.code == "no_purpose"


async def test_the_leave_is_one_persons(quiet: Town, recording: str) -> None:
    await quiet.archive.state_purpose(AUDITOR, recording, WHY)
    with pytest.raises(AccessDenied):
        await quiet.archive.play(person("carles", Role.AUDITOR), recording)


@pytest.mark.parametrize("said", ["", " " * 40, "x" * (LEAST_PURPOSE - 1), "a \n b \t c   d  "])
async def test_a_purpose_that_says_nothing_opens_nothing(quiet: Town, recording: str, said: str) -> None:
    with pytest.raises(StepRefused) as refused:
        await quiet.archive.state_purpose(AUDITOR, recording, said)
    assert refused.value.code == "purpose_too_short"
    assert await quiet.archive.held(AUDITOR, recording) is None
    assert quiet.told == []


async def test_the_shortest_purpose_that_says_something(quiet: Town, recording: str) -> None:
    await quiet.archive.state_purpose(AUDITOR, recording, "x" * LEAST_PURPOSE)
    assert await quiet.archive.held(AUDITOR, recording)


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.ATTEND])
async def test_another_role_does_not_enter_and_the_journal_knows(quiet: Town, action: Action) -> None:
    refusal = AccessRefused(action, "archive", "no_purpose" if action is Action.PLAY else "role")
    who = AUDITOR if action is Action.PLAY else INFORMER
    with pytest.raises(AccessDenied):
        await quiet.archive.enter(who, action)
    assert told(quiet) == [(OURS, f"staff:{who.subject}", refusal)]


async def test_an_auditor_enters(quiet: Town) -> None:
    await quiet.archive.enter(AUDITOR, Action.SEARCH_ARCHIVE)
    with pytest.raises(AccessDenied):
        await quiet.archive.enter(AUDITOR, Action.ATTEND, "desk")
    assert told(quiet) == [(OURS, "staff:aina", AccessRefused("attend", "desk", "role"))]


async def test_another_role_states_no_purpose_and_plays_nothing(quiet: Town, recording: str) -> None:
    with pytest.raises(AccessDenied) as stated:
        await quiet.archive.state_purpose(INFORMER, recording, WHY)
    with pytest.raises(AccessDenied) as played:
        await quiet.archive.play(INFORMER, recording)
    assert (stated.value.code, played.value.code) == ("role", "role")
    attention = (await quiet.recording(recording)).attention
    assert told(quiet) == [
        (OURS, "staff:marta", AccessRefused("state_purpose", "archive", "role")),
        (OURS, "staff:marta", PlaybackRefused(recording, "role", attention)),
    ]


WAYS: dict[str, Callable[[Archive, str], Awaitable[None]]] = {
    "state purpose": lambda archive, recording: archive.state_purpose(THEIR_AUDITOR, recording, WHY),
    "play": lambda archive, recording: archive.play(THEIR_AUDITOR, recording),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
async def test_another_organisations_recording_does_not_exist_and_both_journals_know(
    quiet: Town, recording: str, way: Callable[[Archive, str], Awaitable[None]]
) -> None:
    with pytest.raises(NotFound):
        await way(quiet.archive, recording)
    assert told(quiet) == [
        (THEIRS, "staff:bru", PlaybackRefused(recording, "not_found")),
        (OURS, "staff:bru", PlaybackRefused(recording, "other_organisation")),
    ]


async def test_what_never_was_is_refused_in_ones_own_journal_and_shortened(quiet: Town) -> None:
    with pytest.raises(NotFound):
        await quiet.archive.play(AUDITOR, "x" * 5000)
    assert told(quiet) == [(OURS, "staff:aina", PlaybackRefused("x" * LONGEST_NAME, "not_found"))]


async def test_of_an_erased_recording_nothing_is_opened_and_that_is_journalled(quiet: Town, recording: str) -> None:
    await quiet.archive.state_purpose(AUDITOR, recording, WHY)
    async with quiet.begin() as transaction:
        ended = (await transaction.recordings.get(recording)).stop("call_ended").recording
        lost = replace(ended, stage=RecordingStage.LOST).erase("ab" * 32, WHY).recording
        await transaction.recordings.save(lost)
    quiet.told.clear()
    with pytest.raises(MediaErased):
        await quiet.archive.play(AUDITOR, recording)
    with pytest.raises(MediaErased):
        await quiet.files.open(FileIdentity(OURS, recording, 1, Track.CITIZEN_AUDIO))
    with pytest.raises(StepRefused) as refused:
        await quiet.archive.state_purpose(AUDITOR, recording, WHY)
    assert refused.value.code == "already_erased"
    assert told(quiet) == [(OURS, "staff:aina", PlaybackRefused(recording, "already_erased", lost.attention))]
