"""The auditor's room: what is found, what is to be reviewed, and what was asked to be given away."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, exists, func, or_, select

from videoattention.adapters.db.queries.archive import kept_of, named, seen_of
from videoattention.adapters.db.queries.showing import label, rows_of
from videoattention.adapters.db.reviews import export_of, review_of
from videoattention.adapters.db.reviews_tables import exports, judgements, reviews
from videoattention.adapters.db.tables import (
    attentions,
    consents,
    desks,
    grants,
    journal,
    offices,
    procedures,
    recordings,
    sessions,
)
from videoattention.domain.exporting import PENDING, ExportStage
from videoattention.domain.facts import ExportUnmade
from videoattention.domain.recording import RecordingStage
from videoattention.services.views.archive import (
    PAGE,
    Choices,
    ExportSeen,
    Found,
    JudgementSeen,
    ReviewSeen,
    ToReview,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.adapters.db.database import Database
    from videoattention.services.views.archive import RecordingSeen, Sought

LONGEST_QUEUE: Final = 200
MOST_EXPORTS: Final = 100
AT_ONCE: Final = 500
"""How many sealed recordings are considered in one go."""


class DatabaseArchive:
    """`videoattention.services.views.archive.ArchiveViews` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, organisation: str, sought: Sought, language: str) -> Found:
        """The recordings that are looked for, newest first."""
        wanted = _wanted(organisation, sought)
        page = (
            named(*wanted, *_after(sought)).order_by(recordings.c.requested_at.desc(), recordings.c.id).limit(PAGE + 1)
        )
        counted = named(*wanted).with_only_columns(func.count(), maintain_column_froms=True)
        async with self._database.reading() as connection:
            rows = await rows_of(connection, page)
            total = (await connection.execute(counted)).scalar_one()
            seen = await _shown(connection, organisation, rows[:PAGE], language)
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        return Found(seen, total, (last.requested_at, last.id) if last else None)

    async def choices(self, organisation: str, language: str) -> Choices:
        """What can be looked for."""
        async with self._database.reading() as connection:
            places = await rows_of(connection, _mine(organisation, offices).order_by(offices.c.id))
            kinds = await rows_of(connection, _mine(organisation, procedures).order_by(procedures.c.place))
            people = await rows_of(connection, _mine(organisation, desks).order_by(desks.c.name))
        return Choices(
            [(row.id, label(row.name, language)) for row in places],
            [(row.id, label(row.name, language)) for row in kinds],
            [(row.subject, row.name) for row in people],
        )

    async def names(self, organisation: str, issuer: str, subjects: Collection[str]) -> Mapping[str, str]:
        """The names of these members of staff by subject, as far as they work here or are signed in at ``issuer``."""
        working = select(desks.c.subject, desks.c.name).where(
            desks.c.organisation == organisation, desks.c.subject.in_(subjects)
        )
        there = select(sessions.c.subject, sessions.c.person).where(
            sessions.c.issuer == issuer, sessions.c.subject.in_(subjects), sessions.c.organisation == organisation
        )
        async with self._database.reading() as connection:
            signed_in = {row.subject: row.person["name"] for row in await rows_of(connection, there) if row.person}
            return signed_in | {row.subject: row.name for row in await rows_of(connection, working)}

    async def queue(self, organisation: str, language: str, stages: Sequence[str]) -> Sequence[ToReview]:
        """Reviews in these stages, the riskiest first."""
        mine = reviews.c.organisation == organisation, reviews.c.stage.in_(stages)
        first = select(reviews.c.recording).where(*mine).order_by(reviews.c.weight.desc(), reviews.c.asked_at)
        async with self._database.reading() as connection:
            names = [row.recording for row in await rows_of(connection, first.limit(LONGEST_QUEUE))]
            theirs = named(recordings.c.organisation == organisation, recordings.c.id.in_(names))
            shown = await _shown(connection, organisation, await rows_of(connection, theirs), language)
            said = await self._reviews(connection, organisation, names)
        of = {seen.id: seen for seen in shown}
        return [ToReview(said[name], of[name]) for name in names]

    async def review(self, organisation: str, recording: str) -> ReviewSeen | None:
        """The review of a recording with its verdicts."""
        async with self._database.reading() as connection:
            return (await self._reviews(connection, organisation, [recording])).get(recording)

    async def _reviews(
        self, connection: AsyncConnection, organisation: str, names: Sequence[str]
    ) -> dict[str, ReviewSeen]:
        mine = reviews.c.organisation == organisation, reviews.c.recording.in_(names)
        theirs = judgements.c.organisation == organisation, judgements.c.recording.in_(names)
        rows = await rows_of(connection, select(reviews).where(*mine))
        said = await rows_of(connection, select(judgements).where(*theirs).order_by(judgements.c.place))
        of = {row.recording: [each for each in said if each.recording == row.recording] for row in rows}
        return {row.recording: _review(row, of[row.recording]) for row in rows}

    async def exports(
        self, organisation: str, language: str, *, now: datetime, recording: str = ""
    ) -> Sequence[ExportSeen]:
        """The newest requests for packages."""
        query = _mine(organisation, exports).order_by(exports.c.asked_at.desc()).limit(MOST_EXPORTS)
        if recording:
            query = query.where(exports.c.recording == recording)
        async with self._database.reading() as connection:
            asked = await rows_of(connection, query)
            wanted = recordings.c.organisation == organisation, recordings.c.id.in_({row.recording for row in asked})
            shown = await _shown(connection, organisation, await rows_of(connection, named(*wanted)), language)
            causes = await _unmade(connection, organisation, asked)
        of = {seen.id: seen for seen in shown}
        return [
            ExportSeen(
                replace(each, unmade=causes.get(each.id, "") if each.stage is ExportStage.APPROVED else ""),
                of[each.recording],
                _is_over(each.stage, each.until, now),
            )
            for each in map(export_of, asked)
        ]

    async def unconsidered(self, besides: Sequence[str] = ()) -> Sequence[tuple[str, str, str]]:
        """(organisation, attention, recording) of sealed recordings that nobody considered, but for ``besides``."""
        same = and_(reviews.c.organisation == recordings.c.organisation, reviews.c.recording == recordings.c.id)
        query = select(recordings.c.organisation, recordings.c.attention, recordings.c.id).where(
            recordings.c.stage == RecordingStage.SEALED.value, recordings.c.id.not_in(besides), ~exists().where(same)
        )
        query = query.order_by(recordings.c.organisation, recordings.c.id)
        async with self._database.reading() as connection:
            rows = await rows_of(connection, query.limit(AT_ONCE))
        return [(row.organisation, row.attention, row.id) for row in rows]


async def _unmade(connection: AsyncConnection, organisation: str, asked: Sequence[Row[Any]]) -> dict[str, str]:
    """By request, why its package could not be made the last time: the journal alone keeps it."""
    theirs = journal.c.organisation == organisation, journal.c.attention.in_({row.attention for row in asked})
    query = select(journal.c.body).where(*theirs, journal.c.kind == ExportUnmade.__name__).order_by(journal.c.seq)
    told = [json.loads(row.body) for row in await rows_of(connection, query) if row.body]
    return {fact["export"]: fact["cause"] for fact in told}


def _is_over(stage: str, until: datetime, now: datetime) -> bool:
    return stage in PENDING and until <= now


def _mine(organisation: str, table: Table) -> Any:  # noqa: ANN401 - a Select of any shape
    return select(table).where(table.c.organisation == organisation)


async def _shown(
    connection: AsyncConnection, organisation: str, rows: Sequence[Row[Any]], language: str
) -> list[RecordingSeen]:
    kept = await kept_of(connection, organisation, rows)
    return [seen_of(row, language, kept) for row in rows]


def _wanted(organisation: str, sought: Sought) -> list[ColumnElement[bool]]:
    chosen = (
        (attentions.c.office, sought.office),
        (attentions.c.procedure, sought.procedure),
        (attentions.c.informer, sought.informer),
        (attentions.c.outcome_kind, sought.outcome),
        (consents.c.level, sought.level),
    )
    wanted = [recordings.c.organisation == organisation, *(column == value for column, value in chosen if value)]
    if sought.since:
        wanted.append(recordings.c.requested_at >= sought.since)
    if sought.until:
        wanted.append(recordings.c.requested_at < sought.until)
    if sought.number:
        wanted.append(_numbered(organisation, sought.number))
    return wanted


def _numbered(organisation: str, number: str) -> ColumnElement[bool]:
    """Whether a recording or its attention is called so, or was opened for a case of this number."""
    for_case = select(grants.c.recording).where(grants.c.organisation == organisation, grants.c.case_number == number)
    return or_(recordings.c.id == number, recordings.c.attention == number, recordings.c.id.in_(for_case))


def _after(sought: Sought) -> list[ColumnElement[bool]]:
    if sought.after is None:
        return []
    at, name = sought.after
    older = recordings.c.requested_at < at
    return [recordings.c.requested_at <= at, or_(older, recordings.c.id > name)]


def _review(row: Row[Any], said: Sequence[Row[Any]]) -> ReviewSeen:
    review = review_of(row, said)
    return ReviewSeen(
        review.recording,
        review.stage.value,
        tuple(reason.value for reason in review.grounds.reasons),
        review.grounds.risks,
        review.grounds.second,
        review.reviewer,
        review.opened_at,
        review.asked_at,
        review.outcome,
        tuple(
            JudgementSeen(each.by, each.name, each.verdict, each.checklist, each.answers, each.words, each.at)
            for each in said
        ),
    )
