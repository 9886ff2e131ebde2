"""What providers answered about citizens: kept encrypted, its hash in the journal, through rotations."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from tests.fakes.clock import Clock
from tests.integration.db.cases import NOW, ORGANISATION, OTHER, add, save, talking
from videoattention.adapters.db.evidence_tables import login_evidence
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.rotation import DatabaseRotation
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import MasterKey
from videoattention.adapters.vault.logins import EncryptedLogins
from videoattention.adapters.vault.rotation import NewOrganisationKey
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import CitizenIdentified, IdentityRevealed
from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level
from videoattention.services.claims import CitizenIdentity
from videoattention.services.identifying import Identifying, SealedLogin
from videoattention.services.vault import KeyUnusable, MediaTampered
from videoattention.services.work import Acting, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.register import DatabaseRegister
    from videoattention.services.ports import Entry

MASTER = MasterKey(bytes(32))
ANSWER = json.dumps({"dialect": "valid", "userinfo": {"identifier": "00000014Z", "name": "Clara"}}).encode()
CLARA = CitizenIdentity(
    "Clara Ribas",
    "00000014Z",
    "s-1",
    "https://valid.example",
    Assurance.SUBSTANTIAL,
    "idcatmobil",
    ANSWER,
)
CITIZEN = Acting(ORGANISATION, "citizen")
MARTA = Acting(ORGANISATION, "informer:marta", "marta")


class Told:
    """What was committed."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def committed(self, entries: Sequence[Entry]) -> None:
        self.entries += entries


class Room:
    """The use cases over one database, and an attention whose citizen is asked to identify."""

    def __init__(self, database: Database, register: DatabaseRegister) -> None:
        self.database, self.register, self.told = database, register, Told()
        self.vault = EncryptedLogins(VaultKeyRing(MASTER, DatabaseOrganisationKeys(database)))
        self.identifying = Identifying(Work(register, Clock(NOW), self.told), self.vault)

    async def kept(self, attention: str = "a1", organisation: str = ORGANISATION) -> Sequence[SealedLogin]:
        async with self.register.begin(organisation, "service", NOW) as transaction:
            return await transaction.logins.of(attention)


@pytest.fixture
async def room(database: Database, register: DatabaseRegister) -> Room:
    attention = talking()
    await add(register, attention)
    proposed = attention.propose_level("marta", Level.ATTENDED, NOW)
    await save(register, proposed)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        fresh = await transaction.attentions.get("a1")
    await save(register, fresh.ask_identification("marta"))
    return Room(database, register)


async def test_the_answer_is_kept_and_the_journal_has_its_hash(room: Room) -> None:
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    (fact,) = [entry.fact for entry in room.told.entries if isinstance(entry.fact, CitizenIdentified)]
    assert fact == CitizenIdentified(
        "a1",
        "https://valid.example",
        "substantial",
        "s-1",
        "electronic",
        "idcatmobil",
        hashlib.sha256(ANSWER).hexdigest(),
    )
    (login,) = await room.kept()
    assert login.hash == fact.evidence
    assert await room.vault.open(ORGANISATION, login) == ANSWER


async def test_nothing_of_the_answer_is_in_the_database(room: Room) -> None:
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    async with room.database.reading() as connection:
        (row,) = (await connection.execute(select(login_evidence))).all()
        journal = (await connection.execute(text("SELECT body FROM journal"))).scalars().all()
    for hidden in (b"00000014Z", b"Clara"):
        assert hidden not in row.sealed + row.wrapped
        assert all(hidden.decode() not in body for body in journal)


async def test_an_identification_that_is_refused_keeps_nothing(room: Room) -> None:
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    with pytest.raises(StepRefused):
        await room.identifying.identify(CITIZEN, "a1", replace(CLARA, evidence=b"{}"))
    assert len(await room.kept()) == 1


async def test_another_organisation_has_none_of_it(room: Room) -> None:
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    assert await room.kept(organisation=OTHER) == []


async def test_it_is_for_its_attention_and_its_words_alone(room: Room) -> None:
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    (login,) = await room.kept()
    moved = replace(login, attention="a2")
    changed = replace(login, sealed=login.sealed[:-1] + bytes([login.sealed[-1] ^ 1]))
    for forged in (moved, changed):
        with pytest.raises(MediaTampered):
            await room.vault.open(ORGANISATION, forged)
    with pytest.raises(KeyUnusable):
        await room.vault.open(ORGANISATION, replace(login, hash="00" * 32))
    with pytest.raises(KeyUnusable):
        await room.vault.open(OTHER, login)


async def rotate(database: Database) -> int:
    done = await DatabaseRotation(database).organisation(
        ORGANISATION, lambda wrapped: NewOrganisationKey(ORGANISATION, wrapped, (MASTER,)), lambda *_: None
    )
    assert done is not None
    return done


async def test_it_opens_after_the_organisations_key_was_rotated(room: Room) -> None:
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    (before,) = await room.kept()
    assert await rotate(room.database) == 1
    (after,) = await room.kept()
    assert before.wrapped != after.wrapped
    elsewhere = EncryptedLogins(VaultKeyRing(MASTER, DatabaseOrganisationKeys(room.database)))
    assert await elsewhere.open(ORGANISATION, after) == ANSWER
    assert await room.vault.open(ORGANISATION, after) == ANSWER


async def test_a_rotation_in_between_loses_no_answer(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[SealedLogin] = []
    close = room.vault.close

    async def overtaken(organisation: str, attention: str, answer: bytes) -> SealedLogin:
        closed.append(await close(organisation, attention, answer))
        if len(closed) == 1:
            await rotate(room.database)
        return closed[-1]

    monkeypatch.setattr(room.vault, "close", overtaken)
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    (login,) = await room.kept()
    assert len(closed) == 2
    assert await room.vault.open(ORGANISATION, login) == ANSWER


# --- the whole number, for a moment --------------------------------------------------------------------------------


async def test_the_attending_informer_sees_the_number_and_the_journal_tells_so(room: Room) -> None:
    with pytest.raises(StepRefused, match="nobody has identified"):
        await room.identifying.reveal(MARTA, "a1")
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    assert await room.identifying.reveal(MARTA, "a1") == "00000014Z"
    last = room.told.entries[-1]
    assert (last.fact, last.actor) == (IdentityRevealed("a1"), "informer:marta")


async def test_nobody_else_sees_it(room: Room) -> None:
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    told = len(room.told.entries)
    for acting in (Acting(ORGANISATION, "informer:pau", "pau"), CITIZEN):
        with pytest.raises(StepRefused) as refused:
            await room.identifying.reveal(acting, "a1")
        assert refused.value.code == "not_yours"
    assert len(room.told.entries) == told


async def test_it_is_seen_while_the_attention_goes_on(room: Room) -> None:
    await room.identifying.identify(CITIZEN, "a1", CLARA)
    async with room.register.begin(ORGANISATION, "service", NOW) as transaction:
        attention = await transaction.attentions.get("a1")
    await save(room.register, attention.hang_up("citizen", NOW))
    assert await room.identifying.reveal(MARTA, "a1") == "00000014Z"
    async with room.database.writing() as connection:
        await connection.execute(text("UPDATE attentions SET stage = 'closed' WHERE id = 'a1'"))
        await connection.commit()
    with pytest.raises(StepRefused) as refused:
        await room.identifying.reveal(MARTA, "a1")
    assert refused.value.code == "illegal_step"
