"""The newest visual identification of an attention, as its two people see it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from videoattention.adapters.db.tables import consent_texts
from videoattention.adapters.db.visual_bodies import visual_of
from videoattention.adapters.db.visual_tables import visuals
from videoattention.domain.papers import VARIABLE
from videoattention.domain.visual_parts import HABILITATION
from videoattention.domain.visual_stages import Action, VisualStage
from videoattention.services.views.visual import PaperSeen, StillSeen, TickSeen, VisualSeen, VisualShown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.domain.visual import Visual

_DAY: Final = timedelta(days=1)
_TICKED: Final = {None: "", True: "yes", False: "no"}
_ENDED: Final = {VisualStage.STOPPED, VisualStage.LAPSED}
"""Ends that the citizen is not told apart: whoever forces them may be reading along."""


async def visual_seen(connection: AsyncConnection, attention: Row[Any], now: datetime) -> VisualSeen:
    """As the informer sees it."""
    habilitated, until = _habilitated(attention.informer_habilitations, now)
    visual = await _newest(connection, attention)
    if visual is None:
        return VisualSeen(habilitated=habilitated, habilitated_until=until)
    asked = visual.challenge
    return VisualSeen(
        stage=visual.stage.value,
        interrupted=bool(visual.interrupted),
        restarts=visual.restarts,
        code_sent=visual.code_sent,
        kind=visual.kind.value if visual.kind else "",
        features=tuple(TickSeen(one, one in VARIABLE, _TICKED[visual.seen.get(one)]) for one in visual.features),
        paper=_paper(visual),
        actions=tuple(TickSeen(one, ticked=_TICKED[visual.done.get(one)]) for one in asked.actions) if asked else (),
        digits=_digits(visual),
        stills=tuple(StillSeen(still.id, still.kind, still.width, still.height) for still in visual.stills),
        lacking=visual.lacking,
        habilitated=habilitated,
        habilitated_until=until,
    )


async def visual_shown(connection: AsyncConnection, attention: Row[Any]) -> VisualShown:
    """As the citizen sees it."""
    row = await _row(connection, attention)
    if row is None:
        return VisualShown()
    visual = visual_of(row)
    title, paragraphs = await _words(connection, visual) if visual.stage is VisualStage.INFORMED else ("", ())
    return VisualShown(
        stage="ended" if visual.stage in _ENDED else visual.stage.value,
        interrupted=bool(visual.interrupted),
        restarts=visual.restarts,
        code_sent=visual.code_sent,
        title=title,
        paragraphs=paragraphs,
        version=visual.wording.version,
        kind=visual.kind.value if visual.kind else "",
        actions=tuple(action.value for action in visual.challenge.actions) if visual.challenge else (),
        digits=_digits(visual),
        days=round((row.keep_until - row.ended_at) / _DAY) if visual.stage is VisualStage.ACCEPTED else 0,
        id=visual.id,
    )


async def _newest(connection: AsyncConnection, attention: Row[Any]) -> Visual | None:
    row = await _row(connection, attention)
    return visual_of(row) if row else None


async def _row(connection: AsyncConnection, attention: Row[Any]) -> Row[Any] | None:
    theirs = visuals.c.organisation == attention.organisation, visuals.c.attention == attention.id
    query = select(visuals).where(*theirs).order_by(visuals.c.begun_at.desc(), visuals.c.id.desc()).limit(1)
    return (await connection.execute(query)).first()


async def _words(connection: AsyncConnection, visual: Visual) -> tuple[str, tuple[str, ...]]:
    """The text that this identification showed, as it was kept."""
    query = select(consent_texts.c.title, consent_texts.c.paragraphs).where(
        consent_texts.c.text == visual.wording.text,
        consent_texts.c.version == visual.wording.version,
        consent_texts.c.language == visual.wording.language,
    )
    row = (await connection.execute(query)).one()
    return row.title, tuple(row.paragraphs)


def _digits(visual: Visual) -> str:
    asked = visual.challenge
    return asked.digits if asked is not None and Action.SAY_DIGITS in asked.actions else ""


def _paper(visual: Visual) -> PaperSeen | None:
    """What was read; number and name only where they are worked with, for they travel with every look at the desk."""
    reading = visual.reading
    if reading is None:
        return None
    shown = visual.stage in {VisualStage.DOCUMENT, VisualStage.DECISION}
    number, name = (reading.number, reading.name) if shown else ("", "")
    return PaperSeen(number, name, reading.expires, tuple(reading.passed), tuple(reading.failed))


def _habilitated(kept: list[Mapping[str, str]], now: datetime) -> tuple[str, str]:
    days = [one["until"] for one in kept if one["name"] == HABILITATION]
    if not days:
        return "missing", ""
    last = max(days)
    return ("yes" if now.date().isoformat() <= last else "lapsed"), last
