"""The citizen's page: its session names the one attention that it may speak of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention.domain.consent import ConsentStep
from videoattention.domain.people import Side
from videoattention.entrypoints.http.crowd import client_address
from videoattention.entrypoints.signalling import protocol, rooms
from videoattention.services.phone import Declared
from videoattention.services.ports import NotFound
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import socketio
    from aiohttp import web

    from videoattention.entrypoints.signalling.announcer import Announcer
    from videoattention.entrypoints.signalling.live import LiveCalls
    from videoattention.entrypoints.signalling.visual import VisualCommands
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.call import Call
    from videoattention.services.phone import PhoneIdentity
    from videoattention.services.reception import Reception
    from videoattention.services.sessions import Session

ANSWERS = {"accept": ConsentStep.GIVE, "refuse": ConsentStep.REFUSE}


@dataclass(frozen=True, slots=True)
class CitizenPeer:
    """One connected page."""

    sid: str
    session: Session
    address: str


class CitizenAttendant:
    """Answers on ``/citizen``."""

    def __init__(
        self,
        server: socketio.AsyncServer,
        visitors: Visitors,
        announcer: Announcer,
        *,
        reception: Reception,
        call: Call,
        phone: PhoneIdentity,
        live: LiveCalls,
        visual: VisualCommands,
    ) -> None:
        self._server = server
        self._visitors = visitors
        self._announcer = announcer
        self._reception = reception
        self._call = call
        self._phone = phone
        self._live = live
        self._visual = visual
        self._pages: dict[str, set[str]] = {}

    async def admit(self, sid: str, request: web.Request, _: Mapping[str, object]) -> CitizenPeer | None:
        """A browser whose session began an attention, from a page of this service."""
        if not self._visitors.same_origin(request):
            return None
        session = await self._visitors.citizen(request)
        if session is None or not session.attention:
            return None
        self._announcer.citizen_arrived(session.organisation, session.attention, self._visitors.language(request))
        return CitizenPeer(sid, session, client_address(request))

    async def arrived(self, peer: CitizenPeer) -> None:
        """The page gets its view at once."""
        attention = peer.session.attention
        self._pages.setdefault(attention, set()).add(peer.sid)
        for room in (rooms.of_attention(attention), rooms.of_session(peer.session.key)):
            await self._server.enter_room(peer.sid, room, namespace=rooms.CITIZEN)
        await self._live.seen(f"attention:{attention}")

    async def gone(self, peer: CitizenPeer) -> None:
        """A closed tab keeps the place."""
        pages = self._pages.get(peer.session.attention, set())
        pages.discard(peer.sid)
        if not pages:
            self._pages.pop(peer.session.attention, None)
            self._announcer.citizen_gone(peer.session.attention)

    async def holds(self, peer: CitizenPeer) -> bool:
        """Whether the session still lasts; an open page keeps it from idling out. One that ended ends its media."""
        lasts = await self._visitors.is_open(peer.session.key)
        if not lasts:
            await self._live.leave(peer.session.key)
        return lasts

    async def heard(self, peer: CitizenPeer, message: object) -> Mapping[str, object] | None:
        """Do what the page asks."""
        if isinstance(message, protocol.Sync):
            await self._sync(peer)
            return None
        if isinstance(message, protocol.OfTheCall):
            return await self._media(peer, message)
        if isinstance(message, protocol.CITIZEN_VISUAL):
            await self._visual.citizen(peer.session, message)
        else:
            await self._command(peer, message)
        return None

    async def _sync(self, peer: CitizenPeer) -> None:
        await self._live.seen(f"attention:{peer.session.attention}")
        await self._announcer.tell_citizen(peer.session.attention)

    async def _media(self, peer: CitizenPeer, message: protocol.OfTheCall) -> Mapping[str, object] | None:
        if message.attention != peer.session.attention:
            raise NotFound("not this citizen's call")
        answer = await self._live.media(peer.session, Side.CITIZEN, message)
        await self.holds(peer)  # a session that ended while its page joined had nothing to leave yet
        return answer

    async def _command(self, peer: CitizenPeer, message: object) -> None:
        organisation, attention = peer.session.organisation, peer.session.attention
        acting = Acting(organisation, "citizen", command=getattr(message, "id", ""))
        steps: dict[type, Callable[[], Awaitable[None]]] = {
            protocol.LeaveLine: lambda: self._reception.leave(acting, attention),
            protocol.DeclineLevel: lambda: self._call.decline_level(acting, attention),
            protocol.ReturnToInformative: lambda: self._call.return_to_informative(acting, attention),
            protocol.HangUp: lambda: self._call.hang_up(acting, attention),
        }
        match message:
            case protocol.AnswerConsent():
                await self._call.answer_consent(acting, attention, message.consent, ANSWERS[message.answer])
            case protocol.AskPhoneCode():
                declared = Declared(message.name, message.number, peer.address)
                await self._phone.ask(acting, attention, declared)
            case protocol.TypePhoneCode():
                await self._phone.answer(acting, attention, message.code)
            case protocol.WithdrawConsent():
                await self._call.withdraw_consent(acting, attention, message.consent)
            case _:
                await steps[type(message)]()
