"""One negotiation between one citizen's page and one informer's page: two legs, and what the descriptions said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from videoattention.adapters.media.leg import LegState
from videoattention.adapters.media.sdp import passed_on
from videoattention.adapters.media.sdp_reading import read, remote_transport
from videoattention.adapters.media.sources import Codec, Sources, sources_of
from videoattention.domain.people import Side
from videoattention.services.media import Described, DescriptionKind

if TYPE_CHECKING:
    from videoattention.adapters.media.leg import Leg
    from videoattention.adapters.media.port import UdpPort
    from videoattention.services.media import Describe, Track

_GRACE = 10.0


class Stale(Exception):
    """A description of another epoch, or an answer to no offer."""

    code = "stale"


class Epoch:
    """Two fresh legs under one number. ``began`` is in monotonic seconds."""

    def __init__(self, number: int, legs: dict[Side, Leg], *, port: UdpPort, began: float) -> None:
        self.number = number
        self.legs = legs
        self.codecs: dict[int, Codec] = {}
        self.sources = {side: Sources() for side in Side}
        self._port = port
        self._began = began
        self._offered: set[Side] = set()
        for side, leg in legs.items():
            leg.other = legs[side.other]
            port.admit(leg)

    def lives(self, side: Side, now: float) -> bool:
        """Whether this side's page can go on with its connection, or still be making it."""
        state = self.legs[side].state
        return state is LegState.CONNECTED or (state is LegState.NEW and now - self._began < _GRACE)

    @property
    def connected(self) -> bool:
        """Whether both legs are up."""
        return all(leg.state is LegState.CONNECTED for leg in self.legs.values())

    def describe(self, order: Describe, *, receiver: str) -> Described:
        """Pass a description on to peer ``receiver``. Raises `BadSdp` or `Stale`, and then nothing has changed."""
        offer = order.kind is DescriptionKind.OFFER
        if not offer and order.side.other not in self._offered:
            raise Stale("nothing was offered")
        description = read(order.sdp)
        # the worker is the DTLS server of both: who offers may become the client, who answers must
        remote = remote_transport(description, setup="actpass" if offer else "active")
        leg, other = self.legs[order.side], self.legs[order.side.other]
        leg.check_remote(remote)
        sources = sources_of(description, self.codecs)
        origin = other.next_origin()
        text = passed_on(description, other.local(), origin=origin, setup="actpass" if offer else "passive")
        if offer and leg.restarts(remote):
            leg.ice.rotate()
            self._port.admit(leg)
        leg.meet(remote)
        self._note(order.side, sources, offer=offer)
        return Described(order.call, order.side.other, receiver, self.number, order.kind, text)

    def likely_source(self, track: Track) -> int | None:
        """The source that a track's page announced, if it announced one only."""
        described = self.sources[track.side].voice_and_face.get(track.kind, frozenset())
        return next(iter(described)) if len(described) == 1 else None

    async def close(self) -> None:
        """End both legs, at once: what one of them noticed meanwhile would end the part of the next epoch."""
        await asyncio.gather(*(leg.close() for leg in self.legs.values()))

    def _note(self, side: Side, sources: Sources, *, offer: bool) -> None:
        self.sources[side] = sources
        self.legs[side].expect(sources.described)
        self.codecs.update(sources.codecs)
        if offer:
            self._offered.add(side)
        else:
            self._offered.discard(side.other)
