"""What is still to be done in a call, said the same way to both people and to whoever wants to close it."""

from __future__ import annotations

from enum import StrEnum


class Clip(StrEnum):
    """The recorded authorisation of the assisted level: not asked for, still to be spoken, spoken."""

    NONE = ""
    WANTED = "wanted"
    DONE = "done"


class Undone(StrEnum):
    """A step that was begun, or that the level in force demands, and that must end before the call is closed."""

    PROPOSAL = "proposal"
    CONSENT = "consent"
    IDENTIFICATION = "identification"
    CLIP = "clip"
    FORM = "form"
