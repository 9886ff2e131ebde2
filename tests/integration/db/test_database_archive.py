"""What the archive shows, and what nobody else sees, as the tables tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.db.cases import (
    NOW,
    OFFICE,
    ORGANISATION,
    OTHER,
    add,
    attending,
    kept,
    later,
    person,
    record,
    save,
    sit_down,
    talking,
    waiting,
)
from videoattention.adapters.db.tables import journal
from videoattention.domain.holding import Hold, place
from videoattention.domain.recording import Proof
from videoattention.services.media import Track
from videoattention.services.views import (
    HoldSeen,
    PartSeen,
    TrackSeen,
)

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.queries import DatabaseViews
    from videoattention.adapters.db.register import DatabaseRegister


# --- the archive -----------------------------------------------------------------------------------------------------


async def test_the_archive_shows_recordings_newest_first_with_their_parts(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, talking("a1"), talking("a2", informer="joan"))
    await record(register, "a1", "r1", requested=120)
    await record(register, "a2", "r2", requested=180)
    tracks = kept(Track.CITIZEN_AUDIO, 30.0), kept(Track.CITIZEN_VIDEO, 31.5)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        opened = (await transaction.recordings.get("r1")).open(1, later(121))
        closed = opened.recording.close_part(1, later(152), "epoch_ended", tracks)
        await transaction.recordings.save(closed)
        await transaction.commit(*opened.facts)
    newest, oldest = await views.recordings(ORGANISATION, "ca")
    assert (newest.id, newest.informer, newest.stage, newest.parts) == ("r2", "Nom joan", "requested", 0)
    assert newest.started_at == later(180)
    assert (oldest.id, oldest.attention, oldest.started_at, oldest.seconds) == ("r1", "a1", later(121), 31.5)
    assert (oldest.office, oldest.procedure) == ("OAC de Girona", "Consulta general")
    shown = await views.recording(ORGANISATION, "r1", "ca")
    played = TrackSeen("citizen-audio", 0.25, 30.0, 100), TrackSeen("citizen-video", 0.25, 31.5, 100)
    assert shown == (oldest, (PartSeen(1, later(121), later(152), "epoch_ended", played),))


async def sealed(register: DatabaseRegister, recording: str, *causes: str) -> None:
    """The recorder kept something, the call ended, and that was sealed."""
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        opened = (await transaction.recordings.get(recording)).open(1, later(121)).recording
        closed = opened.stop("call_ended").recording.close_part(
            1, later(152), "call_ended", (kept(Track.CITIZEN_AUDIO, 30.0),)
        )
        change = closed.seal(Proof("00" * 32, "key-1", causes))
        await transaction.recordings.save(change.recording)
        await transaction.commit(*change.facts)


async def test_the_list_marks_what_was_sealed_as_incomplete(register: DatabaseRegister, views: DatabaseViews) -> None:
    await add(register, talking("a1"), talking("a2", informer="joan"))
    await record(register, "a1", "r1", requested=120)
    await record(register, "a2", "r2", requested=180)
    await sealed(register, "r1", "worker_lost")
    await sealed(register, "r2")
    assert [(seen.id, seen.stage, seen.incomplete) for seen in await views.recordings(ORGANISATION, "ca")] == [
        ("r2", "sealed", False),
        ("r1", "sealed", True),
    ]


async def test_a_hold_is_shown_with_who_placed_it_and_what_releases_it(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, talking("a1"))
    await record(register)
    hold = Hold("h1", "r1", "Diligències prèvies 214", "arxivera", later(200))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.holds.add(hold)
        await transaction.commit(*place(hold, await transaction.recordings.get("r1")))
    (seen,) = await views.recordings(ORGANISATION, "ca")
    assert seen.holds == (HoldSeen("h1", "Diligències prèvies 214", "arxivera", later(200)),)


async def test_a_citizen_is_told_when_all_that_was_recorded_is_gone(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, talking("a1"))
    await record(register)
    await sealed(register, "r1")
    before = await views.citizen(ORGANISATION, "a1", "ca", seen_since=NOW)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        change = (await transaction.recordings.get("r1")).erase("00" * 32, "Sol·licitud de la persona")
        await transaction.recordings.save(change.recording)
        await transaction.commit(*change.facts)
    after = await views.citizen(ORGANISATION, "a1", "ca", seen_since=NOW)
    assert before
    assert after
    assert (before.recorded, before.erased) == (True, False)
    assert (after.recorded, after.erased) == (True, True)


async def test_the_journal_of_an_attention_has_its_facts_in_order(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, waiting("a1"), waiting("a2"))
    await save(register, waiting("a1").offer(attending(), later(20)))
    lines = await views.journal(ORGANISATION, "a1")
    assert [(line.seq, line.kind, line.actor) for line in lines] == [
        (1, "AttentionRequested", "citizen"),
        (3, "OfferMade", "service"),
    ]
    assert lines[1].body == {"attention": "a1", "informer": "marta", "until": later(20).isoformat()}
    assert lines[1].at == NOW


async def test_an_erased_entry_keeps_its_line(
    database: Database, register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, waiting("a1"))
    async with database.writing() as connection:
        await connection.execute(journal.update().values(body=None, salt=None))
        await connection.commit()
    (line,) = await views.journal(ORGANISATION, "a1")
    assert (line.seq, line.kind, line.body) == (1, "AttentionRequested", {})


# --- tenants and the service itself ----------------------------------------------------------------------------------


async def test_nothing_of_another_organisation_is_seen(register: DatabaseRegister, views: DatabaseViews) -> None:
    await add(register, talking("a1"), waiting("a2"))
    await record(register)
    assert await views.citizen(OTHER, "a1", "ca", seen_since=NOW) is None
    assert await views.recording(OTHER, "r1", "ca") is None
    assert await views.recordings(OTHER, "ca") == []
    assert await views.journal(OTHER, "a1") == []
    await sit_down(register, person(organisation=OTHER, offices=(OFFICE, "oac-vila")))
    desk = await views.desk(OTHER, "marta", "ca", seen_since=NOW)
    assert (desk.offer, desk.attended, desk.waiting) == (None, None, ())


async def test_the_service_finds_its_work_in_every_organisation(
    register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, talking("a1"), talking("b1", organisation=OTHER), waiting("a2"))
    await record(register)
    assert sorted(await views.talking()) == [(ORGANISATION, "a1"), (OTHER, "b1")]
    assert await views.organisations_waiting() == [ORGANISATION]
    assert (await views.owner_of_recording("r1"), await views.owner_of_recording("r9")) == (ORGANISATION, None)
    assert await views.unsealed() == []
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        stopped = (await transaction.recordings.get("r1")).stop("call_ended")
        await transaction.recordings.save(stopped.recording)
        await transaction.commit(*stopped.facts)
    assert await views.unsealed() == [(ORGANISATION, "r1")]
