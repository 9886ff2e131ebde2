"""Holds: while one is in force, what it holds cannot be erased, whatever the period of keeping says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.recording import ERASABLE, RecordingStage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.recording import Recording

LEAST_REASON = 10
"""Characters below which a reason says nothing."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a recording must be kept, said by whom (their subject) and when; in force until it is released."""

    id: str
    recording: str
    reason: str
    placed_by: str
    placed_at: datetime
    released_at: datetime | None = None

    @property
    def in_force(self) -> bool:
        """Whether it still holds."""
        return self.released_at is None


def reason_said(reason: str) -> str:
    """The reason in one line; raises ``reason_too_short``."""
    said = " ".join(reason.split())
    if len(said) < LEAST_REASON:
        raise StepRefused("reason_too_short", f"a reason has at least {LEAST_REASON} characters")
    return said


def place(hold: Hold, recording: Recording) -> tuple[facts.Fact, ...]:
    """Hold a recording, whatever its stage; raises ``already_erased`` when nothing is left to hold."""
    if recording.stage is RecordingStage.ERASED:
        raise StepRefused("already_erased", f"recording {recording.id} was erased")
    return (facts.RecordingHeld(recording.attention, recording.id, hold.id, hold.reason),)


def release(hold: Hold, recording: Recording, *, at: datetime, reason: str) -> tuple[Hold, tuple[facts.Fact, ...]]:
    """End a hold; others of the same recording stay in force. Raises ``not_on_hold``."""
    if not hold.in_force:
        raise StepRefused("not_on_hold", f"hold {hold.id} was released already")
    fact = facts.HoldReleased(recording.attention, recording.id, hold.id, reason)
    return replace(hold, released_at=at), (fact,)


def kept_from_erasing(recording: Recording, holds: Sequence[Hold], *, requested: str = "") -> str:
    """Why the recording cannot be erased: ``already_erased``, ``not_sealed``, ``on_hold``; empty if it can.

    Else ``requested``, which is what `videoattention.domain.rights.kept_by_requests` says.
    """
    if recording.stage is RecordingStage.ERASED:
        return "already_erased"
    if recording.stage not in ERASABLE:
        return "not_sealed"
    return "on_hold" if any(hold.in_force for hold in holds) else requested
