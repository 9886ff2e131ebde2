"""The citizen's page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from videoattention.adapters.db.attentions import attention_of
from videoattention.adapters.db.queries.deliveries import papers_seen
from videoattention.adapters.db.queries.entry import IN_LINE, attending_informers
from videoattention.adapters.db.queries.phone import phone_seen
from videoattention.adapters.db.queries.proving import clip_until_of
from videoattention.adapters.db.queries.showing import (
    NAMES,
    identity_of,
    label,
    moment,
    named_attentions,
    recorder_of,
    revision_of,
    rows_of,
    was_recorded,
)
from videoattention.adapters.db.queries.visual import visual_shown
from videoattention.adapters.db.tables import attentions, consent_texts, consents, desk_offices, offices, organisations
from videoattention.domain.consent import ConsentStage
from videoattention.domain.queueing import expected_wait
from videoattention.services.views import CitizenView, ConsentSeen, InformerSeen, VisualShown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.domain.attention import Attention


async def citizen_seen(
    connection: AsyncConnection, mine: tuple[str, str], language: str, seen_since: datetime
) -> CitizenView | None:
    """The page of ``mine``, an organisation and an attention of it."""
    organisation, attention = mine
    same = attentions.c.organisation == organisation, attentions.c.id == attention
    whose = organisations.c.id == attentions.c.organisation
    elsewhere = offices.c.hours.label("office_hours"), offices.c.other_ways.label("office_ways")
    named = select(attentions, *NAMES, *elsewhere, organisations.c.name.label("organisation_name"))
    query = named.select_from(named_attentions().join(organisations, whose)).where(*same)
    row = (await connection.execute(query)).first()
    return None if row is None else await _page(connection, row, language, seen_since)


async def _page(connection: AsyncConnection, row: Row[Any], language: str, seen_since: datetime) -> CitizenView:
    organisation, attention = row.organisation, row.id
    line = await _line(connection, row, seen_since)
    asked = await _consents(connection, row)
    known = attention_of(row, asked)
    recorded = await was_recorded(connection, organisation, attention)
    visual = VisualShown() if row.stage in IN_LINE else await visual_shown(connection, row)
    view = CitizenView(
        revision=await revision_of(connection, organisation),
        attention=attention,
        stage=row.stage,
        office=label(row.office_name, language),
        procedure=label(row.procedure_name, language),
        place=line.place,
        wait_from=line.wait[0],
        wait_to=line.wait[1],
        informers=line.informers,
        informer=_informer(row),
        level=row.level,
        proposed=row.proposed or "",
        missing=tuple(known.missing),
        undone=tuple(known.undone),
        clip=row.clip,
        identification_asked=row.identification_asked,
        identification_way=row.identification_way,
        identity=identity_of(row),
        consents=tuple(_consent(consent, known, visual) for consent in asked),
        recorder=await recorder_of(connection, organisation, attention),
        recorded=recorded.anything,
        gaps=recorded.gaps,
        erased=recorded.erased,
        talking_since=moment(row.talking_since),
        outcome=row.outcome,
        deliveries=() if row.stage in IN_LINE else await papers_seen(connection, organisation, attention),
        visual=visual,
        outcome_kind=row.outcome_kind,
        clip_until=await clip_until_of(connection, known),
        phone=await phone_seen(connection, row),
    )
    return _with_frame(view, row, known, language)


def _with_frame(view: CitizenView, row: Row[Any], known: Attention, language: str) -> CitizenView:
    """The same with what stands around the call: who answers for the data, the office's ways, what is demanded."""
    return replace(
        view,
        controller=label(row.organisation_name, language),
        hours=label(row.office_hours, language),
        other_ways=label(row.office_ways, language),
        demanded=known.target.identity.name.lower(),
    )


class _Line(NamedTuple):
    """Where a citizen stands: the place from 1 (0 for none), the minutes that can be promised, who attends there."""

    place: int
    wait: tuple[int, int]
    informers: int


async def _line(connection: AsyncConnection, row: Row[Any], seen_since: datetime) -> _Line:
    informers = await _informers(connection, row, seen_since)
    place = await _place(connection, row) if row.stage in IN_LINE else 0
    wait = expected_wait(place, informers) if place else None
    return _Line(place, wait or (0, 0), informers)


def _informer(row: Row[Any]) -> InformerSeen | None:
    """Nobody while it is only offered: another informer may answer."""
    if row.informer is None or row.stage in IN_LINE:
        return None
    return InformerSeen(row.informer_name, row.informer_position)


async def _place(connection: AsyncConnection, row: Row[Any]) -> int:
    sooner = or_(
        attentions.c.arrived_at < row.arrived_at,
        and_(attentions.c.arrived_at == row.arrived_at, attentions.c.id <= row.id),
    )
    line = attentions.c.organisation == row.organisation, attentions.c.office == row.office
    query = select(func.count()).select_from(attentions).where(attentions.c.stage.in_(IN_LINE), *line, sooner)
    return (await connection.execute(query)).scalar_one()


async def _informers(connection: AsyncConnection, row: Row[Any], seen_since: datetime) -> int:
    here = desk_offices.c.organisation == row.organisation, desk_offices.c.office == row.office
    found = (await connection.execute(attending_informers(seen_since, *here))).first()
    return found.number if found else 0


async def _consents(connection: AsyncConnection, row: Row[Any]) -> Sequence[Row[Any]]:
    words = and_(
        consent_texts.c.text == consents.c.text,
        consent_texts.c.version == consents.c.version,
        consent_texts.c.language == consents.c.language,
    )
    query = (
        select(consents, consent_texts.c.title, consent_texts.c.paragraphs)
        .join(consent_texts, words)
        .where(consents.c.organisation == row.organisation, consents.c.attention == row.id)
        .order_by(consents.c.place)
    )
    return await rows_of(connection, query)


def _consent(row: Row[Any], known: Attention, visual: VisualShown) -> ConsentSeen:
    is_asked = row.stage == ConsentStage.ASKED
    place, total = known.asked_text if is_asked else (0, 0)
    return ConsentSeen(
        id=row.id,
        stage=row.stage,
        title=row.title,
        paragraphs=tuple(row.paragraphs),
        version=row.version,
        purposes=tuple(row.purposes),
        answered_by=row.answered_by,
        place=place,
        total=total,
        days=max(known.days_kept, visual.days) if is_asked else 0,
    )
