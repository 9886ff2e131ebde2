"""The commands of a visual identification, from the desk and from the citizen's page."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from videoattention.entrypoints.signalling import protocol
from videoattention.services.visual import Papers
from videoattention.services.work import Acting, acting_as

if TYPE_CHECKING:
    from videoattention.domain.people import Person
    from videoattention.services.sessions import Session
    from videoattention.services.visual import VisualIdentity
    from videoattention.services.visual_decision import VisualDecision


class VisualCommands:
    """Carries them out; the sender's session says who it is, and the rules whether they may."""

    def __init__(self, identity: VisualIdentity, decision: VisualDecision) -> None:
        self._identity = identity
        self._decision = decision

    async def citizen(self, session: Session, message: object) -> None:
        """A command of the citizen's page."""
        acting = Acting(session.organisation, "citizen", command=getattr(message, "id", ""))
        match message:
            case protocol.AnswerImages(answer="accept"):
                await self._identity.agree(acting, session.attention, message.visual)
            case protocol.AnswerImages():
                await self._identity.refuse(acting, session.attention)
            case protocol.TypeVisualCode():
                await self._identity.type_code(acting, session.attention, message.code, "citizen")

    async def desk(self, session: Session, person: Person, message: object) -> None:
        """A command of the desk."""
        command, attention = getattr(message, "id", ""), getattr(message, "attention", "")
        acting = acting_as("informer", person, command)
        match message:
            case protocol.BeginVisual():
                await self._identity.begin(acting, attention, person)
            case protocol.AcceptVisual():
                await self._decision.accept(acting, attention, session_hash(session))
            case protocol.StopVisual():
                session_of = session_hash(session)
                await self._decision.stop(acting, attention, message.reason, session_of, witnessed=message.witnessed)
            case protocol.FinishVisualStep():
                await self._identity.finish_step(acting, attention)
            case _:
                await self._step(acting, attention, message)

    async def _step(self, acting: Acting, attention: str, message: object) -> None:
        """What a step collects."""
        identity = self._identity
        match message:
            case protocol.SendVisualCode():
                await identity.send_code(acting, attention, message.number)
            case protocol.EnterVisualCode():
                await identity.type_code(acting, attention, message.code, "informer")
            case protocol.ChooseDocument():
                await identity.choose_document(acting, attention, message.kind)
            case protocol.TickFeature():
                await identity.tick_feature(acting, attention, message.feature, seen=message.seen)
            case protocol.ReadDocument():
                papers = Papers(message.number, message.name, message.zone)
                await identity.read_document(acting, attention, papers)
            case protocol.TickAction():
                await identity.tick_action(acting, attention, message.action, done=message.done)


def session_hash(session: Session) -> str:
    """What a signed decision says of the session: enough to find it in the journal of sessions, and of no use in it."""
    return hashlib.sha256(session.key.encode()).hexdigest()
