"""What the copy of a citizen's data tells of each fact: the fields that are about the citizen, and no others.

A field that is not named here is not given away, and a test fails for a kind of fact that nobody decided on. Out stay
subjects of members of staff, numbers of cases, and what somebody wrote for colleagues or a court: reasons of holds, of
refused packages and of erasures, and the words of reviewers (GDPR, article 15(4)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_STAFF: Final = frozenset(
    {"AccessRefused", "PolicyChanged", "ReadinessChanged", "SignInFailed", "SignedIn", "SignedOut", "SuspicionOpened"}
)
"""Facts that are not about the citizen at all."""

_WORDING: Final = "consent text version language hash purposes"

_FIELDS: Final = {
    "ActionTicked": "visual action done",
    "ActionsAsked": "visual actions",
    "AttentionAbandoned": "cause",
    "AttentionConcluded": "outcome level kind",
    "AttentionExported": "purpose function",
    "AttentionRequested": "office procedure language policy",
    "CallEnded": "by",
    "CitizenIdentified": "provider assurance subject way method evidence",
    "CitizenLookedUp": "",
    "ClipEnded": "cause",
    "ConsentAsked": _WORDING,
    "ConsentEnded": "consent cause",
    "ConsentGiven": "consent hash purposes",
    "ConsentRefused": "consent",
    "ConsentWithdrawn": "consent",
    "ConsentWitnessed": "consent answer note",
    "CopyFetched": "request",
    "DataRequestDone": "request right",
    "DataRequestExtended": "request due words",
    "DataRequestGranted": "request right ground words",
    "DataRequestLapsed": "request due",
    "DataRequestRefused": "request right ground words",
    "DataRequested": "request right by due words",
    "DocumentChosen": "visual kind features",
    "DocumentDelivered": "delivery side media_type size hash",
    "DocumentRead": "visual passed failed",
    "ErasureRefused": "recording cause",
    "ExportAsked": "recording export purpose until",
    "ExportDecided": "recording export answer",
    "ExportRejected": "recording export",
    "ExportUnmade": "recording export cause until",
    "FeatureTicked": "visual feature seen",
    "FormDelivered": "form hash",
    "HoldReleased": "recording hold",
    "IdentificationAsked": "way",
    "IdentificationSeen": "recording visual",
    "IdentificationStopped": "",
    "IdentityRevealed": "",
    "LanguageChosen": "language",
    "LevelLowered": "level cause",
    "LevelProposalDropped": "level cause",
    "LevelProposed": "level",
    "LevelRaised": "level",
    "LoginProofGiven": "evidence purpose",
    "OfferAccepted": "",
    "OfferLapsed": "cause",
    "OfferMade": "until",
    "PersonalDataErased": "cause entries",
    "PhoneCodeAsked": "check commitment",
    "PhoneCodeRefused": "check cause",
    "PhoneCodeSent": "check",
    "PhoneCodeUnsent": "check cause",
    "PhoneShown": "check",
    "PictureSeen": "lines",
    "PlaybackRefused": "recording reason",
    "PurposeStated": "recording purpose until function",
    "QuarantineBegun": "rule until",
    "QuarantineEnded": "cause until words",
    "ReceiptLinkGiven": "until shown",
    "ReceiptLinkMade": "until",
    "ReceiptLinkReason": "",
    "ReceiptOpened": "",
    "ReceiptRefused": "cause",
    "ReceiptSigned": "number hash pdf key",
    "RecorderAdmitted": "recording consent",
    "RecorderDismissed": "recording cause",
    "RecorderRefused": "recording cause",
    "RecordingErased": "recording certificate",
    "RecordingExported": "recording purpose function",
    "RecordingHeld": "recording hold",
    "RecordingInterrupted": "recording part cause",
    "RecordingLost": "recording cause manifest key causes",
    "RecordingResumed": "recording part at gap_seconds",
    "RecordingSealed": "recording parts seconds manifest key complete causes",
    "RecordingStarted": "recording part at",
    "RestrictionLifted": "request words",
    "ReviewAsked": "recording reasons risks",
    "ReviewClosed": "recording verdict",
    "ReviewLeft": "recording",
    "ReviewOpened": "recording",
    "ReviewSpared": "recording risks",
    "SealChecked": "recording faults",
    "SmsBudgetSpent": "budget day",
    "StillTaken": "visual still kind hash width height shown_at recording part track offset",
    "VerdictGiven": "recording verdict",
    "VisualAgreed": "visual hash",
    "VisualBegun": "visual text version language hash",
    "VisualCodeProved": "visual by",
    "VisualCodeSent": "visual",
    "VisualErased": "visual",
    "VisualIdentified": "visual hash key",
    "VisualInterrupted": "visual step cause",
    "VisualLapsed": "visual cause",
    "VisualRefused": "visual step",
    "VisualResumed": "visual step",
    "VisualStepDone": "visual step",
    "VisualStopped": "visual hash key",
}

COPIED: Final[Mapping[str, frozenset[str]]] = {kind: frozenset(names.split()) for kind, names in _FIELDS.items()}
"""By kind of fact, the fields that the copy has; the attention is the copy's own."""


def copied(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the copy tells of a fact."""
    told = COPIED.get(kind, frozenset())
    return {name: value for name, value in body.items() if name in told}
