"""The entry page: the offices that attend, who waits and who attends there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from videoattention.adapters.db.desks import desk_key
from videoattention.adapters.db.queries.showing import label, rows_of
from videoattention.adapters.db.tables import (
    attentions,
    desk_offices,
    desks,
    office_procedures,
    offices,
    organisations,
    presence,
    procedures,
)
from videoattention.domain.informers import Readiness
from videoattention.domain.stages import Stage
from videoattention.services.views import OfficeSeen, ProcedureSeen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    Office = tuple[str, str]

IN_LINE = (Stage.OFFERED.value, Stage.WAITING.value)
"""The stages in which a citizen has a place in the line."""


async def offices_seen(connection: AsyncConnection, language: str, seen_since: datetime) -> Sequence[OfficeSeen]:
    """Every office that serves a procedure."""
    served = await _served(connection)
    waiting = await _counted(connection, _waiting())
    attending = await _counted(connection, attending_informers(seen_since))
    return [
        OfficeSeen(
            id=row.id,
            organisation=row.organisation,
            organisation_name=label(row.organisation_name, language),
            name=label(row.name, language),
            hours=label(row.hours, language),
            other_ways=label(row.other_ways, language),
            waiting=waiting.get((row.organisation, row.id), 0),
            informers=attending.get((row.organisation, row.id), 0),
            procedures=tuple(
                ProcedureSeen(offered.id, label(offered.name, language), label(offered.summary, language))
                for offered in served[row.organisation, row.id]
            ),
        )
        for row in await rows_of(connection, _offices())
        if (row.organisation, row.id) in served
    ]


def attending_informers(seen_since: datetime, *narrower: ColumnElement[bool]) -> Select[Any]:
    """How many informers attend at each office: available, busy or not, and heard of since then."""
    theirs = and_(desk_offices.c.organisation == desks.c.organisation, desk_offices.c.subject == desks.c.subject)
    return (
        select(desk_offices.c.organisation, desk_offices.c.office, func.count().label("number"))
        .select_from(desks)
        .join(desk_offices, theirs)
        .join(presence, presence.c.key == desk_key())
        .where(desks.c.readiness == Readiness.AVAILABLE, presence.c.seen_at >= seen_since, *narrower)
        .group_by(desk_offices.c.organisation, desk_offices.c.office)
    )


def _waiting() -> Select[Any]:
    return (
        select(attentions.c.organisation, attentions.c.office, func.count().label("number"))
        .where(attentions.c.stage.in_(IN_LINE))
        .group_by(attentions.c.organisation, attentions.c.office)
    )


async def _counted(connection: AsyncConnection, query: Select[Any]) -> Mapping[Office, int]:
    return {(row.organisation, row.office): row.number for row in await rows_of(connection, query)}


def _offices() -> Select[Any]:
    return (
        select(offices, organisations.c.name.label("organisation_name"))
        .join(organisations, organisations.c.id == offices.c.organisation)
        .order_by(offices.c.organisation, offices.c.place)
    )


async def _served(connection: AsyncConnection) -> Mapping[Office, Sequence[Row[Any]]]:
    same = and_(
        procedures.c.organisation == office_procedures.c.organisation,
        procedures.c.id == office_procedures.c.procedure,
    )
    query = (
        select(procedures, office_procedures.c.office)
        .select_from(office_procedures)
        .join(procedures, same)
        .order_by(procedures.c.place)
    )
    served: defaultdict[Office, list[Row[Any]]] = defaultdict(list)
    for row in await rows_of(connection, query):
        served[row.organisation, row.office].append(row)
    return served
