"""Signing keys and seals, as they are kept: real keys of the vault in both databases."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import select

from tests.fakes.clock import Clock
from tests.integration.db.cases import NOW, ORGANISATION, OTHER, add, later, record, talking
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.db.tables import signing_keys
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import KeyRefused, MasterKey, unwrap_signing_key, wrapping_key_id
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.services.ports import NotFound, Stale
from videoattention.services.seals import KeptSeal, Seal, Signature

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.register import DatabaseRegister

MASTER = MasterKey(bytes(range(32)))


def ring(database: Database, master: MasterKey = MASTER) -> VaultKeyRing:
    return VaultKeyRing(master, DatabaseOrganisationKeys(database))


def signer(database: Database, master: MasterKey = MASTER) -> VaultSigner:
    return VaultSigner(ring(database, master), DatabaseSigningKeys(database), Clock(NOW))


async def verify(database: Database, organisation: str, message: bytes, signature: Signature) -> None:
    public = load_pem_public_key(await signer(database).public_key(organisation, signature.key_id))
    assert isinstance(public, Ed25519PublicKey)
    public.verify(signature.signature, message)


async def sealed(database: Database, register: DatabaseRegister, recording: str = "r1", *, at: float = 600) -> Seal:
    signature = await signer(database).sign(ORGANISATION, b"a manifest")
    seal = Seal(recording, b"a manifest", signature, later(at))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.seals.add(seal)
        await transaction.commit()
    return seal


async def test_what_is_signed_verifies_with_the_public_half_and_nothing_else_does(database: Database) -> None:
    signature = await signer(database).sign(ORGANISATION, b"a manifest")
    assert len(signature.signature) == 64
    await verify(database, ORGANISATION, b"a manifest", signature)
    with pytest.raises(InvalidSignature):
        await verify(database, ORGANISATION, b"a manifesto", signature)


async def test_an_organisation_signs_with_one_key_even_when_two_processes_make_it_at_once(
    database: Database, second: Database
) -> None:
    made = await asyncio.gather(*(signer(each).sign(ORGANISATION, b"m") for each in (database, second) * 3))
    assert len({signature.key_id for signature in made}) == 1
    others = await signer(database).sign(OTHER, b"m")
    assert others.key_id != made[0].key_id
    with pytest.raises(NotFound):
        await signer(database).public_key(OTHER, made[0].key_id)


async def test_the_private_half_is_opened_by_the_organisation_s_key_for_this_key_only(database: Database) -> None:
    keys = ring(database)
    key_id = (await signer(database).sign(ORGANISATION, b"m")).key_id
    async with database.reading() as connection:
        wrapped = (await connection.execute(select(signing_keys.c.wrapped))).scalar_one().decode()
    ours = await keys.organisation_key(ORGANISATION)
    assert wrapping_key_id(wrapped) == ours.key_id
    assert len(unwrap_signing_key(wrapped, ORGANISATION, key_id, organisation_key=ours)) == 32
    for organisation, other in ((OTHER, key_id), (ORGANISATION, "0" * 32)):
        with pytest.raises(KeyRefused):
            unwrap_signing_key(wrapped, organisation, other, organisation_key=ours)
    with pytest.raises(KeyRefused):
        await signer(database, MasterKey(bytes(32))).sign(ORGANISATION, b"m")


async def test_a_seal_comes_back_with_all_that_verifies_it(database: Database, register: DatabaseRegister) -> None:
    await add(register, talking("a1"))
    await record(register)
    kept = DatabaseSeals(database)
    assert await kept.of(ORGANISATION, "r1") is None
    seal = await sealed(database, register)
    found = await kept.of(ORGANISATION, "r1")
    public = await signer(database).public_key(ORGANISATION, seal.signature.key_id)
    assert found == KeptSeal(
        "r1", b"a manifest", seal.signature.signature, seal.signature.key_id, public, None, later(600)
    )
    assert await kept.of(OTHER, "r1") is None
    with pytest.raises(Stale):
        await sealed(database, register)


async def test_a_time_stamp_is_added_once(database: Database, register: DatabaseRegister) -> None:
    kept = DatabaseSeals(database)
    for number in (1, 2):
        await add(register, talking(f"a{number}", informer=f"i{number}"))
        await record(register, f"a{number}", f"r{number}")
        await sealed(database, register, f"r{number}", at=600 - number)
    assert await kept.unstamped() == [(ORGANISATION, "r2"), (ORGANISATION, "r1")]
    for token in (b"first", b"second"):
        async with register.begin(ORGANISATION, "service", NOW) as transaction:
            await transaction.seals.stamp("r2", token)
            await transaction.commit()
    found = await kept.of(ORGANISATION, "r2")
    assert found
    assert found.timestamp == b"first"
    assert await kept.unstamped() == [(ORGANISATION, "r1")]
