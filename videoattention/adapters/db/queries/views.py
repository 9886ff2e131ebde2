"""The reading side of the service, each view in a transaction that sees one moment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, literal, select

from videoattention.adapters.db.people import habilitations_from
from videoattention.adapters.db.queries.archive import journal_seen, recording_seen, recordings_seen
from videoattention.adapters.db.queries.citizen import citizen_seen
from videoattention.adapters.db.queries.desk import desk_seen
from videoattention.adapters.db.queries.entry import IN_LINE, offices_seen
from videoattention.adapters.db.queries.showing import rows_of
from videoattention.adapters.db.tables import attentions, desks, presence, recordings
from videoattention.domain.recording import ACTIVE, RecordingStage
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.adapters.db.database import Database
    from videoattention.services.views import (
        AttendedSeen,
        CitizenView,
        DeskView,
        JournalLine,
        OfficeSeen,
        PartSeen,
        RecordingSeen,
    )


class DatabaseViews:
    """`videoattention.services.views.Views` in a database."""

    def __init__(self, database: Database, store_away: Callable[[], bool] = lambda: False) -> None:
        """Read this database; ``store_away`` tells of the object store, which no table knows of."""
        self._database = database
        self._store_away = store_away

    async def offices(self, language: str, *, seen_since: datetime) -> Sequence[OfficeSeen]:
        """Every office that attends by video, with its procedures."""
        async with self._database.reading() as connection:
            return await offices_seen(connection, language, seen_since)

    async def citizen(
        self, organisation: str, attention: str, language: str, *, seen_since: datetime
    ) -> CitizenView | None:
        """The citizen's page; ``None`` if there is no such attention."""
        async with self._database.reading() as connection:
            seen = await citizen_seen(connection, (organisation, attention), language, seen_since)
        return seen and replace(seen, copy_waits=self._copy_waits(seen))

    async def desk(self, organisation: str, subject: str, language: str, *, seen_since: datetime) -> DeskView:
        """The informer's desk; one who never came is paused and sees no line."""
        async with self._database.reading() as connection:
            seen = await desk_seen(connection, (organisation, subject), language, seen_since)
        attended = seen.attended and replace(seen.attended, copy_waits=self._copy_waits(seen.attended))
        return replace(seen, attended=attended)

    def _copy_waits(self, seen: CitizenView | AttendedSeen) -> bool:
        """Only of what is being recorded: while nothing can be stored, there is nothing that would wait."""
        return seen.recorder == "in_call" and self._store_away()

    async def habilitations(self, organisation: str) -> Sequence[str]:
        """The names of the habilitations of everybody who ever came to a desk, in order."""
        async with self._database.reading() as connection:
            rows = await rows_of(connection, select(desks.c.habilitations).where(desks.c.organisation == organisation))
        return sorted({one.name for row in rows for one in habilitations_from(row.habilitations)})

    async def recordings(self, organisation: str, language: str) -> Sequence[RecordingSeen]:
        """The newest 200 recordings, newest first."""
        async with self._database.reading() as connection:
            return await recordings_seen(connection, organisation, language)

    async def recording(
        self, organisation: str, recording: str, language: str
    ) -> tuple[RecordingSeen, tuple[PartSeen, ...]] | None:
        """One recording and its parts."""
        async with self._database.reading() as connection:
            return await recording_seen(connection, (organisation, recording), language)

    async def journal(self, organisation: str, attention: str) -> Sequence[JournalLine]:
        """Every fact of one attention, in order."""
        async with self._database.reading() as connection:
            return await journal_seen(connection, organisation, attention)

    async def talking(self) -> Sequence[tuple[str, str]]:
        """Every (organisation, attention) with a call going on, whatever the organisation."""
        query = select(attentions.c.organisation, attentions.c.id).where(attentions.c.stage == Stage.TALKING)
        async with self._database.reading() as connection:
            return [(row.organisation, row.id) for row in await rows_of(connection, query)]

    async def organisations_waiting(self) -> Sequence[str]:
        """Every organisation in which a citizen waits or is offered."""
        query = select(attentions.c.organisation).distinct().where(attentions.c.stage.in_(IN_LINE))
        async with self._database.reading() as connection:
            return [row.organisation for row in await rows_of(connection, query)]

    async def deserted(self, *, seen_since: datetime) -> Sequence[tuple[str, str]]:
        """Every (organisation, attention) with a call of which neither page was heard since."""
        citizen = literal("attention:") + attentions.c.id
        desk = literal("desk:") + attentions.c.organisation + ":" + attentions.c.informer
        heard = exists().where(presence.c.key.in_((citizen, desk)), presence.c.seen_at >= seen_since)
        talking = attentions.c.stage == Stage.TALKING, attentions.c.talking_since < seen_since
        query = select(attentions.c.organisation, attentions.c.id).where(*talking, ~heard)
        async with self._database.reading() as connection:
            return [(row.organisation, row.id) for row in await rows_of(connection, query)]

    async def being_recorded(self) -> Sequence[tuple[str, str]]:
        """Every (organisation, attention) with an active recording."""
        query = select(recordings.c.organisation, recordings.c.attention).where(recordings.c.stage.in_(ACTIVE))
        async with self._database.reading() as connection:
            return [(row.organisation, row.attention) for row in await rows_of(connection, query)]

    async def unsealed(self) -> Sequence[tuple[str, str]]:
        """Every (organisation, recording) that is sealing."""
        query = select(recordings.c.organisation, recordings.c.id).where(recordings.c.stage == RecordingStage.SEALING)
        async with self._database.reading() as connection:
            return [(row.organisation, row.id) for row in await rows_of(connection, query)]

    async def owner_of_recording(self, recording: str) -> str | None:
        """The organisation of a recording: only to journal a refusal there."""
        async with self._database.reading() as connection:
            owner = await connection.execute(select(recordings.c.organisation).where(recordings.c.id == recording))
            found: str | None = owner.scalar()
            return found
