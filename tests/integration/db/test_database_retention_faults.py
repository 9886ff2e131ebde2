"""What goes wrong with one attention or one request, or comes at the wrong moment; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import update

from tests.integration.db.cases import NOW, ORGANISATION, add, talking
from tests.integration.db.test_database_keeping import room
from tests.integration.db.test_database_retention import DAY, OFFICER, PERIOD, WHY, Keepers, keepers
from videoattention.adapters.db.rights_tables import data_requests
from videoattention.adapters.db.tables import attentions
from videoattention.domain.errors import StepRefused
from videoattention.domain.recording import RecordingStage
from videoattention.domain.retention import QUARANTINE
from videoattention.domain.rights import RequestStage, Right
from videoattention.services.ports import Stale

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


async def test_a_copy_that_can_be_fetched_keeps_the_data(keepers: Keepers) -> None:
    await keepers.retention.run()
    keepers.room.clock.at = NOW + PERIOD
    await keepers.retention.run()
    name = await keepers.rights.ask(ORGANISATION, "a1", Right.COPY, "")
    await keepers.rights.decide(OFFICER, name, "access", "")
    keepers.room.clock.at += QUARANTINE
    assert await keepers.whats() == [("kept", "copy_ready")]
    await keepers.rights.fetched(ORGANISATION, "a1", name)
    with pytest.raises(StepRefused, match="cannot be erased") as refused:
        await keepers.room.erase()
    assert refused.value.code == "copy_ready"
    keepers.room.clock.move(30 * DAY)
    assert await keepers.whats() == [("quarantined", RULE)]


async def test_what_is_restricted_or_asked_for_is_not_erased_by_an_operator_either(keepers: Keepers) -> None:
    name = await keepers.rights.ask(ORGANISATION, "a1", Right.RESTRICTION, "")
    for code in ("request_open", "restricted"):
        with pytest.raises(StepRefused) as refused:
            await keepers.room.erase()
        assert refused.value.code == code
        assert keepers.room.kinds[-1] == "ErasureRefused"
        if code == "request_open":
            await keepers.rights.decide(OFFICER, name, "contested", "")
    await keepers.rights.lift(OFFICER, name, WHY)
    await keepers.room.erase()


async def test_a_restriction_is_lifted_before_an_erasure_is_granted(keepers: Keepers) -> None:
    restriction = await keepers.rights.ask(ORGANISATION, "a1", Right.RESTRICTION, "")
    erasure = await keepers.rights.ask(ORGANISATION, "a1", Right.ERASURE, "")
    await keepers.rights.decide(OFFICER, restriction, "contested", "")
    with pytest.raises(StepRefused) as refused:
        await keepers.rights.decide(OFFICER, erasure, "unneeded", "")
    assert refused.value.code == "restriction_first"
    assert (await keepers.room.recording()).stage is RecordingStage.SEALED
    await keepers.rights.lift(OFFICER, restriction, WHY)
    await keepers.rights.decide(OFFICER, erasure, "unneeded", "")
    assert (await keepers.room.recording()).stage is RecordingStage.ERASED


async def test_nothing_is_erased_on_request_before_the_outcome_is_written(keepers: Keepers) -> None:
    await _spoil(keepers, attentions, "a1", stage="wrapping_up")
    name = await keepers.rights.ask(ORGANISATION, "a1", Right.ERASURE, "")
    with pytest.raises(StepRefused) as refused:
        await keepers.rights.decide(OFFICER, name, "unneeded", "")
    assert refused.value.code == "attention_goes_on"
    assert (await keepers.request(name)).stage is RequestStage.ASKED


async def test_who_read_an_attention_before_its_erasure_cannot_write_it_back(keepers: Keepers) -> None:
    async with keepers.room.register.begin(ORGANISATION, "service", NOW) as transaction:
        before = await transaction.attentions.get("a1")
    name = await keepers.rights.ask(ORGANISATION, "a1", Right.ERASURE, "")
    await keepers.rights.decide(OFFICER, name, "unneeded", "")
    async with keepers.room.register.begin(ORGANISATION, "service", NOW) as transaction:
        with pytest.raises(Stale):
            await transaction.attentions.save(before)
    assert await keepers.identity() == ("", "", "")


async def test_words_of_a_granted_erasure_go_when_the_period_is_over(keepers: Keepers) -> None:
    name = await keepers.rights.ask(ORGANISATION, "a1", Right.ERASURE, "Em dic Pere")
    await keepers.rights.decide(OFFICER, name, "unneeded", "El senyor Puig")
    keepers.room.clock.at = NOW + PERIOD - timedelta(seconds=1)
    assert await keepers.whats() == []
    assert (await keepers.request(name)).said.words == "Em dic Pere"
    keepers.room.clock.at = NOW + PERIOD
    for run in (keepers.retention.foresee, keepers.retention.run):
        assert await keepers.whats(run) == [("erased", "words")]
    found = await keepers.request(name)
    assert (found.said.words, found.said.salt, found.answer.words) == ("", b"", "")
    assert found.stage is RequestStage.DONE
    assert await keepers.whats() == []
