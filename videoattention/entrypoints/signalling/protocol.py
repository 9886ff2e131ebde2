"""The protocol between the pages, the media workers and the service: every message a frozen dataclass.

Written once, here: `docs/protocol.md` and the browser's types (`web/static/call/protocol.d.ts`) are generated from this
file by `make protocol`. The name of a message on the wire is its class name in snake case.

*Commands* change something. They carry an ``id`` that the page makes (a UUID), and a command that is sent again under
the same id is carried out once. The acknowledgement comes after the commit: ``{"ok": true}``, or
``{"ok": false, "code": …}`` and nothing changed. *Asks* change nothing and are acknowledged too. *Pushes* go to the
page; a view carries a ``revision``, and a page keeps the view with the greatest one. A page asks `Sync` when it
connects and every 15 s; that also tells the service that the page is alive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from videoattention.domain.papers import DocumentKind, Feature
from videoattention.domain.visual_stages import Action, Reason
from videoattention.services import media
from videoattention.services.copies_elsewhere import CopiesTold
from videoattention.services.placing import CAPACITY
from videoattention.services.sending import Sent
from videoattention.services.turn import IceServer
from videoattention.services.views import CitizenView, DeskView

Identifier = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+\Z")]
Outcome = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+\Z")]
Line = Annotated[str, Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Zone = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]+\Z")]
Sdp = Annotated[str, Meta(min_length=1, max_length=65536)]
Epoch = Annotated[int, Meta(ge=0, le=2**53)]
Capacity = Annotated[int, Meta(ge=1, le=10_000)]
DescriptionKind = Literal["offer", "answer"]


# --- from both kinds of page ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sync:
    """Ask: send me my view now, if it is newer than ``revision``; I am alive."""

    revision: Epoch


@dataclass(frozen=True, slots=True)
class JoinMedia:
    """Ask: this page is ready to negotiate sound and picture. A page load makes one ``peer``; repeating is harmless."""

    attention: Identifier
    peer: Identifier


@dataclass(frozen=True, slots=True)
class DescribeMedia:
    """Ask: pass this session description to the media worker of my call. ``epoch`` and ``peer`` as in `Negotiate`."""

    attention: Identifier
    peer: Identifier
    epoch: Epoch
    kind: DescriptionKind
    sdp: Sdp


@dataclass(frozen=True, slots=True)
class TellSending:
    """Ask: tell the other person's page what mine sends of me; ``off``: stopped by me or my device, ``none``: missing.

    ``peer`` as in my last `JoinMedia`; after each one it is told again. Nothing of it is kept.
    """

    attention: Identifier
    peer: Identifier
    camera: Sent
    microphone: Sent


OfTheCall: TypeAlias = JoinMedia | DescribeMedia | TellSending


# --- commands of the citizen's page ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """Command: I do not wait any longer."""

    id: Identifier


@dataclass(frozen=True, slots=True)
class AnswerConsent:
    """Command: my answer to the text that I was shown; ``accept`` or ``refuse``."""

    id: Identifier
    consent: Identifier
    answer: Literal["accept", "refuse"]


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Command: I take my consent back."""

    id: Identifier
    consent: Identifier


@dataclass(frozen=True, slots=True)
class DeclineLevel:
    """Command: I do not want the level that the informer proposes."""

    id: Identifier


@dataclass(frozen=True, slots=True)
class ReturnToInformative:
    """Command: go back to the informative level."""

    id: Identifier


@dataclass(frozen=True, slots=True)
class HangUp:
    """Command: end the call."""

    id: Identifier


@dataclass(frozen=True, slots=True)
class AskPhoneCode:
    """Command: this is my name; send a one-use code to this mobile number, which is mine."""

    id: Identifier
    name: Annotated[str, Meta(max_length=200)]
    number: Annotated[str, Meta(max_length=60)]


@dataclass(frozen=True, slots=True)
class TypePhoneCode:
    """Command: the code that was sent to my phone."""

    id: Identifier
    code: Annotated[str, Meta(max_length=60)]


# --- commands of the desk -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetReadiness:
    """Command: I am ready for the next citizen, or not now."""

    id: Identifier
    readiness: Literal["available", "paused"]


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """Command: I attend the citizen who is offered to me."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class DeclineOffer:
    """Command: I cannot attend now; the citizen keeps the place and I am paused."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class TakeCitizen:
    """Command: I attend this waiting citizen, who was not offered to me."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class ProposeLevel:
    """Command: I propose to act for the citizen at this level."""

    id: Identifier
    attention: Identifier
    level: Literal["assisted", "attended"]


@dataclass(frozen=True, slots=True)
class DropProposal:
    """Command: I take the proposal back."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class LowerLevel:
    """Command: back to the informative level."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class AskIdentification:
    """Command: ask the citizen to show who they are, in this way; another way takes the first question back."""

    id: Identifier
    attention: Identifier
    way: Literal["electronic", "phone", "visual"]


@dataclass(frozen=True, slots=True)
class RevealIdentity:
    """Ask: show me the citizen's whole document number; that I saw it goes into the journal.

    The acknowledgement brings the ``document`` and for how many ``seconds`` to show it.
    """

    attention: Identifier


@dataclass(frozen=True, slots=True)
class StopIdentification:
    """Command: I do not ask who the citizen is any more."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class SeePicture:
    """Command: the citizen's picture has so many lines on my screen."""

    id: Identifier
    attention: Identifier
    lines: Annotated[int, Meta(ge=0, le=8192)]


@dataclass(frozen=True, slots=True)
class WitnessConsent:
    """Command: the citizen, who cannot click, answered aloud; ``note`` says why, and how I understood it."""

    id: Identifier
    attention: Identifier
    consent: Identifier
    answer: Literal["accept", "refuse"]
    note: Outcome


@dataclass(frozen=True, slots=True)
class EndClip:
    """Command: I heard the authorisation; the recorder can leave."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class AskConsent:
    """Command: put the level's consent text before the citizen."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class EndCall:
    """Command: hang up; the wrap-up follows."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class Conclude:
    """Command: what came of the attention, and in the informer's words; the desk is available again."""

    id: Identifier
    attention: Identifier
    outcome: Outcome
    kind: Literal["informed", "helped", "represented", "unfinished"]


# --- visual identification ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerImages:
    """Command: my answer to the text about images; ``refuse`` at any moment ends the identification.

    ``visual`` is the identification whose text I was shown: ``accept`` counts for that one only.
    """

    id: Identifier
    visual: Identifier
    answer: Literal["accept", "refuse"]


@dataclass(frozen=True, slots=True)
class TypeVisualCode:
    """Command: the code that was sent to my phone."""

    id: Identifier
    code: Line


@dataclass(frozen=True, slots=True)
class BeginVisual:
    """Command: begin to identify the citizen by sight; refused without a valid habilitation."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class SendVisualCode:
    """Command: send a one-use code to this telephone, which the citizen has in hand."""

    id: Identifier
    attention: Identifier
    number: Line


@dataclass(frozen=True, slots=True)
class EnterVisualCode:
    """Command: the code as the citizen read it aloud."""

    id: Identifier
    attention: Identifier
    code: Line


@dataclass(frozen=True, slots=True)
class ChooseDocument:
    """Command: the citizen shows this kind of document; the service draws what to look for."""

    id: Identifier
    attention: Identifier
    kind: DocumentKind


@dataclass(frozen=True, slots=True)
class TickFeature:
    """Command: I saw this security feature, or did not."""

    id: Identifier
    attention: Identifier
    feature: Feature
    seen: bool


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """Command: compute what the document says; ``zone`` has the lines at its foot, ``name`` may be empty."""

    id: Identifier
    attention: Identifier
    number: Line
    name: Line
    zone: Zone


@dataclass(frozen=True, slots=True)
class TickAction:
    """Command: I saw the citizen do this, or did not."""

    id: Identifier
    attention: Identifier
    action: Action
    done: bool


@dataclass(frozen=True, slots=True)
class FinishVisualStep:
    """Command: the running step of the visual identification is complete."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class AcceptVisual:
    """Command: I decide that the citizen is who the document says; signed in my session."""

    id: Identifier
    attention: Identifier


@dataclass(frozen=True, slots=True)
class StopVisual:
    """Command: I end the visual identification, for this reason. ``witnessed``: I have seen it myself."""

    id: Identifier
    attention: Identifier
    reason: Reason
    witnessed: bool


# --- pushes to the pages --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CitizenChanged:
    """Push: what the citizen's page shows now."""

    view: CitizenView


@dataclass(frozen=True, slots=True)
class DeskChanged:
    """Push: what the desk shows now."""

    view: DeskView


@dataclass(frozen=True, slots=True)
class Negotiate:
    """Push: make a new connection for this epoch (closing the one before); make the offer if ``offers``.

    ``ice_servers`` are the relays to try where no direct way leads to the media worker, with passwords made for this
    connection; it may have none.
    """

    attention: str
    peer: str
    epoch: int
    offers: bool
    ice_servers: tuple[IceServer, ...]


@dataclass(frozen=True, slots=True)
class MediaDescribed:
    """Push: the other side's session description, with the media worker's transport."""

    attention: str
    peer: str
    epoch: int
    kind: DescriptionKind
    sdp: str


@dataclass(frozen=True, slots=True)
class DescriptionRefused:
    """Push: the description that this page sent went to nobody; ``code``: bad_sdp, stale."""

    attention: str
    peer: str
    epoch: int
    code: str


@dataclass(frozen=True, slots=True)
class MediaLost:
    """Push: the media worker of the call is gone; join again and a new one takes over."""

    attention: str


@dataclass(frozen=True, slots=True)
class OtherSide:
    """Push: whether the other person's sound and picture reach the service."""

    attention: str
    connected: bool


@dataclass(frozen=True, slots=True)
class OtherSends:
    """Push: what the other person's page says that it sends of them."""

    attention: str
    camera: Sent
    microphone: Sent


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """Push: this session was signed out; the socket closes next."""

    cause: str


# --- the media worker's side ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """Report: a worker offers itself. ``calls`` are those that it still carries from before a lost connection.

    ``worker`` is its name; ``capacity`` how many calls it can carry, of which a recorded one counts double.
    """

    worker: Identifier
    version: str
    calls: tuple[str, ...]
    lag_p99_ms: float
    capacity: Capacity = CAPACITY


CITIZEN_VISUAL = (AnswerImages, TypeVisualCode)
DESK_VISUAL = (
    BeginVisual,
    SendVisualCode,
    EnterVisualCode,
    ChooseDocument,
    TickFeature,
    ReadDocument,
    TickAction,
    FinishVisualStep,
    AcceptVisual,
    StopVisual,
)
CITIZEN_MESSAGES = (
    Sync,
    JoinMedia,
    DescribeMedia,
    TellSending,
    LeaveLine,
    AnswerConsent,
    WithdrawConsent,
    DeclineLevel,
    ReturnToInformative,
    HangUp,
    AskPhoneCode,
    TypePhoneCode,
    *CITIZEN_VISUAL,
)
DESK_MESSAGES = (
    Sync,
    JoinMedia,
    DescribeMedia,
    TellSending,
    SetReadiness,
    AcceptOffer,
    DeclineOffer,
    TakeCitizen,
    ProposeLevel,
    DropProposal,
    LowerLevel,
    AskIdentification,
    RevealIdentity,
    StopIdentification,
    SeePicture,
    AskConsent,
    WitnessConsent,
    EndClip,
    EndCall,
    Conclude,
    *DESK_VISUAL,
)
WORKER_MESSAGES = (
    WorkerReady,
    media.WorkerLoad,
    CopiesTold,
    media.Negotiate,
    media.Described,
    media.MediaRefused,
    media.LegChanged,
    media.CallLeft,
    media.PartOpened,
    media.RecordedUntil,
    media.PartClosed,
    media.RecordingRefused,
)
CITIZEN_PUSHES = (
    CitizenChanged,
    Negotiate,
    MediaDescribed,
    DescriptionRefused,
    MediaLost,
    OtherSide,
    OtherSends,
    SessionEnded,
)
DESK_PUSHES = (
    DeskChanged,
    Negotiate,
    MediaDescribed,
    DescriptionRefused,
    MediaLost,
    OtherSide,
    OtherSends,
    SessionEnded,
)
WORKER_ORDERS = (
    media.Join,
    media.Leave,
    media.Describe,
    media.Record,
    media.StopRecording,
    media.CloseCall,
    media.Drain,
    media.StillHere,
)


def wire_name(message: type) -> str:
    """The name of a message on the wire: its class name in snake case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", message.__name__).lower()
