"""What is still to be done in a call, said the same way to both people and to whoever wants to close it."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - as in `levels`
from enum import StrEnum

from videoattention.domain.levels import OutcomeKind


class Clip(StrEnum):
    """The recorded authorisation of the assisted level: not asked for, still to be spoken, spoken."""

    NONE = ""
    WANTED = "wanted"
    DONE = "done"


class Unproved(StrEnum):
    """Why an outcome that the level in force has cannot be written, in the order in which reasons are told.

    ``proofs``: identity or consents; ``form``: not delivered; ``clip``: the authorisation was not recorded to its end;
    ``recording``: nothing was stored under a consent to the level; ``settling``: what was is not told yet, for the
    recording is still being closed.
    """

    PROOFS = "proofs"
    FORM = "form"
    CLIP = "clip"
    RECORDING = "recording"
    SETTLING = "settling"


RECORDED = frozenset({Unproved.CLIP, Unproved.RECORDING})
"""The reasons that tell of a recording that is not there."""

NEEDS: Mapping[OutcomeKind, tuple[Unproved, ...]] = {
    OutcomeKind.HELPED: (Unproved.CLIP, Unproved.RECORDING, Unproved.SETTLING),
    OutcomeKind.REPRESENTED: tuple(Unproved),
}
"""What an outcome that says more than that somebody was informed stands on, where the level demands it."""


class Undone(StrEnum):
    """A step that was begun, or that the level in force demands, and that must end before the call is closed."""

    PROPOSAL = "proposal"
    CONSENT = "consent"
    IDENTIFICATION = "identification"
    CLIP = "clip"
    FORM = "form"
