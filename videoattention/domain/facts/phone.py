"""One-use codes that were sent to a phone, and what came of them. No fact has a number or a code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhoneCodeAsked:
    """The citizen gave a name and a number, and a code is on its way.

    ``commitment`` binds the check to the number (a keyed hash): it tells nobody which one, and fits no other.
    """

    attention: str
    check: str
    commitment: str


@dataclass(frozen=True, slots=True)
class PhoneCodeSent:
    """The message service took the code for delivery."""

    attention: str
    check: str


@dataclass(frozen=True, slots=True)
class PhoneCodeUnsent:
    """The message service did not take the code. ``cause``: sms_unreachable, sms_refused, sms_silent."""

    attention: str
    check: str
    cause: str


@dataclass(frozen=True, slots=True)
class PhoneCodeRefused:
    """The citizen typed a code that did not hold. ``cause``: code_wrong, code_lapsed, code_exhausted."""

    attention: str
    check: str
    cause: str


@dataclass(frozen=True, slots=True)
class PhoneShown:
    """The citizen typed the code that was sent: the phone is in their hand. The code is spent."""

    attention: str
    check: str


@dataclass(frozen=True, slots=True)
class SmsBudgetSpent:
    """The organisation's messages of the day are used up; no more are sent until the next day (UTC)."""

    attention: str
    budget: int
    day: str


PhoneFact = PhoneCodeAsked | PhoneCodeSent | PhoneCodeUnsent | PhoneCodeRefused | PhoneShown | SmsBudgetSpent
