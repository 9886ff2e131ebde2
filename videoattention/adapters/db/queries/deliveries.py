"""The files that changed hands in a call, as both pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, select

from videoattention.adapters.db.deliveries_tables import deliveries, delivery_bodies
from videoattention.adapters.db.queries.showing import moment, rows_of
from videoattention.domain.deliveries import DeliveryKind
from videoattention.services.views.deliveries import DeliverySeen

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_SHOWN: Final = (DeliveryKind.DOCUMENT.value, DeliveryKind.FORM.value)


async def papers_seen(connection: AsyncConnection, organisation: str, attention: str) -> tuple[DeliverySeen, ...]:
    """The files of an attention that were not erased, in the order in which they came.

    Receipts are for the citizen alone.
    """
    theirs = deliveries.c.organisation == organisation, deliveries.c.attention == attention
    same = and_(
        delivery_bodies.c.organisation == deliveries.c.organisation, delivery_bodies.c.delivery == deliveries.c.id
    )
    there = select(deliveries).join(delivery_bodies, same).where(*theirs, deliveries.c.kind.in_(_SHOWN))
    query = there.order_by(deliveries.c.at, deliveries.c.id)
    return tuple(
        DeliverySeen(row.id, row.kind, row.side, row.name, row.size, row.sha256, moment(row.at))
        for row in await rows_of(connection, query)
    )
