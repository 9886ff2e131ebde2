"""Declared identity: a name, and a phone shown to be in hand by a code that was sent to it.

Two transactions: the first counts the message against every limit and keeps the code's hash, the second keeps what the
message service said. So no message goes out that was not counted, and nothing slow happens inside a transaction.
"""

from __future__ import annotations

import asyncio
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Way
from videoattention.domain.phone import CheckStage, Limits, PhoneCheck, declared_name, dialled, reachable, typed
from videoattention.services.doorkeeper import PLATFORM
from videoattention.services.phone_steps import Answering, Asking
from videoattention.services.phone_tags import new_code
from videoattention.services.sms import SILENT, Recipient, SmsFailed
from videoattention.services.work import the_service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.phone import CheckChange, Number
    from videoattention.services.phone_tags import PhoneTags
    from videoattention.services.ports import Transaction
    from videoattention.services.sms import NumberPlans, SmsGateway
    from videoattention.services.work import Acting, Work

SEND_WITHIN: Final = 8.0
"""Seconds that the message service has: less than a page waits for its answer."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Declared:
    """What the citizen typed, and the network address of the browser in which they did."""

    name: str
    number: str
    address: str


@dataclass(frozen=True, slots=True)
class SmsRules:
    """What the operator allows: countries (ISO 3166; the first is that of numbers without a prefix) and how many."""

    countries: tuple[str, ...] = ("ES", "AD")
    limits: Limits = field(default_factory=Limits)


class PhoneIdentity:
    """The steps of declared identity; every one raises `StepRefused` or `NotFound`.

    A refused number or limit changed nothing. A code that did not hold was counted.
    """

    def __init__(
        self,
        work: Work,
        gateway: SmsGateway | None,
        *,
        plans: NumberPlans,
        tags: PhoneTags,
        rules: SmsRules,
        new_id: Callable[[], str],
        code: Callable[[], str] = new_code,
    ) -> None:
        self._work = work
        self._gateway = gateway
        self._plans = plans
        self._tags = tags
        self._rules = rules
        self._new_id = new_id
        self._code = code

    async def ask(self, acting: Acting, attention: str, declared: Declared) -> None:
        """Send a code to the number that the citizen typed, unless a rule or a limit refuses it.

        Raises ``sms_unreachable`` or ``sms_refused`` when the message service did not take it, which costs nothing.
        """
        name = declared_name(unicodedata.normalize("NFC", declared.name))
        await self.send(acting, attention, declared.number, name=name, address=declared.address, way=Way.PHONE)

    async def send(self, acting: Acting, attention: str, number: str, *, name: str, address: str, way: Way) -> None:
        """Send a code for this way of identification.

        ``address`` is the network address of the citizen's browser that asked, and is counted; empty when an informer
        asked for the citizen: then the limits of the attention, the number and the organisation hold alone.
        """
        if self._gateway is None:
            raise StepRefused("sms_not_set_up", "no message service is set up")
        reached = self._reachable(number)
        ours, everyones = await self._tags.of(acting.organisation), await self._tags.of(PLATFORM)
        to = Recipient(everyones.number(reached.e164), everyones.address(address) if address else "")
        asking = Asking(
            attention,
            self._new_id(),
            way=way,
            name=name,
            number=reached,
            to=to,
            tags=ours,
            limits=self._rules.limits,
            code=self._code(),
        )
        if not await self._work.carry_out(acting, asking.step):
            return  # the command was repeated: the first one sends
        if asking.refusal:
            raise StepRefused(asking.refusal, "no further message is sent today")
        await self._send(self._gateway, acting.organisation, asking)

    def _reachable(self, text: str) -> Number:
        countries = self._rules.countries
        return reachable(self._plans.read(dialled(text), countries[0]), countries)

    async def _send(self, gateway: SmsGateway, organisation: str, asking: Asking) -> None:
        change, refusal = await _said(gateway, asking)

        async def settle(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            await transaction.alone()
            kept = await transaction.phones.newest(asking.attention)
            if kept is None or kept.id != asking.check or kept.stage is not CheckStage.ASKED:
                return ()  # the code was typed, or another one asked for, before the message service answered
            changed = change(kept)
            await transaction.phones.save(changed.check)
            return changed.facts

        await self._work.carry_out(the_service(organisation), settle)
        if refusal:
            raise StepRefused(refusal, "the message service did not take the code")

    async def answer(self, acting: Acting, attention: str, text: str, way: Way = Way.PHONE) -> None:
        """The citizen typed the code that was sent; it identifies where a phone is all that was asked for.

        Raises why it does not hold: ``code_wrong``, ``code_lapsed``, ``code_exhausted``, ``code_unknown``.
        """
        answering = Answering(attention, way, typed(text), await self._tags.of(acting.organisation))
        entries = await self._work.carry_out(acting, answering.step)
        if not entries and not await self._is_shown(acting.organisation, attention):
            raise StepRefused("stale", "the command was repeated, and the code had not held")
        if answering.refusal:
            raise StepRefused(answering.refusal, "the code does not hold")

    async def _is_shown(self, organisation: str, attention: str) -> bool:
        async def question(transaction: Transaction, _: datetime) -> bool:
            check = await transaction.phones.newest(attention)
            return check is not None and check.stage is CheckStage.SHOWN

        return await self._work.read(the_service(organisation), question)


class PhoneInHand:
    """A phone shown to be in hand during a visual identification: the same codes and limits, and no identity by it.

    `videoattention.services.visual_ports.CodePhone`. Whoever calls has a command of its own, which is not spent here.
    """

    def __init__(self, phone: PhoneIdentity) -> None:
        self._phone = phone

    async def send(self, acting: Acting, attention: str, number: str) -> None:
        """Send a code; raises `StepRefused` for a number or an amount that the rules refuse, and if it did not go."""
        uncounted = replace(acting, command="")
        await self._phone.send(uncounted, attention, number, name="", address="", way=Way.VISUAL)

    async def check(self, acting: Acting, attention: str, code: str) -> None:
        """Returns if it is the code that was sent last; raises `StepRefused` if it does not hold, and counts it."""
        await self._phone.answer(replace(acting, command=""), attention, code, Way.VISUAL)


async def _said(gateway: SmsGateway, asking: Asking) -> tuple[Callable[[PhoneCheck], CheckChange], str]:
    """What becomes of the check by what the message service says, and what the citizen is told."""
    try:
        async with asyncio.timeout(SEND_WITHIN):
            await gateway.send(asking.number.e164, asking.text)
    except (SmsFailed, TimeoutError) as failed:
        cause = failed.code if isinstance(failed, SmsFailed) else SILENT
        _log.warning("sms_failed", cause=cause, check=asking.check)
        if cause == SILENT:
            return (lambda check: check.doubtful(cause)), ""
        return (lambda check: check.unsent(cause)), cause
    return PhoneCheck.sent, ""
