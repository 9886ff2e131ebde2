"""Who sees that a copy waits: both people of a call that is being recorded, while the object store is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.db.cases import NOW, ORGANISATION, add, later, person, record, sit_down, talking
from videoattention.adapters.db.queries.views import DatabaseViews

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.register import DatabaseRegister


async def told(views: DatabaseViews) -> tuple[bool, bool]:
    """Whether the citizen's page and the desk show that the copy waits."""
    citizen = await views.citizen(ORGANISATION, "a1", "ca", seen_since=NOW)
    attended = (await views.desk(ORGANISATION, "marta", "ca", seen_since=NOW)).attended
    assert citizen
    assert attended
    return citizen.copy_waits, attended.copy_waits


async def test_both_are_told_while_the_recorder_is_in_the_call_and_the_store_is_away(
    database: Database, register: DatabaseRegister
) -> None:
    away, there = DatabaseViews(database, lambda: True), DatabaseViews(database, lambda: False)
    await add(register, talking())
    await sit_down(register, person())
    assert await told(away) == (False, False), "nothing is recorded in this call"
    await record(register)
    assert await told(away) == (False, False), "the recorder has not kept anything yet"
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        opened = (await transaction.recordings.get("r1")).open(1, later(121))
        await transaction.recordings.save(opened.recording)
        await transaction.commit(*opened.facts)
    assert await told(away) == (True, True)
    assert await told(there) == (False, False)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        hindered = (await transaction.recordings.get("r1")).hinder(later(130), "no_space")
        await transaction.recordings.save(hindered.recording)
        await transaction.commit(*hindered.facts)
    assert await told(away) == (False, False), "nothing can be stored: this is told instead"


async def test_a_desk_without_anybody_and_a_citizen_whom_nobody_knows_are_as_they_were(database: Database) -> None:
    away = DatabaseViews(database, lambda: True)
    assert (await away.desk(ORGANISATION, "marta", "ca", seen_since=NOW)).attended is None
    assert await away.citizen(ORGANISATION, "nobody", "ca", seen_since=NOW) is None
