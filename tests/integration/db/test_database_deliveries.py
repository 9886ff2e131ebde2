"""Files that changed hands, receipts and links, in both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.integration.db.cases import (
    NOW,
    ORGANISATION,
    OTHER,
    add,
    consenting,
    identified,
    later,
    save,
    talking,
    waiting,
)
from videoattention.adapters.db.deliveries import DatabaseLinkOwners
from videoattention.adapters.db.deliveries_tables import delivery_bodies
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.queries.deliveries import papers_seen
from videoattention.adapters.db.queries.receipts import DatabaseAccounts
from videoattention.adapters.db.rotation import DatabaseRotation
from videoattention.adapters.vault.deliveries import EncryptedDeliveries
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import MasterKey, new_secret
from videoattention.adapters.vault.rotation import NewOrganisationKey
from videoattention.domain.deliveries import Delivery, DeliveryKind, ReceiptLink
from videoattention.services.delivery_ports import KeptReceipt, SealedDelivery
from videoattention.services.ports import NotFound, Stale
from videoattention.services.vault import MediaTampered

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.register import DatabaseRegister

DATA = b"%PDF-1.7 a contract"
LINK = ReceiptLink("a1", "t" * 64, b"salt", b"pin", NOW, NOW + timedelta(days=5))


def delivery(name: str, kind: DeliveryKind = DeliveryKind.DOCUMENT, seconds: float = 0) -> Delivery:
    size, hashed = len(DATA), "ab" * 32
    return Delivery(name, "a1", kind, "citizen", "x.pdf", "application/pdf", size, hashed, later(seconds))


async def keep(register: DatabaseRegister, one: Delivery, sealed: SealedDelivery) -> None:
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        await transaction.deliveries.add(one, sealed)
        await transaction.commit()


async def test_a_file_comes_back_as_it_was_after_a_rotation(database: Database, register: DatabaseRegister) -> None:
    await add(register, talking())
    master, keys = MasterKey(new_secret()), DatabaseOrganisationKeys(database)
    vault = EncryptedDeliveries(VaultKeyRing(master, keys))
    sealed = await vault.close(ORGANISATION, "d1", DATA)
    await keep(register, delivery("d1"), sealed)
    renewed = await DatabaseRotation(database).organisation(
        ORGANISATION, lambda wrapped: NewOrganisationKey(ORGANISATION, wrapped, (master,)), lambda *_: None
    )
    assert renewed == 1
    with pytest.raises(Stale):  # encrypted under the key that was rotated meanwhile
        await keep(register, delivery("d2"), replace(sealed, id="d2"))
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        kept, again = await transaction.deliveries.sealed("a1", "d1")
    assert kept == delivery("d1")
    assert await EncryptedDeliveries(VaultKeyRing(master, keys)).open(ORGANISATION, again) == DATA
    async with database.reading() as connection:
        (row,) = (await connection.execute(select(delivery_bodies))).all()
    assert DATA not in row.sealed


async def test_no_byte_of_what_is_kept_can_change(database: Database) -> None:
    vault = EncryptedDeliveries(VaultKeyRing(MasterKey(new_secret()), DatabaseOrganisationKeys(database)))
    sealed = await vault.close(ORGANISATION, "d1", DATA)
    for at in range(len(sealed.sealed)):
        changed = bytearray(sealed.sealed)
        changed[at] ^= 1
        with pytest.raises(MediaTampered):
            await vault.open(ORGANISATION, replace(sealed, sealed=bytes(changed)))


async def test_files_are_listed_in_order_and_are_nobody_else_s(database: Database, register: DatabaseRegister) -> None:
    await add(register, talking(), waiting("a2"))
    vault = EncryptedDeliveries(VaultKeyRing(MasterKey(new_secret()), DatabaseOrganisationKeys(database)))
    for name, seconds in (("d2", 2.0), ("d1", 1.0)):
        await keep(register, delivery(name, seconds=seconds), await vault.close(ORGANISATION, name, DATA))
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        assert [one.id for one in await transaction.deliveries.of("a1")] == ["d1", "d2"]
        assert await transaction.deliveries.of("a2") == []
        with pytest.raises(NotFound):
            await transaction.deliveries.sealed("a2", "d1")
    async with register.begin(OTHER, "citizen", NOW) as transaction:
        assert await transaction.deliveries.of("a1") == []
        with pytest.raises(NotFound):
            await transaction.deliveries.sealed("a1", "d1")
    account = await DatabaseAccounts(database).of(ORGANISATION, "a1")
    assert account
    assert [one.id for one in account.documents] == ["d1", "d2"]
    assert await DatabaseAccounts(database).of(OTHER, "a1") is None


async def test_what_was_erased_is_offered_to_nobody(database: Database, register: DatabaseRegister) -> None:
    await add(register, talking())
    vault = EncryptedDeliveries(VaultKeyRing(MasterKey(new_secret()), DatabaseOrganisationKeys(database)))
    await keep(register, delivery("d1"), await vault.close(ORGANISATION, "d1", DATA))
    async with database.reading() as connection:
        assert [seen.id for seen in await papers_seen(connection, ORGANISATION, "a1")] == ["d1"]
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.personal.erase("a1")
        await transaction.commit()
    async with database.reading() as connection:
        assert await papers_seen(connection, ORGANISATION, "a1") == ()
    account = await DatabaseAccounts(database).of(ORGANISATION, "a1")
    assert account
    assert [one.id for one in account.documents] == ["d1"]  # that there was one is told


async def test_of_two_receipts_with_one_number_one_is_kept(register: DatabaseRegister) -> None:
    await add(register, talking())
    receipt = KeptReceipt("a1", 1, "b" * 64, "s", "p", NOW)

    async def keep_receipt(one: KeptReceipt) -> None:
        async with register.begin(ORGANISATION, "service", NOW) as transaction:
            await transaction.deliveries.add_receipt(one)
            await transaction.commit()

    told = await asyncio.gather(*(keep_receipt(receipt) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in told) == ["NoneType", "Stale"]
    await keep_receipt(replace(receipt, number=2, basis="c" * 64))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        last = await transaction.deliveries.last_receipt("a1")
        assert last == replace(receipt, number=2, basis="c" * 64)
        assert await transaction.deliveries.last_receipt("a2") is None


async def test_a_link_is_found_by_its_hash_counted_once_and_replaced(
    database: Database, register: DatabaseRegister
) -> None:
    await add(register, talking())
    owners = DatabaseLinkOwners(database)
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        await transaction.links.put(LINK)
        await transaction.commit()
    assert await owners.owner_of(LINK.token) == (ORGANISATION, "a1")

    async def counted() -> None:
        async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
            link = await transaction.links.of("a1")
            assert link
            await transaction.links.save(replace(LINK, tries=1))
            await transaction.commit()

    told = await asyncio.gather(counted(), counted(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in told) == ["NoneType", "Stale"]
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        assert await transaction.links.of("a1") == replace(LINK, tries=1, version=1)
        await transaction.links.put(replace(LINK, token="u" * 64))
        await transaction.commit()
    assert await owners.owner_of(LINK.token) is None
    assert await owners.owner_of("u" * 64) == (ORGANISATION, "a1")


async def test_a_call_above_the_informative_level_without_a_form_is_found(
    database: Database, register: DatabaseRegister
) -> None:
    accounts = DatabaseAccounts(database)
    await add(register, talking())
    assert await accounts.formless() == []
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        current = await transaction.attentions.get("a1")
    await save(register, consenting(identified(current)))
    assert await accounts.formless() == [(ORGANISATION, "a1")]
