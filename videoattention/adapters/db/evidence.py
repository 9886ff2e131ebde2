"""What is kept about recordings, read across organisations by whoever operates the service."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, select

from videoattention.adapters.db.journal import moment
from videoattention.adapters.db.journal_facts import FactUnknown, fact_of
from videoattention.adapters.db.recordings import recording_of
from videoattention.adapters.db.tables import consent_texts, holds, journal, recordings, seals
from videoattention.domain.facts import AttentionConcluded, RecordingErased, RecordingLost, RecordingSealed
from videoattention.services.proof import Binding, KeptRecording, SliceEntry
from videoattention.services.sealed import ManifestUnreadable, read_manifest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select

    from videoattention.adapters.db.database import Database
    from videoattention.domain.facts import Fact
    from videoattention.domain.recording import Recording
    from videoattention.services.sealed import SealedText

_AT_ONCE: Final = 500
_SEALS: Final = (RecordingSealed.__name__, RecordingLost.__name__)
_TOLD: Final = (*_SEALS, RecordingErased.__name__)
_ENDS: Final = (AttentionConcluded.__name__, RecordingSealed.__name__)


class DatabaseEvidence:
    """`videoattention.services.proof.KeptEvidence` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recordings(
        self, organisation: str | None = None, since: datetime | None = None
    ) -> Sequence[KeptRecording]:
        """Those of one organisation or of all, requested since then; oldest first."""
        query = _kept().order_by(recordings.c.requested_at, recordings.c.id)
        if organisation is not None:
            query = query.where(recordings.c.organisation == organisation)
        if since is not None:
            query = query.where(recordings.c.requested_at >= since)
        return [_seen(row) for row in await self._rows(query)]

    async def find(self, recording: str) -> KeptRecording | None:
        """One recording, whosever it is."""
        rows = await self._rows(_kept().where(recordings.c.id == recording))
        return _seen(rows[0]) if rows else None

    async def binding(self, recording: Recording, entry: int) -> Binding:
        """What the journal says of it, and the link of ``entry``."""
        ours = journal.c.organisation == recording.organisation, journal.c.attention == recording.attention
        told = select(journal.c.kind, journal.c.body).where(*ours, journal.c.kind.in_(_TOLD))
        facts = [_told(row) for row in await self._rows(told)]
        seals = [fact for fact in facts if isinstance(fact, RecordingSealed | RecordingLost)]
        erasures = [fact for fact in facts if isinstance(fact, RecordingErased)]
        links = await self._rows(select(journal.c.hash).where(*ours, journal.c.seq == entry))
        return Binding(
            tuple((fact.manifest, fact.key) for fact in seals if fact.recording == recording.id),
            tuple(fact.certificate for fact in erasures if fact.recording == recording.id),
            links[0].hash if links else None,
            silenced=None in facts,
        )

    async def missing(self) -> Sequence[tuple[str, str]]:
        """The organisations and recordings that a journal says were sealed and that are not kept."""
        kept = {
            (row.organisation, row.id) for row in await self._rows(select(recordings.c.organisation, recordings.c.id))
        }
        told = select(journal.c.organisation, journal.c.kind, journal.c.body).where(journal.c.kind.in_(_SEALS))
        facts = [(row.organisation, _told(row)) for row in await self._rows(told.order_by(journal.c.seq))]
        sealed = [(whose, fact.recording) for whose, fact in facts if isinstance(fact, RecordingSealed | RecordingLost)]
        return [one for one in sealed if one not in kept]

    async def silenced(self) -> Sequence[tuple[str, int]]:
        """The organisations and entries that told of a seal or an erasure and say nothing any more."""
        nothing = select(journal.c.organisation, journal.c.seq).where(
            journal.c.kind.in_(_TOLD), journal.c.body.is_(None)
        )
        rows = await self._rows(nothing.order_by(journal.c.organisation, journal.c.seq))
        return [(row.organisation, row.seq) for row in rows]

    async def entries(self, organisation: str, attention: str, first: int) -> AsyncIterator[SliceEntry]:
        """The chain from ``first`` to where the attention was concluded, or its last recording sealed."""
        ours = journal.c.organisation == organisation
        ends = select(func.max(journal.c.seq)).where(ours, journal.c.attention == attention, journal.c.kind.in_(_ENDS))
        last, seq = (await self._rows(ends))[0][0] or 0, first - 1
        while seq < last:
            beyond = ours, journal.c.seq > seq, journal.c.seq <= last
            rows = await self._rows(select(journal).where(*beyond).order_by(journal.c.seq).limit(_AT_ONCE))
            for row in rows:
                yield slice_entry(row, told=row.attention == attention)
            seq = rows[-1].seq if rows else last

    async def words(self, text: SealedText) -> str | None:
        """Title and paragraphs of a consent text as they were shown, joined by newlines."""
        rows = await self._rows(select(consent_texts).where(consent_texts.c.hash == text.hash))
        return "\n".join((rows[0].title, *rows[0].paragraphs)) if rows else None

    async def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        async with self._database.reading() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
            return rows


def _told(row: Row[Any]) -> Fact | None:
    """What an entry says; nothing if it was erased, or changed so that nobody can read it."""
    with suppress(FactUnknown, ValueError, TypeError):
        return fact_of(row.kind, row.body)
    return None


def _kept() -> Select[Any]:
    same = holds.c.organisation == recordings.c.organisation, holds.c.recording == recordings.c.id
    held = select(holds.c.id).where(*same, holds.c.released_at.is_(None)).exists()
    sealed = and_(seals.c.organisation == recordings.c.organisation, seals.c.recording == recordings.c.id)
    return select(recordings, held.label("held"), seals.c.manifest).select_from(recordings.outerjoin(seals, sealed))


def _seen(row: Row[Any]) -> KeptRecording:
    return KeptRecording(recording_of(row), row.held, complete=_complete(row.manifest))


def _complete(manifest: bytes | None) -> bool | None:
    with suppress(ManifestUnreadable):
        return read_manifest(manifest).complete if manifest is not None else None
    return None


def slice_entry(row: Row[Any], *, told: bool) -> SliceEntry:
    """An entry of the journal as a package has it, with what it says or without."""
    return SliceEntry(
        seq=row.seq,
        at=moment(row.at),
        actor=row.actor,
        kind=row.kind,
        attention=row.attention,
        commitment=row.commitment,
        prev=row.prev,
        hash=row.hash,
        body=row.body if told else None,
        salt=row.salt if told else None,
    )
