"""What happened while an informer identified a citizen by sight. No name, number or picture: those are kept elsewhere.

``visual`` is the identification's id. ``hash`` is a SHA-256, hexadecimal.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VisualBegun:
    """An informer with a valid habilitation began, and a text was put before the citizen; ``hash`` is of its bytes."""

    attention: str
    visual: str
    text: str
    version: str
    language: str
    hash: str


@dataclass(frozen=True, slots=True)
class VisualAgreed:
    """The citizen agreed to images being taken, by their own click; ``hash`` is that of the text."""

    attention: str
    visual: str
    hash: str


@dataclass(frozen=True, slots=True)
class VisualRefused:
    """The citizen prefers another way; ``step`` is where they said so. What had been kept is deleted."""

    attention: str
    visual: str
    step: str


@dataclass(frozen=True, slots=True)
class VisualCodeSent:
    """A one-use code was sent to the phone in the citizen's hand."""

    attention: str
    visual: str


@dataclass(frozen=True, slots=True)
class VisualCodeProved:
    """The code was typed; ``by``: citizen, informer (who heard it read aloud)."""

    attention: str
    visual: str
    by: str


@dataclass(frozen=True, slots=True)
class DocumentChosen:
    """The informer said which kind of document it is, and chance said what to look for."""

    attention: str
    visual: str
    kind: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeatureTicked:
    """The informer saw a security feature, or did not see it."""

    attention: str
    visual: str
    feature: str
    seen: bool


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """What was typed of the document was computed: which checks hold, and which do not."""

    attention: str
    visual: str
    passed: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionsAsked:
    """Chance said what the citizen is to do before the camera."""

    attention: str
    visual: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionTicked:
    """The informer saw the citizen do it, or did not."""

    attention: str
    visual: str
    action: str
    done: bool


@dataclass(frozen=True, slots=True)
class VisualStepDone:
    """A step of the identification is complete."""

    attention: str
    visual: str
    step: str


@dataclass(frozen=True, slots=True)
class StillTaken:
    """A still was kept as the informer's browser showed it.

    ``rtp`` is the RTP timestamp of that picture, empty where the browser does not tell; ``shown_at`` is when it was
    shown (ISO 8601, UTC). Where the recorder was in the call, ``recording``, ``part``, ``track`` and ``offset``
    (seconds since the part was opened) name its own picture of that instant.
    """

    attention: str
    visual: str
    still: str
    kind: str
    hash: str
    width: int
    height: int
    shown_at: str
    rtp: str
    recording: str
    part: int
    track: str
    offset: float


@dataclass(frozen=True, slots=True)
class VisualInterrupted:
    """The connection was lost for too long: what the step had collected is dropped."""

    attention: str
    visual: str
    step: str
    cause: str


@dataclass(frozen=True, slots=True)
class VisualResumed:
    """The connection is back, and the step begins again."""

    attention: str
    visual: str
    step: str


@dataclass(frozen=True, slots=True)
class VisualIdentified:
    """The informer decided that the citizen is who the document says; ``hash`` is that of the signed decision."""

    attention: str
    visual: str
    hash: str
    key: str


@dataclass(frozen=True, slots=True)
class VisualStopped:
    """The informer ended it; the reason is in the signed decision, of which this has the hash, and not here."""

    attention: str
    visual: str
    hash: str
    key: str


@dataclass(frozen=True, slots=True)
class VisualLapsed:
    """It ended by itself, undecided, with the proposal or the call. What had been kept is deleted."""

    attention: str
    visual: str
    cause: str


@dataclass(frozen=True, slots=True)
class VisualErased:
    """The term of keeping ran out, and what was kept is deleted."""

    attention: str
    visual: str


@dataclass(frozen=True, slots=True)
class SuspicionOpened:
    """A person opened what was kept apart of one identification, for a purpose and a case, until a moment (ISO 8601).

    ``function`` is what the person does here, as the corporate login said it. No attention is named: whoever reads the
    account of an attention does not learn that there is a suspicion.
    """

    visual: str
    subject: str
    function: str
    purpose: str
    case: str
    until: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class IdentificationSeen:
    """Somebody who may play a recording opened how its citizen was identified by sight: document, name and stills."""

    attention: str
    recording: str
    visual: str


VisualFact = (
    VisualBegun
    | VisualAgreed
    | VisualRefused
    | VisualCodeSent
    | VisualCodeProved
    | DocumentChosen
    | FeatureTicked
    | DocumentRead
    | ActionsAsked
    | ActionTicked
    | VisualStepDone
    | StillTaken
    | VisualInterrupted
    | VisualResumed
    | VisualIdentified
    | VisualStopped
    | VisualLapsed
    | VisualErased
    | SuspicionOpened
    | IdentificationSeen
)
