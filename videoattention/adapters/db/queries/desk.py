"""The informer's desk: what is offered, who is attended, who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from videoattention.adapters.db.attentions import attention_of
from videoattention.adapters.db.queries.deliveries import papers_seen
from videoattention.adapters.db.queries.entry import IN_LINE
from videoattention.adapters.db.queries.phone import phone_seen
from videoattention.adapters.db.queries.proving import (
    barred_of,
    clip_until_of,
    recorder_among,
    recordings_of,
    ways_of,
    withheld_of,
)
from videoattention.adapters.db.queries.showing import (
    NAMES,
    identity_of,
    label,
    moment,
    named_attentions,
    revision_of,
    rows_of,
)
from videoattention.adapters.db.queries.visual import visual_seen
from videoattention.adapters.db.tables import attentions, consents, desk_offices, desks, presence
from videoattention.adapters.db.tenant import presence_key
from videoattention.domain.informers import Readiness
from videoattention.domain.recording import settling_under, stored_under
from videoattention.domain.stages import BUSY, Stage
from videoattention.services.views import AttendedSeen, DeskView, OfferSeen, WaitingSeen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


async def desk_seen(
    connection: AsyncConnection, mine: tuple[str, str], language: str, seen_since: datetime
) -> DeskView:
    """The desk of ``mine``, an organisation and an informer's subject."""
    organisation, subject = mine
    revision = await revision_of(connection, organisation)
    readiness = await _readiness(connection, organisation, subject)
    if readiness is None:
        return DeskView(revision, Readiness.PAUSED.value, None, None, ())
    busy = await _busy(connection, organisation, subject)
    offered = busy is not None and busy.stage == Stage.OFFERED
    return DeskView(
        revision=revision,
        readiness=readiness,
        offer=_offer(busy, language) if busy is not None and offered else None,
        attended=await _attended(connection, busy, language, seen_since) if busy is not None and not offered else None,
        waiting=tuple(_waiting(row, language, seen_since) for row in await _line(connection, organisation, subject)),
    )


async def _readiness(connection: AsyncConnection, organisation: str, subject: str) -> str | None:
    query = select(desks.c.readiness).where(desks.c.organisation == organisation, desks.c.subject == subject)
    readiness: str | None = (await connection.execute(query)).scalar()
    return readiness


async def _busy(connection: AsyncConnection, organisation: str, subject: str) -> Row[Any] | None:
    theirs = attentions.c.organisation == organisation, attentions.c.informer == subject
    query = select(attentions, *NAMES).select_from(named_attentions())
    return (await connection.execute(query.where(*theirs, attentions.c.stage.in_(sorted(BUSY))))).first()


def _offer(row: Row[Any], language: str) -> OfferSeen:
    return OfferSeen(
        attention=row.id,
        office=label(row.office_name, language),
        procedure=label(row.procedure_name, language),
        language=row.language,
        arrived_at=moment(row.arrived_at),
        until=moment(row.offer_until),
    )


async def _attended(connection: AsyncConnection, row: Row[Any], language: str, seen_since: datetime) -> AttendedSeen:
    theirs = consents.c.organisation == row.organisation, consents.c.attention == row.id
    asked = await rows_of(connection, select(consents).where(*theirs).order_by(consents.c.place))
    attention = attention_of(row, asked)
    pending = attention.pending_consent
    recorded = await recordings_of(connection, attention)
    stored = stored_under(recorded)
    return AttendedSeen(
        attention=row.id,
        stage=row.stage,
        office=label(row.office_name, language),
        procedure=label(row.procedure_name, language),
        language=row.language,
        level=row.level,
        proposed=row.proposed or "",
        missing=tuple(attention.missing),
        undone=tuple(attention.undone),
        clip=row.clip,
        picture=attention.target.picture,
        script=label(attention.target.scripts, row.language) if attention.target.scripts else "",
        outcomes=tuple(sorted(attention.outcomes(stored))),
        identification_asked=row.identification_asked,
        identification_way=row.identification_way,
        identity=identity_of(row),
        consent=asked[-1].stage if asked else "",
        consent_id=pending.id if pending else "",
        recorder=recorder_among(recorded),
        talking_since=moment(row.talking_since),
        ways=ways_of(attention),
        barred=barred_of(attention),
        answered_by=asked[-1].answered_by if asked else "",
        in_force=any(consent.in_force for consent in attention.consents),
        withheld=withheld_of(attention, stored, settling_under(recorded)),
        clip_until=await clip_until_of(connection, attention),
        phone=await phone_seen(connection, row),
        deliveries=await papers_seen(connection, row.organisation, row.id),
        visual=await visual_seen(connection, row, seen_since),
    )


async def _line(connection: AsyncConnection, organisation: str, subject: str) -> Sequence[Row[Any]]:
    theirs = desk_offices.c.organisation == organisation, desk_offices.c.subject == subject
    here = attentions.c.office.in_(select(desk_offices.c.office).where(*theirs))
    page = presence.c.key == presence_key("attention", attentions.c.id)
    query = (
        select(attentions, *NAMES, presence.c.seen_at)
        .select_from(named_attentions().outerjoin(presence, page))
        .where(attentions.c.stage.in_(IN_LINE), attentions.c.organisation == organisation, here)
        .order_by(attentions.c.arrived_at, attentions.c.id)
    )
    return await rows_of(connection, query)


def _waiting(row: Row[Any], language: str, seen_since: datetime) -> WaitingSeen:
    return WaitingSeen(
        attention=row.id,
        office=label(row.office_name, language),
        procedure=label(row.procedure_name, language),
        language=row.language,
        arrived_at=moment(row.arrived_at),
        # a page that has just been opened was not heard of yet, and is not closed for that
        present=(row.seen_at or row.arrived_at) >= seen_since,
        offered=row.stage == Stage.OFFERED,
    )
