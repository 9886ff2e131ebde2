"""How rows are shown: names in a language, masked documents, times, the recorder's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select

from videoattention.adapters.db.tables import attentions, journal_heads, offices, procedures, recordings
from videoattention.domain.identification import Assurance
from videoattention.domain.recording import ACTIVE, STORAGE_FAULTS, RecordingStage
from videoattention.services.views import IdentitySeen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Join, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

_SHOWN: Final = 4
_RECORDER: Final[Mapping[str, str]] = {RecordingStage.REQUESTED: "entering", RecordingStage.CAPTURING: "in_call"}


def label(names: Mapping[str, str], language: str) -> str:
    """The words in this language, in Catalan where the language is missing, else in any; empty if there are none."""
    return names.get(language) or names.get("ca") or next(iter(names.values()), "")


def moment(at: datetime | None) -> str:
    """ISO 8601, UTC; empty for what has not happened."""
    return at.isoformat() if at else ""


def masked(document: str) -> str:
    """A document's number with only its end legible."""
    hidden = len(document) if len(document) <= _SHOWN else len(document) - _SHOWN
    return "•" * hidden + document[hidden:]


def identity_of(row: Row[Any]) -> IdentitySeen | None:
    """Who the citizen was shown to be, if anybody."""
    if row.identity_assurance is None:
        return None
    assurance = Assurance(row.identity_assurance).name.lower()
    return IdentitySeen(row.identity_name, masked(row.identity_document), assurance, row.identity_way or "electronic")


def named_attentions() -> Join:
    """Attentions beside the names of their office and procedure."""
    office = and_(offices.c.organisation == attentions.c.organisation, offices.c.id == attentions.c.office)
    procedure = and_(procedures.c.organisation == attentions.c.organisation, procedures.c.id == attentions.c.procedure)
    return attentions.join(offices, office).join(procedures, procedure)


NAMES: Final = (offices.c.name.label("office_name"), procedures.c.name.label("procedure_name"))
"""The columns of `named_attentions` that hold the names."""


async def revision_of(connection: AsyncConnection, organisation: str) -> int:
    """The last sequence number of the organisation's journal."""
    query = select(journal_heads.c.seq).where(journal_heads.c.organisation == organisation)
    return (await connection.execute(query)).scalar() or 0


async def recorder_of(connection: AsyncConnection, organisation: str, attention: str) -> str:
    """``absent``, ``entering``, ``hindered`` (nothing can be stored now) or ``in_call``."""
    theirs = recordings.c.organisation == organisation, recordings.c.attention == attention
    query = select(recordings.c.stage, recordings.c.hindrance).where(*theirs, recordings.c.stage.in_(sorted(ACTIVE)))
    found = (await connection.execute(query)).first()
    return "absent" if found is None else recorder_word(found.stage, found.hindrance)


def recorder_word(stage: str, hindrance: str) -> str:
    """The same as `recorder_of`, of the active recording."""
    waits = stage == RecordingStage.REQUESTED
    return "hindered" if waits and hindrance in STORAGE_FAULTS else _RECORDER[stage]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Of an attention: whether the files of any part were opened, with gaps in between, and all of it erased again."""

    anything: bool
    gaps: bool
    erased: bool


async def was_recorded(connection: AsyncConnection, organisation: str, attention: str) -> Recorded:
    """What became of all recordings of this attention."""
    theirs = recordings.c.organisation == organisation, recordings.c.attention == attention
    query = select(recordings.c.parts, recordings.c.hindrance, recordings.c.stage).where(*theirs)
    rows = [row for row in await rows_of(connection, query) if row.parts]
    return Recorded(
        anything=bool(rows),
        gaps=any(len(row.parts) > 1 or row.hindrance for row in rows),
        erased=bool(rows) and all(row.stage == RecordingStage.ERASED for row in rows),
    )


async def rows_of(connection: AsyncConnection, query: Any) -> Sequence[Row[Any]]:  # noqa: ANN401 - a Select of any shape
    """Every row of a query."""
    rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
    return rows
