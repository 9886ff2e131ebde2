"""Receipts, forms, files that change hands, and the link that leads to them; over a real database and real keys."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.unit.services.town import OURS, THEIRS, Town, by_citizen, by_informer
from videoattention.adapters.db.deliveries import DatabaseLinkOwners
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.queries.receipts import DatabaseAccounts
from videoattention.adapters.db.seals import DatabaseSigningKeys
from videoattention.adapters.vault.deliveries import EncryptedDeliveries
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import MasterKey, new_secret
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.domain.deliveries import LOCKS, MOST, TRIES, DeliveryKind
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import (
    DocumentDelivered,
    FormDelivered,
    ReceiptOpened,
    ReceiptRefused,
    ReceiptSigned,
)
from videoattention.domain.levels import Level, OutcomeKind
from videoattention.domain.people import Side
from videoattention.domain.policies import BUILT_IN
from videoattention.domain.rights import DataRequest, RequestStage, Right
from videoattention.services.deliveries import Deliverer, Handed, Handing
from videoattention.services.delivery_ports import Paper
from videoattention.services.policies import KeptPolicy, fingerprint
from videoattention.services.ports import NotFound
from videoattention.services.receipt_links import LinkRefused, Links
from videoattention.services.receipts import Receipts, told_by
from videoattention.services.taken_home import TakenHome
from videoattention.services.withdrawing import Withdrawing

if TYPE_CHECKING:
    from collections.abc import Mapping

PDF = b"%PDF-1.7 a contract"
PNG = b"\x89PNG\r\n\x1a\n a picture"


class Printer:
    """Prints what it is given, and counts."""

    def __init__(self) -> None:
        self.printed: list[tuple[str, Mapping[str, Any]]] = []
        self.fails = False
        self.used = asyncio.Event()

    async def make(self, template: str, language: str, content: Mapping[str, object]) -> Paper:
        if self.fails:
            raise OSError("no paper")
        self.printed.append((template, content))
        self.used.set()
        return Paper(f"%PDF-{len(self.printed)} {template} {language}".encode(), signed=False)


class Room:
    """What `videoattention.bootstrap.deliveries` wires, over a town."""

    def __init__(self, town: Town) -> None:
        self.town = town
        ring = VaultKeyRing(MasterKey(new_secret()), DatabaseOrganisationKeys(town.database))
        self.printer, self.vault = Printer(), EncryptedDeliveries(ring)
        accounts = DatabaseAccounts(town.database)
        self.handing = Handing(town.work, accounts, vault=self.vault, maker=self.printer, new_id=town.new_id)
        signer = VaultSigner(ring, DatabaseSigningKeys(town.database), town.clock)
        self.receipts = Receipts(
            town.work, accounts, vault=self.vault, maker=self.printer, signer=signer, new_id=town.new_id
        )
        self.links = Links(town.work, DatabaseLinkOwners(town.database))
        self.deliverer = Deliverer(self.handing, self.receipts)

    async def signed(self, attention: str) -> tuple[dict[str, Any], bytes, int]:
        """The receipt as it stands, its JWS, and its number."""
        kept = await self.receipts.current(OURS, attention)
        _, jws = await self.receipts.read(OURS, attention, kept.signed)
        return json.loads(told_by(jws)), jws, kept.number

    async def over(self, attention: str, kind: OutcomeKind = OutcomeKind.INFORMED) -> None:
        """The call ends and its outcome is written."""
        await self.town.call.hang_up(by_citizen(), attention)
        await self.town.call.conclude(by_informer(), attention, "Informat.", kind)


@pytest.fixture
def room(quiet: Town) -> Room:
    return Room(quiet)


async def with_form(town: Town) -> None:
    """The policy demands the form at the attended level."""
    policy = BUILT_IN.with_level(replace(BUILT_IN.general.of(Level.ATTENDED), form=True))
    async with town.begin() as transaction:
        await transaction.policies.add(
            KeptPolicy(policy, fingerprint(policy), "El formulari", "laia", town.clock.now())
        )


# --- receipts ---------------------------------------------------------------------------------------------------------


async def test_a_receipt_is_signed_by_the_organisation_and_names_its_pdf(room: Room) -> None:
    attention, consent = await room.town.attended()
    await room.over(attention)
    told, jws, _ = await room.signed(attention)
    message, _, signature = jws.rpartition(b".")
    key = load_pem_public_key(await room.receipts.public_key(OURS, jws))
    assert isinstance(key, Ed25519PublicKey)
    key.verify(base64.urlsafe_b64decode(signature + b"=="), message)
    kept = await room.receipts.current(OURS, attention)
    _, pdf = await room.receipts.read(OURS, attention, kept.pdf)
    assert told["pdf"]["sha256"] == hashlib.sha256(pdf).hexdigest()
    (fact,) = room.town.facts(ReceiptSigned)
    assert (fact.hash, fact.pdf) == (hashlib.sha256(told_by(jws)).hexdigest(), told["pdf"]["sha256"])
    assert [one["consent_id"] for one in told["consents"]] == [consent]


async def test_a_receipt_is_made_anew_only_when_something_changed(room: Room) -> None:
    attention, consent = await room.town.attended()
    await room.town.call.withdraw_consent(by_citizen(), attention, consent)
    await room.town.call.hang_up(by_citizen(), attention)
    first, _, number = await room.signed(attention)
    assert (await room.signed(attention))[2] == number == 1
    states = [event["event_state"] for event in first["consents"][0]["events"]]
    assert (first["consents"][0]["state"], states) == ("withdrawn", ["requested", "given", "withdrawn"])
    await room.town.call.conclude(by_informer(), attention, "Informat.", OutcomeKind.INFORMED)
    told, _, number = await room.signed(attention)
    assert (number, told["attention"]["outcome"]) == (2, "Informat.")


async def test_a_consent_withdrawn_after_the_call_is_journalled_and_the_receipt_says_it(room: Room) -> None:
    attention, consent = await room.town.attended()
    await room.over(attention)
    before, _, _ = await room.signed(attention)
    room.town.clock.move(60)
    await Withdrawing(room.town.work).withdraw(OURS, attention, consent)
    told, _, number = await room.signed(attention)
    assert (before["consents"][0]["state"], told["consents"][0]["state"], number) == ("given", "withdrawn", 2)
    assert told["consents"][0]["events"][-1]["entity"] == "citizen"
    assert told["attention"]["level"] == before["attention"]["level"] == "attended"
    with pytest.raises(StepRefused):
        await Withdrawing(room.town.work).withdraw(OURS, attention, consent)


async def test_a_receipt_whose_papers_were_erased_is_made_anew(room: Room) -> None:
    attention = await room.town.talking()
    await room.over(attention)
    await room.signed(attention)
    async with room.town.begin() as transaction:
        await transaction.personal.erase(attention)
        await transaction.commit()
    assert (await room.signed(attention))[2] == 2


async def test_receipts_asked_for_at_once_are_one(room: Room) -> None:
    attention = await room.town.talking()
    await room.over(attention)
    kept = await asyncio.gather(*(room.receipts.current(OURS, attention) for _ in range(4)))
    assert {one.number for one in kept} == {1}
    assert len(room.town.facts(ReceiptSigned)) == 1


async def test_informative_attention_says_that_nothing_is_stored(room: Room) -> None:
    attention = await room.town.talking()
    await room.over(attention)
    told, _, _ = await room.signed(attention)
    assert told["attention"]["nothing_stored_beyond_outcome"] is True
    assert (told["consents"], told["recordings"], told["documents"]) == ([], [], [])
    assert told["attention"]["identified"] is None


async def test_there_is_no_receipt_while_they_talk_nor_for_strangers(room: Room) -> None:
    attention = await room.town.talking()
    with pytest.raises(StepRefused, match="over"):
        await room.receipts.current(OURS, attention)
    await room.over(attention)
    with pytest.raises(NotFound):
        await room.receipts.current(THEIRS, attention)
    kept = await room.receipts.current(OURS, attention)
    with pytest.raises(NotFound):
        await room.receipts.read(THEIRS, attention, kept.pdf)
    with pytest.raises(NotFound):
        await room.receipts.read(OURS, "another", kept.pdf)


# --- the form ---------------------------------------------------------------------------------------------------------


async def test_the_form_is_delivered_once_when_the_level_comes_into_force(room: Room) -> None:
    await with_form(room.town)
    attention, _ = await room.town.attended()
    room.deliverer.committed(room.town.told)
    running = asyncio.create_task(room.deliverer.run())
    await asyncio.wait_for(room.printer.used.wait(), 10)
    await room.deliverer.settled()
    running.cancel()
    await asyncio.gather(*(room.handing.form(OURS, attention) for _ in range(3)))
    (fact,) = room.town.facts(FormDelivered)
    form, data = await room.receipts.read(OURS, attention, (await room.town.attention(attention)).form)
    assert (form.kind, hashlib.sha256(data).hexdigest()) == (DeliveryKind.FORM, fact.hash)
    ((_, content),) = room.printer.printed
    told = content["form"]
    assert told["citizen"] == {"name": "Joan Vila", "document": "12345678Z"}
    assert told["servant"]["name"] == "Nom marta"
    assert told["habilitations"] == [{"name": "attended", "until": "2026-12-31"}]


async def test_a_form_that_could_not_be_made_is_made_by_the_next_look(room: Room) -> None:
    await with_form(room.town)
    attention, _ = await room.town.attended()
    room.printer.fails = True
    with pytest.raises(OSError, match="paper"):
        await room.handing.form(OURS, attention)
    assert "form" in (await room.town.attention(attention)).undone
    room.printer.fails = False
    running = asyncio.create_task(room.deliverer.run())
    await asyncio.wait_for(room.printer.used.wait(), 10)
    await room.deliverer.settled()
    running.cancel()
    assert len(room.town.facts(FormDelivered)) == 1


async def test_no_form_where_the_policy_wants_none_or_the_level_fell(room: Room) -> None:
    attention, _ = await room.town.attended(level=Level.ASSISTED)
    await room.handing.form(OURS, attention)
    await room.handing.form(OURS, "nobody")
    assert await room.handing.formless() == []  # nor is it looked at again and again
    assert room.town.facts(FormDelivered) == []


# --- files ------------------------------------------------------------------------------------------------------------


async def test_both_sides_hand_over_files_and_both_read_them(room: Room) -> None:
    attention = await room.town.talking()
    given = await room.handing.hand_over(by_citizen(), attention, Side.CITIZEN, Handed("../el contracte.exe", PDF))
    await room.handing.hand_over(by_informer(), attention, Side.INFORMER, Handed("foto", PNG))
    assert (given.name, given.media_type) == ("el contracte.pdf", "application/pdf")
    assert (await room.receipts.read(OURS, attention, given.id))[1] == PDF
    hashes = {fact.hash for fact in room.town.facts(DocumentDelivered)}
    assert hashes == {hashlib.sha256(data).hexdigest() for data in (PDF, PNG)}
    assert await room.handing.informs(OURS, "marta", attention)
    assert not await room.handing.informs(OURS, "joan", attention)


async def test_the_informer_reads_what_was_handed_over_until_the_outcome_is_written(room: Room) -> None:
    attention = await room.town.talking()
    await room.town.call.hang_up(by_citizen(), attention)
    assert await room.handing.informs(OURS, "marta", attention)
    await room.town.call.conclude(by_informer(), attention, "Informat.", OutcomeKind.INFORMED)
    assert not await room.handing.informs(OURS, "marta", attention)


async def test_the_informer_reads_nothing_that_is_restricted(room: Room) -> None:
    attention = await room.town.talking()
    now = room.town.clock.now()
    asked = DataRequest("q1", attention, OURS, Right.RESTRICTION, "citizen", now, now, stage=RequestStage.DONE)
    async with room.town.begin() as transaction:
        await transaction.requests.add(asked)
        await transaction.commit()
    assert not await room.handing.informs(OURS, "marta", attention)


@pytest.mark.parametrize("data", [b"", b"<html>", b"MZ\x90", b"PK\x03\x04", b" %PDF-1.7", b"GIF89a"])
async def test_nothing_else_is_handed_over(room: Room, data: bytes) -> None:
    attention = await room.town.talking()
    with pytest.raises(StepRefused):
        await room.handing.hand_over(by_citizen(), attention, Side.CITIZEN, Handed("x.pdf", data))


async def test_files_are_few_and_of_the_call(room: Room) -> None:
    attention = await room.town.talking()
    with pytest.raises(NotFound):
        await room.handing.hand_over(by_informer("joan"), attention, Side.INFORMER, Handed("x", PDF))
    for _ in range(MOST):
        await room.handing.hand_over(by_citizen(), attention, Side.CITIZEN, Handed("x", PDF))
    with pytest.raises(StepRefused) as refused:
        await room.handing.hand_over(by_citizen(), attention, Side.CITIZEN, Handed("x", PDF))
    assert refused.value.code == "documents_too_many"
    await room.over(attention)
    with pytest.raises(StepRefused) as refused:
        await room.handing.hand_over(by_informer(), attention, Side.INFORMER, Handed("x", PDF))
    assert refused.value.code == "not_in_call"


async def test_what_is_kept_is_not_what_was_given(room: Room) -> None:
    attention = await room.town.talking()
    secret = b"%PDF-1.7 " + b"nobody may read this in the database" * 9
    await room.handing.hand_over(by_citizen(), attention, Side.CITIZEN, Handed("x", secret))
    await room.town.database.close()
    assert b"nobody may read this" not in b"".join(
        path.read_bytes() for path in room.town.path.parent.iterdir() if path.is_file()
    )


async def test_what_was_taken_home_goes_into_packages(room: Room, town: Town) -> None:
    await with_form(town)
    attention, _ = await town.recorded()
    await room.handing.form(OURS, attention)
    await room.handing.hand_over(by_citizen(), attention, Side.CITIZEN, Handed("x", PDF))
    await room.over(attention)
    await room.receipts.current(OURS, attention)
    names = [name for name, _ in await TakenHome(room.town.work, room.vault).of(OURS, attention)]
    assert sorted(name.partition("-")[0] for name in names) == ["form", "receipt", "receipt"]


# --- the link ---------------------------------------------------------------------------------------------------------


async def linked(room: Room) -> tuple[str, str, str]:
    attention = await room.town.talking()
    await room.over(attention)
    link = await room.links.make(OURS, attention)
    return attention, link.token, link.pin


async def test_link_and_pin_lead_back_however_the_pin_is_typed(room: Room) -> None:
    attention, token, pin = await linked(room)
    for said in (pin, pin.lower(), f" {pin.replace('-', ' ')} "):
        assert await room.links.open(token, said) == (OURS, attention)
    assert len(room.town.facts(ReceiptOpened)) == 3
    assert len(base64.urlsafe_b64decode(token + "==")) == 16


async def test_five_wrong_pins_lock_the_link_longer_each_time(room: Room) -> None:
    attention, token, pin = await linked(room)
    for lock in (*LOCKS, LOCKS[-1]):
        for _ in range(TRIES):
            with pytest.raises(LinkRefused):
                await room.links.open(token, "22222222")
        room.town.clock.at += lock - timedelta(seconds=1)
        with pytest.raises(LinkRefused):
            await room.links.open(token, pin)
        room.town.clock.at += timedelta(seconds=2)
    assert await room.links.open(token, pin) == (OURS, attention)
    causes = [fact.cause for fact in room.town.facts(ReceiptRefused)]
    assert (causes.count("wrong_pin"), causes.count("locked")) == (5 * TRIES, 5)


async def test_of_many_tries_at_once_no_more_than_five_are_looked_at(room: Room) -> None:
    _, token, _ = await linked(room)
    tries = await asyncio.gather(*(room.links.open(token, "22222222") for _ in range(12)), return_exceptions=True)
    assert all(isinstance(one, LinkRefused) for one in tries)
    causes = [fact.cause for fact in room.town.facts(ReceiptRefused)]
    assert (causes.count("wrong_pin"), causes.count("locked")) == (TRIES, 12 - TRIES)


async def test_a_new_link_takes_the_place_of_the_old_one(room: Room) -> None:
    attention, token, pin = await linked(room)
    newer = await room.links.make(OURS, attention)
    with pytest.raises(LinkRefused):
        await room.links.open(token, pin)
    assert await room.links.open(newer.token, newer.pin) == (OURS, attention)


async def test_a_link_expires_and_unknown_ones_open_nothing(room: Room) -> None:
    attention, token, pin = await linked(room)
    for unknown in ("", "x" * 10_000, token[:-1], token + "A"):
        with pytest.raises(LinkRefused):
            await room.links.open(unknown, pin)
    room.town.clock.at += timedelta(days=366)
    with pytest.raises(LinkRefused):
        await room.links.open(token, pin)
    assert [fact.cause for fact in room.town.facts(ReceiptRefused)] == ["link_expired"]
    waiting = await room.town.citizen()
    with pytest.raises(StepRefused):
        await room.links.make(OURS, waiting)
    assert attention
