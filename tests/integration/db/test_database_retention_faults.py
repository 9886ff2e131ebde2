"""What goes wrong with one attention or one request, or comes at the wrong moment; on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from tests.integration.db.cases import NOW, ORGANISATION, add, talking
from tests.integration.db.test_database_keeping import room
from tests.integration.db.test_database_retention import DAY, OFFICER, PERIOD, WHY, Keepers, keepers
from videoattention.adapters.db.rights_tables import data_requests
from videoattention.adapters.db.tables import attentions
from videoattention.domain.rights import RequestStage, Right

if TYPE_CHECKING:
    from sqlalchemy import Table

__all__ = ["keepers", "room"]

RULE: Final = "consulta/attended"


async def _spoil(keepers: Keepers, table: Table, row: str, **values: object) -> None:
    """Write into a row what no version of the service would."""
    async with keepers.room.database.writing() as connection:
        await connection.execute(update(table).where(table.c.id == row).values(**values))
        await connection.commit()


async def test_an_attention_that_cannot_be_read_keeps_no_other_waiting(keepers: Keepers) -> None:
    await add(keepers.room.register, talking("a0", informer="i0"))
    await keepers.end("a0")
    await _spoil(keepers, attentions, "a0", policy={"no": "policy"})
    assert await keepers.whats() == [("refused", "ValidationError")]
    keepers.room.clock.at = NOW + PERIOD
    expected = [("refused", "ValidationError"), ("quarantined", RULE)]
    assert await keepers.whats(keepers.retention.foresee) == expected
    assert await keepers.whats() == expected


async def test_a_request_that_cannot_be_read_keeps_no_other_waiting(keepers: Keepers) -> None:
    spoilt = await keepers.rights.ask(ORGANISATION, "a1", Right.RESTRICTION, "")
    keepers.room.clock.move(DAY)
    name = await keepers.rights.record(OFFICER, "a1", Right.COPY, WHY)
    await _spoil(keepers, data_requests, spoilt, right="nonsense")
    keepers.room.clock.move(40 * DAY)
    await keepers.rights.look_after()
    assert (await keepers.request(name)).stage is RequestStage.LAPSED
