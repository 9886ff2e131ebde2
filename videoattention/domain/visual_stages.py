"""The machine of a visual identification, and the words for what is asked, ticked and decided in it."""

from __future__ import annotations

from enum import StrEnum

from videoattention.domain.transitions import Machine


class VisualStage(StrEnum):
    """Where a visual identification stands; the first six are its steps as people see them."""

    INFORMED = "informed"
    CODE = "code"
    DOCUMENT = "document"
    ACTIONS = "actions"
    STILLS = "stills"
    DECISION = "decision"
    ACCEPTED = "accepted"
    STOPPED = "stopped"
    REFUSED = "refused"
    LAPSED = "lapsed"


class VisualStep(StrEnum):
    """What can happen to it.

    ``refuse`` is the citizen's, at any moment; ``stop`` the informer's; ``lapse``: the proposal or the call ended.
    ``interrupt`` drops what the running step had collected, and ``resume`` begins it again.
    """

    AGREE = "agree"
    SEND_CODE = "send_code"
    PROVE_CODE = "prove_code"
    CHOOSE_DOCUMENT = "choose_document"
    TICK_FEATURE = "tick_feature"
    READ_DOCUMENT = "read_document"
    TICK_ACTION = "tick_action"
    SHOOT = "shoot"
    FINISH = "finish"
    ACCEPT = "accept"
    STOP = "stop"
    REFUSE = "refuse"
    LAPSE = "lapse"
    INTERRUPT = "interrupt"
    RESUME = "resume"


OPEN = (
    VisualStage.INFORMED,
    VisualStage.CODE,
    VisualStage.DOCUMENT,
    VisualStage.ACTIONS,
    VisualStage.STILLS,
    VisualStage.DECISION,
)
"""The stages in which it goes on."""

_ENDS = {
    VisualStep.STOP: VisualStage.STOPPED,
    VisualStep.REFUSE: VisualStage.REFUSED,
    VisualStep.LAPSE: VisualStage.LAPSED,
}

VISUAL: Machine[VisualStage, VisualStep] = Machine(
    "visual identification",
    {
        (VisualStage.INFORMED, VisualStep.AGREE): VisualStage.CODE,
        (VisualStage.CODE, VisualStep.SEND_CODE): VisualStage.CODE,
        (VisualStage.CODE, VisualStep.PROVE_CODE): VisualStage.DOCUMENT,
        (VisualStage.DOCUMENT, VisualStep.CHOOSE_DOCUMENT): VisualStage.DOCUMENT,
        (VisualStage.DOCUMENT, VisualStep.TICK_FEATURE): VisualStage.DOCUMENT,
        (VisualStage.DOCUMENT, VisualStep.READ_DOCUMENT): VisualStage.DOCUMENT,
        (VisualStage.DOCUMENT, VisualStep.FINISH): VisualStage.ACTIONS,
        (VisualStage.ACTIONS, VisualStep.TICK_ACTION): VisualStage.ACTIONS,
        (VisualStage.ACTIONS, VisualStep.FINISH): VisualStage.STILLS,
        (VisualStage.STILLS, VisualStep.SHOOT): VisualStage.STILLS,
        (VisualStage.STILLS, VisualStep.FINISH): VisualStage.DECISION,
        (VisualStage.DECISION, VisualStep.ACCEPT): VisualStage.ACCEPTED,
    }
    | {(stage, step): following for stage in OPEN for step, following in _ENDS.items()}
    | {(stage, step): stage for stage in OPEN for step in (VisualStep.INTERRUPT, VisualStep.RESUME)},
)


class Action(StrEnum):
    """What the citizen can be asked to do before the camera, so that a recording made beforehand does not do."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    LOOK_UP = "look_up"
    HAND_BEFORE_FACE = "hand_before_face"
    TOUCH_EAR = "touch_ear"
    COVER_DOCUMENT = "cover_document"
    TILT_DOCUMENT = "tilt_document"
    DOCUMENT_BESIDE_FACE = "document_beside_face"
    SAY_DIGITS = "say_digits"


ACTIONS = tuple(Action)
ACTIONS_ASKED = 3
DIGITS_SAID = 4


class StillKind(StrEnum):
    """The stills that are taken."""

    FACE = "face"
    FRONT = "front"
    BACK = "back"


class Reason(StrEnum):
    """The nine reasons to stop; one must be chosen."""

    FALSE_DOCUMENT = "false_document"
    NOT_THE_HOLDER = "not_the_holder"
    BAD_MEDIA = "bad_media"
    BAD_CONNECTION = "bad_connection"
    PRERECORDED = "prerecorded"
    SEVERAL_DEVICES = "several_devices"
    NOT_LIVE = "not_live"
    COERCION = "coercion"
    DOUBT = "doubt"


SUSPICIOUS = frozenset(
    {
        Reason.FALSE_DOCUMENT,
        Reason.NOT_THE_HOLDER,
        Reason.PRERECORDED,
        Reason.SEVERAL_DEVICES,
        Reason.NOT_LIVE,
    },
)
"""The reasons that say that somebody tried to deceive: what was seen is kept apart, for a term of its own."""
