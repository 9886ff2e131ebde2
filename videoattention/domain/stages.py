"""The machine of an attention, from arrival to wrap-up. Level, identity and consent are guards, not stages."""

from __future__ import annotations

from enum import StrEnum

from videoattention.domain.transitions import Machine


class Stage(StrEnum):
    """Where an attention stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    TALKING = "talking"
    WRAPPING_UP = "wrapping_up"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class Step(StrEnum):
    """What can happen to an attention; the steps that stay in ``talking`` raise, prove and lower the level."""

    OFFER = "offer"
    ACCEPT = "accept"
    LAPSE = "lapse"
    TAKE = "take"
    ABANDON = "abandon"
    PROPOSE_LEVEL = "propose_level"
    DROP_PROPOSAL = "drop_proposal"
    LOWER_LEVEL = "lower_level"
    ASK_IDENTIFICATION = "ask_identification"
    IDENTIFY = "identify"
    ASK_CONSENT = "ask_consent"
    ANSWER_CONSENT = "answer_consent"
    WITHDRAW_CONSENT = "withdraw_consent"
    SEE_PICTURE = "see_picture"
    STOP_IDENTIFICATION = "stop_identification"
    END_CLIP = "end_clip"
    DELIVER_FORM = "deliver_form"
    HANG_UP = "hang_up"
    CONCLUDE = "conclude"


_IN_CALL = (
    Step.PROPOSE_LEVEL,
    Step.DROP_PROPOSAL,
    Step.LOWER_LEVEL,
    Step.ASK_IDENTIFICATION,
    Step.IDENTIFY,
    Step.ASK_CONSENT,
    Step.ANSWER_CONSENT,
    Step.WITHDRAW_CONSENT,
    Step.SEE_PICTURE,
    Step.STOP_IDENTIFICATION,
    Step.END_CLIP,
    Step.DELIVER_FORM,
)

ATTENTION: Machine[Stage, Step] = Machine(
    "attention",
    {
        (Stage.WAITING, Step.OFFER): Stage.OFFERED,
        (Stage.WAITING, Step.TAKE): Stage.TALKING,
        (Stage.WAITING, Step.ABANDON): Stage.ABANDONED,
        (Stage.OFFERED, Step.ACCEPT): Stage.TALKING,
        (Stage.OFFERED, Step.LAPSE): Stage.WAITING,
        (Stage.OFFERED, Step.ABANDON): Stage.ABANDONED,
        **{(Stage.TALKING, step): Stage.TALKING for step in _IN_CALL},
        (Stage.TALKING, Step.HANG_UP): Stage.WRAPPING_UP,
        (Stage.WRAPPING_UP, Step.CONCLUDE): Stage.CLOSED,
        # a consent can be taken back at any moment, and no stage changes by it
        **{(stage, Step.WITHDRAW_CONSENT): stage for stage in (Stage.WRAPPING_UP, Stage.CLOSED)},
    },
)

LIVE = frozenset({Stage.WAITING, Stage.OFFERED, Stage.TALKING})
"""Stages in which the citizen still expects something of us."""

BUSY = frozenset({Stage.OFFERED, Stage.TALKING, Stage.WRAPPING_UP})
"""Stages in which the attention occupies an informer."""
