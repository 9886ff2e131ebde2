"""How long an identification by sight is kept: announced with its attention, rescued with it, gone with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from tests.integration.db.cases import ORGANISATION
from tests.integration.db.test_database_visual import CITIZEN, MARTA, SESSION, Room, room
from videoattention.adapters.db.queries import DatabaseViews
from videoattention.adapters.db.queries.rights import DatabaseRights
from videoattention.adapters.db.seals import DatabaseSeals
from videoattention.adapters.db.visual_tables import suspicions, visual_stills, visuals
from videoattention.domain.levels import OutcomeKind
from videoattention.domain.people import Person, Role
from videoattention.domain.retention import QUARANTINE
from videoattention.domain.rights import Right
from videoattention.domain.visual_stages import Reason, VisualStage
from videoattention.services.archive import Archive
from videoattention.services.erasing import Erasing
from videoattention.services.retention import Retention
from videoattention.services.rights import Rights
from videoattention.services.unmaking import Unmaking
from videoattention.services.visual_decision import Keeping

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["room"]

OFFICER: Final = Person("montse", ORGANISATION, "Montse", "", frozenset({Role.DATA_OFFICER}), frozenset())
HOUR: Final = timedelta(hours=1).total_seconds()
SECOND: Final = timedelta(seconds=1)
KEPT: Final = [visuals, visual_stills]


class NoFiles:
    """Where recordings would be removed from: there are none."""

    async def remove(self, organisation: str, recording: str) -> None:
        raise AssertionError(f"{organisation} has no recording {recording}")


class Office:
    """An identification by sight, what keeps it, and what erases it."""

    def __init__(self, room: Room) -> None:
        self.room = room
        erasing = Erasing(
            room.work,
            room.signer,
            seals=DatabaseSeals(room.database),
            removal=NoFiles(),
            scrub=room.database.scrub,
            software="videoattention 0",
        )
        unmaking = Unmaking(room.work, erasing, scrub=room.database.scrub)
        kept = DatabaseRights(room.database)
        archive = Archive(room.work, DatabaseViews(room.database), iter("g").__next__)
        ids = iter(f"q{number}" for number in range(9)).__next__
        self.rights = Rights(room.work, archive, unmaking=unmaking, kept=kept, new_id=ids)
        self.retention = Retention(room.work, room.register, room.clock, kept=kept, unmaking=unmaking)

    async def over(self) -> None:
        """The call ends, and its outcome is written."""
        await self.room.work.change(CITIZEN, "a1", lambda a, now: a.hang_up("citizen", now))
        await self.room.work.change(MARTA, "a1", lambda a, _: a.conclude("marta", "done", OutcomeKind.INFORMED))

    async def run(self) -> Sequence[str]:
        """What the daily run and the hourly look do now."""
        self.room.clock.move(HOUR)
        await self.room.watch.look()
        return [line.what for line in (await self.retention.run()).lines]

    async def counts(self) -> list[int]:
        """How many rows are kept."""
        return [await self.room.count(table) for table in KEPT]


@pytest.fixture
async def office(room: Room) -> Office:
    """After an identification that was accepted."""
    await room.to(VisualStage.DECISION)
    await room.decision.accept(MARTA, "a1", SESSION)
    made = Office(room)
    await made.over()
    assert await made.run() == []
    room.clock.move(Keeping().completed.total_seconds())
    return made


async def test_it_is_announced_for_seven_days_with_its_attention_and_goes_with_it(office: Office) -> None:
    assert await office.run() == ["quarantined"]
    assert await office.counts() == [1, 3]
    office.room.clock.move((QUARANTINE - timedelta(hours=2)).total_seconds())
    assert await office.run() == []
    assert await office.counts() == [1, 3], "before the seven days are over nothing of it goes"
    assert await office.run() == ["erased"]
    assert await office.counts() == [0, 0]


async def test_an_officer_who_keeps_the_attention_keeps_the_pictures(office: Office) -> None:
    assert await office.run() == ["quarantined"]
    await office.rights.rescue(OFFICER, "a1", 90, "A court asked for it, and its letter is on its way")
    office.room.clock.move(timedelta(days=60).total_seconds())
    assert await office.run() == []
    assert await office.counts() == [1, 3]


async def test_a_suspicion_that_outlives_the_attention_has_seven_days_of_its_own(room: Room) -> None:
    await room.to(VisualStage.DECISION)
    await room.decision.stop(MARTA, "a1", Reason.FALSE_DOCUMENT, SESSION, witnessed=True)
    office = Office(room)
    await office.over()
    request = await office.rights.ask(ORGANISATION, "a1", Right.ERASURE, "")
    await office.rights.decide(OFFICER, request, "unneeded", "")
    assert await room.count(suspicions) == 1, "a suspicion of fraud is kept apart"
    room.clock.move((Keeping().stopped + QUARANTINE).total_seconds() - 2 * HOUR)
    await office.run()
    assert await room.count(suspicions) == 1
    room.clock.move(HOUR)
    await office.run()
    assert await room.count(suspicions) == 0
