from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from videoattention.adapters.media.epoch import Epoch
from videoattention.adapters.media.internals import WorkerCertificate
from videoattention.adapters.media.leg import Leg
from videoattention.adapters.media.port import UdpPort
from videoattention.adapters.media.sdp_reading import BadSdp
from videoattention.domain.people import Side
from videoattention.services.media import Describe, DescriptionKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

OFFER = (Path(__file__).parent / "descriptions/chromium-offer.sdp").read_text()


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


@pytest.fixture
async def epoch() -> AsyncIterator[Epoch]:
    port, certificate = UdpPort("127.0.0.1", 0), WorkerCertificate()
    legs = {side: Leg(port, certificate, clock=lambda: 0.0, changed=lambda: None) for side in Side}
    made = Epoch(1, legs, port=port, began=0.0)
    yield made
    await made.close()
    port.close()


async def test_nobody_can_have_the_recorder_take_the_others_sound_for_a_picture(epoch: Epoch) -> None:
    def offer(text: str) -> None:
        epoch.describe(Describe("call", Side.INFORMER, "peer", 1, DescriptionKind.OFFER, text), receiver="other")

    offer(OFFER)
    known = dict(epoch.codecs)
    remapped = OFFER.replace("opus/48000/2", "red/48000/2").replace(" 96 97 ", " 111 97 ")
    remapped = remapped.replace("a=rtpmap:96 VP8", "a=rtpmap:111 VP8").replace("m=audio 47661", "m=audio 0")
    with pytest.raises(BadSdp, match="two things"):
        offer(remapped)
    assert epoch.codecs == known
