"""What is seen of the code that was sent to a citizen's phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from videoattention.adapters.db.phone_checks import check_of
from videoattention.adapters.db.phone_tables import phone_checks
from videoattention.domain.identification import Way
from videoattention.domain.phone import TRIES, TRIES_OF_AN_ATTENTION
from videoattention.services.views.phone import PhoneSeen

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


async def phone_seen(connection: AsyncConnection, row: Row[Any]) -> PhoneSeen | None:
    """The newest code of the attention in ``row``, while a phone is asked for."""
    if not row.identification_asked or row.identification_way != Way.PHONE:
        return None
    theirs = phone_checks.c.organisation == row.organisation, phone_checks.c.attention == row.id
    newest = select(phone_checks).where(*theirs).order_by(phone_checks.c.place.desc()).limit(1)
    found = (await connection.execute(newest)).first()
    if found is None:
        return None
    check = check_of(found)
    typed = (await connection.execute(select(func.sum(phone_checks.c.tries)).where(*theirs))).scalar_one()
    left = min(TRIES - check.tries, TRIES_OF_AN_ATTENTION - typed)
    return PhoneSeen(check.stage, check.masked, max(left, 0), check.until.isoformat())
