"""Files that changed hands, receipts, and the links that lead to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from videoattention.adapters.db.deliveries_tables import deliveries, delivery_bodies, receipt_links, receipts
from videoattention.adapters.db.tables import organisation_keys
from videoattention.domain.deliveries import Delivery, DeliveryKind, ReceiptLink
from videoattention.services.delivery_ports import KeptReceipt, SealedDelivery
from videoattention.services.ports import NotFound, Stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.tenant import TenantConnection


class DeliveryRows:
    """`videoattention.services.delivery_ports.Deliveries` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def add(self, delivery: Delivery, sealed: SealedDelivery) -> None:
        """Keep a file; raises `Stale` when the organisation's key was rotated since it was encrypted."""
        await self._tenant.head()
        query = select(organisation_keys.c.wrapped).where(self._tenant.owns(organisation_keys))
        owned = await self._tenant.first(query)
        if owned is None or owned.wrapped != sealed.under:
            raise Stale("the organisation's key was rotated")
        row = self._tenant.row(
            id=delivery.id,
            attention=delivery.attention,
            kind=delivery.kind.value,
            side=delivery.side,
            name=delivery.name,
            media_type=delivery.media_type,
            size=delivery.size,
            sha256=delivery.sha256,
            at=delivery.at,
        )
        await self._tenant.add(deliveries, row)
        body = self._tenant.row(delivery=delivery.id, wrapped=sealed.wrapped, sealed=sealed.sealed)
        await self._tenant.add(delivery_bodies, body)

    async def of(self, attention: str) -> Sequence[Delivery]:
        """Every file of an attention, in the order in which they came."""
        theirs = select(deliveries).where(self._tenant.owns(deliveries), deliveries.c.attention == attention)
        return [delivery_of(row) for row in await self._tenant.fetch(theirs.order_by(deliveries.c.at, deliveries.c.id))]

    async def sealed(self, attention: str, delivery: str) -> tuple[Delivery, SealedDelivery]:
        """A file of this attention; raises `NotFound`."""
        mine = self._tenant.owns(deliveries), deliveries.c.attention == attention, deliveries.c.id == delivery
        row = await self._tenant.first(select(deliveries).where(*mine))
        its = self._tenant.owns(delivery_bodies), delivery_bodies.c.delivery == delivery
        body = await self._tenant.first(select(delivery_bodies).where(*its))
        if row is None or body is None:
            raise NotFound(f"no file {delivery!r} of this attention")
        return delivery_of(row), SealedDelivery(delivery, body.wrapped, body.sealed, under=b"")

    async def add_receipt(self, receipt: KeptReceipt) -> None:
        """Keep a receipt; raises `Stale` when there is one with this number."""
        row = self._tenant.row(
            attention=receipt.attention,
            number=receipt.number,
            basis=receipt.basis,
            signed=receipt.signed,
            pdf=receipt.pdf,
            at=receipt.at,
        )
        await self._tenant.add(receipts, row)

    async def last_receipt(self, attention: str) -> KeptReceipt | None:
        """The newest receipt of an attention."""
        theirs = select(receipts).where(self._tenant.owns(receipts), receipts.c.attention == attention)
        row = await self._tenant.first(theirs.order_by(receipts.c.number.desc()).limit(1))
        return KeptReceipt(row.attention, row.number, row.basis, row.signed, row.pdf, row.at) if row else None


def delivery_of(row: Row[Any]) -> Delivery:
    """A row as what it tells."""
    return Delivery(
        id=row.id,
        attention=row.attention,
        kind=DeliveryKind(row.kind),
        side=row.side,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        at=row.at,
    )


class ReceiptLinkRows:
    """`videoattention.services.delivery_ports.ReceiptLinks` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def of(self, attention: str) -> ReceiptLink | None:
        """The link of an attention; it has at most one."""
        mine = self._tenant.owns(receipt_links), receipt_links.c.attention == attention
        row = await self._tenant.first(select(receipt_links).where(*mine))
        if row is None:
            return None
        return ReceiptLink(
            attention=row.attention,
            token=row.token,
            salt=row.salt,
            pin=row.pin,
            made_at=row.made_at,
            expires_at=row.expires_at,
            tries=row.tries,
            lockouts=row.lockouts,
            locked_until=row.locked_until,
            version=row.version,
        )

    async def put(self, link: ReceiptLink) -> None:
        """Keep a new one in the place of the one before."""
        mine = self._tenant.owns(receipt_links), receipt_links.c.attention == link.attention
        await self._tenant.write(receipt_links.delete().where(*mine))
        row = self._tenant.row(
            attention=link.attention,
            token=link.token,
            salt=link.salt,
            pin=link.pin,
            made_at=link.made_at,
            expires_at=link.expires_at,
            version=link.version,
            **_counted(link),
        )
        await self._tenant.add(receipt_links, row)

    async def save(self, link: ReceiptLink) -> None:
        """Keep what was counted; raises `Stale` if somebody else changed it, or put another in its place."""
        key = {"attention": link.attention, "token": link.token}
        await self._tenant.update(receipt_links, key, link.version, _counted(link))


def _counted(link: ReceiptLink) -> dict[str, object]:
    return {"tries": link.tries, "lockouts": link.lockouts, "locked_until": link.locked_until}


class DatabaseLinkOwners:
    """`videoattention.services.delivery_ports.LinkOwners` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owner_of(self, token: str) -> tuple[str, str] | None:
        """Organisation and attention of the link with this hash of a token."""
        query = select(receipt_links.c.organisation, receipt_links.c.attention).where(receipt_links.c.token == token)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return (row.organisation, row.attention) if row else None
