"""A recording from its consent to its seal: real files, real keys, both databases; and what is wrong with a file."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.fakes.clock import Clock
from tests.fakes.copies import Copies
from tests.integration.db.cases import ORGANISATION, add, later, record, talking
from tests.unit.vault.samples import MARK, in_pieces, let_go, read_all, video_stream
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.db.tables import data_keys
from videoattention.adapters.vault.format import file_path
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import KeyRefused, MasterKey
from videoattention.adapters.vault.library import FolderLibrary
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.adapters.vault.writer import FolderVault
from videoattention.domain.facts import RecordingLost, RecordingSealed
from videoattention.domain.recording import RecordingStage
from videoattention.services import media
from videoattention.services.files import Files
from videoattention.services.recorder import Recorder
from videoattention.services.sealing import PASSING_ELSEWHERE, PATIENCE, Sealing
from videoattention.services.vault import FileIdentity, MeasuredFile, StorageFailed
from videoattention.services.withdrawing import Withdrawing
from videoattention.services.work import Work, the_service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.queries import DatabaseViews
    from videoattention.adapters.db.register import DatabaseRegister
    from videoattention.domain.facts import Fact
    from videoattention.services.ports import Entry, Transaction
    from videoattention.services.seals import KeptSeal

STREAM = video_stream()


class Vaulted:
    """The use cases of a recording over a real vault; ``told`` are the facts that were committed."""

    def __init__(self, database: Database, register: DatabaseRegister, views: DatabaseViews, root: Path) -> None:
        self.clock, self.told, self.root = Clock(later(300)), [], root  # type: ignore[var-annotated]
        self.database, self.register = database, register
        work = Work(register, self.clock, self)
        keys = VaultKeyRing(MasterKey(bytes(range(32))), DatabaseOrganisationKeys(database))
        self.library = FolderLibrary(root)
        self.files = Files(register, self.clock, keys=keys, library=self.library)
        self.recorder = Recorder(work, views, keys=keys, new_id=lambda: "never asked for")
        signer = VaultSigner(keys, DatabaseSigningKeys(database), self.clock)
        self.copies = Copies()
        self.sealing = Sealing(
            work, views, files=self.files, copies=self.copies, signer=signer, software="videoattention test"
        )
        self.work = work

    def committed(self, entries: Sequence[Entry]) -> None:
        self.told += [entry.fact for entry in entries]

    async def order(self) -> media.Record:
        made = await self.recorder.next_order(ORGANISATION, "a1")
        assert made
        at = self.clock.now().timestamp()
        await self.recorder.opened(ORGANISATION, media.PartOpened("a1", "r1", made.part, at))
        return made

    def write(self, order: media.Record, *, close: bool = True) -> tuple[media.TrackKept, ...]:
        """Every file of a part, as a worker writes them; only the citizen's picture has any media."""
        kept = []
        for track in media.Track:
            stream = STREAM if track is media.Track.CITIZEN_VIDEO else b""
            identity = FileIdentity(ORGANISATION, "r1", order.part, track)
            vault = FolderVault(self.root)
            writer = vault.create(identity, base64.b64decode(order.keys[track]))
            for piece in in_pieces(stream, 700):
                writer.media(piece)
                writer.seal_record()
            writer.mark(MARK)
            if close:
                seal = writer.close()
                frames, seconds = (40, 1.6) if stream else (0, 0.0)
                kept.append(media.TrackKept(track, 0.25, seconds, frames, seal.length, seal.sha256))
            let_go(vault)
        return tuple(kept)

    def path(self, track: media.Track = media.Track.CITIZEN_VIDEO, part: int = 1) -> Path:
        return self.root / file_path(FileIdentity(ORGANISATION, "r1", part, track))

    async def closed(self, order: media.Record, kept: tuple[media.TrackKept, ...], cause: str = "stopped") -> None:
        self.clock.move(20)
        at = self.clock.now().timestamp()
        await self.recorder.closed(ORGANISATION, media.PartClosed("a1", "r1", order.part, at, cause, kept))

    async def dismissed(self) -> None:
        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            ended = (await transaction.attentions.get("a1")).hang_up("citizen", now)
            await transaction.attentions.save(ended.attention)
            return ended.facts

        await self.work.carry_out(the_service(ORGANISATION), action)
        await self.recorder.dismiss(ORGANISATION, "a1")

    async def sealed(self) -> tuple[dict[str, Any], KeptSeal]:
        await self.sealing.seal(ORGANISATION, "r1")
        seal = await DatabaseSeals(self.database).of(ORGANISATION, "r1")
        assert seal
        return json.loads(seal.manifest), seal

    async def stage(self) -> RecordingStage:
        async with self.register.begin(ORGANISATION, "service", self.clock.now()) as transaction:
            return (await transaction.recordings.get("r1")).stage


@pytest.fixture
async def vaulted(database: Database, register: DatabaseRegister, views: DatabaseViews, tmp_path: Path) -> Vaulted:
    await add(register, talking("a1"))
    await record(register)
    return Vaulted(database, register, views, tmp_path)


@pytest.fixture
async def ended(vaulted: Vaulted) -> Vaulted:
    """One part was kept and told of, the call is over, the recorder is out."""
    order = await vaulted.order()
    await vaulted.closed(order, vaulted.write(order))
    await vaulted.dismissed()
    return vaulted


@pytest.mark.parametrize("changed", [b"v1.0123456789abcdef.AAAA", b"\xff\xfe", b"no key"])
async def test_a_key_that_was_changed_keeps_no_recording_from_its_seal(ended: Vaulted, changed: bytes) -> None:
    async with ended.database.writing() as connection:
        mine = data_keys.c.track == media.Track.CITIZEN_AUDIO.value
        await connection.execute(data_keys.update().where(mine).values(wrapped=changed))
        await connection.commit()
    manifest, _ = await ended.sealed()
    assert (manifest["complete"], manifest["causes"]) == (False, ["key_missing"])
    assert await ended.stage() is RecordingStage.SEALED


async def test_under_another_master_key_nothing_is_sealed_as_if_its_keys_were_gone(ended: Vaulted) -> None:
    await ended.sealing._signer.sign(ORGANISATION, b"the key is there")
    keys = VaultKeyRing(MasterKey(bytes(32)), DatabaseOrganisationKeys(ended.database))
    ended.files._keys = keys
    ended.sealing._signer = VaultSigner(keys, DatabaseSigningKeys(ended.database), ended.clock)
    with pytest.raises(KeyRefused):
        await ended.sealed()
    assert await ended.stage() is RecordingStage.SEALING


async def test_a_complete_recording_is_sealed_with_what_proves_it(ended: Vaulted) -> None:
    manifest, seal = await ended.sealed()
    public = load_pem_public_key(seal.public_key)
    assert isinstance(public, Ed25519PublicKey)
    public.verify(seal.signature, seal.manifest)
    assert (manifest["complete"], manifest["causes"], seal.timestamp) == (True, [], None)
    digest = hashlib.sha256(seal.manifest).hexdigest()
    assert ended.told[-1] == RecordingSealed("a1", "r1", 1, 1.6, digest, seal.key_id, complete=True)
    assert await ended.stage() is RecordingStage.SEALED
    verified = await Journal(ended.database).verify(ORGANISATION)
    assert isinstance(verified, Verified)


async def test_the_manifest_lists_what_the_files_hold(ended: Vaulted) -> None:
    manifest, _ = await ended.sealed()
    (part,) = manifest["parts"]
    video = next(track for track in part["tracks"] if track["track"] == "citizen-video")
    on_disk = ended.path().read_bytes()
    played = await read_all(await ended.files.open(FileIdentity(ORGANISATION, "r1", 1, media.Track.CITIZEN_VIDEO)))
    for name, data in (("file", on_disk), ("media", STREAM), ("playable", played)):
        assert (video[f"{name}_bytes"], video[f"{name}_sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert (video["reported_sha256"], video["frames"], video["start"]) == (video["media_sha256"], 40, 0.25)
    assert video["clock"]["first"]["wall"] == MARK.wall
    assert [track["media_bytes"] for track in part["tracks"]].count(0) == 3
    (consent,) = manifest["consents"]
    assert (consent["id"], consent["stage"], consent["ended_at"]) == ("c-a1", "given", None)
    assert manifest["journal"]["first"] < manifest["journal"]["last"]
    assert manifest["software"] == "videoattention test"


async def test_sealing_twice_changes_nothing(ended: Vaulted) -> None:
    _, first = await ended.sealed()
    ended.clock.move(60)
    told = len(ended.told)
    _, second = await ended.sealed()
    assert second == first
    assert len(ended.told) == told


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "causes"),
    [
        (lambda path: path.unlink(), ["file_missing"]),
        (_flip, ["file_tampered"]),
        (lambda path: path.write_bytes(path.read_bytes()[:-10]), ["torn"]),
        (lambda path: path.write_bytes(path.read_bytes()[:-400]), ["torn", "file_differs"]),
    ],
)
async def test_a_file_that_is_not_as_it_was_told_makes_an_incomplete_seal(
    ended: Vaulted, harm: Callable[[Path], object], causes: list[str]
) -> None:
    harm(ended.path())
    manifest, _ = await ended.sealed()
    assert (manifest["complete"], manifest["causes"]) == (False, causes)
    video = next(track for track in manifest["parts"][0]["tracks"] if track["track"] == "citizen-video")
    assert video["causes"] == causes
    assert video["reported_bytes"] == len(STREAM)
    assert ended.told[-1].causes == tuple(causes)
    assert await ended.stage() is RecordingStage.SEALED


async def test_what_a_lost_worker_left_is_sealed_with_what_its_files_hold(vaulted: Vaulted) -> None:
    order = await vaulted.order()
    vaulted.write(order, close=False)
    vaulted.clock.move(20)
    await vaulted.recorder.interrupted(ORGANISATION, "a1", "worker_lost")
    await vaulted.dismissed()
    manifest, _ = await vaulted.sealed()
    assert manifest["causes"] == ["worker_lost", "not_closed"]
    assert vaulted.told[-1].seconds > 1
    async with vaulted.register.begin(ORGANISATION, "service", vaulted.clock.now()) as transaction:
        (part,) = (await transaction.recordings.get("r1")).parts
    (track,) = part.tracks
    assert (track.length, track.sha256) == (len(STREAM), hashlib.sha256(STREAM).hexdigest())


async def test_a_gap_between_two_parts_is_in_the_manifest_with_its_cause(vaulted: Vaulted) -> None:
    first = await vaulted.order()
    await vaulted.closed(first, vaulted.write(first), "service_lost")
    vaulted.clock.move(7)
    second = await vaulted.order()
    await vaulted.closed(second, vaulted.write(second))
    await vaulted.dismissed()
    manifest, _ = await vaulted.sealed()
    (gap,) = manifest["gaps"]
    assert (gap["after_part"], gap["cause"], manifest["causes"]) == (1, "service_lost", ["service_lost"])
    assert (gap["from"], gap["to"]) == (later(320).isoformat(), later(327).isoformat())


async def test_that_nothing_was_kept_is_signed_too(vaulted: Vaulted) -> None:
    await vaulted.dismissed()
    manifest, seal = await vaulted.sealed()
    assert (manifest["parts"], manifest["complete"], manifest["causes"]) == ([], False, ["nothing_kept"])
    digest = hashlib.sha256(seal.manifest).hexdigest()
    assert vaulted.told[-1] == RecordingLost("a1", "r1", "nothing_kept", digest, seal.key_id, ("nothing_kept",))
    assert await vaulted.stage() is RecordingStage.LOST


async def test_a_disk_that_will_not_be_read_is_waited_for_and_not_for_ever(
    ended: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise StorageFailed("storage_failed", "as told")

    monkeypatch.setattr(ended.library, "measure", broken)
    for _ in range(2):
        with pytest.raises(StorageFailed):
            await ended.sealing.seal(ORGANISATION, "r1")
        ended.clock.move(PATIENCE.total_seconds() / 2)
    assert await ended.stage() is RecordingStage.SEALING
    manifest, _ = await ended.sealed()
    assert manifest["causes"] == ["storage_failed"]
    assert timedelta(seconds=60) > PATIENCE


async def test_a_disk_that_comes_back_in_time_leaves_a_complete_recording(
    ended: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise StorageFailed("storage_failed", "as told")

    monkeypatch.setattr(ended.library, "measure", broken)
    with pytest.raises(StorageFailed):
        await ended.sealing.seal(ORGANISATION, "r1")
    monkeypatch.undo()
    manifest, _ = await ended.sealed()
    assert manifest["complete"]


async def test_a_file_that_is_still_on_another_machine_is_waited_for(
    ended: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def on_its_way(*_: object) -> MeasuredFile:
        return MeasuredFile(fault="file_missing")

    monkeypatch.setattr(ended.sealing, "_passing", PASSING_ELSEWHERE)
    monkeypatch.setattr(ended.library, "measure", on_its_way)
    with pytest.raises(StorageFailed):
        await ended.sealing.seal(ORGANISATION, "r1")
    monkeypatch.undo()
    manifest, _ = await ended.sealed()
    assert manifest["complete"]


async def test_a_report_that_comes_while_it_is_sealed_is_in_the_manifest(
    vaulted: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await vaulted.order()
    kept = vaulted.write(order)
    await vaulted.dismissed()
    measure = vaulted.library.measure

    async def late(identity: FileIdentity, key: bytes) -> object:
        monkeypatch.setattr(vaulted.library, "measure", measure)
        await vaulted.closed(order, kept)
        return await measure(identity, key)

    monkeypatch.setattr(vaulted.library, "measure", late)
    manifest, _ = await vaulted.sealed()
    assert manifest["complete"]
    assert manifest["parts"][0]["cause"] == "stopped"
    assert [track["reported_bytes"] for track in manifest["parts"][0]["tracks"]].count(None) == 0


async def test_a_consent_that_is_taken_back_while_it_is_sealed_is_in_the_manifest(
    ended: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = ended.library.measure

    async def meanwhile(identity: FileIdentity, key: bytes) -> object:
        monkeypatch.setattr(ended.library, "measure", measure)
        await Withdrawing(ended.work).withdraw(ORGANISATION, "a1", "c-a1")
        return await measure(identity, key)

    monkeypatch.setattr(ended.library, "measure", meanwhile)
    manifest, _ = await ended.sealed()
    assert [consent["stage"] for consent in manifest["consents"]] == ["withdrawn"]
    assert await ended.stage() is RecordingStage.SEALED


async def test_a_seal_waits_for_files_that_are_on_their_way_and_no_longer(
    ended: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = ended.root.with_name("of another machine")
    ended.root.rename(elsewhere)
    monkeypatch.setattr(ended.sealing, "_passing", PASSING_ELSEWHERE)
    ended.copies.on_the_way.add((ORGANISATION, "r1"))
    for _ in range(3):
        await ended.sealing.seal(ORGANISATION, "r1")
        ended.clock.move(10 * PATIENCE.total_seconds())
    assert await ended.stage() is RecordingStage.SEALING
    assert ended.sealing.waits(ORGANISATION, "r1")
    ended.copies.on_the_way.clear()
    elsewhere.rename(ended.root)
    manifest, _ = await ended.sealed()
    assert (manifest["complete"], manifest["causes"]) == (True, [])
    assert not ended.sealing.waits(ORGANISATION, "r1")


async def test_when_nobody_answers_for_the_files_any_more_the_seal_is_patient_from_then_on(
    ended: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended.path().unlink()
    for track in media.Track:
        ended.path(track).unlink(missing_ok=True)
    monkeypatch.setattr(ended.sealing, "_passing", PASSING_ELSEWHERE)
    with pytest.raises(StorageFailed):
        await ended.sealing.seal(ORGANISATION, "r1")
    ended.copies.on_the_way.add((ORGANISATION, "r1"))
    ended.clock.move(10 * PATIENCE.total_seconds())
    await ended.sealing.seal(ORGANISATION, "r1")
    ended.copies.on_the_way.clear()
    for _ in range(2):
        with pytest.raises(StorageFailed):
            await ended.sealing.seal(ORGANISATION, "r1")
        ended.clock.move(PATIENCE.total_seconds() / 2)
    manifest, _ = await ended.sealed()
    assert manifest["causes"] == ["file_missing"]


async def test_somebody_who_answers_for_the_files_while_they_are_looked_for_is_heard(
    ended: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def meanwhile(*_: object) -> MeasuredFile:
        ended.clock.move(10 * PATIENCE.total_seconds())
        ended.copies.on_the_way.add((ORGANISATION, "r1"))
        return MeasuredFile(fault="file_missing")

    for track in media.Track:
        ended.path(track).unlink(missing_ok=True)
    monkeypatch.setattr(ended.sealing, "_passing", PASSING_ELSEWHERE)
    ended.sealing._unreadable[ORGANISATION, "r1"] = ended.clock.now()
    monkeypatch.setattr(ended.library, "measure", meanwhile)
    with pytest.raises(StorageFailed):
        await ended.sealing.seal(ORGANISATION, "r1")
    assert await ended.stage() is RecordingStage.SEALING


async def test_a_file_of_this_machine_is_not_waited_for_because_its_copy_waits(ended: Vaulted) -> None:
    ended.copies.on_the_way.add((ORGANISATION, "r1"))
    manifest, _ = await ended.sealed()
    assert manifest["complete"]


async def test_a_disk_that_will_not_be_read_is_not_waited_for_because_a_copy_waits(
    ended: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise StorageFailed("storage_failed", "as told")

    monkeypatch.setattr(ended.library, "measure", broken)
    ended.copies.on_the_way.add((ORGANISATION, "r1"))
    with pytest.raises(StorageFailed):
        await ended.sealing.seal(ORGANISATION, "r1")
    ended.clock.move(PATIENCE.total_seconds())
    manifest, _ = await ended.sealed()
    assert manifest["causes"] == ["storage_failed"]


async def test_a_store_that_is_known_to_be_away_is_asked_for_nothing(
    ended: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody answers for the files: the seal is patient, and says in the end what it could not have."""
    for track in media.Track:
        ended.path(track).unlink(missing_ok=True)
    measured: list[FileIdentity] = []

    async def asked(identity: FileIdentity, _: bytes) -> MeasuredFile:
        measured.append(identity)
        return MeasuredFile(fault="file_missing")

    monkeypatch.setattr(ended.library, "measure", asked)
    monkeypatch.setattr(ended.sealing, "_passing", PASSING_ELSEWHERE)
    ended.copies.store_away = True
    with pytest.raises(StorageFailed):
        await ended.sealing.seal(ORGANISATION, "r1")
    ended.clock.move(PATIENCE.total_seconds())
    manifest, _ = await ended.sealed()
    assert (manifest["causes"], measured) == (["storage_failed"], [])


async def test_what_is_here_is_read_while_the_store_is_away(ended: Vaulted) -> None:
    ended.copies.store_away = True
    manifest, _ = await ended.sealed()
    assert manifest["complete"]
