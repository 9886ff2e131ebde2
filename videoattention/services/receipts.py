"""Receipts: made from what is kept, signed in the organisation's name, made anew when something changed."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from videoattention.domain.deliveries import Delivery, DeliveryKind
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import ReceiptSigned
from videoattention.domain.receipts import receipt_of
from videoattention.domain.stages import Stage
from videoattention.services.delivery_ports import KeptReceipt
from videoattention.services.ports import NotFound, Stale
from videoattention.services.work import TRIES, the_service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.accounts import Account
    from videoattention.domain.facts import Fact
    from videoattention.services.delivery_ports import Accounts, DeliveryVault, PaperMaker, SealedDelivery
    from videoattention.services.ports import Transaction
    from videoattention.services.seals import Signer
    from videoattention.services.work import Work

TYPE: Final = "videoattention-receipt+jws"
PDF: Final = "application/pdf"
JOSE: Final = "application/jose"
_OVER: Final = frozenset({Stage.WRAPPING_UP, Stage.CLOSED})


@dataclass(frozen=True, slots=True)
class _Made:
    """A receipt that is ready to be kept; ``version`` is the attention's of which it tells."""

    version: int
    receipt: KeptReceipt
    files: tuple[tuple[Delivery, SealedDelivery], ...]
    fact: ReceiptSigned


class Receipts:
    """Makes receipts, and opens what changed hands."""

    def __init__(
        self,
        work: Work,
        accounts: Accounts,
        *,
        vault: DeliveryVault,
        maker: PaperMaker,
        signer: Signer,
        new_id: Callable[[], str],
    ) -> None:
        self._work = work
        self._accounts = accounts
        self._vault = vault
        self._maker = maker
        self._signer = signer
        self._new_id = new_id

    async def current(self, organisation: str, attention: str) -> KeptReceipt:
        """The receipt of an attention as it stands now: the last one, if nothing changed since, else a new one.

        Raises `NotFound`, or ``no_receipt_yet`` while the citizen still talks, or never did.
        """
        for _ in range(TRIES):
            account = await self._accounts.of(organisation, attention)
            if account is None:
                raise NotFound("no such attention")
            if account.attention.stage not in _OVER:
                raise StepRefused("no_receipt_yet", "a receipt is made when the call is over")
            last = await self._last(organisation, attention)
            basis = hashlib.sha256(_json(receipt_of(account))).hexdigest()
            if last is not None and last.basis == basis and await self._is_there(organisation, last):
                return last
            made = await self._made(account, basis, number=last.number + 1 if last else 1)
            if await self._kept(organisation, made):
                return made.receipt
        raise Stale("others kept making receipts of the same attention")

    async def _last(self, organisation: str, attention: str) -> KeptReceipt | None:
        async def question(transaction: Transaction, _: datetime) -> KeptReceipt | None:
            return await transaction.deliveries.last_receipt(attention)

        return await self._work.read(the_service(organisation), question)

    async def _is_there(self, organisation: str, last: KeptReceipt) -> bool:
        """Whether its papers were not erased since."""

        async def question(transaction: Transaction, _: datetime) -> bool:
            try:
                for paper in (last.signed, last.pdf):
                    await transaction.deliveries.sealed(last.attention, paper)
            except NotFound:
                return False
            return True

        return await self._work.read(the_service(organisation), question)

    async def _made(self, account: Account, basis: str, *, number: int) -> _Made:
        attention, now = account.attention, self._work.clock.now()
        told = {"record_id": f"{attention.id}-{number}", "number": number, "issued_at": now.isoformat()}
        told |= receipt_of(account)
        paper = await self._maker.make("receipts/pdf/receipt.html", attention.language, {"receipt": told})
        hashed = hashlib.sha256(paper.data).hexdigest()
        pdf = {"sha256": hashed, "bytes": len(paper.data), "signed": paper.signed}
        payload = _json(told | {"pdf": pdf})
        key, jws = await self._signed(attention.organisation, payload)
        signed = await self._file(account, DeliveryKind.SIGNED_RECEIPT, jws, now, f"receipt-{number}.jws")
        printed = await self._file(account, DeliveryKind.RECEIPT, paper.data, now, f"receipt-{number}.pdf")
        return _Made(
            attention.version,
            KeptReceipt(attention.id, number, basis, signed[0].id, printed[0].id, now),
            (signed, printed),
            ReceiptSigned(attention.id, number, hashlib.sha256(payload).hexdigest(), hashed, key),
        )

    async def _signed(self, organisation: str, payload: bytes) -> tuple[str, bytes]:
        """The id of the key, and a JWS in compact form (RFC 7515) with EdDSA (RFC 8037).

        Its header names the key, and which one signs is known when it has signed: so at most twice.
        """
        key = ""
        while True:
            header = _json({"alg": "EdDSA", "kid": key, "typ": TYPE})
            message = _encoded(header) + b"." + _encoded(payload)
            signature = await self._signer.sign(organisation, message)
            if signature.key_id == key:
                return key, message + b"." + _encoded(signature.signature)
            key = signature.key_id

    async def _file(
        self, account: Account, kind: DeliveryKind, data: bytes, now: datetime, name: str
    ) -> tuple[Delivery, SealedDelivery]:
        media_type = JOSE if kind is DeliveryKind.SIGNED_RECEIPT else PDF
        hashed = hashlib.sha256(data).hexdigest()
        attention = account.attention
        delivery = Delivery(self._new_id(), attention.id, kind, "service", name, media_type, len(data), hashed, now)
        return delivery, await self._vault.close(attention.organisation, delivery.id, data)

    async def _kept(self, organisation: str, made: _Made) -> bool:
        """Whether it was the next one still, and the attention still as it tells: erasing changes its version."""
        kept: list[bool] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            await transaction.alone()
            last = await transaction.deliveries.last_receipt(made.receipt.attention)
            found = await transaction.attentions.get(made.receipt.attention)
            next_one = (last.number if last else 0) == made.receipt.number - 1
            kept.append(next_one and found.version == made.version)
            if not kept[-1]:
                return ()
            for delivery, sealed in made.files:
                await transaction.deliveries.add(delivery, sealed)
            await transaction.deliveries.add_receipt(made.receipt)
            return (made.fact,)

        try:
            await self._work.carry_out(the_service(organisation), action)
        except Stale:  # the organisation's key was rotated since the files were encrypted
            return False
        return kept[-1]

    async def read(self, organisation: str, attention: str, delivery: str) -> tuple[Delivery, bytes]:
        """A file of this attention; raises `NotFound`, `KeyUnusable` or `MediaTampered`."""

        async def question(transaction: Transaction, _: datetime) -> tuple[Delivery, SealedDelivery]:
            return await transaction.deliveries.sealed(attention, delivery)

        kept, sealed = await self._work.read(the_service(organisation), question)
        return kept, await self._vault.open(organisation, sealed)

    async def public_key(self, organisation: str, jws: bytes) -> bytes:
        """The public half, PEM, of the key that a signed receipt names; raises `NotFound`."""
        header: dict[str, Any] = json.loads(_decoded(jws.split(b".")[0]))
        return await self._signer.public_key(organisation, str(header["kid"]))


def told_by(jws: bytes) -> bytes:
    """What was signed: the JSON of a receipt."""
    return _decoded(jws.split(b".")[1])


def _json(value: object) -> bytes:
    """One spelling for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":")).encode()


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decoded(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
