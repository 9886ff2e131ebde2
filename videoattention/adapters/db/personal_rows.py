"""What tells who a citizen is, by table: which columns are blanked and which rows are deleted when the law says so.

Every table with a column ``attention`` is named here, and a test fails for one that is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, select

from videoattention.adapters.db.deliveries_tables import deliveries, delivery_bodies
from videoattention.adapters.db.evidence_tables import login_evidence
from videoattention.adapters.db.journal_facts import FactUnknown, fact_of
from videoattention.adapters.db.phone_tables import phone_checks
from videoattention.adapters.db.recordings import recording_of
from videoattention.adapters.db.reviews_tables import judgements
from videoattention.adapters.db.rights_tables import data_requests
from videoattention.adapters.db.tables import attentions, consents, grants, holds, journal, recordings
from videoattention.adapters.db.visual_tables import suspicions, visual_stills, visuals
from videoattention.domain.facts import LevelRaised
from videoattention.domain.levels import Level
from videoattention.domain.personal_data import PERSONAL
from videoattention.domain.retention import Period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Table

    from videoattention.adapters.db.tenant import TenantConnection
    from videoattention.domain.recording import Recording

BLANKED: Final[Mapping[Table, Mapping[str, object]]] = {
    attentions: {"outcome": "", "version": attentions.c.version + 1},  # who read it before cannot write it back
    consents: {"note": "", "note_salt": None},
    phone_checks: {"name": "", "masked": "", "subject": "", "code": ""},
    deliveries: {"name": ""},
}
"""Rows that stay without what told who it was."""

IDENTITY: Final = {"identity_name": "", "identity_document": "", "identity_subject": ""}
"""Blanked in an attention with an identification; how sure it was, by whom and when stays."""

DELETED: Final = (login_evidence,)
"""Rows that go."""

LEFT: Final = {
    "exports": "who was given the recording, and why",
    "journal": "its chain stays; the words of its entries go by the kind of fact",
    "keepings": "when it was erased",
    "data_requests": "the answer to the citizen; its words go with the period of keeping",
    "receipt_links": "hashes of a link and a PIN, which lapse by themselves",
    "receipts": "numbers and ids; the papers themselves go with the files",
    "recordings": "stage, times and hashes; the media goes with its keys",
    "reviews": "stages and codes; what reviewers wrote goes with their judgements",
    "sessions": "ends by itself within hours",
    "suspicions": "a suspicion of fraud is kept apart, for a period of its own",
    "visuals": "deleted here, unless a suspicion of fraud keeps it",
}
"""Tables with a column ``attention`` that are not in the three above, and why."""

_KINDS: Final = sorted(kind.__name__ for kind in PERSONAL)
_WORDS: Final = ("said", "extension", "answer")


class PersonalRows:
    """`videoattention.services.rights_ports.PersonalData` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def recordings(self, attention: str) -> Sequence[Recording]:
        """Every recording of the attention."""
        theirs = self._tenant.owns(recordings), recordings.c.attention == attention
        query = select(recordings).where(*theirs).order_by(recordings.c.requested_at, recordings.c.id)
        return [recording_of(row) for row in await self._tenant.fetch(query)]

    async def held(self, attention: str) -> bool:
        """Whether a hold on one of its recordings is in force."""
        same = and_(holds.c.organisation == recordings.c.organisation, holds.c.recording == recordings.c.id)
        mine = self._tenant.owns(recordings), recordings.c.attention == attention, holds.c.released_at.is_(None)
        query = select(holds.c.id).select_from(holds.join(recordings, same)).where(*mine)
        return await self._tenant.first(query) is not None

    async def levels(self, attention: str) -> Sequence[Level]:
        """The levels that were in force, as the journal has them."""
        mine = self._tenant.owns(journal), journal.c.attention == attention
        query = select(journal.c.kind, journal.c.body).where(*mine, journal.c.kind == LevelRaised.__name__)
        found = []
        for row in await self._tenant.fetch(query):
            try:
                fact = fact_of(row.kind, row.body)
            except (FactUnknown, ValueError, TypeError):
                continue  # what cannot be read any more is found by the journal's own check
            if isinstance(fact, LevelRaised):
                found.append(Level(fact.level))
        return found

    async def periods(self, attention: str) -> Sequence[Period]:
        """The periods with a rule of their own."""
        rules = ((visuals, "visual"), (suspicions, "suspected_fraud"))
        return [
            Period(row.keep_until, rule)
            for table, rule in rules
            for row in await self._tenant.fetch(
                select(table.c.keep_until).where(self._tenant.owns(table), table.c.attention == attention)
            )
            if row.keep_until is not None
        ]

    async def erase(self, attention: str) -> int:
        """Blank or delete all of it; returns how many entries of the journal lost their words."""
        for table, blank in BLANKED.items():
            mine = table.c.id if table is attentions else table.c.attention
            await self._tenant.write(table.update().where(self._tenant.owns(table), mine == attention).values(blank))
        identified = attentions.c.id == attention, attentions.c.identity_assurance.is_not(None)
        await self._tenant.write(attentions.update().where(self._tenant.owns(attentions), *identified).values(IDENTITY))
        for table in DELETED:
            await self._delete(table, table.c.attention == attention)
        await self._erase_files(attention)
        await self._erase_visuals(attention)
        await self._erase_recordings(attention)
        silent = journal.c.attention == attention, journal.c.kind.in_(_KINDS), journal.c.body.is_not(None)
        return await self._tenant.write(
            journal.update().where(self._tenant.owns(journal), *silent).values(body=None, salt=None)
        )

    async def _erase_files(self, attention: str) -> None:
        theirs = select(deliveries.c.id).where(self._tenant.owns(deliveries), deliveries.c.attention == attention)
        await self._delete(delivery_bodies, delivery_bodies.c.delivery.in_(theirs))

    async def _erase_visuals(self, attention: str) -> None:
        suspected = select(suspicions.c.visual).where(self._tenant.owns(suspicions))
        mine = self._tenant.owns(visuals), visuals.c.attention == attention, visuals.c.id.not_in(suspected)
        theirs = select(visuals.c.id).where(*mine)
        await self._delete(visual_stills, visual_stills.c.visual.in_(theirs))
        await self._delete(visuals, and_(visuals.c.attention == attention, visuals.c.id.not_in(suspected)))

    async def _erase_recordings(self, attention: str) -> None:
        """What auditors wrote about its recordings; leaves to play them are over."""
        theirs = select(recordings.c.id).where(self._tenant.owns(recordings), recordings.c.attention == attention)
        await self._delete(grants, grants.c.recording.in_(theirs))
        told = self._tenant.owns(judgements), judgements.c.recording.in_(theirs)
        await self._tenant.write(judgements.update().where(*told).values(words=None, salt=None))

    async def _delete(self, table: Table, condition: object) -> None:
        await self._tenant.write(table.delete().where(self._tenant.owns(table), condition))  # type: ignore[arg-type]  # a condition of SQLAlchemy's

    async def erase_words(self, attention: str) -> None:
        """Blank the words of its requests too."""
        blank: dict[str, object] = dict.fromkeys(_WORDS, "") | {f"{name}_salt": b"" for name in _WORDS}
        mine = self._tenant.owns(data_requests), data_requests.c.attention == attention
        await self._tenant.write(data_requests.update().where(*mine).values(**blank))
