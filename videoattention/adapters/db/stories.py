"""The stories of attentions that are over: each with its recordings, its policy and its part of the journal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from videoattention.adapters.db.attentions import attention_of
from videoattention.adapters.db.evidence import slice_entry
from videoattention.adapters.db.journal_facts import fact_of
from videoattention.adapters.db.policies import snapshot
from videoattention.adapters.db.queries.archive import journal_seen
from videoattention.adapters.db.recordings import recording_of
from videoattention.adapters.db.tables import attentions, consents, journal, recordings
from videoattention.domain import facts
from videoattention.domain.exporting import asked_for_attentions
from videoattention.services.stories import OF_OTHER_CASES, Story

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.tenant import TenantConnection
    from videoattention.domain.exporting import Export
    from videoattention.services.proof import SliceEntry

_AT_ONCE: Final = 500

_ENDS: Final = tuple(
    kind.__name__
    for kind in (facts.AttentionConcluded, facts.AttentionAbandoned, facts.RecordingSealed, facts.RecordingLost)
)
"""The last of these ends the story of an attention.

What came later is no part of it, an erasure years afterwards neither: its entry stands alone in the statement. Or a
package would have the organisation's whole chain of those years.
"""

ASKED: Final = tuple(
    kind.__name__ for kind in (facts.ExportAsked, facts.ExportDecided, facts.AttentionExported, facts.ExportUnmade)
)
"""What tells of requests for packages."""


class AskedPackageRows:
    """`videoattention.services.stories.AskedPackages` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def of(self, attention: str) -> Sequence[Export]:
        """Those of one attention, oldest first."""
        theirs = self._tenant.owns(journal), journal.c.attention == attention, journal.c.kind.in_(ASKED)
        return asked_in(await self._tenant.fetch(select(journal).where(*theirs).order_by(journal.c.seq)))


def asked_in(rows: Sequence[Row[Any]]) -> tuple[Export, ...]:
    """The requests that entries of the journal tell of, oldest first."""
    return asked_for_attentions((row.at, row.actor, fact_of(row.kind, row.body)) for row in rows if row.body)


class DatabaseStories:
    """`videoattention.services.stories.KeptStories` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owner_of(self, attention: str) -> str | None:
        """The organisation of an attention, if there is one called so."""
        query = select(attentions.c.organisation).where(attentions.c.id == attention)
        async with self._database.reading() as connection:
            found: str | None = (await connection.execute(query)).scalar()
        return found

    async def of(self, organisation: str, attention: str) -> Story | None:
        """One story; none when the organisation has no such attention."""
        mine = attentions.c.organisation == organisation, attentions.c.id == attention
        async with self._database.reading() as connection:
            row = (await connection.execute(select(attentions).where(*mine))).first()
            if row is None:
                return None
            asked = await _rows(connection, _theirs(consents, organisation, attention).order_by(consents.c.place))
            recorded = _theirs(recordings, organisation, attention).order_by(recordings.c.requested_at, recordings.c.id)
            kept = await _rows(connection, recorded)
            begun = _theirs(journal, organisation, attention).order_by(journal.c.seq).limit(1)
            ended = select(func.max(journal.c.seq).label("seq")).where(
                journal.c.organisation == organisation, journal.c.attention == attention, journal.c.kind.in_(_ENDS)
            )
            before, last = await _rows(connection, begun), (await _rows(connection, ended))[0].seq or 0
            lines = [each for each in await journal_seen(connection, organisation, attention) if each.seq <= last]
            erasures = await _erasures(connection, organisation, attention)
        found = attention_of(row, asked)
        link = before[0].prev if before else ""
        return Story(found, [recording_of(one) for one in kept], snapshot(found.policy), lines, link, erasures)

    async def entries(self, organisation: str, attention: str, *, first: int, last: int) -> AsyncIterator[SliceEntry]:
        """The organisation's chain between two places."""
        seq = first - 1
        while seq < last:
            beyond = journal.c.organisation == organisation, journal.c.seq > seq, journal.c.seq <= last
            async with self._database.reading() as connection:
                next_ones = select(journal).where(*beyond).order_by(journal.c.seq).limit(_AT_ONCE)
                rows = await _rows(connection, next_ones)
            for row in rows:
                yield slice_entry(row, told=row.attention == attention and row.kind not in OF_OTHER_CASES)
            seq = rows[-1].seq if rows else last


async def _erasures(connection: AsyncConnection, organisation: str, attention: str) -> dict[str, SliceEntry]:
    """The entry that tells of each recording's erasure, by the recording."""
    told = _theirs(journal, organisation, attention).where(journal.c.kind == facts.RecordingErased.__name__)
    rows = [row for row in await _rows(connection, told.order_by(journal.c.seq)) if row.body]
    return {json.loads(row.body)["recording"]: slice_entry(row, told=True) for row in rows}


def _theirs(table: Any, organisation: str, attention: str) -> Select[Any]:  # noqa: ANN401 - a table of attentions
    return select(table).where(table.c.organisation == organisation, table.c.attention == attention)


async def _rows(connection: AsyncConnection, query: Select[Any]) -> Sequence[Row[Any]]:
    rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
    return rows
