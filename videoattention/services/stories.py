"""The story of an attention that is over, as the journal tells it: what a package without a recording is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from videoattention.domain import facts
from videoattention.domain.recording import RecordingStage
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from videoattention.domain.attention import Attention
    from videoattention.domain.exporting import Export
    from videoattention.domain.recording import Recording
    from videoattention.services.proof import SliceEntry
    from videoattention.services.views import JournalLine

OVER = frozenset({Stage.CLOSED, Stage.ABANDONED})
"""Stages after which nobody talks any more, so that no recorder can be let in."""

GONE = frozenset({RecordingStage.ERASED, RecordingStage.LOST})
"""Stages of a recording of which no media is left."""


OF_OTHER_CASES: Final = frozenset(
    kind.__name__
    for kind in (
        facts.CitizenLookedUp,
        facts.CopyFetched,
        facts.DataRequestDone,
        facts.DataRequestExtended,
        facts.DataRequestGranted,
        facts.DataRequestLapsed,
        facts.DataRequestRefused,
        facts.DataRequested,
        facts.ErasureRefused,
        facts.ExportAsked,
        facts.ExportDecided,
        facts.ExportRejected,
        facts.ExportUnmade,
        facts.AttentionExported,
        facts.HoldReleased,
        facts.IdentificationSeen,
        facts.LoginProofGiven,
        facts.PlaybackRefused,
        facts.PurposeStated,
        facts.QuarantineBegun,
        facts.QuarantineEnded,
        facts.ReceiptLinkGiven,
        facts.ReceiptLinkReason,
        facts.RecordingExported,
        facts.RecordingHeld,
        facts.RestrictionLifted,
        facts.ReviewAsked,
        facts.ReviewClosed,
        facts.ReviewLeft,
        facts.ReviewOpened,
        facts.ReviewSpared,
        facts.SealChecked,
        facts.VerdictGiven,
    )
)
"""What somebody did with the attention afterwards, for purposes that are no business of whoever gets a package.

Their entries are in it, for the chain has them, and what they say is not.
"""


@dataclass(frozen=True, slots=True)
class Story:
    """One attention as it is, its recordings, and its part of the journal.

    ``lines`` are its entries in order, to where it was over and its last recording sealed: what was done later, such as
    giving a package away, is no part of it. ``before`` is the link that the first one follows. ``policy`` is what held
    for it, as JSON. ``erasures`` are the entries that tell of the erasure of a recording, by the recording.
    """

    attention: Attention
    recordings: Sequence[Recording]
    policy: Mapping[str, Any]
    lines: Sequence[JournalLine]
    before: str
    erasures: Mapping[str, SliceEntry]

    @property
    def refusal(self) -> str:
        """Why its package cannot be given away: ``not_over``, ``has_recording``; empty if it can."""
        if self.attention.stage not in OVER or not self.lines:
            return "not_over"
        return "" if all(recording.stage in GONE for recording in self.recordings) else "has_recording"


class AskedPackages(Protocol):
    """Requests for packages of attentions without a recording, inside a transaction; the journal alone keeps them."""

    async def of(self, attention: str) -> Sequence[Export]:
        """Those of one attention, oldest first; as they are at the commit when the transaction is `alone`."""


class KeptStories(Protocol):
    """The stories of every organisation, to be read."""

    async def owner_of(self, attention: str) -> str | None:
        """The organisation of an attention, if there is one called so."""

    async def of(self, organisation: str, attention: str) -> Story | None:
        """One story; none when the organisation has no such attention."""

    def entries(self, organisation: str, attention: str, *, first: int, last: int) -> AsyncIterator[SliceEntry]:
        """The organisation's chain between two places; body and salt only of this attention's own story."""
