"""The informer's desk: its session names the person; every attention it speaks of must be their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention.domain.access import Action, Resource, decide
from videoattention.domain.identification import Way
from videoattention.domain.informers import Readiness
from videoattention.domain.levels import Level, OutcomeKind
from videoattention.domain.people import Side
from videoattention.entrypoints.signalling import protocol, rooms
from videoattention.entrypoints.signalling.citizen import ANSWERS
from videoattention.entrypoints.signalling.errors import DONE
from videoattention.services.identifying import SHOWN_FOR
from videoattention.services.ports import NotFound
from videoattention.services.reception import PRESENT
from videoattention.services.work import acting_as

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import socketio
    from aiohttp import web

    from videoattention.domain.people import Person
    from videoattention.entrypoints.signalling.announcer import Announcer
    from videoattention.entrypoints.signalling.live import LiveCalls
    from videoattention.entrypoints.signalling.visual import VisualCommands
    from videoattention.entrypoints.visitors import Visitors
    from videoattention.services.call import Call
    from videoattention.services.clips import Clips
    from videoattention.services.identifying import Identifying
    from videoattention.services.pairing import Pairing
    from videoattention.services.ports import Clock
    from videoattention.services.sessions import Session
    from videoattention.services.views import Views
    from videoattention.services.work import Acting


@dataclass(frozen=True, slots=True)
class DeskPeer:
    """One connected page of an informer."""

    sid: str
    session: Session
    person: Person


class DeskAttendant:
    """Answers on ``/desk``."""

    def __init__(
        self,
        server: socketio.AsyncServer,
        visitors: Visitors,
        announcer: Announcer,
        *,
        pairing: Pairing,
        call: Call,
        clips: Clips,
        live: LiveCalls,
        views: Views,
        clock: Clock,
        visual: VisualCommands,
        identifying: Identifying,
    ) -> None:
        self._server = server
        self._visitors = visitors
        self._announcer = announcer
        self._pairing = pairing
        self._call = call
        self._clips = clips
        self._live = live
        self._views = views
        self._clock = clock
        self._visual = visual
        self._identifying = identifying
        self._pages: dict[tuple[str, str], set[str]] = {}

    async def admit(self, sid: str, request: web.Request, _: Mapping[str, object]) -> DeskPeer | None:
        """A signed-in informer, from a page of this service."""
        if not self._visitors.same_origin(request):
            return None
        session = await self._visitors.staff(request)
        if session is None or session.person is None:
            return None
        person = session.person
        if not decide(person, Action.ATTEND, Resource(person.organisation)).allowed:
            return None
        self._announcer.desk_arrived(person.organisation, person.subject, self._visitors.language(request))
        return DeskPeer(sid, session, person)

    async def arrived(self, peer: DeskPeer) -> None:
        """The page is told from now on."""
        person = peer.person
        self._pages.setdefault((person.organisation, person.subject), set()).add(peer.sid)
        for room in (rooms.of_desk(person.organisation, person.subject), rooms.of_session(peer.session.key)):
            await self._server.enter_room(peer.sid, room, namespace=rooms.DESK)
        await self._live.seen(f"desk:{person.organisation}:{person.subject}")

    async def gone(self, peer: DeskPeer) -> None:
        """A desk without a page is offered nothing after `PRESENT`."""
        key = peer.person.organisation, peer.person.subject
        pages = self._pages.get(key, set())
        pages.discard(peer.sid)
        if not pages:
            self._pages.pop(key, None)
            self._announcer.desk_gone(*key)

    async def holds(self, peer: DeskPeer) -> bool:
        """Whether the session still lasts; an open page keeps it from idling out. One that ended ends its media."""
        lasts = await self._visitors.is_open(peer.session.key)
        if not lasts:
            await self._live.leave(peer.session.key)
        return lasts

    async def heard(self, peer: DeskPeer, message: object) -> Mapping[str, object] | None:
        """Do what the desk asks."""
        if isinstance(message, protocol.Sync):
            await self._sync(peer)
            return None
        if isinstance(message, protocol.OfTheCall):
            return await self._media(peer, message)
        if isinstance(message, protocol.RevealIdentity):
            return await self._reveal(peer.person, message.attention)
        if isinstance(message, protocol.DESK_VISUAL):
            await self._visual.desk(peer.session, peer.person, message)
        else:
            await self._command(peer.person, message)
        return None

    async def _sync(self, peer: DeskPeer) -> None:
        person = peer.person
        await self._live.seen(f"desk:{person.organisation}:{person.subject}")
        await self._announcer.tell_desk(person.organisation, person.subject)

    async def _media(self, peer: DeskPeer, message: protocol.OfTheCall) -> Mapping[str, object] | None:
        await self._must_attend(peer.person, message.attention)
        await self._server.enter_room(peer.sid, rooms.of_attention(message.attention), namespace=rooms.DESK)
        answer = await self._live.media(peer.session, Side.INFORMER, message)
        await self.holds(peer)  # a session that ended while its page joined had nothing to leave yet
        return answer

    async def _reveal(self, person: Person, attention: str) -> Mapping[str, object]:
        document = await self._identifying.reveal(acting_as("informer", person), attention)
        return {**DONE, "document": document, "seconds": SHOWN_FOR}

    async def _must_attend(self, person: Person, attention: str) -> None:
        since = self._clock.now() - PRESENT
        view = await self._views.desk(person.organisation, person.subject, "ca", seen_since=since)
        if view.attended is None or view.attended.attention != attention:
            raise NotFound("not this informer's call")

    async def _command(self, person: Person, message: object) -> None:
        acting = acting_as("informer", person, command=getattr(message, "id", ""))
        match message:
            case protocol.SetReadiness():
                await self._pairing.be_ready(acting, person, Readiness(message.readiness))
            case protocol.TakeCitizen():
                await self._pairing.take(acting, person, message.attention)
            case protocol.ProposeLevel():
                await self._call.propose_level(acting, message.attention, Level(message.level))
            case protocol.Conclude():
                await self._call.conclude(acting, message.attention, message.outcome, OutcomeKind(message.kind))
            case protocol.AskIdentification():
                await self._call.ask_identification(acting, message.attention, Way(message.way))
            case protocol.SeePicture():
                await self._call.see_picture(acting, message.attention, message.lines)
            case protocol.WitnessConsent():
                step = ANSWERS[message.answer]
                await self._call.witness_consent(acting, message.attention, message.consent, step, note=message.note)
            case _:
                await self._steps[type(message)](acting, getattr(message, "attention", ""))

    @property
    def _steps(self) -> dict[type, Callable[[Acting, str], Awaitable[None]]]:
        """The commands that say no more than which attention."""
        return {
            protocol.AcceptOffer: self._pairing.accept,
            protocol.DeclineOffer: self._pairing.decline,
            protocol.DropProposal: self._call.drop_proposal,
            protocol.LowerLevel: self._call.lower_level,
            protocol.StopIdentification: self._call.stop_identification,
            protocol.EndClip: self._clips.hear,
            protocol.AskConsent: self._call.ask_consent,
            protocol.EndCall: self._call.end_call,
        }
