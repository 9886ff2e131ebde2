"""Holds and erasures on both databases, with the vault's real keys and files."""

from __future__ import annotations

import hashlib
import json
from contextlib import nullcontext
from itertools import count
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from tests.fakes.clock import Clock
from tests.integration.db.cases import NOW, ORGANISATION, OTHER, add, record, talking
from videoattention.adapters.db import database as database_module
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.keeping import DatabaseErasures, DatabaseHoldings
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.db.tables import data_keys, recordings
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import MasterKey
from videoattention.adapters.vault.library import FolderLibrary
from videoattention.adapters.vault.removal import Removal
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.adapters.vault.writer import FolderVault
from videoattention.domain.errors import StepRefused
from videoattention.domain.recording import RecordingStage
from videoattention.services.erasing import Erasing
from videoattention.services.files import Files
from videoattention.services.keeping import Keeping
from videoattention.services.leftovers import Leftovers
from videoattention.services.media import Track
from videoattention.services.ports import NotFound
from videoattention.services.seals import Seal, Signature
from videoattention.services.vault import FileIdentity, MediaErased, StorageFailed
from videoattention.services.work import Work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from videoattention.domain.recording import Recording
    from videoattention.services.ports import Entry

MASTER = MasterKey(bytes(range(32)))
WHY = "The period of keeping is over"
CASE = "Proceedings 214/2026 of court 3"
FILE = FileIdentity(ORGANISATION, "r1", 1, Track.CITIZEN_AUDIO)
MANIFEST = {
    "parts": [{"number": 1, "tracks": [{"track": FILE.track, "file_bytes": 9, "file_sha256": "aa", "frames": 3}]}]
}


class Room:
    """What holds and erases, over one database and one folder."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder, self.clock = database, folder, Clock(NOW)
        self.register = DatabaseRegister(database)
        self.told: list[Entry] = []
        self.work = Work(self.register, self.clock, self)
        self.ring = VaultKeyRing(MASTER, DatabaseOrganisationKeys(database))
        self.signer = VaultSigner(self.ring, DatabaseSigningKeys(database), self.clock)
        self.library = FolderLibrary(folder)
        self.files = Files(self.register, self.clock, keys=self.ring, library=self.library)
        self.keeping = Keeping(self.work, iter(f"h{number}" for number in range(999)).__next__)
        self.erasures = DatabaseErasures(database)
        self.removal: Removal | _Stuck = Removal(folder, None)

    def committed(self, entries: Sequence[Entry]) -> None:
        self.told += entries

    @property
    def kinds(self) -> list[str]:
        return [type(entry.fact).__name__ for entry in self.told]

    async def erase(self, recording: str = "r1", *, reason: str = WHY) -> bool:
        erasing = Erasing(
            self.work,
            self.signer,
            seals=DatabaseSeals(self.database),
            removal=self.removal,
            scrub=self.database.scrub,
            software="videoattention 0",
        )
        return await erasing.erase(ORGANISATION, recording, reason=reason, by="arxiu")

    async def stage(self, stage: RecordingStage, recording: str = "r1") -> None:
        async with self.database.writing() as connection:
            mine = recordings.c.id == recording
            await connection.execute(recordings.update().where(mine).values(stage=stage.value))
            await connection.commit()

    async def recording(self, recording: str = "r1") -> Recording:
        async with self.register.begin(ORGANISATION, "service", NOW) as transaction:
            return await transaction.recordings.get(recording)

    def leftovers(self) -> Leftovers:
        return Leftovers(
            self.erasures,
            self.removal,
            self.clock,
            forget=self.library.forget,
            scrub=self.database.scrub,
        )


class _Stuck:
    """A disk that does not delete."""

    async def remove(self, organisation: str, recording: str) -> None:
        raise StorageFailed("storage_failed", "files cannot be deleted")


@pytest.fixture
async def room(database: Database, tmp_path: Path) -> Room:
    """One sealed recording with one real file."""
    made = Room(database, tmp_path / "recordings")
    await add(made.register, talking())
    await record(made.register)
    await made.ring.prepare(ORGANISATION)
    async with made.register.begin(ORGANISATION, "service", NOW) as transaction:
        plain, wrapped = made.ring.fresh(ORGANISATION, "r1", 1, under=await transaction.keys.organisation())
        await transaction.keys.add("r1", 1, wrapped)
        await transaction.commit()
    writer = FolderVault(made.folder).create(FILE, plain[FILE.track])
    writer.media(b"no real media" * 100)
    writer.close()
    manifest = json.dumps(MANIFEST).encode()
    signature = await made.signer.sign(ORGANISATION, manifest)
    async with made.register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.seals.add(Seal("r1", manifest, signature, NOW))
        await transaction.commit()
    await made.stage(RecordingStage.SEALED)
    return made


def _bytes_of(folder: Path) -> bytes:
    """The database's own files: the tables, and the log beside them."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def test_an_erased_recording_leaves_a_certificate_that_verifies(room: Room) -> None:
    assert _names(room.folder) == ["0001-citizen-audio.vrec"]
    assert await room.erase()
    assert (await room.recording()).stage is RecordingStage.ERASED
    assert _names(room.folder) == []
    kept = await room.erasures.of(ORGANISATION, "r1")
    assert kept
    public = load_pem_public_key(kept.public_key)
    assert isinstance(public, Ed25519PublicKey)
    public.verify(kept.signature, kept.certificate)
    assert kept.said == {
        "format": "videoattention-erasure/1",
        "software": "videoattention 0",
        "organisation": ORGANISATION,
        "recording": "r1",
        "attention": "a1",
        "manifest_sha256": hashlib.sha256(json.dumps(MANIFEST).encode()).hexdigest(),
        "erased": [
            {
                "part": 1,
                "track": "citizen-audio",
                "file_bytes": 9,
                "file_sha256": "aa",
                "media_bytes": None,
                "media_sha256": None,
            }
        ],
        "reason": WHY,
        "by": "arxiu",
        "erased_at": NOW.isoformat(),
    }
    told = room.told[-1]
    assert told.actor == "operator:arxiu"
    assert type(told.fact).__name__ == "RecordingErased"
    assert vars_of(told.fact)["certificate"] == hashlib.sha256(kept.certificate).hexdigest()
    assert isinstance(await Journal(room.database).verify(ORGANISATION), Verified)
    assert kept.in_words.startswith(f"Recording r1 was erased at {NOW.isoformat()} by arxiu: {WHY}")


def vars_of(fact: object) -> dict[str, object]:
    return {name: getattr(fact, name) for name in fact.__slots__}  # type: ignore[attr-defined]  # facts have slots


async def test_no_key_and_no_file_is_left_to_open(room: Room, tmp_path: Path, database_url: str) -> None:
    async with room.database.reading() as connection:
        wrapped = (await connection.execute(select(data_keys.c.wrapped))).scalars().all()
    assert len(wrapped) == 4
    await room.erase()
    async with room.database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(data_keys))).scalar() == 0
    with pytest.raises(MediaErased):
        await room.files.open(FILE)
    if database_url.startswith("sqlite"):
        left = _bytes_of(tmp_path)
        assert not any(key.rpartition(b".")[2] in left for key in wrapped), "a wrapped key is still in the file"


async def test_a_hold_keeps_it_until_every_hold_is_released(room: Room) -> None:
    first = await room.keeping.hold(ORGANISATION, "r1", reason=CASE, by="jutge")
    await room.keeping.hold(ORGANISATION, "r1", reason=CASE, by="jutge")
    for _ in range(2):
        with pytest.raises(StepRefused) as refused:
            await room.erase()
        assert refused.value.code == "on_hold"
        assert room.kinds[-1] == "ErasureRefused"
        assert await room.keeping.release(ORGANISATION, first, reason=WHY, by="jutge") == 1
        with pytest.raises(StepRefused) as again:
            await room.keeping.release(ORGANISATION, first, reason=WHY, by="jutge")
        assert again.value.code == "not_on_hold"
        first = "r1"  # the other one, by the recording's name
    await room.erase()
    with pytest.raises(StepRefused) as held:
        await room.keeping.hold(ORGANISATION, "r1", reason=CASE, by="jutge")
    assert held.value.code == "already_erased"
    assert isinstance(await Journal(room.database).verify(ORGANISATION), Verified)


@pytest.mark.parametrize("stage", [RecordingStage.REQUESTED, RecordingStage.CAPTURING, RecordingStage.SEALING])
async def test_what_is_not_sealed_is_not_erased(room: Room, stage: RecordingStage) -> None:
    await room.stage(stage)
    with pytest.raises(StepRefused) as refused:
        await room.erase()
    assert refused.value.code == "not_sealed"
    assert room.kinds == ["ErasureRefused"]
    assert (await room.recording()).stage is stage
    assert _names(room.folder)


async def test_a_lost_one_can_be_erased_and_none_twice(room: Room) -> None:
    await room.stage(RecordingStage.LOST)
    await room.erase()
    with pytest.raises(StepRefused) as refused:
        await room.erase()
    assert refused.value.code == "already_erased"
    assert room.kinds == ["RecordingErased", "ErasureRefused"]


async def test_nobody_erases_or_holds_without_a_reason_nor_in_another_organisation(room: Room) -> None:
    for reason in ("", "  x  y  "):
        with pytest.raises(StepRefused):
            await room.erase(reason=reason)
        with pytest.raises(StepRefused):
            await room.keeping.hold(ORGANISATION, "r1", reason=reason, by="b")
    with pytest.raises(NotFound):
        await room.keeping.hold(OTHER, "r1", reason=CASE, by="b")
    with pytest.raises(NotFound):
        await room.keeping.release(OTHER, "r1", reason=CASE, by="b")
    assert room.told == []


async def test_a_hold_that_comes_while_the_certificate_is_signed_is_in_time(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = room.signer.sign

    async def meanwhile(organisation: str, message: bytes) -> Signature:
        await room.keeping.hold(ORGANISATION, "r1", reason=CASE, by="jutge")
        return await sign(organisation, message)

    monkeypatch.setattr(room.signer, "sign", meanwhile)
    with pytest.raises(StepRefused) as refused:
        await room.erase()
    assert refused.value.code == "on_hold"
    assert (await room.recording()).stage is RecordingStage.SEALED
    assert await room.erasures.of(ORGANISATION, "r1") is None
    assert _names(room.folder)


async def test_what_a_crash_left_is_deleted_by_a_round(room: Room) -> None:
    deleting, room.removal = room.removal, _Stuck()
    with pytest.raises(StorageFailed):
        await room.erase()
    # nobody can read it any more, whatever lies there
    assert (await room.recording()).stage is RecordingStage.ERASED
    assert _names(room.folder)
    left = room.leftovers()
    await left.delete()
    assert _names(room.folder), "a disk that does not delete is asked again"
    room.removal = deleting
    left._removal = deleting
    room.clock.move(86400)
    await left.delete()
    assert _names(room.folder) == []
    await left.delete()
    # and by a service that was started later
    (room.folder / ORGANISATION / "r1").mkdir(parents=True, exist_ok=True)
    (room.folder / ORGANISATION / "r1" / "0001-citizen-audio.vrec").write_bytes(b"noise")
    await room.leftovers().delete()
    assert _names(room.folder) == []


async def test_a_database_that_cannot_be_scrubbed_keeps_no_files(room: Room) -> None:
    room.removal = _Stuck()
    with pytest.raises(StorageFailed):
        await room.erase()
    room.removal = Removal(room.folder, None)
    tries: list[str] = []

    async def refuses() -> bool:
        tries.append("")
        if len(tries) == 1:
            raise OSError("the database is busy")
        return len(tries) > 2

    leftovers = Leftovers(room.erasures, room.removal, room.clock, forget=room.library.forget, scrub=refuses)
    with pytest.raises(OSError, match="busy"):
        await leftovers.delete()
    assert _names(room.folder) == []
    for _ in range(4):
        await leftovers.delete()
    assert len(tries) == 3, "tried until it was done, and not after"


@pytest.mark.postgres
async def test_a_table_that_somebody_holds_is_not_scrubbed_and_that_is_told(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database_module._POSTGRESQL, "lock_timeout", "100")
    database = Database(postgres_url)
    await database.migrate()
    try:
        async with database.writing() as connection:
            await connection.execute(text("LOCK TABLE data_keys IN ACCESS EXCLUSIVE MODE"))
            assert await database.scrub() is False
        assert await database.scrub() is True
        async with database.reading() as connection:
            assert (await connection.execute(text("SHOW statement_timeout"))).scalar() == "15s"
    finally:
        await database.close()


async def test_whose_a_name_is(room: Room) -> None:
    holdings = DatabaseHoldings(room.database)
    hold = await room.keeping.hold(ORGANISATION, "r1", reason=CASE, by="jutge")
    assert await holdings.owner_of("r1") == await holdings.owner_of(hold) == ORGANISATION
    assert await holdings.owner_of("nothing") is None


STEPS = st.lists(st.sampled_from(["hold", "release", "release all", "erase"]), max_size=8)
NUMBERS = count(2)


@given(steps=STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_order_holds_and_erasures_come_in(room: Room, steps: list[str]) -> None:
    """A small model: the holds in force, and whether it is erased."""
    number = next(NUMBERS)
    name = f"r{number}"
    await add(room.register, talking(f"a{number}", informer=f"i{number}"))
    await record(room.register, f"a{number}", name)
    await room.stage(RecordingStage.SEALED, name)
    held: list[str] = []
    erased = False
    for step in steps:
        before = len(room.told)
        impossible = {"hold": erased, "erase": erased or bool(held)}.get(step, not held)
        with pytest.raises(StepRefused) if impossible else nullcontext():
            if step == "hold":
                held.append(await room.keeping.hold(ORGANISATION, name, reason=CASE, by="jutge"))
            elif step == "erase":
                await room.erase(name)
                erased = True
            else:
                meant = held[0] if held and step == "release" else name
                released = await room.keeping.release(ORGANISATION, meant, reason=WHY, by="jutge")
                assert released == (1 if meant != name else len(held))
                held = held[released:]
        told = room.kinds[before:]
        assert not impossible or told == ["ErasureRefused"] * (step == "erase")
        assert (await room.recording(name)).stage is (RecordingStage.ERASED if erased else RecordingStage.SEALED)
    assert isinstance(await Journal(room.database).verify(ORGANISATION), Verified)
