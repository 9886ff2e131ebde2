"""A receipt that is being made while the attention is erased."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.unit.services.test_service_deliveries import Room, room
from tests.unit.services.town import OURS
from videoattention.domain.facts import RecordingErased
from videoattention.services.ports import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from videoattention.domain.deliveries import Delivery
    from videoattention.services.delivery_ports import Paper

__all__ = ["room"]


async def test_what_is_printed_while_the_attention_is_erased_is_not_kept(room: Room) -> None:
    attention = await room.town.talking()
    await room.over(attention)
    printing, erased = asyncio.Event(), asyncio.Event()
    at_once = room.printer.make

    async def slowly(template: str, language: str, content: Mapping[str, object]) -> Paper:
        printing.set()
        await erased.wait()
        return await at_once(template, language, content)

    room.printer.make = slowly  # type: ignore[method-assign]  # a slow printer
    signed = asyncio.create_task(room.signed(attention))
    await printing.wait()
    async with room.town.begin() as transaction:
        await transaction.personal.erase(attention)
        await transaction.commit()
    erased.set()
    told, jws, number = await signed
    assert (told["attention"]["outcome"], number) == ("", 1)
    assert [one.name for one in await _files(room, attention)] == ["receipt-1.jws", "receipt-1.pdf"]
    assert jws


async def _files(room: Room, attention: str) -> Sequence[Delivery]:
    async with room.town.begin() as transaction:
        return await transaction.deliveries.of(attention)


async def test_an_erased_recording_makes_no_receipt_by_itself(room: Room) -> None:
    attention = await room.town.talking()
    await room.over(attention)
    running = asyncio.create_task(room.deliverer.run())
    fact = RecordingErased(attention, "r1", "ab" * 32, "The period is over")
    room.deliverer.committed([Entry(OURS, 1, room.town.clock.now(), "service", fact, "")])
    await room.deliverer.settled()
    running.cancel()
    assert room.printer.printed == []
