"""Sending messages to phones: what it needs of the world, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.phone import Number, PhoneCheck, Sent

SILENT: Final = "sms_silent"
"""The message service said nothing: the message may be on its way or not."""


class SmsFailed(Exception):
    """The message service did not say that it took the message.

    ``code``: ``sms_unreachable`` (nothing was handed over), ``sms_refused`` (it said no), ``sms_silent`` (it said
    nothing, so that nobody knows). Neither the number nor the text is in it.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SmsGateway(Protocol):
    """Whoever takes messages for delivery."""

    async def send(self, number: str, text: str) -> None:
        """Hand a message for this number (E.164) over; returns when it was taken, else raises `SmsFailed`."""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message of a demonstration, which goes nowhere, and when it was handed over."""

    number: str
    text: str
    at: datetime


class NumberPlans(Protocol):
    """What the world's numbering plans say."""

    def read(self, number: str, country: str) -> Number | None:
        """The number; one without a prefix is of ``country``. ``None`` when no plan has it."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for and who asked for it, as keyed hashes: the number's and the network address's.

    ``address`` is empty when nobody's browser asked, and then counts for none.
    """

    number: str
    address: str


class PhoneChecks(Protocol):
    """The codes of one organisation, inside a transaction that is `alone`.

    What counts against a number or an address counts in every organisation.
    """

    async def newest(self, attention: str) -> PhoneCheck | None:
        """The last one of an attention."""

    async def sent(self, attention: str, to: Recipient, now: datetime) -> Sent:
        """How much was sent until now; nobody else counts or sends to the recipient until the transaction ends."""

    async def add(self, check: PhoneCheck, to: Recipient) -> None:
        """Keep a new one, and count it."""

    async def save(self, check: PhoneCheck) -> None:
        """Keep a change; one that surely was not sent counts no more."""

    async def tries(self, attention: str) -> int:
        """How often codes were typed in an attention."""

    async def alarmed(self, day: str) -> bool:
        """Whether it was told before that the budget of this day is spent; remembers it from now on."""
