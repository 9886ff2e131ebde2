"""What both kinds of page do in a live call: say that they are there, and negotiate sound and picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from videoattention.domain.stages import Stage
from videoattention.entrypoints.allowances import Allowances, Pace
from videoattention.entrypoints.signalling import protocol
from videoattention.entrypoints.signalling.errors import refusal
from videoattention.services import media
from videoattention.services.reception import PRESENT
from videoattention.services.sending import Sending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.domain.people import Side
    from videoattention.services.ports import Clock, Register
    from videoattention.services.reactions import Reactions
    from videoattention.services.sessions import Session
    from videoattention.services.switchboard import Switchboard
    from videoattention.services.views import Views


NEGOTIATIONS: Final = Pace(20, 10 / 60)
"""Offers, and pages that join anew, of one side of a call: each costs the worker some milliseconds."""

_MOST_SIDES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Leg:
    """The page that was the last to join a side of a call, and the session that let it."""

    session: str
    peer: str


class LiveCalls:
    """Passes a page's media messages to the worker of its own live call, and to nobody else."""

    def __init__(
        self,
        register: Register,
        clock: Clock,
        *,
        views: Views,
        switchboard: Switchboard,
        reactions: Reactions,
    ) -> None:
        self._register = register
        self._clock = clock
        self._views = views
        self._switchboard = switchboard
        self._reactions = reactions
        self._legs: dict[tuple[str, Side], Leg] = {}
        self._offers = Allowances(NEGOTIATIONS, most=_MOST_SIDES)
        self._joins = Allowances(NEGOTIATIONS, most=_MOST_SIDES)

    async def seen(self, key: str) -> None:
        """A page was heard of."""
        await self._register.seen(key, now=self._clock.now())

    async def is_talking(self, organisation: str, attention: str) -> bool:
        """Whether the attention's call is going on."""
        since = self._clock.now() - PRESENT
        view = await self._views.citizen(organisation, attention, "ca", seen_since=since)
        return view is not None and view.stage == Stage.TALKING

    async def media(self, session: Session, side: Side, message: protocol.OfTheCall) -> Mapping[str, object] | None:
        """Pass the message on; the caller has checked that the call is the sender's own."""
        organisation = session.organisation
        if not await self.is_talking(organisation, message.attention):
            return refusal("not_talking")
        if isinstance(message, protocol.TellSending):
            return await self._tell(message, side)
        if not self._allows(message, side):
            return refusal("too_many")
        if isinstance(message, protocol.JoinMedia):
            self._reactions.knows(organisation, message.attention)
            self._remember(message, side, session.key)
            joined = await self._switchboard.join(media.Join(message.attention, side, message.peer))
            return None if joined else refusal("no_worker")
        kind = media.DescriptionKind(message.kind)
        order = media.Describe(message.attention, side, message.peer, message.epoch, kind, message.sdp)
        return None if await self._switchboard.order(order) else refusal("no_worker")

    async def _tell(self, message: protocol.TellSending, side: Side) -> Mapping[str, object] | None:
        """Pass on what the page sends that was the last to join; another one's word is refused as `stale`."""
        leg = self._legs.get((message.attention, side))
        if leg is None or leg.peer != message.peer:
            return refusal("stale")
        told = await self._switchboard.tell_sending(
            message.attention, side, Sending(message.camera, message.microphone)
        )
        return None if told else refusal("no_worker")

    def _allows(self, message: protocol.JoinMedia | protocol.DescribeMedia, side: Side) -> bool:
        """Whether this side may negotiate once more; answers, and joining again under the same name, cost nothing."""
        of = message.attention, side
        if isinstance(message, protocol.JoinMedia):
            known = self._legs.get(of)
            return (known is not None and known.peer == message.peer) or self._joins.take(of)
        return message.kind != "offer" or self._offers.take(of)

    def _remember(self, joining: protocol.JoinMedia, side: Side, session: str) -> None:
        carried = self._switchboard.calls
        self._legs = {at: leg for at, leg in self._legs.items() if at[0] in carried}
        self._legs[joining.attention, side] = Leg(session, joining.peer)

    async def leave(self, session: str) -> None:
        """The session ended: its pages see and hear nothing more, whether their sockets are connected or not."""
        for (call, side), leg in list(self._legs.items()):
            if leg.session == session:
                del self._legs[call, side]
                await self._switchboard.leave(media.Leave(call, side, leg.peer))
