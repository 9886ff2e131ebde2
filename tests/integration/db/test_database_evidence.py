"""What an operator's commands read, in both databases."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.integration.db import cases
from videoattention.adapters.db.evidence import DatabaseEvidence
from videoattention.adapters.db.journal import link_of
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.seals import DatabaseSigningKeys
from videoattention.domain.facts import RecordingErased, RecordingSealed
from videoattention.domain.recording import RecordingStage
from videoattention.services.sealed import SealedText
from videoattention.services.seals import Seal, Signature, SigningKey

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.register import DatabaseRegister

MANIFEST = (
    b'{"format": "videoattention-manifest/1", "organisation": "gencat-demo", "recording": "r1", "attention": "a1", \
"complete": true, "parts": [], "consents": [], "journal": {"first": 1, "last": 2, "hash": ""}}'
)


async def sealed(database: Database, register: DatabaseRegister) -> None:
    """One attention with a sealed recording, another one between its entries, and a third one after them."""
    await cases.add(register, cases.talking())
    await cases.record(register)
    await cases.add(register, cases.waiting("a2"))
    await DatabaseOrganisationKeys(database).keep(cases.ORGANISATION, b"wrapped")
    key = SigningKey("k1", b"public", b"private")
    await DatabaseSigningKeys(database).keep(cases.ORGANISATION, key, cases.NOW, under=b"wrapped")
    async with register.begin(cases.ORGANISATION, "service", cases.NOW) as transaction:
        recording = await transaction.recordings.get("r1")
        await transaction.recordings.save(replace(recording, stage=RecordingStage.SEALED))
        await transaction.seals.add(Seal("r1", MANIFEST, Signature("k1", bytes(64)), cases.NOW))
        await transaction.commit(RecordingSealed("a1", "r1", 1, 10.0, "ab", "k1"))
    await cases.add(register, cases.waiting("a3"))
    await cases.commit(register, RecordingErased("a1", "r1", "cd", "why"))


async def test_recordings_are_listed_and_found(database: Database, register: DatabaseRegister) -> None:
    await sealed(database, register)
    evidence = DatabaseEvidence(database)
    (one,) = await evidence.recordings()
    assert (one.recording.id, one.recording.stage, one.complete, one.held) == ("r1", "sealed", True, False)
    assert await evidence.recordings(cases.OTHER) == []
    assert await evidence.recordings(cases.ORGANISATION, since=cases.later(121)) == []
    assert [kept.recording.id for kept in await evidence.recordings(since=cases.later(120))] == ["r1"]
    assert await evidence.find("r1") == one
    assert await evidence.find("r2") is None
    assert await evidence.missing() == []


async def test_the_journal_binds_a_recording(database: Database, register: DatabaseRegister) -> None:
    await sealed(database, register)
    evidence = DatabaseEvidence(database)
    found = await evidence.find("r1")
    assert found
    binding = await evidence.binding(found.recording, 1)
    assert (binding.seals, binding.certificates) == ((("ab", "k1"),), ("cd",))
    assert binding.link
    assert (await evidence.binding(found.recording, 999)).link is None
    await cases.commit(register, RecordingSealed("a9", "r9", 1, 1.0, "ef", "k1"))
    assert await evidence.missing() == [(cases.ORGANISATION, "r9")]


async def test_a_slice_is_a_chain_and_tells_one_attention_only(database: Database, register: DatabaseRegister) -> None:
    await sealed(database, register)
    entries = [one async for one in DatabaseEvidence(database).entries(cases.ORGANISATION, "a1", 1)]
    assert (entries[0].attention, entries[-1].kind) == ("a1", "RecordingSealed")
    assert {one.attention for one in entries} == {"a1", "a2"}
    assert all((one.body is not None and one.salt is not None) is (one.attention == "a1") for one in entries)
    for before, after in pairwise(entries):
        told = {name: getattr(after, name) for name in ("at", "actor", "kind", "attention", "commitment")}
        assert after.hash == link_of(before.hash, cases.ORGANISATION, after.seq, **told)
    assert [one async for one in DatabaseEvidence(database).entries(cases.ORGANISATION, "a2", 1)] == []


async def test_the_words_of_a_text_are_those_shown(database: Database) -> None:
    shown = cases.TEXTS[0]
    asked = SealedText("attended", "1", "ca", shown.wording.hash)
    assert await DatabaseEvidence(database).words(asked) == "\n".join((shown.title, *shown.paragraphs))
    assert await DatabaseEvidence(database).words(replace(asked, hash="00")) is None
