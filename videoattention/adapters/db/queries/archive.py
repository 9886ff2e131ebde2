"""The archive: recordings, their parts, and the journal of an attention."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select

from videoattention.adapters.db.parts import parts_from_json
from videoattention.adapters.db.queries.showing import NAMES, label, named_attentions, rows_of
from videoattention.adapters.db.reviews_tables import reviews
from videoattention.adapters.db.tables import attentions, consents, erasures, holds, journal, recordings
from videoattention.domain.facts import PersonalDataErased, RecordingSealed
from videoattention.domain.recording import Recording, RecordingStage
from videoattention.services.views import ErasedSeen, HoldSeen, JournalLine, PartSeen, RecordingSeen, TrackSeen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.domain.recording import Part

NEWEST: Final = 200
"""How many recordings the list has at most."""


async def recordings_seen(connection: AsyncConnection, organisation: str, language: str) -> Sequence[RecordingSeen]:
    """The newest recordings, newest first."""
    query = named(recordings.c.organisation == organisation)
    newest = query.order_by(recordings.c.requested_at.desc(), recordings.c.id).limit(NEWEST)
    rows = await rows_of(connection, newest)
    kept = await kept_of(connection, organisation, rows)
    return [seen_of(row, language, kept) for row in rows]


async def recording_seen(
    connection: AsyncConnection, mine: tuple[str, str], language: str
) -> tuple[RecordingSeen, tuple[PartSeen, ...]] | None:
    """The recording ``mine``, an organisation and a recording of it, with its parts."""
    organisation, recording = mine
    query = named(recordings.c.organisation == organisation, recordings.c.id == recording)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    kept = await kept_of(connection, organisation, [row])
    return seen_of(row, language, kept), tuple(_part(part) for part in parts_from_json(row.parts))


def named(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Recordings beside their attentions, names, consents and reviews."""
    same = and_(attentions.c.organisation == recordings.c.organisation, attentions.c.id == recordings.c.attention)
    consented = and_(
        consents.c.organisation == recordings.c.organisation,
        consents.c.attention == recordings.c.attention,
        consents.c.id == recordings.c.consent,
    )
    reviewed = and_(reviews.c.organisation == recordings.c.organisation, reviews.c.recording == recordings.c.id)
    of_review = reviews.c.stage.label("review_stage"), reviews.c.outcome.label("review_outcome")
    of_attention = attentions.c.informer_name, attentions.c.outcome_kind
    return (
        select(recordings, *of_attention, consents.c.level.label("consented_level"), *of_review, *NAMES)
        .select_from(named_attentions().join(recordings, same).join(consents, consented).outerjoin(reviews, reviewed))
        .where(*conditions)
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """By recording: its holds in force, how it was erased, and whether its seal tells that it is incomplete."""

    holds: dict[str, tuple[HoldSeen, ...]]
    erased: dict[str, ErasedSeen]
    incomplete: frozenset[str]


async def kept_of(connection: AsyncConnection, organisation: str, rows: Sequence[Row[Any]]) -> Kept:
    """What is kept about the recordings of these rows."""
    shown = [row.id for row in rows]
    kept = Kept({}, {}, await _incomplete(connection, organisation, [row.attention for row in rows]))
    theirs = holds.c.organisation == organisation, holds.c.recording.in_(shown), holds.c.released_at.is_(None)
    for row in await rows_of(connection, select(holds).where(*theirs).order_by(holds.c.placed_at, holds.c.id)):
        kept.holds[row.recording] = (
            *kept.holds.get(row.recording, ()),
            HoldSeen(row.id, row.reason, row.placed_by, row.placed_at),
        )
    gone = erasures.c.organisation == organisation, erasures.c.recording.in_(shown)
    for row in await rows_of(connection, select(erasures).where(*gone)):
        said = json.loads(row.certificate)
        kept.erased[row.recording] = ErasedSeen(row.at, said["reason"], said["by"])
    return kept


async def _incomplete(connection: AsyncConnection, organisation: str, talked: Sequence[str]) -> frozenset[str]:
    """The recordings of these attentions that were sealed as incomplete; older seals do not tell, and are not named."""
    theirs = journal.c.organisation == organisation, journal.c.attention.in_(talked)
    query = select(journal.c.body).where(*theirs, journal.c.kind == RecordingSealed.__name__)
    told = [json.loads(row.body) for row in await rows_of(connection, query) if row.body]
    return frozenset(fact["recording"] for fact in told if fact.get("causes"))


def seen_of(row: Row[Any], language: str, kept: Kept) -> RecordingSeen:
    """A row of `named` as it is shown."""
    parts = parts_from_json(row.parts)
    stored = Recording(row.id, row.attention, row.organisation, row.consent, row.requested_at, parts=parts)
    return RecordingSeen(
        id=row.id,
        attention=row.attention,
        office=label(row.office_name, language),
        procedure=label(row.procedure_name, language),
        informer=row.informer_name or "",
        started_at=parts[0].opened_at if parts else row.requested_at,
        stage=RecordingStage(row.stage).value,
        seconds=stored.seconds,
        parts=len(parts),
        holds=kept.holds.get(row.id, ()),
        erased=kept.erased.get(row.id),
        incomplete=row.id in kept.incomplete,
        level=row.consented_level,
        outcome=row.outcome_kind,
        review=row.review_stage or "",
        verdict=row.review_outcome or "",
    )


def _part(part: Part) -> PartSeen:
    """A track on which nothing arrived cannot be played and is not shown."""
    return PartSeen(
        number=part.number,
        opened_at=part.opened_at,
        closed_at=part.closed_at,
        cause=part.cause,
        tracks=tuple(
            TrackSeen(kept.track, kept.start, kept.duration, kept.frames) for kept in part.tracks if kept.length
        ),
    )


async def journal_seen(connection: AsyncConnection, organisation: str, attention: str) -> Sequence[JournalLine]:
    """Every fact of one attention, in order; the body of one that was erased is empty."""
    theirs = journal.c.organisation == organisation, journal.c.attention == attention
    query = select(journal).where(*theirs).order_by(journal.c.seq)
    rows = await rows_of(connection, query)
    erasures = [row for row in rows if row.kind == PersonalDataErased.__name__]
    return [
        JournalLine(
            row.seq,
            row.at,
            row.actor,
            row.kind,
            json.loads(row.body) if row.body else {},
            row.hash,
            next((one.at for one in erasures if one.seq > row.seq), None) if row.body is None else None,
        )
        for row in rows
    ]
