"""What a page shows of the steps of a level: who may propose it, in which ways it is proved, when its clip ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from videoattention.adapters.db.queries.showing import moment, recorder_word
from videoattention.adapters.db.recordings import recording_of
from videoattention.adapters.db.tables import recordings
from videoattention.domain.clips import ends_at
from videoattention.domain.identification import WAYS
from videoattention.domain.proving import Clip
from videoattention.domain.recording import ACTIVE
from videoattention.services.views import BarredSeen, WithheldSeen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.domain.attention import Attention
    from videoattention.domain.recording import Recording


def ways_of(attention: Attention) -> tuple[str, ...]:
    """The ways of identification that can prove enough for the level that is aimed at."""
    return tuple(way for way, most in WAYS.items() if most >= attention.target.identity)


def barred_of(attention: Attention) -> tuple[BarredSeen, ...]:
    """The levels that its informer is not entitled to, with the last day of a habilitation that lapsed."""
    return tuple(BarredSeen(level, until.isoformat() if until else "") for level, until in attention.barred)


def withheld_of(attention: Attention, stored: frozenset[str], settling: frozenset[str]) -> tuple[WithheldSeen, ...]:
    """The outcomes of its level that cannot have come of it, by what was recorded, or is not told yet."""
    return tuple(WithheldSeen(kind, why) for kind, why in attention.withheld(stored, settling=settling).items())


async def recordings_of(connection: AsyncConnection, attention: Attention) -> list[Recording]:
    """Every recording of an attention."""
    theirs = recordings.c.organisation == attention.organisation, recordings.c.attention == attention.id
    return [recording_of(row) for row in (await connection.execute(select(recordings).where(*theirs))).all()]


def recorder_among(recorded: Sequence[Recording]) -> str:
    """The recorder's place, as in `recorder_of`, by all recordings of an attention."""
    active = next((recording for recording in recorded if recording.stage in ACTIVE), None)
    return recorder_word(active.stage, active.hindrance) if active else "absent"


async def clip_until_of(connection: AsyncConnection, attention: Attention) -> str:
    """When the recorded authorisation will have lasted its time; empty while nothing of it is being recorded."""
    if attention.clip is not Clip.WANTED:
        return ""
    theirs = recordings.c.organisation == attention.organisation, recordings.c.attention == attention.id
    query = select(recordings).where(*theirs, recordings.c.stage.in_(sorted(ACTIVE)))
    found = (await connection.execute(query)).first()
    recording = recording_of(found) if found else None
    return moment(ends_at(recording, attention.in_force.clip_seconds))
