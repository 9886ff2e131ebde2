"""What a reviewer wrote goes when the law erases the attention; what was judged stays, and the chain still verifies."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from tests.integration.db.cases import NOW, ORGANISATION
from tests.integration.db.test_database_retention import OFFICER, Keepers, keepers, room
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.queries.reviewing import DatabaseArchive
from videoattention.adapters.db.reviews_tables import judgements
from videoattention.adapters.db.tables import journal
from videoattention.domain.reviewing import Answer, Grounds, Judgement, Review, Verdict
from videoattention.domain.rights import Right
from videoattention.services.reviewing import hash_of
from videoattention.services.reviews import Written

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database

__all__ = ["keepers", "room"]

WORDS: Final = "En Pere Puig diu el telèfon de la seva filla."
SALT: Final = b"s" * 32
GROUNDS: Final = Grounds(required=True, second=False, risks=(), risky=False, draw=1, share=500)


async def _judged(keepers: Keepers) -> str:
    """A verdict with words about the citizen; gives their hash."""
    hashed = hash_of(SALT, WORDS)
    said = Judgement("nuria", Verdict.FINE, "1", {"consent": Answer.YES}, hashed, NOW + timedelta(seconds=300))
    async with keepers.room.register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.reviews.add(Review("r1", "a1", ORGANISATION, GROUNDS, NOW))
        await transaction.commit()
    async with keepers.room.register.begin(ORGANISATION, "auditor:nuria", NOW) as transaction:
        opened = (await transaction.reviews.get("r1")).open("nuria", NOW)
        await transaction.reviews.save(opened.review)
        await transaction.commit(*opened.facts)
    async with keepers.room.register.begin(ORGANISATION, "auditor:nuria", NOW) as transaction:
        judged = (await transaction.reviews.get("r1")).judge(said)
        await transaction.reviews.save(judged.review, Written("Núria", WORDS, SALT))
        await transaction.commit(*judged.facts)
    return hashed


async def _kept(database: Database) -> tuple[object, ...]:
    query = select(judgements.c.words, judgements.c.salt, judgements.c.verdict, judgements.c.hash)
    async with database.reading() as connection:
        return tuple((await connection.execute(query)).one())


async def test_the_words_of_a_verdict_go_with_the_data_of_the_attention(keepers: Keepers) -> None:
    database, archive = keepers.room.database, DatabaseArchive(keepers.room.database)
    hashed = await _judged(keepers)
    assert await _kept(database) == (WORDS, SALT, "fine", hashed)
    async with database.reading() as connection:
        told = (await connection.execute(select(journal.c.body).where(journal.c.kind == "VerdictGiven"))).scalar_one()
    assert hashed in told
    assert "filla" not in told, "the journal never had the words"
    name = await keepers.rights.ask(ORGANISATION, "a1", Right.ERASURE, "")
    await keepers.rights.decide(OFFICER, name, "unneeded", "")
    assert await _kept(database) == (None, None, "fine", hashed)
    assert "filla" not in str(await keepers.everything())
    shown = await archive.review(ORGANISATION, "r1")
    assert shown
    assert [(one.verdict, one.words) for one in shown.judgements] == [("fine", None)]
    async with database.reading() as connection:
        told = (await connection.execute(select(journal.c.body).where(journal.c.kind == "VerdictGiven"))).scalar_one()
    assert hashed in json.loads(told).values()
    assert isinstance(await Journal(database).verify(ORGANISATION), Verified)
