"""What the service says to people for each code of a visual identification (see `sentences`)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from videoattention.entrypoints.http.marking import N_

_CHANGED = N_("Something changed in the meantime. Look at the page and try again.")

VISUAL_SENTENCES: Final = MappingProxyType(
    {
        "habilitation_missing": N_("This needs a habilitation that your account does not have."),
        "habilitation_lapsed": N_("Your habilitation for this has lapsed. Its last day is on this page."),
        "visual_not_asked": N_("Visual identification is not asked for now."),
        "visual_going_on": N_("A visual identification is going on already."),
        "connection_lost": N_("The connection is lost. The step begins again when it is back."),
        "not_interrupted": _CHANGED,
        "no_code": N_("No code counts now: send another one."),
        "document_not_chosen": N_("Choose first which document it is."),
        "not_witnessed": N_("Say first that you have seen it yourself, or choose another reason."),
        "too_few_features": _CHANGED,
        "too_few_actions": _CHANGED,
        "not_asked_for": _CHANGED,
        "mrz_unreadable": N_("Type the lines at the foot whole: three of 30 signs, or two of 44."),
        "features_not_seen": N_("Every security feature must have been seen. If one cannot be seen, stop."),
        "document_not_read": N_("Type what the document says, and check it."),
        "document_fails": N_("What was typed of the document does not hold. Correct it, or stop."),
        "actions_not_seen": N_("Every action must have been seen. If one was not done, stop."),
        "stills_missing": N_("Take the stills of face, front and back first."),
        "still_refused": N_("That is not a picture that can be kept. Take it again."),
    },
)
"""By code."""
