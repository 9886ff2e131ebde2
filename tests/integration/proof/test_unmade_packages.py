"""A package for which a disk that is really full has no room: nobody got it, and two people need not be asked again."""

from __future__ import annotations

import asyncio
import errno
import os
import zipfile
from typing import TYPE_CHECKING, Final

import pytest

from tests.integration.db import cases
from tests.recorded import OURS, RecordedPlace
from videoattention import offline
from videoattention.adapters.db.evidence import DatabaseEvidence
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.keeping import DatabaseErasures
from videoattention.adapters.db.queries.reviewing import DatabaseArchive
from videoattention.adapters.db.queries.unrecorded import DatabaseUnrecorded
from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.db.stories import DatabaseStories
from videoattention.adapters.packages import PassingPackage
from videoattention.adapters.vault.deliveries import EncryptedDeliveries
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.bootstrap.storage import library
from videoattention.domain.errors import StepRefused
from videoattention.domain.exporting import FETCHED_AGAIN_WITHIN, FETCHED_WITHIN, ExportStage, ExportStep
from videoattention.domain.people import Person, Role
from videoattention.services.archive import Archive
from videoattention.services.attention_export import AttentionExporter
from videoattention.services.attention_packages import AttentionPackages
from videoattention.services.export import Exporter
from videoattention.services.exporting import Exporting
from videoattention.services.files import Files
from videoattention.services.taken_home import TakenHome
from videoattention.services.vault import MediaMissing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from videoattention.domain.exporting import Export

SIZE: Final = 256 * 1024
FOR, CASE = "Requeriment 12/2026 del jutjat", "EXP-2026/12"
NURIA, ORIOL = (
    Person(name, OURS, name.title(), "Auditora", frozenset({Role.AUDITOR}), frozenset()) for name in ("nuria", "oriol")
)
GIVEN: Final = ["ExportAsked", "ExportDecided"]


async def _run(*command: str) -> int:
    return await (await asyncio.create_subprocess_exec(*command)).wait()


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Path]:
    """A file system of its own, of `SIZE` bytes."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "small"
    await asyncio.to_thread(folder.mkdir)
    assert await _run("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "small", str(folder)) == 0
    try:
        yield folder
    finally:
        await _run("umount", "--lazy", str(folder))


def fill(folder: Path, left: int) -> Path:
    """Leave so many bytes."""
    filler = folder / "filler"
    free = os.statvfs(folder)
    filler.write_bytes(bytes(free.f_bavail * free.f_frsize - left))
    return filler


def free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


class Room:
    """Everything that gives packages away, over one place."""

    def __init__(self, place: RecordedPlace) -> None:
        database, work, ring = place.database, place.work, place.ring
        ids = iter(f"e{number}" for number in range(99)).__next__
        archive = Archive(work, DatabaseViews(database), ids)
        seals, evidence = DatabaseSeals(database), DatabaseEvidence(database)
        signer, taken_home = (
            VaultSigner(ring, DatabaseSigningKeys(database), place.clock),
            TakenHome(work, EncryptedDeliveries(ring)),
        )
        files = Files(place.register, place.clock, keys=ring, library=library(place.settings))
        exporter = Exporter(
            work, evidence=evidence, seals=seals, signer=signer, files=files, taken_home=taken_home, software="a test"
        )
        stories = DatabaseStories(database)
        statements = AttentionExporter(
            work,
            stories=stories,
            evidence=evidence,
            seals=seals,
            erasures=DatabaseErasures(database),
            signer=signer,
            taken_home=taken_home,
            software="a test",
        )
        self.place, self.archive = place, archive
        self.exporting = Exporting(work, archive, exporter=exporter, new_id=ids)
        self.packages = AttentionPackages(work, archive, stories=stories, exporter=statements, new_id=ids)
        self.views, self.unrecorded = DatabaseArchive(database), DatabaseUnrecorded(database)

    async def of_recording(self) -> Export:
        (seen,) = await self.views.exports(OURS, "ca", now=self.place.clock.now(), recording="r1")
        return seen.export

    async def of_attention(self) -> Export:
        (seen,) = await self.unrecorded.asked(OURS, "ca", now=self.place.clock.now())
        return seen.export

    async def told(self, attention: str) -> list[str]:
        lines = await DatabaseViews(self.place.database).journal(OURS, attention)
        return [line.kind for line in lines if "Export" in line.kind]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    place = RecordedPlace(tmp_path)
    await place.begin()
    yield Room(place)
    await place.close()


async def _saved(passing: PassingPackage, to: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is sent to whoever asked is whole, and holds on a machine without the service."""
    await asyncio.to_thread(to.write_bytes, b"".join([piece async for piece in passing.read()]))
    passing.close()
    assert zipfile.ZipFile(to).testzip() is None
    with pytest.raises(SystemExit) as ended:
        await asyncio.to_thread(offline.main, [str(to)])
    assert ended.value.code in {0, None}, capsys.readouterr().out


async def test_of_a_recording_it_can_be_tried_again_when_there_is_room(
    room: Room, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await room.place.recorded("a1", "r1")
    await room.archive.state_purpose(NURIA, "r1", FOR, case=CASE)
    await room.exporting.ask(NURIA, "r1", FOR)
    asked = await room.of_recording()
    await room.exporting.decide(ORIOL, asked.id, ExportStep.APPROVE, "")
    filler = fill(small, left=20_000)
    before = free(small)
    for tried in (1, 2):
        passing = PassingPackage(small)
        with pytest.raises(OSError, match="No space left") as full:
            await room.exporting.give(NURIA, asked.id, passing)
        assert (full.value.errno, free(small)) == (errno.ENOSPC, before), "it makes room before that is written down"
        passing.close()
        unmade = await room.of_recording()
        assert (unmade.stage, unmade.unmade) == (ExportStage.APPROVED, "no_space")
        assert await room.told("a1") == [*GIVEN, *["RecordingExported", "ExportUnmade"] * tried]
    room.place.clock.move((FETCHED_AGAIN_WITHIN - FETCHED_WITHIN).total_seconds() - 60)
    filler.unlink()
    with pytest.raises(StepRefused) as another:
        await room.exporting.give(ORIOL, asked.id, PassingPackage(small))
    assert another.value.code == "not_your_export"
    passing = PassingPackage(small)
    assert await room.exporting.give(NURIA, asked.id, passing) == "r1"
    await _saved(passing, tmp_path / "package.zip", capsys)
    given = await room.of_recording()
    assert (given.stage, given.unmade) == (ExportStage.GIVEN, "")
    with pytest.raises(StepRefused) as again:
        await room.exporting.give(NURIA, asked.id, PassingPackage(small))
    assert again.value.code == "illegal_step"
    assert isinstance(await Journal(room.place.database).verify(OURS), Verified)


async def test_of_an_attention_without_a_recording_too(
    room: Room, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await cases.add(room.place.register, cases.talking("quiet", informer="informer-1"))
    async with room.place.register.begin(OURS, "service", cases.NOW) as transaction:
        ended = (await transaction.attentions.get("quiet")).hang_up("citizen", cases.later(120))
        done = ended.attention.conclude("informer-1", "Vindrà a l'oficina.")
        await transaction.attentions.save(done.attention)
        await transaction.commit(*ended.facts, *done.facts)
    await room.packages.ask(NURIA, "quiet", FOR, CASE)
    asked = ("quiet", (await room.of_attention()).id)
    await room.packages.decide(ORIOL, asked, ExportStep.APPROVE, "")
    filler = fill(small, left=0)
    passing = PassingPackage(small)
    with pytest.raises(OSError, match="No space left"):
        await room.packages.give(NURIA, asked, passing)
    passing.close()
    unmade = await room.of_attention()
    assert (unmade.stage, unmade.unmade) == (ExportStage.APPROVED, "no_space")
    assert await room.told("quiet") == [*GIVEN, "AttentionExported", "ExportUnmade"]
    filler.unlink()
    passing = PassingPackage(small)
    await room.packages.give(NURIA, asked, passing)
    await _saved(passing, tmp_path / "package.zip", capsys)
    assert (await room.of_attention()).stage is ExportStage.GIVEN
    room.place.clock.move(FETCHED_AGAIN_WITHIN.total_seconds())
    with pytest.raises(StepRefused) as again:
        await room.packages.give(NURIA, asked, PassingPackage(small))
    assert again.value.code == "illegal_step"


async def test_media_that_is_missing_uses_no_request_up(room: Room, tmp_path: Path) -> None:
    await room.place.recorded("a1", "r1")
    await room.archive.state_purpose(NURIA, "r1", FOR, case=CASE)
    await room.exporting.ask(NURIA, "r1", FOR)
    asked = await room.of_recording()
    await room.exporting.decide(ORIOL, asked.id, ExportStep.APPROVE, "")
    for file in (tmp_path / "recordings").glob("*/r1/*.vrec"):
        file.unlink()
    with pytest.raises(MediaMissing):
        await room.exporting.give(NURIA, asked.id, PassingPackage(tmp_path))
    unmade = await room.of_recording()
    assert (unmade.stage, unmade.unmade) == (ExportStage.APPROVED, "file_missing")
