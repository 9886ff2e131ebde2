"""The copy of a citizen's data has their papers, and proves them without the service."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.unit.services.test_service_deliveries import PDF, PNG, Room, room
from tests.unit.services.town import OURS, by_citizen, by_informer
from videoattention import offline
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.queries.receipts import DatabaseAccounts
from videoattention.adapters.db.queries.rights import DatabaseRights
from videoattention.adapters.streamed_zip import StreamedZip
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import MasterKey, new_secret
from videoattention.adapters.vault.stills import EncryptedStills
from videoattention.domain.facts import PersonalDataErased
from videoattention.domain.people import Side
from videoattention.services.copied_papers import CopiedPapers
from videoattention.services.copies import Copies
from videoattention.services.deliveries import Handed
from videoattention.services.vault import MediaTampered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from videoattention.domain.deliveries import Delivery
    from videoattention.services.delivery_ports import SealedDelivery

__all__ = ["room"]


@pytest.fixture
def copies(room: Room) -> Copies:
    town = room.town
    ring = VaultKeyRing(MasterKey(new_secret()), DatabaseOrganisationKeys(town.database))
    papers = CopiedPapers(
        town.register, town.clock, vault=room.vault, stills=EncryptedStills(ring), signer=room.receipts._signer
    )
    return Copies(
        town.register,
        town.clock,
        accounts=DatabaseAccounts(town.database),
        kept=DatabaseRights(town.database),
        files=town.files,
        papers=papers,
        bundle=StreamedZip,
    )


async def made(copies: Copies, attention: str) -> bytes:
    return b"".join([piece async for piece in copies.pieces(OURS, attention, "ca")])


async def attended(room: Room) -> str:
    """Two files changed hands, the call is over, and the receipt was made."""
    attention, _ = await room.town.attended()
    await room.handing.hand_over(by_citizen(), attention, Side.CITIZEN, Handed("../el contracte.exe", PDF))
    await room.handing.hand_over(by_informer(), attention, Side.INFORMER, Handed("foto", PNG))
    await room.over(attention)
    await room.receipts.current(OURS, attention)
    return attention


def opened(copy: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def said(copy: bytes, given: offline.Given | None = None) -> str:
    return " ".join(offline.check(io.BytesIO(copy), given or offline.Given()))


def changed(copy: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The same copy after somebody had it in hand."""
    files, out = opened(copy), io.BytesIO()
    change(files)
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


async def test_the_papers_are_in_the_copy_and_prove_themselves_offline(room: Room, copies: Copies) -> None:
    copy = await made(copies, await attended(room))
    files = opened(copy)
    told = json.loads(files["attention.json"])
    assert {one["kind"] for one in told["files"]} == {"document", "receipt", "signed_receipt"}
    for one in told["files"]:
        assert len(files[one["path"]]) == one["bytes"]
    assert {PDF, PNG} <= set(files.values())
    assert {name.partition("/")[0] for name in files} >= {"receipts", "documents", "keys", "texts"}
    assert json.loads(files["what-could-not-be-read.json"]) == []
    assert "The papers hold: 1 signed receipts, and 3 files" in said(copy)
    (key,) = (data for name, data in files.items() if name.startswith("keys/"))
    assert "got another way" not in said(copy, offline.Given(public_key=key))


async def test_whatever_is_changed_in_a_paper_is_found(room: Room, copies: Copies) -> None:
    copy = await made(copies, await attended(room))
    for name, data in opened(copy).items():
        if name.startswith(("receipts/", "documents/", "keys/")):
            for at in (0, len(data) // 2, len(data) - 3):
                spoilt = bytearray(data)
                spoilt[at] ^= 1
                with pytest.raises(offline.DoesNotHold):
                    said(changed(copy, lambda files, name=name, now=bytes(spoilt): files.update({name: now})))  # type: ignore[misc]
    for name, why in (("receipts/receipt-1.pdf", "the PDF of"), ("documents/more.pdf", "named by no receipt")):
        with pytest.raises(offline.DoesNotHold, match=why):
            said(changed(copy, lambda files, name=name: files.update({name: b"%PDF"})))  # type: ignore[misc]


async def test_another_attention_or_another_format_is_no_such_copy(room: Room, copies: Copies) -> None:
    copy = await made(copies, await attended(room))

    def says(**other: str) -> bytes:
        told = json.loads(opened(copy)["attention.json"]) | other
        return changed(copy, lambda files: files.update({"attention.json": json.dumps(told).encode()}))

    with pytest.raises(offline.DoesNotHold, match="about another attention"):
        said(says(attention="a9"))
    with pytest.raises(offline.NotAPackage, match="another format"):
        said(says(format="videoattention-copy/9"))


async def test_after_an_erasure_the_copy_says_what_is_gone_and_has_no_papers(room: Room, copies: Copies) -> None:
    attention = await attended(room)
    async with room.town.begin() as transaction:
        entries = await transaction.personal.erase(attention)
        await transaction.commit(PersonalDataErased(attention, "request", entries))
    room.town.clock.move(60)
    await room.receipts.current(OURS, attention)
    files = opened(await made(copies, attention))
    told = json.loads(files["attention.json"])
    assert told["erased_at"]
    assert [(one["path"], bool(one["erased_at"])) for one in told["files"]] == [
        (None, True),
        (None, True),
        (None, True),
        (None, True),
        ("receipts/receipt-2.jws", False),
        ("receipts/receipt-2.pdf", False),
    ]
    assert not {PDF, PNG} & set(files.values())


async def test_a_paper_that_cannot_be_read_is_told_and_takes_no_other_with_it(room: Room, copies: Copies) -> None:
    attention = await attended(room)
    spoilt = next(one for one in await _files(room, attention) if one.name.startswith("foto"))
    reading = room.vault.open

    async def failing(organisation: str, delivery: SealedDelivery) -> bytes:
        if delivery.id == spoilt.id:
            raise MediaTampered("it is not as it was written")
        return await reading(organisation, delivery)

    room.vault.open = failing  # type: ignore[method-assign]  # a file that was changed on the disk
    copy = await made(copies, attention)
    path = f"documents/document-{spoilt.id}.png"
    assert json.loads(opened(copy)["what-could-not-be-read.json"]) == [path]
    assert f"{offline.UNCHECKED}{path}" in said(copy)
    assert PDF in opened(copy).values()


async def _files(room: Room, attention: str) -> Sequence[Delivery]:
    async with room.town.begin() as transaction:
        return await transaction.deliveries.of(attention)
