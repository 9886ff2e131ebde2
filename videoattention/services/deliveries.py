"""Handing over in the call: files from one side to the other, and the form of the consent to be represented."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from videoattention.domain import facts
from videoattention.domain.deliveries import Delivery, DeliveryKind, may_deliver, media_type_of, name_said
from videoattention.domain.errors import StepRefused
from videoattention.domain.people import Side
from videoattention.domain.proving import Undone
from videoattention.domain.receipts import form_of
from videoattention.domain.stages import Stage
from videoattention.services.jobs import Jobs
from videoattention.services.ports import NotFound
from videoattention.services.restriction import is_restricted
from videoattention.services.work import Acting, the_service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.accounts import Account
    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.services.delivery_ports import Accounts, DeliveryVault, PaperMaker, SealedDelivery
    from videoattention.services.ports import Entry, Transaction
    from videoattention.services.receipts import Receipts
    from videoattention.services.work import Work

_log = structlog.get_logger()

LOOK_EVERY: Final = 5.0
"""Seconds between two looks at calls whose form is missing."""

_ATTENDED: Final = frozenset({Stage.TALKING, Stage.WRAPPING_UP})
"""Stages in which the informer needs what was handed over."""

_FORM_CALLED: Final = {"ca": "consentiment"}
"""What the file of the form is called in the language that it is written in; elsewhere it is ``consent``."""

_TELLS: Final = (
    facts.AttentionConcluded,
    facts.ConsentWithdrawn,
    facts.RecordingSealed,
    facts.RecordingLost,
)
"""Facts after which a receipt says something else, once the call is over.

Not an erasure: the rows are blanked after the recordings, and whoever opens the papers then has them made anew.
"""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it came: what it is called there, and its bytes."""

    name: str
    data: bytes


class Handing:
    """Use cases of files that change hands."""

    def __init__(
        self,
        work: Work,
        accounts: Accounts,
        *,
        vault: DeliveryVault,
        maker: PaperMaker,
        new_id: Callable[[], str],
    ) -> None:
        self._work = work
        self._accounts = accounts
        self._vault = vault
        self._maker = maker
        self._new_id = new_id

    async def hand_over(self, acting: Acting, attention: str, side: Side, file: Handed) -> Delivery:
        """Give the other side a file. An informer must be the one of this attention.

        Raises `NotFound`, or `StepRefused` (``document_kind`` and whatever `may_deliver` refuses).
        """
        media_type = media_type_of(file.data)
        hashed = (await asyncio.to_thread(hashlib.sha256, file.data)).hexdigest()
        delivery = Delivery(
            id=self._new_id(),
            attention=attention,
            kind=DeliveryKind.DOCUMENT,
            side=side.value,
            name=name_said(file.name, media_type),
            media_type=media_type,
            size=len(file.data),
            sha256=hashed,
            at=self._work.clock.now(),
        )
        await self._allowed(acting, delivery, side)
        sealed = await self._vault.close(acting.organisation, delivery.id, file.data)

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            await transaction.alone()
            await _check(transaction, acting, delivery, side)
            await transaction.deliveries.add(delivery, sealed)
            return (facts.DocumentDelivered(attention, delivery.id, side.value, media_type, delivery.size, hashed),)

        await self._work.carry_out(acting, action)
        return delivery

    async def _allowed(self, acting: Acting, delivery: Delivery, side: Side) -> None:
        """Refuse before anything is encrypted."""

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            await _check(transaction, acting, delivery, side)
            return ()

        await self._work.carry_out(acting, action)

    async def informs(self, organisation: str, subject: str, attention: str) -> bool:
        """Whether this person attends in this attention, or writes its outcome, and its data are not restricted."""

        async def question(transaction: Transaction, _: datetime) -> bool:
            found = await transaction.attentions.get(attention)
            attends = found.stage in _ATTENDED and found.is_attended_by(subject)
            return attends and not await is_restricted(transaction, attention)

        return await self._work.read(the_service(organisation), question)

    async def formless(self) -> Sequence[tuple[str, str]]:
        """Where a form may be missing, whatever the organisation."""
        return await self._accounts.formless()

    async def form(self, organisation: str, attention: str) -> None:
        """Write the consent to be represented down and deliver it, if the level in force wants it and it is missing.

        Once however often it is asked for: the step itself refuses a second form.
        """
        account = await self._accounts.of(organisation, attention)
        if account is None or not _wants_form(account.attention):
            return
        delivery, sealed = await self._written(account)

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            await transaction.alone()
            found = await transaction.attentions.get(attention)
            if not _wants_form(found) or found.consents != account.attention.consents:
                return ()  # delivered meanwhile, or the level fell: the next look makes the form that is wanted then
            change = found.deliver_form(delivery.id, delivery.sha256)
            await transaction.attentions.save(change.attention)
            await transaction.deliveries.add(delivery, sealed)
            return change.facts

        await self._work.carry_out(the_service(organisation), action)

    async def _written(self, account: Account) -> tuple[Delivery, SealedDelivery]:
        """The form as it is printed now, and encrypted to be kept."""
        attention, now = account.attention, self._work.clock.now()
        paper = await self._maker.make("receipts/pdf/form.html", attention.language, {"form": form_of(account, now)})
        delivery = Delivery(
            id=self._new_id(),
            attention=attention.id,
            kind=DeliveryKind.FORM,
            side="service",
            name=f"{_FORM_CALLED.get(attention.language, 'consent')}-{attention.id[:8]}.pdf",
            media_type="application/pdf",
            size=len(paper.data),
            sha256=hashlib.sha256(paper.data).hexdigest(),
            at=now,
        )
        return delivery, await self._vault.close(attention.organisation, delivery.id, paper.data)


async def _check(transaction: Transaction, acting: Acting, delivery: Delivery, side: Side) -> None:
    found = await transaction.attentions.get(delivery.attention)
    if side is Side.INFORMER and not found.is_attended_by(acting.subject):
        raise NotFound("another informer attends, or nobody")
    may_deliver(found, side, await transaction.deliveries.of(delivery.attention), delivery.size)


def _wants_form(attention: Attention) -> bool:
    return Undone.FORM in attention.undone


class Deliverer:
    """Hears of what was committed, and makes the papers that follow from it; what failed is done by the next look."""

    def __init__(self, handing: Handing, receipts: Receipts) -> None:
        self._handing = handing
        self._receipts = receipts
        self._jobs = Jobs()

    def committed(self, entries: Sequence[Entry]) -> None:
        """Take note of what was committed."""
        for entry in entries:
            organisation, attention = entry.organisation, entry.fact.attention
            if attention is None:
                continue
            # not before the recorder is in the call: printing takes the processor that lets it in
            if isinstance(entry.fact, facts.RecordingStarted):
                self._form_soon(organisation, attention)
            if isinstance(entry.fact, _TELLS):
                self._receipt_soon(organisation, attention)

    def _form_soon(self, organisation: str, attention: str) -> None:
        self._jobs.put(lambda: self._handing.form(organisation, attention))

    def _receipt_soon(self, organisation: str, attention: str) -> None:
        self._jobs.put(lambda: self._receipt(organisation, attention))

    async def run(self) -> None:
        """Make what is wanted, one by one, until cancelled; and look again and again for a form that is missing."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._jobs.run())
            tasks.create_task(self._look())

    async def settled(self) -> None:
        """Wait until nothing is left to be made."""
        await self._jobs.settled()

    async def _look(self) -> None:
        while True:
            try:
                for organisation, attention in await self._handing.formless():
                    self._form_soon(organisation, attention)
            except Exception:  # noqa: BLE001 - a look that fails is followed by another
                _log.exception("forms_failed")
            await asyncio.sleep(LOOK_EVERY)

    async def _receipt(self, organisation: str, attention: str) -> None:
        """A call that goes on has no receipt yet; the end of it asks again."""
        try:
            await self._receipts.current(organisation, attention)
        except StepRefused:
            return
