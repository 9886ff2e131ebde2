"""Which facts of the journal hold personal data of a citizen, and so lose their words when the law erases them.

Every kind of fact is in one of the three sets, and a test fails for one that is in none. What proves a consent, a
seal, a hold or an erasure stays: a package that was given away before must hold afterwards, and so must the journal.
"""

from __future__ import annotations

from typing import Final

from videoattention.domain import facts

PERSONAL: Final[frozenset[type]] = frozenset(
    {
        facts.CitizenIdentified,  # the provider's name for the person
        facts.AttentionConcluded,  # what came of it, in free words
        facts.PhoneCodeAsked,  # bound to the person's number
        facts.DocumentRead,  # which checks the person's document passed
        facts.DocumentDelivered,  # the hash of a file of the person's
        facts.FeatureTicked,
        facts.ActionTicked,
        facts.ReceiptLinkReason,  # why the person needed a new link, in free words
        facts.StillTaken,  # the hash of a picture of the person
    }
)
"""Erased with the data of their attention."""

PROOF: Final[frozenset[type]] = frozenset(
    {
        facts.ConsentAsked,
        facts.ConsentGiven,
        facts.ConsentWitnessed,
        facts.ConsentRefused,
        facts.ConsentWithdrawn,
        facts.ConsentEnded,
        facts.RecordingSealed,
        facts.RecordingLost,
        facts.RecordingHeld,
        facts.HoldReleased,
        facts.RecordingErased,
        facts.ErasureRefused,
        facts.RecordingExported,
        facts.PurposeStated,  # who watched, and why: what auditors are told cannot be erased
        facts.IdentificationSeen,  # as above, of the document and the pictures of it
        facts.SuspicionOpened,  # as above, of what is kept apart
        facts.ExportAsked,
        facts.LoginProofGiven,
        facts.ExportDecided,
        facts.ExportUnmade,
        facts.AttentionExported,
        facts.DataRequested,
        facts.DataRequestExtended,
        facts.DataRequestLapsed,
        facts.DataRequestGranted,
        facts.DataRequestRefused,
        facts.DataRequestDone,
        facts.RestrictionLifted,
        facts.CopyFetched,
        facts.QuarantineBegun,
        facts.QuarantineEnded,
        facts.PersonalDataErased,
        facts.VisualErased,
    }
)
"""Never erased: they prove what was consented, sealed, kept, given away, asked and erased."""

PLAIN: Final[frozenset[type]] = frozenset(
    {
        facts.AccessRefused,
        facts.ActionsAsked,
        facts.AttentionAbandoned,
        facts.AttentionRequested,
        facts.CallEnded,
        facts.CitizenLookedUp,
        facts.ClipEnded,
        facts.DocumentChosen,
        facts.ExportRejected,
        facts.FormDelivered,
        facts.IdentificationAsked,
        facts.IdentificationStopped,
        facts.IdentityRevealed,
        facts.LanguageChosen,
        facts.LevelLowered,
        facts.LevelProposalDropped,
        facts.LevelProposed,
        facts.LevelRaised,
        facts.OfferAccepted,
        facts.OfferLapsed,
        facts.OfferMade,
        facts.PhoneCodeRefused,
        facts.PhoneCodeSent,
        facts.PhoneCodeUnsent,
        facts.PhoneShown,
        facts.PictureSeen,
        facts.PlaybackRefused,
        facts.PolicyChanged,
        facts.ReadinessChanged,
        facts.ReceiptLinkGiven,
        facts.ReceiptLinkMade,
        facts.ReceiptOpened,
        facts.ReceiptRefused,
        facts.ReceiptSigned,
        facts.RecorderAdmitted,
        facts.RecorderDismissed,
        facts.RecorderRefused,
        facts.RecordingInterrupted,
        facts.RecordingResumed,
        facts.RecordingStarted,
        facts.ReviewAsked,
        facts.ReviewClosed,
        facts.ReviewLeft,
        facts.ReviewOpened,
        facts.ReviewSpared,
        facts.SealChecked,
        facts.SignInFailed,
        facts.SignedIn,
        facts.SignedOut,
        facts.SmsBudgetSpent,
        facts.VerdictGiven,
        facts.VisualAgreed,
        facts.VisualBegun,
        facts.VisualCodeProved,
        facts.VisualCodeSent,
        facts.VisualIdentified,
        facts.VisualInterrupted,
        facts.VisualLapsed,
        facts.VisualRefused,
        facts.VisualResumed,
        facts.VisualStepDone,
        facts.VisualStopped,
    }
)
"""Nothing in them tells who the citizen was: stages, times, ids, and subjects of members of staff on duty."""
