from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from videoattention.adapters.media.epoch import Epoch
from videoattention.domain.people import Side

if TYPE_CHECKING:
    from videoattention.adapters.media.leg import Leg
    from videoattention.adapters.media.port import UdpPort


class SlowLeg:
    """A leg whose browser takes its time."""

    def __init__(self) -> None:
        self.other: SlowLeg | None = None
        self.closing, self.closed = asyncio.Event(), asyncio.Event()

    async def close(self) -> None:
        self.closing.set()
        await self.closed.wait()


class Port:
    def admit(self, leg: object) -> None:
        """Both are admitted."""


async def test_neither_leg_of_an_old_epoch_speaks_for_the_call_while_the_other_one_ends() -> None:
    legs = {side: SlowLeg() for side in Side}
    epoch = Epoch(1, cast("dict[Side, Leg]", legs), port=cast("UdpPort", Port()), began=0.0)
    ending = asyncio.create_task(epoch.close())
    async with asyncio.timeout(5):
        for leg in legs.values():
            await leg.closing.wait()
    for leg in legs.values():
        leg.closed.set()
    await ending
