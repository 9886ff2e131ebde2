"""The auditor: who, why, and only then what; every refusal in the journal."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import DBAPIError

from tests.unit.services.town import NOW, OURS, THEIRS, person
from videoattention.domain.access import OPENS, Action
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import AccessRefused, PlaybackRefused, PurposeStated, RecorderAdmitted
from videoattention.domain.people import Role
from videoattention.domain.recording import RecordingStage
from videoattention.services.archive import GRANT_LASTS, LEAST_PURPOSE, LONGEST_NAME, AccessDenied
from videoattention.services.media import Track
from videoattention.services.ports import Grant, NotFound
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
CASE = "2026/17"


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
    await quiet.archive.state_purpose(AUDITOR, recording, f"  {WHY}\n ", case=f" {CASE} ")
    await quiet.archive.play(AUDITOR, recording)
    grant = await quiet.archive.held(AUDITOR, recording)
    assert grant
    assert (grant.purpose, grant.until, grant.subject) == (WHY, NOW + GRANT_LASTS, "aina")
    attention = (await quiet.recording(recording)).attention
    until = grant.until.isoformat()
    assert told(quiet) == [
        (OURS, "staff:aina", PlaybackRefused(recording, "no_purpose", attention)),
        (OURS, "auditor:aina", PurposeStated(attention, recording, grant.id, WHY, until, CASE, "Informadora")),
    ]


async def test_the_leave_ends_by_itself(quiet: Town, recording: str) -> None:
    await quiet.archive.state_purpose(AUDITOR, recording, WHY, case=CASE)
    quiet.clock.move(GRANT_LASTS.total_seconds() - 1)
    await quiet.archive.play(AUDITOR, recording)
    quiet.clock.move(1)
    assert await quiet.archive.held(AUDITOR, recording) is None
    with pytest.raises(AccessDenied) as refused:
        await quiet.archive.play(AUDITOR, recording)
    assert refused.value.code == "no_purpose"


async def test_a_player_waits_for_nobody_who_writes_and_sees_what_was_committed(quiet: Town, recording: str) -> None:
    await quiet.archive.state_purpose(AUDITOR, recording, WHY, case=CASE)
    async with quiet.register.begin(OURS, "service", NOW) as writing, asyncio.timeout(20):
        await writing.alone()
        await quiet.archive.play(AUDITOR, recording)
        with pytest.raises(NotFound):  # of which nothing is kept yet
            await quiet.files.open(FileIdentity(OURS, recording, 1, Track.CITIZEN_VIDEO))


async def test_who_looks_can_change_nothing(quiet: Town, recording: str) -> None:
    async with quiet.register.look(OURS, NOW) as looking:
        with pytest.raises(DBAPIError):
            await looking.grants.add(Grant("g", recording, AUDITOR.subject, WHY, NOW + GRANT_LASTS, CASE))
    with pytest.raises(AccessDenied):
        await quiet.archive.play(AUDITOR, recording)


async def test_the_leave_is_one_persons(quiet: Town, recording: str) -> None:
    await quiet.archive.state_purpose(AUDITOR, recording, WHY, case=CASE)
    with pytest.raises(AccessDenied):
        await quiet.archive.play(person("carles", Role.AUDITOR), recording)


@pytest.mark.parametrize("said", ["", " " * 40, "x" * (LEAST_PURPOSE - 1), "a \n b \t c   d  "])
async def test_a_purpose_that_says_nothing_opens_nothing(quiet: Town, recording: str, said: str) -> None:
    with pytest.raises(StepRefused) as refused:
        await quiet.archive.state_purpose(AUDITOR, recording, said, case=CASE)
    assert refused.value.code == "purpose_too_short"
    assert await quiet.archive.held(AUDITOR, recording) is None
    assert quiet.told == []


async def test_the_shortest_purpose_that_says_something(quiet: Town, recording: str) -> None:
    await quiet.archive.state_purpose(AUDITOR, recording, "x" * LEAST_PURPOSE, case=CASE)
    assert await quiet.archive.held(AUDITOR, recording)


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.ATTEND])
async def test_another_role_does_not_enter_and_the_journal_knows(quiet: Town, action: Action) -> None:
    refusal = AccessRefused(action, "archive", "no_purpose" if action in OPENS else "role")
    who = AUDITOR if action in OPENS else INFORMER
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
        await quiet.archive.state_purpose(INFORMER, recording, WHY, case=CASE)
    with pytest.raises(AccessDenied) as played:
        await quiet.archive.play(INFORMER, recording)
    assert (stated.value.code, played.value.code) == ("role", "role")
    attention = (await quiet.recording(recording)).attention
    assert told(quiet) == [
        (OURS, "staff:marta", AccessRefused("state_purpose", "archive", "role")),
        (OURS, "staff:marta", PlaybackRefused(recording, "role", attention)),
    ]


WAYS: dict[str, Callable[[Archive, str], Awaitable[None]]] = {
    "state purpose": lambda archive, recording: archive.state_purpose(THEIR_AUDITOR, recording, WHY, case=CASE),
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
    await quiet.archive.state_purpose(AUDITOR, recording, WHY, case=CASE)
    async with quiet.begin() as transaction:
        ended = (await transaction.recordings.get(recording)).stop("call_ended").recording
        lost = replace(ended, stage=RecordingStage.LOST).erase("ab" * 32, WHY).recording
        await transaction.recordings.save(lost)
    quiet.told.clear()
    with pytest.raises(MediaErased):
        await quiet.archive.play(AUDITOR, recording)
    with pytest.raises(MediaErased):
        await quiet.files.open(FileIdentity(OURS, recording, 1, Track.CITIZEN_AUDIO))
    assert told(quiet) == [(OURS, "staff:aina", PlaybackRefused(recording, "already_erased", lost.attention))]


async def test_what_is_left_of_an_erased_recording_opens_for_a_purpose_and_is_not_played(
    quiet: Town, recording: str
) -> None:
    async with quiet.begin() as transaction:
        ended = (await transaction.recordings.get(recording)).stop("call_ended").recording
        lost = replace(ended, stage=RecordingStage.LOST).erase("ab" * 32, WHY).recording
        await transaction.recordings.save(lost)
        await transaction.commit()
    await quiet.archive.state_purpose(AUDITOR, recording, WHY, case=CASE)
    assert await quiet.archive.held(AUDITOR, recording)
    with pytest.raises(MediaErased):
        await quiet.archive.play(AUDITOR, recording)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "case_missing"),
        (" \t ", "case_missing"),
        ("sense numero", "case_unclear"),
        ("x1", "case_unclear"),
        ("<b>2026/17</b>", "case_unclear"),
        ("2" * 65, "case_unclear"),
        ("/2026/17", "case_unclear"),
    ],
)
async def test_without_the_number_of_a_case_nothing_is_opened(
    quiet: Town, recording: str, said: str, code: str
) -> None:
    with pytest.raises(StepRefused) as refused:
        await quiet.archive.state_purpose(AUDITOR, recording, WHY, case=said)
    assert refused.value.code == code
    assert await quiet.archive.held(AUDITOR, recording) is None
    with pytest.raises(AccessDenied):
        await quiet.archive.play(AUDITOR, recording)
    assert quiet.kinds() == ["PlaybackRefused"]


@pytest.mark.parametrize("said", ["2026/17", "EXP. 2026-000412 (bis)", "REV-ab12cd34-1", "à7é", "x" * 63 + "1"])
async def test_offices_call_their_cases_what_they_like(quiet: Town, recording: str, said: str) -> None:
    await quiet.archive.state_purpose(AUDITOR, recording, WHY, case=said)
    grant = await quiet.archive.held(AUDITOR, recording)
    assert grant
    assert grant.case == said
