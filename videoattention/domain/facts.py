"""What happened: frozen, in the past tense, one class a fact. The journal keeps them; reactions answer to them.

Times are aware UTC datetimes and belong to the journal's entry, not to the fact, unless the fact tells of another time.
Ids are opaque strings. People's names and documents stay out of facts: a fact names them by subject.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttentionRequested:
    """A citizen took a turn."""

    attention: str
    office: str
    procedure: str
    language: str


@dataclass(frozen=True, slots=True)
class OfferMade:
    """The attention was offered to an informer; it lapses at ``until`` (ISO 8601, UTC)."""

    attention: str
    informer: str
    until: str


@dataclass(frozen=True, slots=True)
class OfferLapsed:
    """The informer did not answer, or could not; the citizen keeps the place. ``cause``: unanswered, declined, gone."""

    attention: str
    informer: str
    cause: str


@dataclass(frozen=True, slots=True)
class OfferAccepted:
    """The informer answered, and the two people talk from now on."""

    attention: str
    informer: str


@dataclass(frozen=True, slots=True)
class AttentionAbandoned:
    """The citizen left before talking. ``cause``: left, absent."""

    attention: str
    cause: str


@dataclass(frozen=True, slots=True)
class LevelProposed:
    """The informer proposed to act for the citizen at another level."""

    attention: str
    level: str


@dataclass(frozen=True, slots=True)
class LevelProposalDropped:
    """The proposal does not hold any more.

    ``cause``: declined, refused_consent, consent_withdrawn, withdrawn_by_informer.
    """

    attention: str
    level: str
    cause: str


@dataclass(frozen=True, slots=True)
class LevelRaised:
    """Everything the level demands is proved; it is in force."""

    attention: str
    level: str


@dataclass(frozen=True, slots=True)
class LevelLowered:
    """The level in force went down. ``cause``: consent_withdrawn, asked_by_citizen, asked_by_informer."""

    attention: str
    level: str
    cause: str


@dataclass(frozen=True, slots=True)
class IdentificationAsked:
    """The informer asked the citizen to identify electronically."""

    attention: str


@dataclass(frozen=True, slots=True)
class CitizenIdentified:
    """A provider vouched for the citizen with this assurance; ``subject`` is the provider's name for the person."""

    attention: str
    provider: str
    assurance: str
    subject: str


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """A text was put before the citizen, in full; ``hash`` is the SHA-256 of its bytes."""

    attention: str
    consent: str
    text: str
    version: str
    language: str
    hash: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """The citizen accepted, by their own click in their own page."""

    attention: str
    consent: str
    hash: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentRefused:
    """The citizen said no."""

    attention: str
    consent: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """The citizen took the consent back."""

    attention: str
    consent: str


@dataclass(frozen=True, slots=True)
class ConsentEnded:
    """The level that the consent was given for is over, and the consent with it.

    ``cause``: asked_by_citizen, asked_by_informer.
    """

    attention: str
    consent: str
    cause: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """Someone hung up. ``by``: citizen, informer, service."""

    attention: str
    by: str


@dataclass(frozen=True, slots=True)
class AttentionConcluded:
    """The informer wrote the outcome."""

    attention: str
    outcome: str
    level: str


@dataclass(frozen=True, slots=True)
class RecorderAdmitted:
    """The policy and this consent let the recorder into the call."""

    attention: str
    recording: str
    consent: str


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """The recorder is in the call and media is stored from ``at`` (ISO 8601, UTC) on."""

    attention: str
    recording: str
    part: int
    at: str


@dataclass(frozen=True, slots=True)
class RecorderRefused:
    """The recorder could not enter, or go on, for a reason that stays until somebody mends it; told once each.

    ``cause``: no_consent, no_space, storage_failed.
    """

    attention: str
    recording: str
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingInterrupted:
    """Media stopped being stored although it should be; a gap opened.

    ``cause``: epoch_ended, worker_lost, worker_replaced, service_lost, failed.
    """

    attention: str
    recording: str
    part: int
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingResumed:
    """A new part follows a gap; ``gap_seconds`` went unrecorded."""

    attention: str
    recording: str
    part: int
    at: str
    gap_seconds: float


@dataclass(frozen=True, slots=True)
class RecorderDismissed:
    """The recorder was sent out of the call.

    ``cause``: consent_withdrawn, level_lowered, call_ended, nobody_there.
    """

    attention: str
    recording: str
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingSealed:
    """Every part is closed; nothing can be added.

    ``manifest`` is the SHA-256 of the signed manifest (hex), ``key`` the id of the key that signed it, ``causes`` why
    it is not complete. Facts from before there were manifests have none of them; ``complete`` says nothing there.
    """

    attention: str
    recording: str
    parts: int
    seconds: float
    manifest: str = ""
    key: str = ""
    complete: bool = False
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingLost:
    """Nothing could be kept. ``cause`` says why; ``manifest``, ``key`` and ``causes`` as in `RecordingSealed`."""

    attention: str
    recording: str
    cause: str
    manifest: str = ""
    key: str = ""
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingHeld:
    """Somebody answers for it that this recording must be kept, whatever the period of keeping says."""

    attention: str
    recording: str
    hold: str
    reason: str


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """A hold ended; others may still be in force."""

    attention: str
    recording: str
    hold: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordingErased:
    """The keys of the media were destroyed; ``certificate`` is the SHA-256 (hex) of what is signed about it."""

    attention: str
    recording: str
    certificate: str
    reason: str


@dataclass(frozen=True, slots=True)
class ErasureRefused:
    """Somebody asked to erase a recording that must stay. ``cause``: on_hold, not_sealed, already_erased."""

    attention: str
    recording: str
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingExported:
    """The recording was given away as a package, for a purpose that whoever gave it away stated before."""

    attention: str
    recording: str
    purpose: str


@dataclass(frozen=True, slots=True)
class PurposeStated:
    """A person said why they need to see a recording, and was let in until ``until`` (ISO 8601, UTC)."""

    attention: str
    recording: str
    grant: str
    purpose: str
    until: str


@dataclass(frozen=True, slots=True)
class PlaybackRefused:
    """Someone asked to play a recording and was not let. ``recording`` is what they named."""

    recording: str
    reason: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person signed in through a provider."""

    subject: str
    provider: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class SignedOut:
    """A person's sessions ended. ``cause``: asked, back_channel, expired."""

    subject: str
    cause: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class SignInFailed:
    """A provider's answer was refused; ``code`` says which check."""

    realm: str
    code: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class AccessRefused:
    """A person asked for what their role does not let them do."""

    action: str
    resource: str
    reason: str
    attention: str | None = None


@dataclass(frozen=True, slots=True)
class ReadinessChanged:
    """An informer said whether they attend, or an unanswered offer said it for them."""

    subject: str
    readiness: str
    attention: str | None = None


Fact = (
    AttentionRequested
    | OfferMade
    | OfferLapsed
    | OfferAccepted
    | AttentionAbandoned
    | LevelProposed
    | LevelProposalDropped
    | LevelRaised
    | LevelLowered
    | IdentificationAsked
    | CitizenIdentified
    | ConsentAsked
    | ConsentGiven
    | ConsentRefused
    | ConsentWithdrawn
    | ConsentEnded
    | CallEnded
    | AttentionConcluded
    | RecorderAdmitted
    | RecordingStarted
    | RecorderRefused
    | RecordingInterrupted
    | RecordingResumed
    | RecorderDismissed
    | RecordingSealed
    | RecordingLost
    | RecordingHeld
    | HoldReleased
    | RecordingErased
    | ErasureRefused
    | RecordingExported
    | PurposeStated
    | PlaybackRefused
    | SignedIn
    | SignedOut
    | SignInFailed
    | AccessRefused
    | ReadinessChanged
)
