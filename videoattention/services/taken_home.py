"""The receipts and forms of an attention, to be given away beside its recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.deliveries import DeliveryKind
from videoattention.services.ports import NotFound
from videoattention.services.work import the_service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.deliveries import Delivery
    from videoattention.services.delivery_ports import DeliveryVault, SealedDelivery
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Work


class TakenHome:
    """Reads what the citizen took home; what was erased since is not there any more."""

    def __init__(self, work: Work, vault: DeliveryVault) -> None:
        self._work = work
        self._vault = vault

    async def of(self, organisation: str, attention: str) -> Sequence[tuple[str, bytes]]:
        """Name and bytes of each; raises `KeyUnusable`, and `MediaTampered` for one that is not as it was written."""

        async def question(transaction: Transaction, _: datetime) -> list[tuple[Delivery, SealedDelivery]]:
            found = []
            for one in await transaction.deliveries.of(attention):
                if one.kind is DeliveryKind.DOCUMENT:
                    continue
                try:
                    found.append(await transaction.deliveries.sealed(attention, one.id))
                except NotFound:
                    continue
            return found

        found = await self._work.read(the_service(organisation), question)
        return [(_name(one), await self._vault.open(organisation, sealed)) for one, sealed in found]


def _name(one: Delivery) -> str:
    """What it is called in a package: forms by their id, for an attention may have had several."""
    return f"form-{one.id}.pdf" if one.kind is DeliveryKind.FORM else one.name
