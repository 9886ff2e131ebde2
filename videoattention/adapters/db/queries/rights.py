"""Requests about personal data and what waits to be erased, read for pages and for the daily run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, case, func, or_, select

from videoattention.adapters.db.deliveries_tables import deliveries
from videoattention.adapters.db.queries.showing import NAMES, label, named_attentions
from videoattention.adapters.db.rights import handed, hands_of, keeping_of, request_of
from videoattention.adapters.db.rights_tables import data_requests, keepings
from videoattention.adapters.db.tables import attentions, consents, holds, organisations, recordings
from videoattention.adapters.db.visual_tables import visuals
from videoattention.domain.deliveries import DeliveryKind
from videoattention.domain.retention import RetentionStage
from videoattention.domain.rights import RequestStage
from videoattention.domain.stages import Stage
from videoattention.services.rights_ports import DueSeen, QuarantineSeen, RequestSeen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select, Table

    from videoattention.adapters.db.database import Database
    from videoattention.domain.retention import Keeping
    from videoattention.domain.rights import DataRequest

NEWEST: Final = 200
_ENDED: Final = (Stage.WRAPPING_UP, Stage.CLOSED, Stage.ABANDONED)
_WAITING: Final = (RequestStage.ASKED, RequestStage.LAPSED, RequestStage.GRANTED)


def _any(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the table has something of the attention."""
    mine = table.c.organisation == attentions.c.organisation, table.c.attention == attentions.c.id
    return select(table.c.attention).where(*mine, *conditions).correlate(attentions).exists()


_MORE_THAN_WORDS: Final = or_(
    attentions.c.identity_assurance.is_not(None),
    _any(recordings),
    _any(consents),
    _any(visuals),
    _any(deliveries, deliveries.c.kind.in_((DeliveryKind.DOCUMENT, DeliveryKind.FORM))),
)
"""Whether an attention left more than that somebody came, when, and what came of it: what an officer has to look at."""


class DatabaseRights:
    """`videoattention.services.rights_ports.KeptRights` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def organisations(self) -> Sequence[str]:
        """Every organisation."""
        return [row.id for row in await self._rows(select(organisations.c.id).order_by(organisations.c.id))]

    async def unseen(self, organisation: str, *, limit: int) -> Sequence[str]:
        """Attentions that ended and whose keeping was never looked at."""
        same = and_(keepings.c.organisation == attentions.c.organisation, keepings.c.attention == attentions.c.id)
        ended = attentions.c.stage.in_(_ENDED), attentions.c.ended_at.is_not(None), keepings.c.attention.is_(None)
        query = select(attentions.c.id).select_from(attentions.outerjoin(keepings, same))
        mine = query.where(attentions.c.organisation == organisation, *ended)
        return [row.id for row in await self._rows(mine.order_by(attentions.c.ended_at).limit(limit))]

    async def due(self, organisation: str, now: datetime) -> Sequence[DueSeen]:
        """Those whose stage ended before now: kept, quarantined, or erased but for the words of their requests."""
        left = or_(keepings.c.stage != RetentionStage.ERASED, _words(keepings.c.organisation, keepings.c.attention))
        mine = keepings.c.organisation == organisation, left, keepings.c.until <= now
        query = select(keepings).where(*mine).order_by(keepings.c.until)
        return [DueSeen(row.attention, row.stage, row.until) for row in await self._rows(query)]

    async def late(self, organisation: str, now: datetime) -> Sequence[str]:
        """Requests whose time to answer is over and that do not say so yet."""
        over = data_requests.c.stage == RequestStage.ASKED, data_requests.c.due_at <= now
        return await self._ids(organisation, *over)

    async def granted(self, organisation: str) -> Sequence[str]:
        """Requests that were granted and not carried out."""
        return await self._ids(organisation, data_requests.c.stage == RequestStage.GRANTED)

    async def _ids(self, organisation: str, *conditions: ColumnElement[bool]) -> Sequence[str]:
        query = select(data_requests.c.id).where(data_requests.c.organisation == organisation, *conditions)
        return [row.id for row in await self._rows(query.order_by(data_requests.c.due_at))]

    async def requests(self, organisation: str, language: str) -> Sequence[RequestSeen]:
        """The newest 200 requests; those that wait first, the most urgent before the others."""
        same = and_(
            attentions.c.organisation == data_requests.c.organisation, attentions.c.id == data_requests.c.attention
        )
        query = select(data_requests, *NAMES, _held(data_requests.c.attention).label("held"))
        mine = query.select_from(named_attentions().join(data_requests, same))
        open_first = case((data_requests.c.stage.in_(_WAITING), 0), else_=1)
        due = case((data_requests.c.stage.in_(_WAITING), data_requests.c.due_at))
        ordered = mine.where(data_requests.c.organisation == organisation).order_by(
            open_first, due, data_requests.c.asked_at.desc()
        )
        rows = await self._rows(ordered.limit(NEWEST))
        asked = [request_of(row) for row in rows]
        waiting = [request.attention for request in asked if request.stage in _WAITING]
        told = await self._rows(handed(organisation, waiting)) if waiting else ()
        return [
            RequestSeen(
                request,
                label(row.office_name, language),
                label(row.procedure_name, language),
                held=row.held,
                hands=hands_of(told, request),
            )
            for request, row in zip(asked, rows, strict=True)
        ]

    async def requests_of(self, organisation: str, attention: str) -> Sequence[DataRequest]:
        """Every request about an attention, the oldest first."""
        theirs = data_requests.c.organisation == organisation, data_requests.c.attention == attention
        query = select(data_requests).where(*theirs).order_by(data_requests.c.asked_at, data_requests.c.id)
        return [request_of(row) for row in await self._rows(query)]

    async def quarantined(self, organisation: str, language: str) -> Sequence[QuarantineSeen]:
        """What will be erased and is more than the words of an outcome, the next one first."""
        same = and_(attentions.c.organisation == keepings.c.organisation, attentions.c.id == keepings.c.attention)
        query = select(keepings, attentions.c.ended_at, *NAMES, _held(keepings.c.attention).label("held"))
        mine = query.select_from(named_attentions().join(keepings, same)).where(
            keepings.c.organisation == organisation, keepings.c.stage == RetentionStage.QUARANTINED, _MORE_THAN_WORDS
        )
        return [
            QuarantineSeen(
                row.attention,
                label(row.office_name, language),
                label(row.procedure_name, language),
                row.ended_at,
                row.rule,
                row.until,
                held=row.held,
            )
            for row in await self._rows(mine.order_by(keepings.c.until, keepings.c.attention).limit(NEWEST))
        ]

    async def words_quarantined(self, organisation: str) -> int:
        """How many attentions wait to be erased of which nothing is kept but the words of the outcome."""
        same = and_(attentions.c.organisation == keepings.c.organisation, attentions.c.id == keepings.c.attention)
        waiting = keepings.c.organisation == organisation, keepings.c.stage == RetentionStage.QUARANTINED
        query = select(func.count().label("how_many")).select_from(keepings.join(attentions, same))
        rows = await self._rows(query.where(*waiting, ~_MORE_THAN_WORDS))
        found: int = rows[0].how_many
        return found

    async def keeping_of(self, organisation: str, attention: str) -> Keeping | None:
        """Until when the data of an attention are kept, if it was looked at."""
        mine = keepings.c.organisation == organisation, keepings.c.attention == attention
        rows = await self._rows(select(keepings).where(*mine))
        return keeping_of(rows[0]) if rows else None

    async def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        async with self._database.reading() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
            return rows


def _held(attention: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a hold on a recording of this attention is in force; ids of recordings are unique."""
    mine = holds.c.recording == recordings.c.id, holds.c.organisation == recordings.c.organisation
    query = select(holds.c.id).where(*mine, recordings.c.attention == attention, holds.c.released_at.is_(None))
    return query.exists()


def _words(organisation: ColumnElement[str], attention: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a request about this attention still has what somebody wrote."""
    mine = data_requests.c.organisation == organisation, data_requests.c.attention == attention
    said = data_requests.c.said, data_requests.c.extension, data_requests.c.answer
    return select(data_requests.c.id).where(*mine, or_(*(column != "" for column in said))).exists()
