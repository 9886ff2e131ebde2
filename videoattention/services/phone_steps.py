"""What happens inside the transactions of a phone's codes: one is counted and kept, or one is typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Identification, Way
from videoattention.domain.phone import BUDGET_SPENT, PhoneCheck, hindrance
from videoattention.services.phone_tags import message_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.domain.phone import Limits, Number
    from videoattention.services.phone_tags import Tags
    from videoattention.services.ports import Transaction
    from videoattention.services.sms import Recipient

PROVIDER: Final = "phone"
_log = structlog.get_logger()


@dataclass(slots=True)
class Asking:
    """One code to be sent; ``step`` may run again when somebody else was faster."""

    attention: str
    check: str
    way: Way
    name: str
    number: Number
    to: Recipient
    tags: Tags
    limits: Limits
    code: str = field(repr=False)
    text: str = field(default="", repr=False)
    refusal: str = ""

    async def step(self, transaction: Transaction, now: datetime) -> Sequence[Fact]:
        """Count, and keep what the code must hash to."""
        await transaction.alone()
        attention = await _asked(transaction, self.attention, self.way)
        hindered = hindrance(await transaction.phones.sent(attention.id, self.to, now), self.limits)
        if hindered:
            return await self._refused(transaction, hindered, now)
        before = await transaction.phones.newest(attention.id)
        if before is not None and before.is_open:
            await transaction.phones.save(before.replaced().check)
        await transaction.phones.add(self._check(attention, now), self.to)
        self.text = message_of(attention.language, self.code)
        commitment = self.tags.commitment(self.check, self.number.e164)
        return [facts.PhoneCodeAsked(attention.id, self.check, commitment)]

    def _check(self, attention: Attention, now: datetime) -> PhoneCheck:
        return PhoneCheck(
            id=self.check,
            organisation=attention.organisation,
            attention=attention.id,
            name=self.name,
            masked=self.number.masked,
            subject=self.tags.subject(self.number.e164),
            code=self.tags.code(attention.id, self.check, self.code),
            asked_at=now,
        )

    async def _refused(self, transaction: Transaction, hindered: str, now: datetime) -> Sequence[Fact]:
        """The first refusal of a day's budget is committed, for the journal; every other one changes nothing."""
        day = now.date().isoformat()
        if hindered != BUDGET_SPENT or await transaction.phones.alarmed(day):
            raise StepRefused(hindered, "too many messages")
        self.refusal = hindered
        _log.error("sms_budget_spent", budget=self.limits.organisation_day, day=day)
        return [facts.SmsBudgetSpent(self.attention, self.limits.organisation_day, day)]


@dataclass(slots=True)
class Answering:
    """One typed code."""

    attention: str
    way: Way
    typed: str = field(repr=False)
    tags: Tags
    refusal: str = ""

    async def step(self, transaction: Transaction, now: datetime) -> Sequence[Fact]:
        """Compare; a code that holds is spent, and identifies, in one transaction."""
        await transaction.alone()
        attention = await _asked(transaction, self.attention, self.way)
        check = await transaction.phones.newest(attention.id)
        if check is None or (check.is_open and check.declares is not (self.way is Way.PHONE)):
            raise StepRefused("code_unknown", "no code was sent for this way of identification")
        matches = compare_digest(check.code, self.tags.code(attention.id, check.id, self.typed))
        tries = await transaction.phones.tries(attention.id)
        changed = check.answer(now, matches=matches, tries=tries)
        await transaction.phones.save(changed.check)
        self.refusal = changed.refusal
        if self.refusal or self.way is not Way.PHONE:
            return changed.facts
        identified = attention.identify(_identification(check, now))
        await transaction.attentions.save(identified.attention)
        return (*changed.facts, *identified.facts)


async def end_codes(transaction: Transaction, before: Attention, after: Attention) -> None:
    """A code is worth nothing once the question that it was sent for is taken back; after ``after`` was saved."""
    same = after.identification_asked and after.identification_way is before.identification_way
    if not before.identification_asked or same:
        return
    check = await transaction.phones.newest(before.id)
    if check is not None and check.is_open:
        await transaction.phones.save(check.replaced().check)


async def _asked(transaction: Transaction, attention: str, way: Way) -> Attention:
    """The attention, if its informer asks for this way of identification now."""
    found = await transaction.attentions.get(attention)
    if not found.identification_asked or found.identification_way is not way:
        raise StepRefused("not_asked", "nobody asked for a phone")
    return found


def _identification(check: PhoneCheck, now: datetime) -> Identification:
    return Identification(
        assurance=Assurance.DECLARED,
        name=check.name,
        document="",
        subject=check.subject,
        provider=PROVIDER,
        at=now,
        way=Way.PHONE,
    )
