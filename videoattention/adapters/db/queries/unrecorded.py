"""Attentions of which there is no recording, and requests for their packages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, exists, or_, select

from videoattention.adapters.db.queries.showing import NAMES, label, named_attentions, revision_of, rows_of
from videoattention.adapters.db.stories import ASKED, asked_in
from videoattention.adapters.db.tables import attentions, journal, offices, recordings
from videoattention.domain.exporting import ANSWERED_WITHIN, FETCHED_AGAIN_WITHIN, PENDING
from videoattention.domain.stages import Stage
from videoattention.services.stories import GONE
from videoattention.services.views.archive import PAGE
from videoattention.services.views.unrecorded import AskedSeen, AttentionSeen, AttentionsFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.adapters.db.database import Database
    from videoattention.services.views.archive import Sought

MOST_ASKED: Final = 100

LOOKED_BACK: Final = ANSWERED_WITHIN + FETCHED_AGAIN_WITHIN + timedelta(hours=1)
"""How far back requests are looked for when no attention is named: nothing follows any more from an older one.

The hour is for clocks that were set.
"""


class DatabaseUnrecorded:
    """`videoattention.services.views.unrecorded.UnrecordedViews` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, organisation: str, sought: Sought, language: str) -> AttentionsFound:
        """Attentions without a recording, newest first; one that is named in any stage."""
        async with self._database.reading() as connection:
            if sought.number:
                named = await _seen(connection, organisation, [sought.number], language)
                return AttentionsFound(list(named.values()))
            found: list[tuple[datetime, str]] = []
            for office in await _offices(connection, organisation, sought.office):
                # office by office: so each is read in the order of its index, and no more than a page
                found += [(row.arrived_at, row.id) for row in await _newest(connection, organisation, office, sought)]
            first = sorted(found, key=lambda one: (-one[0].timestamp(), one[1]))
            seen = await _seen(connection, organisation, [name for _, name in first[:PAGE]], language)
        return AttentionsFound([seen[name] for _, name in first[:PAGE]], first[PAGE - 1] if len(first) > PAGE else None)

    async def one(self, organisation: str, attention: str, language: str) -> AttentionSeen | None:
        """One attention."""
        async with self._database.reading() as connection:
            return (await _seen(connection, organisation, [attention], language)).get(attention)

    async def asked(
        self, organisation: str, language: str, *, now: datetime, attention: str = ""
    ) -> Sequence[AskedSeen]:
        """Requests for packages, newest first."""
        async with self._database.reading() as connection:
            told = journal.c.organisation == organisation, journal.c.kind.in_(ASKED)
            of_one = journal.c.attention == attention
            if not attention:
                of_one = journal.c.seq > await _before(connection, organisation, now - LOOKED_BACK)
            rows = await rows_of(connection, select(journal).where(*told, of_one).order_by(journal.c.seq))
            exports = asked_in(rows)[::-1][:MOST_ASKED]
            seen = await _seen(connection, organisation, [export.attention for export in exports], language)
        return [
            AskedSeen(export, seen[export.attention], export.stage in PENDING and export.until <= now)
            for export in exports
            if export.attention in seen
        ]


async def _before(connection: AsyncConnection, organisation: str, moment: datetime) -> int:
    """The place in the journal of the last entry before that moment, 0 without one.

    No index has the times, and they follow the places: so it is found by halves, an entry at a time.
    """
    before, after = 0, await revision_of(connection, organisation) + 1
    while after - before > 1:
        middle = (before + after) // 2
        place = journal.c.organisation == organisation, journal.c.seq == middle
        at = (await connection.execute(select(journal.c.at).where(*place))).scalar()
        before, after = (middle, after) if at is not None and at < moment else (before, middle)
    return before


async def _offices(connection: AsyncConnection, organisation: str, office: str) -> Sequence[str]:
    if office:
        return [office]
    mine = select(offices.c.id).where(offices.c.organisation == organisation)
    return [row.id for row in await rows_of(connection, mine)]


async def _newest(connection: AsyncConnection, organisation: str, office: str, sought: Sought) -> Sequence[Row[Any]]:
    concluded = attentions.c.stage == Stage.CLOSED.value, attentions.c.organisation == organisation
    query = (
        select(attentions.c.arrived_at, attentions.c.id)
        .where(*concluded, attentions.c.office == office, *_wanted(sought), ~_left())
        .order_by(attentions.c.arrived_at.desc(), attentions.c.id)
    )
    return await rows_of(connection, query.limit(PAGE + 1))


def _left() -> ColumnElement[bool]:
    """Whether there is a recording of the attention of which anything is left."""
    same = and_(recordings.c.organisation == attentions.c.organisation, recordings.c.attention == attentions.c.id)
    return exists().where(same, recordings.c.stage.not_in([stage.value for stage in GONE]))


def _wanted(sought: Sought) -> list[ColumnElement[bool]]:
    chosen = (
        (attentions.c.procedure, sought.procedure),
        (attentions.c.informer, sought.informer),
        (attentions.c.outcome_kind, sought.outcome),
        (attentions.c.level, sought.level),
    )
    wanted: list[ColumnElement[bool]] = [column == value for column, value in chosen if value]
    if sought.since:
        wanted.append(attentions.c.arrived_at >= sought.since)
    if sought.until:
        wanted.append(attentions.c.arrived_at < sought.until)
    if sought.after:
        at, name = sought.after
        wanted += [attentions.c.arrived_at <= at, or_(attentions.c.arrived_at < at, attentions.c.id > name)]
    return wanted


async def _seen(
    connection: AsyncConnection, organisation: str, names: Sequence[str], language: str
) -> dict[str, AttentionSeen]:
    mine = attentions.c.organisation == organisation, attentions.c.id.in_(set(names))
    query = select(attentions, *NAMES).select_from(named_attentions()).where(*mine)
    rows = await rows_of(connection, query)
    theirs = recordings.c.organisation == organisation, recordings.c.attention.in_({row.id for row in rows})
    kept = await rows_of(connection, select(recordings).where(*theirs).order_by(recordings.c.requested_at))
    return {
        row.id: AttentionSeen(
            id=row.id,
            office=label(row.office_name, language),
            procedure=label(row.procedure_name, language),
            informer=row.informer_name or "",
            at=row.arrived_at,
            stage=row.stage,
            level=row.level,
            outcome=row.outcome_kind,
            recordings=tuple((one.id, one.stage) for one in kept if one.attention == row.id),
        )
        for row in rows
    }
