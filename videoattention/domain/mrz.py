"""The machine-readable zone at the foot of documents (ICAO 9303, parts 3 to 5): its lines, and its check digits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from videoattention.domain.errors import StepRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

_WEIGHTS = (7, 3, 1)
FILLER = "<"
_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {FILLER: 0}
_TD1, _TD3 = (3, 30), (2, 44)


class Check(StrEnum):
    """What is computed of a document: each holds, or does not."""

    NUMBER = "number"
    MRZ_KIND = "mrz_kind"
    MRZ_NUMBER = "mrz_number"
    MRZ_BIRTH = "mrz_birth"
    MRZ_EXPIRY = "mrz_expiry"
    MRZ_PERSONAL = "mrz_personal"
    MRZ_WHOLE = "mrz_whole"
    SAME_NUMBER = "same_number"
    IN_DATE = "in_date"


@dataclass(frozen=True, slots=True)
class Zone:
    """What the lines at the foot of a document say (ICAO 9303), and which of their check digits are wrong.

    ``size`` is TD1 or TD3; ``expires`` is ``None`` where the six digits are no date.
    """

    size: str
    state: str
    number: str
    optional: str
    surname: str
    given: str
    expires: date | None
    wrong: frozenset[Check]


def check_digit(text: str) -> str:
    """The check digit of ICAO 9303-3, 4.9: weights 7, 3, 1, modulo 10; `KeyError` for a sign without a value."""
    return str(sum(_VALUES[sign] * _WEIGHTS[place % 3] for place, sign in enumerate(text)) % 10)


def zone_of(typed: str) -> Zone:
    """Read what was typed of the machine-readable zone; raises ``mrz_unreadable`` unless it has its lines and signs."""
    lines = [plain_line(line) for line in typed.split("\n") if line.strip()]
    size = len(lines), len(lines[0]) if lines else 0
    if size not in {_TD1, _TD3} or len({len(line) for line in lines}) > 1 or not _VALUES.keys() >= set("".join(lines)):
        raise StepRefused("mrz_unreadable", "the lines are three of 30 signs or two of 44, of letters, digits and <")
    return _td1(lines) if size == _TD1 else _td3(lines)


def plain_line(line: str) -> str:
    """A line as it is read: capitals, without spaces."""
    return "".join(line.upper().split())


def _td1(lines: Sequence[str]) -> Zone:
    first, second, third = lines
    number, digit, optional = _long_number(first)
    digits = (
        (Check.MRZ_NUMBER, number, digit),
        (Check.MRZ_BIRTH, second[:6], second[6]),
        (Check.MRZ_EXPIRY, second[8:14], second[14]),
        (Check.MRZ_WHOLE, first[5:30] + second[:7] + second[8:15] + second[18:29], second[29]),
    )
    surname, given = _names(third)
    expires = _date(second[8:14])
    return Zone("TD1", _bare(first[2:5]), _bare(number), _bare(optional), surname, given, expires, _wrong(digits))


def _long_number(first: str) -> tuple[str, str, str]:
    """Number, check digit and the rest; a number of more than nine signs goes on where the check digit would be."""
    number, digit, rest = first[5:14], first[14], first[15:]
    tail, _, optional = rest.partition(FILLER)
    if digit == FILLER and len(tail) > 1:
        return number + tail[:-1], tail[-1], optional
    return number, digit, rest


def _td3(lines: Sequence[str]) -> Zone:
    first, second = lines
    personal, digit = second[28:42], second[42]
    if not _bare(personal) and digit == FILLER:
        digit = "0"  # the issuer may leave it out with the number (ICAO 9303-4, 4.2.2.2)
    digits = (
        (Check.MRZ_NUMBER, second[:9], second[9]),
        (Check.MRZ_BIRTH, second[13:19], second[19]),
        (Check.MRZ_EXPIRY, second[21:27], second[27]),
        (Check.MRZ_PERSONAL, personal, digit),
        (Check.MRZ_WHOLE, second[:10] + second[13:20] + second[21:43], second[43]),
    )
    surname, given = _names(first[5:])
    expires = _date(second[21:27])
    return Zone("TD3", _bare(first[2:5]), _bare(second[:9]), _bare(personal), surname, given, expires, _wrong(digits))


def _wrong(digits: Sequence[tuple[Check, str, str]]) -> frozenset[Check]:
    return frozenset(check for check, text, digit in digits if check_digit(text) != digit)


def _names(text: str) -> tuple[str, str]:
    surname, _, given = text.partition(FILLER * 2)
    return _words(surname), _words(given)


def _words(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())


def _bare(text: str) -> str:
    return text.rstrip(FILLER)


def _date(digits: str) -> date | None:
    """A day of this century: no document that is in use expired in another one."""
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None
