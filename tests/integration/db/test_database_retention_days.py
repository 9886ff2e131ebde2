"""What the days of a rule mean: none at all, and whatever came of the attention; on both databases."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from tests.integration.db.cases import NOW, ORGANISATION, OTHER, add, commit, later, talking
from tests.integration.db.test_database_keeping import room
from tests.integration.db.test_database_retention import PERIOD, Keepers, keepers
from videoattention.adapters.db.deliveries_tables import deliveries
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.tables import attentions
from videoattention.domain.deliveries import Delivery, DeliveryKind
from videoattention.domain.facts import AttentionConcluded
from videoattention.domain.levels import Level, OutcomeKind
from videoattention.domain.retention import QUARANTINE, Period, period_of

__all__ = ["keepers", "room"]


async def _informed(keepers: Keepers, attention: str) -> None:
    """Informative attention that is over, with its outcome in words."""
    await add(keepers.room.register, talking(attention, informer=f"informer-{attention}"))
    async with keepers.room.database.writing() as connection:
        over = {"stage": "closed", "ended_at": NOW, "outcome": "La senyora Puig volia l'horari", "level": "informative"}
        await connection.execute(attentions.update().where(attentions.c.id == attention).values(**over))
        await connection.commit()
    told = AttentionConcluded(attention, "La senyora Puig volia l'horari", "informative", "informed")
    await commit(keepers.room.register, told)


async def test_no_days_keep_nothing_but_times_and_the_journal(keepers: Keepers) -> None:
    """0 days: announced with the first run after the call, erased seven days later; the journal stays whole."""
    await _informed(keepers, "a8")
    await _informed(keepers, "a9")
    handed = Delivery("d9", "a9", DeliveryKind.DOCUMENT, "citizen", "puig.pdf", "application/pdf", 4, "ab" * 32, NOW)
    async with keepers.room.database.writing() as connection:
        row = {**asdict(handed), "kind": handed.kind.value, "organisation": ORGANISATION}
        await connection.execute(deliveries.insert().values(**row))
        await connection.commit()
    rule = "consulta/informative"
    assert await keepers.whats() == [("quarantined", rule)] * 2
    assert [seen.attention for seen in await keepers.kept.quarantined(ORGANISATION, "ca")] == ["a9"]
    assert await keepers.kept.words_quarantined(ORGANISATION) == 1
    assert await keepers.kept.words_quarantined(OTHER) == 0
    before = await Journal(keepers.room.database).verify(ORGANISATION)
    keepers.room.clock.at = NOW + QUARANTINE - timedelta(seconds=1)
    assert await keepers.whats() == []
    assert (await keepers.identity("a8"))[2] == "La senyora Puig volia l'horari"
    keepers.room.clock.at = NOW + QUARANTINE
    assert await keepers.whats() == [("erased", rule)] * 2
    assert (await keepers.identity("a8"))[2] == ""
    assert await keepers.silent("a8") == ["AttentionConcluded"]
    after = await Journal(keepers.room.database).verify(ORGANISATION)
    assert isinstance(before, Verified)
    assert isinstance(after, Verified)
    assert after.entries == before.entries + 2  # that they were erased
    async with keepers.room.register.begin(ORGANISATION, "service", NOW) as transaction:
        left = await transaction.attentions.get("a8")
    assert (left.talking_since, left.ended_at, left.level) == (later(60), NOW, Level.INFORMATIVE)
    assert (await keepers.identity())[0] == "Pere Puig"  # the other's period goes on


@pytest.mark.parametrize("kind", OutcomeKind)
def test_what_came_of_it_is_no_part_of_the_rule(kind: OutcomeKind) -> None:
    over = replace(talking(), ended_at=NOW, outcome_kind=kind)
    assert period_of(over, [Level.ATTENDED]) == Period(NOW + PERIOD, "consulta/attended")
    assert period_of(over, [Level.ASSISTED]) == Period(NOW + PERIOD, "consulta/assisted")
    assert period_of(over, []) == Period(NOW, "consulta/informative")
