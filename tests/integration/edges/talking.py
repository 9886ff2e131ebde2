"""A citizen and an informer in a call, by hand: sockets for the signalling, aiortc for sound and picture."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.integration.edges.callers import Caller
from tests.integration.edges.sockets import Socket
from tests.integration.media.peers import AiortcPerson
from videoattention.domain.people import Side
from videoattention.services.media import Describe, Described, DescriptionKind, Negotiate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.story.running import RunningService


def command(**more: object) -> dict[str, object]:
    """A command's payload with a new id."""
    return {"id": uuid.uuid4().hex, **more}


@dataclass
class Line:
    """Where an aiortc person's descriptions go: into a socket, as a page's would."""

    socket: Socket
    attention: str

    async def obey(self, order: Describe) -> None:
        told = {"peer": order.peer, "epoch": order.epoch, "kind": order.kind, "sdp": order.sdp}
        assert await self.socket.ask("describe_media", {"attention": self.attention, **told}) == {"ok": True}


@dataclass
class Talk:
    """Two people whose call goes on."""

    attention: str
    citizen: Caller
    informer: Caller
    citizen_page: Socket
    desk: Socket
    peers: dict[Side, AiortcPerson] = field(default_factory=dict)

    @property
    def pages(self) -> dict[Side, Socket]:
        return {Side.CITIZEN: self.citizen_page, Side.INFORMER: self.desk}

    async def done(self, page: Socket, name: str, **more: object) -> None:
        """A command that must succeed."""
        answer = await page.ask(name, command(**more))
        assert answer == {"ok": True}, (name, answer)

    async def view(self, **wanted: object) -> dict[str, Any]:
        """Wait until the citizen's page shows this."""
        push = await self.citizen_page.pushed(
            "citizen_changed", lambda p: all(p["view"][name] == value for name, value in wanted.items())
        )
        view: dict[str, Any] = push["view"]
        return view

    async def connect(self) -> None:
        """Sound and picture, until both have seen some of the other."""
        for side, page in self.pages.items():
            self.peers[side] = AiortcPerson(Line(page, self.attention), side)  # type: ignore[arg-type]  # it only obeys
            joined = await page.ask("join_media", {"attention": self.attention, "peer": self.peers[side].peer})
            assert joined == {"ok": True}, joined
        for side in (Side.INFORMER, Side.CITIZEN):
            await self._negotiate(side)
        await asyncio.gather(*(self._described(side) for side in Side))
        await self.hear(1)

    async def hear(self, frames: int) -> None:
        """Wait until each has decoded so many more frames of sound and of picture."""
        async with asyncio.timeout(30):
            for peer in self.peers.values():
                goal = {kind: count + frames for kind, count in peer.received.items()}
                while any(peer.received[kind] < goal[kind] for kind in goal):
                    peer.counted.clear()
                    await peer.counted.wait()

    async def _negotiate(self, side: Side) -> None:
        said = await self.pages[side].pushed("negotiate", lambda p: p["peer"] == self.peers[side].peer)
        order = Negotiate(self.attention, side, said["peer"], said["epoch"], said["offers"])
        await self.peers[side].negotiate(order)

    async def _described(self, side: Side) -> None:
        said = await self.pages[side].pushed("media_described", lambda p: p["epoch"] == self.peers[side].epoch)
        report = Described(
            self.attention, side, said["peer"], said["epoch"], DescriptionKind(said["kind"]), said["sdp"]
        )
        await self.peers[side].described(report)

    async def ask_to_identify(self) -> None:
        """The informer proposes a level, and asks for what it needs."""
        await self.done(self.desk, "propose_level", attention=self.attention, level="attended")
        await self.done(self.desk, "ask_identification", attention=self.attention, way="electronic")

    async def raise_to_attended(self, person: str = "citizen-clara") -> None:
        """Level, identification and consent, until the recorder is in the call."""
        await self.ask_to_identify()
        assert (await self.citizen.identify(person)).status == 200
        await self.done(self.desk, "ask_consent", attention=self.attention)
        asked = await self.citizen_page.pushed("citizen_changed", lambda p: _asked(p["view"]) is not None)
        await self.done(self.citizen_page, "answer_consent", consent=_asked(asked["view"]), answer="accept")
        await self.view(level="attended", recorder="in_call")

    async def end(self, outcome: str = "Explained what was asked.") -> None:
        """Hang up, conclude, and leave the desk paused, as far as that was not done."""
        await self.desk.ask("end_call", command(attention=self.attention))
        # whatever is undone, which keeps the informer from it
        await self.citizen_page.ask("hang_up", command())
        await self.desk.ask("conclude", command(attention=self.attention, outcome=outcome, kind="informed"))
        await self.desk.ask("set_readiness", command(readiness="paused"))


def _asked(view: dict[str, Any]) -> str | None:
    return next((consent["id"] for consent in view["consents"] if consent["stage"] == "asked"), None)


@asynccontextmanager
async def talking(
    service: RunningService, *, informer: str = "staff-marta", office: str = "oac-girona"
) -> AsyncIterator[Talk]:
    """A new citizen whom this informer attends; without sound and picture until `Talk.connect`."""
    async with AsyncExitStack() as stack:
        citizen = await stack.enter_async_context(Caller(service.url))
        staff = await stack.enter_async_context(Caller(service.url))
        attention = await citizen.take_turn(office)
        await staff.sign_in(informer)
        page = await stack.enter_async_context(Socket(service.url, "/citizen", citizen.identity))
        desk = await stack.enter_async_context(Socket(service.url, "/desk", staff.identity))
        assert page.admitted
        assert desk.admitted
        talk = Talk(attention, citizen, staff, page, desk)
        await talk.done(desk, "take_citizen", attention=attention)
        try:
            yield talk
        finally:
            for peer in talk.peers.values():
                await peer.close()
            if talk.desk.admitted and not talk.desk.closed:
                await talk.end()
