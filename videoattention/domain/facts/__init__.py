"""What happened: frozen, in the past tense, one class a fact. The journal keeps them; reactions answer to them.

Times are aware UTC datetimes and belong to the journal's entry, not to the fact, unless the fact tells of another time.
Ids are opaque strings. People's names and documents stay out of facts: a fact names them by subject.
"""

from __future__ import annotations

from videoattention.domain.facts.access import (
    AccessFact,
    AccessRefused,
    PlaybackRefused,
    PurposeStated,
    ReadinessChanged,
    SignedIn,
    SignedOut,
    SignInFailed,
)
from videoattention.domain.facts.attention import (
    AttentionAbandoned,
    AttentionConcluded,
    AttentionFact,
    AttentionRequested,
    CallEnded,
    LevelLowered,
    LevelProposalDropped,
    LevelProposed,
    LevelRaised,
    OfferAccepted,
    OfferLapsed,
    OfferMade,
)
from videoattention.domain.facts.consent import (
    ConsentAsked,
    ConsentEnded,
    ConsentFact,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
)
from videoattention.domain.facts.identity import (
    CitizenIdentified,
    IdentificationAsked,
    IdentityFact,
)
from videoattention.domain.facts.recording import (
    ErasureRefused,
    HoldReleased,
    RecorderAdmitted,
    RecorderDismissed,
    RecorderRefused,
    RecordingErased,
    RecordingExported,
    RecordingFact,
    RecordingHeld,
    RecordingInterrupted,
    RecordingLost,
    RecordingResumed,
    RecordingSealed,
    RecordingStarted,
)

Fact = AttentionFact | ConsentFact | IdentityFact | RecordingFact | AccessFact

__all__ = [
    "AccessRefused",
    "AttentionAbandoned",
    "AttentionConcluded",
    "AttentionRequested",
    "CallEnded",
    "CitizenIdentified",
    "ConsentAsked",
    "ConsentEnded",
    "ConsentGiven",
    "ConsentRefused",
    "ConsentWithdrawn",
    "ErasureRefused",
    "Fact",
    "HoldReleased",
    "IdentificationAsked",
    "LevelLowered",
    "LevelProposalDropped",
    "LevelProposed",
    "LevelRaised",
    "OfferAccepted",
    "OfferLapsed",
    "OfferMade",
    "PlaybackRefused",
    "PurposeStated",
    "ReadinessChanged",
    "RecorderAdmitted",
    "RecorderDismissed",
    "RecorderRefused",
    "RecordingErased",
    "RecordingExported",
    "RecordingHeld",
    "RecordingInterrupted",
    "RecordingLost",
    "RecordingResumed",
    "RecordingSealed",
    "RecordingStarted",
    "SignInFailed",
    "SignedIn",
    "SignedOut",
]
