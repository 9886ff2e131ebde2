"""A phone shown to be in hand: which numbers are sent a code, how often, and what a typed code is worth.

Nothing here makes a code, hashes one or knows numbering plans: codes are compared, and numbers described, outside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.transitions import Machine

if TYPE_CHECKING:
    from datetime import datetime

CODE_LENGTH: Final = 6
CODE_ALPHABET: Final = "0123456789"
"""Digits: read and typed without mistaking one for another, and every phone's keyboard for codes has them."""

LASTS: Final = timedelta(minutes=10)
"""From the asking on."""

TRIES: Final = 5
"""How often one code may be typed."""

TRIES_OF_AN_ATTENTION: Final = 15
"""How often codes may be typed in one attention, however many were sent."""

_LONGEST_NAME: Final = 100
_LONGEST_NUMBER: Final = 24
_DIGITS: Final = frozenset("0123456789")
_BETWEEN: Final = frozenset(" -().")
_LONG: Final = 9


class CheckStage(StrEnum):
    """Where a check stands. *Doubtful*: the message service took it and did not say what became of it."""

    ASKED = "asked"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    UNSENT = "unsent"
    REPLACED = "replaced"
    LAPSED = "lapsed"
    EXHAUSTED = "exhausted"
    SHOWN = "shown"


class CheckStep(StrEnum):
    """What can happen to a check."""

    SEND = "send"
    DOUBT = "doubt"
    FAIL = "fail"
    REPLACE = "replace"
    MISTYPE = "mistype"
    LAPSE = "lapse"
    EXHAUST = "exhaust"
    SHOW = "show"


_OPEN: Final = (CheckStage.ASKED, CheckStage.SENT, CheckStage.DOUBTFUL)

CHECK: Machine[CheckStage, CheckStep] = Machine(
    "phone check",
    {
        (CheckStage.ASKED, CheckStep.SEND): CheckStage.SENT,
        (CheckStage.ASKED, CheckStep.DOUBT): CheckStage.DOUBTFUL,
        (CheckStage.ASKED, CheckStep.FAIL): CheckStage.UNSENT,
        **{(stage, CheckStep.MISTYPE): stage for stage in _OPEN},
        **{(stage, CheckStep.SHOW): CheckStage.SHOWN for stage in _OPEN},
        **{(stage, CheckStep.LAPSE): CheckStage.LAPSED for stage in _OPEN},
        **{(stage, CheckStep.EXHAUST): CheckStage.EXHAUSTED for stage in _OPEN},
        **{(stage, CheckStep.REPLACE): CheckStage.REPLACED for stage in _OPEN},
    },
)

OPEN: Final = frozenset(_OPEN)
"""Stages in which a code may be typed; the message may be there before the service that sent it says so."""


class NumberKind(StrEnum):
    """What a number is for, as its numbering plan says."""

    MOBILE = "mobile"
    FIXED_OR_MOBILE = "fixed_or_mobile"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Number:
    """A number that exists in its numbering plan. ``e164``: ``+34612345678``; ``country``: ISO 3166, two letters."""

    e164: str
    country: str
    kind: NumberKind

    @property
    def masked(self) -> str:
        """What others may see of it: its end, less of a short number."""
        return "•••• " + self.e164[-3 if len(self.e164) > _LONG else -2 :]


def dialled(text: str) -> str:
    """A number as people write it, without what they put between; raises ``number_malformed`` for anything else.

    Only plain digits, one plus sign in front, and blanks, hyphens, dots and brackets between them: no other script's
    digits, no extension, no letters.
    """
    number = text.strip(" ")
    digits = "".join(sign for sign in number.removeprefix("+") if sign not in _BETWEEN)
    if len(number) > _LONGEST_NUMBER or not digits or not set(digits) <= _DIGITS:
        raise StepRefused("number_malformed", "this is no telephone number")
    return ("+" if number.startswith("+") else "") + digits


def reachable(number: Number | None, countries: tuple[str, ...]) -> Number:
    """The number, if codes go there. Raises ``number_malformed``, ``number_foreign`` or ``number_not_mobile``.

    ``None`` is a number that no numbering plan has. Only mobile numbers of the countries that are listed: what is
    billed at a premium, shared or personal is none.
    """
    if number is None:
        raise StepRefused("number_malformed", "no numbering plan has this number")
    if number.country not in countries:
        raise StepRefused("number_foreign", "no codes are sent to this country")
    if number.kind is NumberKind.OTHER:
        raise StepRefused("number_not_mobile", "no codes are sent to this kind of number")
    return number


def declared_name(text: str) -> str:
    """The name that a citizen says they have, in one line; raises ``name_malformed``."""
    name = " ".join(text.split())
    if len(name) > _LONGEST_NAME or not name.isprintable() or sum(sign.isalpha() for sign in name) < 2:  # noqa: PLR2004 - a name has letters
        raise StepRefused("name_malformed", "a name has letters, in a hundred characters at most")
    return name


def typed(text: str) -> str:
    """A code as people type it, without blanks and hyphens between."""
    return "".join(sign for sign in text if sign not in " -")


# --- how many ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """How many codes may be sent.

    Hours and days are the last 60 minutes and 24 hours; the day of an organisation is the calendar's, in UTC.
    """

    number_hour: int = 3
    number_day: int = 10
    address_hour: int = 20
    attention_hour: int = 5
    organisation_hour: int = 200
    organisation_day: int = 1000


@dataclass(frozen=True, slots=True)
class Sent:
    """How many codes were sent until now, and typed in this attention; what surely was not sent does not count.

    ``attention_asked`` counts those too: how often this attention asked in the last hour.
    """

    number_hour: int = 0
    number_day: int = 0
    address_hour: int = 0
    attention_hour: int = 0
    attention_asked: int = 0
    attention_tries: int = 0
    organisation_hour: int = 0
    organisation_day: int = 0


BUDGET_SPENT: Final = "sms_budget_spent"


def hindrance(sent: Sent, limits: Limits) -> str:
    """Why no further code may be sent; empty when one may. The budget comes last: others are told first."""
    full = {
        "sms_attention_limit": sent.attention_hour >= limits.attention_hour
        or sent.attention_asked >= 2 * limits.attention_hour
        or sent.attention_tries >= TRIES_OF_AN_ATTENTION,
        "sms_number_limit": sent.number_hour >= limits.number_hour or sent.number_day >= limits.number_day,
        "sms_address_limit": sent.address_hour >= limits.address_hour,
        "sms_organisation_limit": sent.organisation_hour >= limits.organisation_hour,
        BUDGET_SPENT: sent.organisation_day >= limits.organisation_day,
    }
    return next((code for code, is_full in full.items() if is_full), "")


# --- one code ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """One code that was sent to one phone for one attention.

    ``code`` is its keyed hash; ``subject`` the number's, by which the organisation knows it again; ``masked`` is all
    that is kept of the number itself. ``name`` is what the citizen typed beside it.
    """

    id: str
    organisation: str
    attention: str
    name: str
    masked: str
    subject: str
    code: str
    asked_at: datetime
    stage: CheckStage = CheckStage.ASKED
    tries: int = 0

    @property
    def until(self) -> datetime:
        """From then on the code is worth nothing."""
        return self.asked_at + LASTS

    @property
    def declares(self) -> bool:
        """Whether it was sent to somebody who declared a name; one without shows a phone in hand, and nobody's name."""
        return bool(self.name)

    @property
    def is_open(self) -> bool:
        """Whether its code may be typed."""
        return self.stage in OPEN

    def sent(self) -> CheckChange:
        """The message service took it."""
        return _step(self, CheckStep.SEND, facts.PhoneCodeSent(self.attention, self.id))

    def unsent(self, cause: str) -> CheckChange:
        """The message service surely did not take it."""
        return _step(self, CheckStep.FAIL, facts.PhoneCodeUnsent(self.attention, self.id, cause))

    def doubtful(self, cause: str) -> CheckChange:
        """Nobody knows whether the message service took it: it counts as sent, and its code may be typed."""
        return _step(self, CheckStep.DOUBT, facts.PhoneCodeUnsent(self.attention, self.id, cause))

    def replaced(self) -> CheckChange:
        """A newer code was asked for, or the informer asks no more: this one is worth nothing."""
        return _step(self, CheckStep.REPLACE)

    def answer(self, now: datetime, *, matches: bool, tries: int) -> CheckChange:
        """The citizen typed a code.

        ``matches`` is whether it is this one, ``tries`` how many were typed before in the whole attention. Raises
        ``code_unknown`` when no code may be typed: it was spent, or replaced, or not sent.
        """
        if not self.is_open:
            raise StepRefused("code_unknown", "there is no code that could be typed")
        if now >= self.until:
            return _step(self, CheckStep.LAPSE, _refused(self, "code_lapsed"))
        if tries >= TRIES_OF_AN_ATTENTION:
            return _step(self, CheckStep.EXHAUST, _refused(self, "code_exhausted"))
        counted = replace(self, tries=self.tries + 1)
        if matches:
            return _step(counted, CheckStep.SHOW, facts.PhoneShown(self.attention, self.id))
        last = counted.tries >= TRIES or tries + 1 >= TRIES_OF_AN_ATTENTION
        if last:
            return _step(counted, CheckStep.EXHAUST, _refused(self, "code_exhausted"))
        return _step(counted, CheckStep.MISTYPE, _refused(self, "code_wrong"))


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check after a step, and the facts that tell of it."""

    check: PhoneCheck
    facts: tuple[facts.Fact, ...]

    @property
    def refusal(self) -> str:
        """Why the typed code did not hold; empty when it did."""
        return next((fact.cause for fact in self.facts if isinstance(fact, facts.PhoneCodeRefused)), "")


def _step(check: PhoneCheck, step: CheckStep, *told: facts.Fact) -> CheckChange:
    return CheckChange(replace(check, stage=CHECK.after(check.stage, step)), told)


def _refused(check: PhoneCheck, cause: str) -> facts.PhoneCodeRefused:
    return facts.PhoneCodeRefused(check.attention, check.id, cause)
