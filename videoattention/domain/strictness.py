"""When one demand is stricter than another: what is compared, what contradicts itself, what a level cannot demand."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from videoattention.domain.levels import Level, LevelPolicy, Purpose, RecordingRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Why(StrEnum):
    """Why a demand cannot be made: the codes of the sentences that administrators read beside the field.

    ``nobody_to_ask``: an attention begins at the informative level, before anybody could prove anything; ``not_told``:
    more would be recorded than the text says that citizens accept; ``no_text``: there is no text to ask it with.
    """

    BELOW_LEAST = "below_least"
    BELOW_LEVEL = "below_level"
    NOBODY_TO_ASK = "nobody_to_ask"
    NOT_TOLD = "not_told"
    NO_TEXT = "no_text"
    NOTHING_TO_REVIEW = "nothing_to_review"
    REVIEWED_ONCE_FIRST = "reviewed_once_first"
    NOBODY_REPRESENTED = "nobody_represented"
    CONSENT_TO_RECORD = "consent_to_record"
    KEPT_FOR_NO_TIME = "kept_for_no_time"


AT_LEAST: Mapping[str, Callable[[LevelPolicy], Any]] = {
    "identity": lambda policy: policy.identity,
    "consents": lambda policy: policy.consents,
    "recording": lambda policy: list(RecordingRule).index(policy.recording),
    "habilitation": lambda policy: frozenset({policy.habilitation} - {""}),
    "picture": lambda policy: policy.picture,
    "clip_seconds": lambda policy: policy.clip_seconds,
    "form": lambda policy: policy.form,
    "review": lambda policy: policy.review,
    "second_review": lambda policy: policy.second_review,
}
"""What can be compared: of each, more is stricter. Periods of keeping, legal bases and scripts are only different."""

DEMANDS = ("identity", "consents", "recording", "habilitation", "picture", "form", "review", "second_review")
"""What people must prove or do; nothing of it can be asked at the level at which an attention begins."""


def weaker(own: LevelPolicy, general: LevelPolicy) -> tuple[str, ...]:
    """The fields in which ``own`` demands less."""
    return tuple(name for name, measure in AT_LEAST.items() if not measure(own) >= measure(general))


def lifted(own: LevelPolicy, general: LevelPolicy) -> LevelPolicy:
    """The same, made as strict as ``general`` wherever it demands less."""
    more = {name: getattr(general, name) for name in weaker(own, general)}
    if "consents" in more:
        more["consents"] = own.consents | general.consents
    return replace(own, **more)


def impossible(own: LevelPolicy, least: LevelPolicy) -> tuple[tuple[str, Why], ...]:
    """What this level cannot demand, or not together, by field."""
    if own.level is Level.INFORMATIVE:
        return tuple((name, Why.NOBODY_TO_ASK) for name in DEMANDS if getattr(own, name) != getattr(least, name))
    recorded = own.recording is not RecordingRule.NEVER
    found = {
        ("recording", Why.NOT_TOLD): AT_LEAST["recording"](own) > AT_LEAST["recording"](least),
        ("consents", Why.CONSENT_TO_RECORD): recorded is not (Purpose.RECORDING in own.consents),
        ("form", Why.NOBODY_REPRESENTED): own.form and Purpose.REPRESENTATION not in own.consents,
        ("review", Why.NOTHING_TO_REVIEW): own.review and not recorded,
        ("second_review", Why.REVIEWED_ONCE_FIRST): own.second_review and not own.review,
        ("retention_days", Why.KEPT_FOR_NO_TIME): (recorded or bool(own.consents)) and own.retention_days < 1,
    }
    return tuple(where for where, so in found.items() if so)
