"""What an administrator wrote of a level: read into a rule, or told field by field what cannot be understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level, Purpose, RecordingRule
from videoattention.entrypoints.http.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.domain.levels import LevelPolicy

LONGEST_SCRIPT: Final = 2000
LONGEST_BASIS: Final = 300
NUMBERS: Final = {"picture": (0, 2160), "clip_seconds": (5, 120), "retention_days": (0, 36500)}
"""Field -> the least and the greatest number that is one: lines, seconds, days."""

_NAME: Final = re.compile(r"[a-z0-9_-]{1,40}")
_PURPOSES: Final = {purpose: f"consents_{purpose}" for purpose in Purpose}
_SCRIPTS: Final = {language: f"scripts_{language}" for language in LANGUAGES}
_BASES: Final = {language: f"legal_basis_{language}" for language in LANGUAGES}
_TEXTS: Final = {
    "scripts": (_SCRIPTS, LONGEST_SCRIPT, "script_missing"),
    "legal_basis": (_BASES, LONGEST_BASIS, "legal_basis_missing"),
}
"""Fields with a text per language: the names of their inputs, the longest text, what is said where one is missing."""

BOXES: Final = ("form", "review", "second_review")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was written, what it means, and what of it is wrong: field -> code of a sentence."""

    written: Mapping[str, str]
    rule: LevelPolicy
    faults: Mapping[str, str]


def editable(rule: LevelPolicy) -> tuple[str, ...]:
    """The fields of a rule that have a place in the form, in its order; how much is recorded is the level's own."""
    described = ("retention_days", "legal_basis", "scripts")
    if rule.level is Level.INFORMATIVE:
        return described
    clip = ("clip_seconds",) if rule.recording is RecordingRule.CONSENT_CLIP else ()
    return ("identity", "consents", "habilitation", "picture", *clip, *BOXES, *described)


def names(rule: LevelPolicy) -> tuple[str, ...]:
    """The names under which the form of a rule sends what is written in it."""
    several = {
        "consents": tuple(_PURPOSES.values()),
        "scripts": tuple(_SCRIPTS.values()),
        "legal_basis": tuple(_BASES.values()),
    }
    return tuple(name for field in editable(rule) for name in several.get(field, (field,)))


def written(rule: LevelPolicy) -> dict[str, str]:
    """A rule as its form shows it."""
    words = {name: str(getattr(rule, name)) for name in ("habilitation", *NUMBERS)}
    words |= {"identity": rule.identity.name.lower()}
    words |= {box: "on" if getattr(rule, box) else "" for box in BOXES}
    words |= {name: "on" if purpose in rule.consents else "" for purpose, name in _PURPOSES.items()}
    words |= {name: rule.scripts.get(language, "") for language, name in _SCRIPTS.items()}
    words |= {name: rule.legal_basis.get(language, "") for language, name in _BASES.items()}
    return {name: words[name] for name in names(rule)}


def read(said: Mapping[str, str], base: LevelPolicy) -> Asked:
    """The rule that a form means; a field that is wrong, or that is not in it, stays as in ``base``."""
    changed: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field in editable(base):
        value, fault = _read(field, said, base)
        if fault:
            faults[field] = fault
        else:
            changed[field] = value
    return Asked({name: said[name] for name in names(base)}, replace(base, **changed), faults)


def _read(field: str, said: Mapping[str, str], base: LevelPolicy) -> tuple[object, str]:
    """The value of a field and the code of what is wrong with it, if anything is."""
    if field in NUMBERS:
        return _number(said[field], NUMBERS[field])
    if field in BOXES:
        return bool(said[field]), ""
    if field == "consents":
        return frozenset(purpose for purpose, name in _PURPOSES.items() if said[name]), ""
    if field in _TEXTS:
        return _told(said, *_TEXTS[field], informative=base.level is Level.INFORMATIVE)
    if field == "identity":
        known = {one.name.lower(): one for one in Assurance}
        return known.get(said[field]), "" if said[field] in known else "choice_unknown"
    words = " ".join(said[field].split())
    return words, "" if not words or is_habilitation(words) else "habilitation_unclear"


def is_habilitation(name: str) -> bool:
    """Whether a rule can name a habilitation so."""
    return bool(_NAME.fullmatch(name))


def _number(words: str, bounds: tuple[int, int]) -> tuple[int, str]:
    least, greatest = bounds
    digits = words.strip()
    if not re.fullmatch(r"[0-9]{1,6}", digits) or not least <= int(digits) <= greatest:
        return 0, "number_unclear"
    return int(digits), ""


def _told(
    said: Mapping[str, str], names: Mapping[str, str], longest: int, missing: str, *, informative: bool
) -> tuple[dict[str, str], str]:
    """A text per language; at the informative level nothing is said aloud, and everything rests on some articles."""
    words = {language: " ".join(said[name].split()) for language, name in names.items()}
    if not all(words.values()) and not (informative and missing == "script_missing"):
        return words, missing
    if any(len(text) > longest for text in words.values()):
        return words, "words_too_long"
    return {language: text for language, text in words.items() if text}, ""
