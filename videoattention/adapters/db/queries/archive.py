"""The archive: recordings, their parts, and the journal of an attention."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select

from videoattention.adapters.db.parts import parts_from_json
from videoattention.adapters.db.queries.showing import NAMES, label, named_attentions, rows_of
from videoattention.adapters.db.tables import attentions, journal, recordings
from videoattention.domain.recording import Recording, RecordingStage
from videoattention.services.views import JournalLine, PartSeen, RecordingSeen, TrackSeen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.domain.recording import Part

NEWEST: Final = 200
"""How many recordings the list has at most."""


async def recordings_seen(connection: AsyncConnection, organisation: str, language: str) -> Sequence[RecordingSeen]:
    """The newest recordings, newest first."""
    query = _named(recordings.c.organisation == organisation)
    newest = query.order_by(recordings.c.requested_at.desc(), recordings.c.id).limit(NEWEST)
    return [_seen(row, language) for row in await rows_of(connection, newest)]


async def recording_seen(
    connection: AsyncConnection, mine: tuple[str, str], language: str
) -> tuple[RecordingSeen, tuple[PartSeen, ...]] | None:
    """The recording ``mine``, an organisation and a recording of it, with its parts."""
    organisation, recording = mine
    query = _named(recordings.c.organisation == organisation, recordings.c.id == recording)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return _seen(row, language), tuple(_part(part) for part in parts_from_json(row.parts))


def _named(*conditions: ColumnElement[bool]) -> Select[Any]:
    same = and_(attentions.c.organisation == recordings.c.organisation, attentions.c.id == recordings.c.attention)
    return (
        select(recordings, attentions.c.informer_name, *NAMES)
        .select_from(named_attentions().join(recordings, same))
        .where(*conditions)
    )


def _seen(row: Row[Any], language: str) -> RecordingSeen:
    parts = parts_from_json(row.parts)
    kept = Recording(row.id, row.attention, row.organisation, row.consent, row.requested_at, parts=parts)
    return RecordingSeen(
        id=row.id,
        attention=row.attention,
        office=label(row.office_name, language),
        procedure=label(row.procedure_name, language),
        informer=row.informer_name or "",
        started_at=parts[0].opened_at if parts else row.requested_at,
        stage=RecordingStage(row.stage).value,
        seconds=kept.seconds,
        parts=len(parts),
    )


def _part(part: Part) -> PartSeen:
    """A track on which nothing arrived cannot be played and is not shown."""
    return PartSeen(
        number=part.number,
        opened_at=part.opened_at,
        closed_at=part.closed_at,
        cause=part.cause,
        tracks=tuple(TrackSeen(kept.track, kept.start, kept.duration) for kept in part.tracks if kept.length),
    )


async def journal_seen(connection: AsyncConnection, organisation: str, attention: str) -> Sequence[JournalLine]:
    """Every fact of one attention, in order; the body of one that was erased is empty."""
    theirs = journal.c.organisation == organisation, journal.c.attention == attention
    query = select(journal).where(*theirs).order_by(journal.c.seq)
    return [
        JournalLine(row.seq, row.at, row.actor, row.kind, json.loads(row.body) if row.body else {}, row.hash)
        for row in await rows_of(connection, query)
    ]
