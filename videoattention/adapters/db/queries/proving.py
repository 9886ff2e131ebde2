"""What a page shows of the steps of a level: who may propose it, in which ways it is proved, when its clip ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from videoattention.adapters.db.queries.showing import moment
from videoattention.adapters.db.recordings import recording_of
from videoattention.adapters.db.tables import recordings
from videoattention.domain.clips import ends_at
from videoattention.domain.identification import WAYS
from videoattention.domain.proving import Clip
from videoattention.domain.recording import ACTIVE, stored_under
from videoattention.services.views import BarredSeen, WithheldSeen

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.domain.attention import Attention


def ways_of(attention: Attention) -> tuple[str, ...]:
    """The ways of identification that can prove enough for the level that is aimed at."""
    return tuple(way for way, most in WAYS.items() if most >= attention.target.identity)


def barred_of(attention: Attention) -> tuple[BarredSeen, ...]:
    """The levels that its informer is not entitled to, with the last day of a habilitation that lapsed."""
    return tuple(BarredSeen(level, until.isoformat() if until else "") for level, until in attention.barred)


def withheld_of(attention: Attention, stored: frozenset[str]) -> tuple[WithheldSeen, ...]:
    """The outcomes of its level that cannot have come of it, when ``stored`` is what was recorded."""
    return tuple(WithheldSeen(kind, reason) for kind, reason in attention.withheld(stored).items())


async def stored_of(connection: AsyncConnection, attention: Attention) -> frozenset[str]:
    """The consents under which something was recorded."""
    theirs = recordings.c.organisation == attention.organisation, recordings.c.attention == attention.id
    rows = (await connection.execute(select(recordings).where(*theirs))).all()
    return stored_under(recording_of(row) for row in rows)


async def clip_until_of(connection: AsyncConnection, attention: Attention) -> str:
    """When the recorded authorisation will have lasted its time; empty while nothing of it is being recorded."""
    if attention.clip is not Clip.WANTED:
        return ""
    theirs = recordings.c.organisation == attention.organisation, recordings.c.attention == attention.id
    query = select(recordings).where(*theirs, recordings.c.stage.in_(sorted(ACTIVE)))
    found = (await connection.execute(query)).first()
    recording = recording_of(found) if found else None
    return moment(ends_at(recording, attention.in_force.clip_seconds))
