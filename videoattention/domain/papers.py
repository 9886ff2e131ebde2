"""Identity documents: their kinds, the security features that each shows, and how what is read of them is checked.

The lists of features are this product's own, from what issuers publish about their documents: whoever runs the service
compares them with the public register of documents (PRADO) and with the training of its informers. Only what a camera
can show is listed: nothing that is felt, and nothing that needs ultraviolet light.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from videoattention.domain.errors import StepRefused
from videoattention.domain.mrz import FILLER, Check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from videoattention.domain.mrz import Zone


class DocumentKind(StrEnum):
    """The documents that visual identification knows."""

    DNI3 = "dni3"
    DNI4 = "dni4"
    TIE = "tie"
    PASSPORT = "passport"


class Feature(StrEnum):
    """Something of a genuine document that can be seen when it is held to a camera and moved."""

    CHANGING_LASER_IMAGE = "changing_laser_image"
    MULTIPLE_LASER_IMAGE = "multiple_laser_image"
    COLOUR_CHANGING_INK = "colour_changing_ink"
    KINEGRAM = "kinegram"
    HOLOGRAM = "hologram"
    SECOND_PORTRAIT = "second_portrait"
    WINDOW = "window"
    FINE_LINES = "fine_lines"
    RAINBOW_PRINT = "rainbow_print"
    RELIEF = "relief"
    SMALL_PRINT = "small_print"


VARIABLE = frozenset(
    {
        Feature.CHANGING_LASER_IMAGE,
        Feature.MULTIPLE_LASER_IMAGE,
        Feature.COLOUR_CHANGING_INK,
        Feature.KINEGRAM,
        Feature.HOLOGRAM,
    },
)
"""The features that look different from another angle: a copy or a screen does not show them."""

_STILL = (Feature.SECOND_PORTRAIT, Feature.FINE_LINES, Feature.RAINBOW_PRINT, Feature.RELIEF, Feature.SMALL_PRINT)

FEATURES: Mapping[DocumentKind, tuple[Feature, ...]] = {
    DocumentKind.DNI3: (
        Feature.CHANGING_LASER_IMAGE,
        Feature.COLOUR_CHANGING_INK,
        Feature.KINEGRAM,
        Feature.WINDOW,
        *_STILL,
    ),
    DocumentKind.DNI4: (
        Feature.CHANGING_LASER_IMAGE,
        Feature.COLOUR_CHANGING_INK,
        Feature.KINEGRAM,
        Feature.WINDOW,
        *_STILL,
    ),
    DocumentKind.TIE: (
        Feature.MULTIPLE_LASER_IMAGE,
        Feature.COLOUR_CHANGING_INK,
        Feature.HOLOGRAM,
        Feature.WINDOW,
        *_STILL,
    ),
    DocumentKind.PASSPORT: (
        Feature.MULTIPLE_LASER_IMAGE,
        Feature.COLOUR_CHANGING_INK,
        Feature.KINEGRAM,
        Feature.HOLOGRAM,
        *_STILL,
    ),
}
"""What the informer can be asked to look for in each kind."""

LEAST_FEATURES = 3
LEAST_VARIABLE = 2


def drawn(shuffled: Sequence[Feature]) -> tuple[Feature, ...]:
    """The features to look for, out of a kind's list in an order that chance gave; raises ``too_few_features``."""
    variable = [feature for feature in shuffled if feature in VARIABLE][:LEAST_VARIABLE]
    others = [feature for feature in shuffled if feature not in variable][: LEAST_FEATURES - len(variable)]
    chosen = tuple(feature for feature in shuffled if feature in {*variable, *others})
    if len(chosen) < LEAST_FEATURES or len(variable) < LEAST_VARIABLE:
        raise StepRefused("too_few_features", "at least three features are looked for, two of them variable")
    return chosen


# --- the number ------------------------------------------------------------------------------------------------------

_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_FIRST_OF_NIE = "XYZ"
_NUMBER_LENGTH = 9
_DIGITS = frozenset("0123456789")
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def plain(number: str) -> str:
    """A number as it is compared: capitals, without what people write in between."""
    return "".join(sign for sign in number.upper() if sign not in " .-·/")


def letter_fits(number: str) -> bool:
    """Whether the letter of a DNI or NIE (Royal Decrees 1553/2005 and 557/2011) is the one that its digits give."""
    digits = number[:-1]
    if len(number) != _NUMBER_LENGTH:
        return False
    if digits[0] in _FIRST_OF_NIE:
        digits = f"{_FIRST_OF_NIE.index(digits[0])}{digits[1:]}"
    return _DIGITS.issuperset(digits) and number[-1] == _LETTERS[int(digits) % len(_LETTERS)]


def number_fits(kind: DocumentKind, number: str) -> bool:
    """Whether a number can be one of this kind of document: its form, and its letter where it has one."""
    if kind is DocumentKind.PASSPORT:
        return 0 < len(number) <= _NUMBER_LENGTH and (_DIGITS | _CAPITALS).issuperset(number)
    foreign = number[:1] in set(_FIRST_OF_NIE)
    return letter_fits(number) and foreign == (kind is DocumentKind.TIE)


# --- both together ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a document. ``expires`` is ISO 8601 or empty; ``passed`` and ``failed`` are the checks."""

    number: str
    name: str
    expires: str
    passed: tuple[Check, ...]
    failed: tuple[Check, ...]

    @property
    def sound(self) -> bool:
        """Whether every check holds."""
        return not self.failed


def read(kind: DocumentKind, number: str, name: str, *, zone: Zone, today: date) -> Reading:
    """Hold what was typed against the document's own digits. Without a ``name`` that of the zone is taken."""
    number = plain(number)
    holds = _own_digits(zone) | {
        Check.NUMBER: number_fits(kind, number),
        Check.MRZ_KIND: zone.size == ("TD3" if kind is DocumentKind.PASSPORT else "TD1"),
        Check.SAME_NUMBER: number in _numbers(kind, zone),
        Check.IN_DATE: zone.expires is not None and today <= zone.expires,
    }
    return Reading(
        number=number,
        name=" ".join(name.split()) or f"{zone.given} {zone.surname}".strip(),
        expires=zone.expires.isoformat() if zone.expires else "",
        passed=tuple(check for check in Check if holds.get(check)),
        failed=tuple(check for check in Check if not holds.get(check, True)),
    )


def _own_digits(zone: Zone) -> dict[Check, bool]:
    checks = [Check.MRZ_NUMBER, Check.MRZ_BIRTH, Check.MRZ_EXPIRY, Check.MRZ_WHOLE]
    if zone.size == "TD3":
        checks.append(Check.MRZ_PERSONAL)
    return {check: check not in zone.wrong for check in checks}


def _numbers(kind: DocumentKind, zone: Zone) -> frozenset[str]:
    """Where the person's number is: Spanish cards have it in the optional data, beside the number of the card."""
    if kind is DocumentKind.PASSPORT:
        return frozenset({zone.number})
    return frozenset({zone.optional.strip(FILLER), zone.number} - {""})
