"""The account of an attention: everything that receipts, forms and the citizen's page of them tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select

from videoattention.adapters.db.attentions import attention_of
from videoattention.adapters.db.deliveries import delivery_of
from videoattention.adapters.db.deliveries_tables import deliveries
from videoattention.adapters.db.parts import parts_from_json
from videoattention.adapters.db.policies import of_snapshot
from videoattention.adapters.db.queries.showing import NAMES, label, named_attentions, rows_of
from videoattention.adapters.db.tables import (
    attentions,
    consent_texts,
    consents,
    erasures,
    journal,
    offices,
    organisations,
    recordings,
)
from videoattention.adapters.db.visual_bodies import visual_of
from videoattention.adapters.db.visual_tables import visuals
from videoattention.domain.accounts import Account, Kept, KeptVisual, Notice, Told
from videoattention.domain.facts import VisualBegun
from videoattention.domain.levels import Level
from videoattention.domain.recording import Recording
from videoattention.domain.stages import Stage
from videoattention.domain.visual_stages import VisualStage

if TYPE_CHECKING:
    from sqlalchemy import Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.adapters.db.database import Database

_SHOWN: Final = VisualBegun.__name__
"""The fact by which the text about images was shown; every other text has a row of its own."""


class DatabaseAccounts:
    """`videoattention.services.delivery_ports.Accounts` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, organisation: str, attention: str, language: str = "") -> Account | None:
        """The account of an attention as of one moment, names in this language or the citizen's own."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_named(organisation, attention))).first()
            return await _account(connection, row, language or row.language) if row else None

    async def formless(self) -> list[tuple[str, str]]:
        """Every (organisation, attention) with a call whose level in force wants a form, and none."""
        raised = attentions.c.stage == Stage.TALKING, attentions.c.level != Level.INFORMATIVE, attentions.c.form == ""
        known = attentions.c.organisation, attentions.c.id, attentions.c.level, attentions.c.policy
        async with self._database.reading() as connection:
            rows = await rows_of(connection, select(*known).where(*raised))
        return [(row.organisation, row.id) for row in rows if of_snapshot(row.policy).of(Level(row.level)).form]


async def _account(connection: AsyncConnection, row: Row[Any], language: str) -> Account:
    mine = row.organisation, row.id
    asked = await rows_of(connection, _of(consents, mine).order_by(consents.c.place))
    told = [_told(line) for line in await rows_of(connection, _of(journal, mine).order_by(journal.c.seq)) if line.body]
    hashes = [consent.hash for consent in asked] + [fact.body["hash"] for fact in told if fact.kind == _SHOWN]
    texts = await rows_of(connection, select(consent_texts).where(consent_texts.c.hash.in_(hashes)))
    looked = await rows_of(connection, _of(visuals, mine).order_by(visuals.c.begun_at))
    handed = await rows_of(connection, _of(deliveries, mine).order_by(deliveries.c.at, deliveries.c.id))
    return Account(
        attention=attention_of(row, asked),
        controller=label(row.organisation_name, language),
        office=label(row.office_name, language),
        procedure=label(row.procedure_name, language),
        contact=label(row.other_ways, language) if row.other_ways else "",
        notices={text.hash: Notice(text.title, tuple(text.paragraphs)) for text in texts},
        told=tuple(told),
        recordings=tuple([_kept(one) for one in await rows_of(connection, _recorded(mine))]),
        deliveries=tuple(delivery_of(one) for one in handed),
        visuals=tuple(_looked(one) for one in looked),
    )


def _named(organisation: str, attention: str) -> Select[Any]:
    whose = organisations.c.id == attentions.c.organisation
    said = organisations.c.name.label("organisation_name"), offices.c.other_ways
    same = attentions.c.organisation == organisation, attentions.c.id == attention
    return select(attentions, *NAMES, *said).select_from(named_attentions().join(organisations, whose)).where(*same)


def _of(table: Any, mine: tuple[str, str]) -> Select[Any]:  # noqa: ANN401 - a table with these two columns
    organisation, attention = mine
    return select(table).where(table.c.organisation == organisation, table.c.attention == attention)


def _recorded(mine: tuple[str, str]) -> Select[Any]:
    organisation, attention = mine
    erased = and_(erasures.c.organisation == recordings.c.organisation, erasures.c.recording == recordings.c.id)
    theirs = recordings.c.organisation == organisation, recordings.c.attention == attention
    query = select(recordings, erasures.c.at.label("erased_at")).select_from(recordings.outerjoin(erasures, erased))
    return query.where(*theirs).order_by(recordings.c.requested_at)


def _kept(row: Row[Any]) -> Kept:
    parts = parts_from_json(row.parts)
    stored = Recording(row.id, row.attention, row.organisation, row.consent, row.requested_at, parts=parts)
    return Kept(row.id, row.stage, stored.seconds, parts[0].opened_at if parts else None, row.erased_at)


def _looked(row: Row[Any]) -> KeptVisual:
    found = visual_of(row)
    stills = found.stills if found.stage is VisualStage.ACCEPTED else ()
    return KeptVisual(found.id, found.stage, stills, row.keep_until)


def _told(line: Row[Any]) -> Told:
    body: dict[str, Any] = json.loads(line.body)
    return Told(line.at, line.actor, line.kind, body)
