"""Sealed recordings of two organisations, made without browsers but by everything else that the product has.

The register and its journal, the key ring, the vault's writer, the seal. Only the media is made by hand, and small.
"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.fakes.clock import Clock
from tests.fakes.copies import Copies
from tests.integration.db import cases
from tests.unit.vault.samples import Frame, cluster, in_pieces, let_go, stream_head, video_stream
from videoattention.adapters.db.catalogue import keep_texts, seed
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.demo import DEMO
from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.seals import DatabaseSigningKeys
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.adapters.vault.writer import FolderVault
from videoattention.bootstrap.keys import key_ring, make_ready
from videoattention.bootstrap.storage import library
from videoattention.config import read
from videoattention.domain.facts import RecorderAdmitted
from videoattention.domain.recording import KeptTrack, Recording
from videoattention.services.files import Files
from videoattention.services.media import Track
from videoattention.services.sealing import Sealing
from videoattention.services.vault import ClockMark, FileIdentity
from videoattention.services.work import Work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from videoattention.config import Settings
    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.services.ports import Entry

CLUSTERS: Final = 40
PIECE: Final = 100
"""Bytes of media in one record: small, so that a small file has some hundred of them."""

OURS, THEIRS = cases.ORGANISATION, cases.OTHER


def _audio() -> bytes:
    frames = [[Frame(nth * 400 + at, bytes([nth]) * 30) for at in range(0, 400, 20)] for nth in range(CLUSTERS // 2)]
    return stream_head(b"A_OPUS") + b"".join(cluster(one[0].time, one, sized=True) for one in frames)


STREAMS: Final = {"video": video_stream(CLUSTERS, sized=True), "audio": _audio()}


def settings_in(folder: Path) -> dict[str, str]:
    """What the environment says for a service that keeps everything in this folder."""
    return {"VIDEOATTENTION_DATA": str(folder / "data"), "VIDEOATTENTION_RECORDINGS": str(folder / "recordings")}


@dataclass
class RecordedPlace:
    """A folder with a database and recordings; what ``begin`` opened, ``close`` closes."""

    folder: Path
    clock: Clock = field(default_factory=lambda: Clock(cases.NOW))

    async def begin(self) -> None:
        """Set everything up, empty."""
        self.settings: Settings = read(settings_in(self.folder))
        self.settings.storage.data.mkdir(parents=True, exist_ok=True)
        self.database = Database(self.settings.storage.database)
        await self.database.migrate()
        await seed(self.database, DEMO)
        await keep_texts(self.database, cases.TEXTS)
        self.register = DatabaseRegister(self.database)
        self.ring = key_ring(self.settings, self.database)
        with redirect_stdout(sys.stderr):
            await make_ready(self.settings, self.database, self.ring)
        self.vault = FolderVault(self.settings.storage.recordings)
        self.work = Work(self.register, self.clock, self)
        files = Files(self.register, self.clock, keys=self.ring, library=library(self.settings))
        signer = VaultSigner(self.ring, DatabaseSigningKeys(self.database), self.clock)
        views = DatabaseViews(self.database)
        self.sealing = Sealing(self.work, views, files=files, copies=Copies(), signer=signer, software="a test")

    def committed(self, entries: Sequence[Entry]) -> None:
        """Nothing follows by itself."""

    async def close(self) -> None:
        await self.database.close()

    async def three(self) -> None:
        """Two recordings of one organisation, the second one crashed in its second part, and one of another."""
        await self.recorded("a1", "r1")
        await self.recorded("a2", "r2", crashed=True)
        await self.recorded("a3", "r3", organisation=THEIRS)

    async def recorded(
        self, attention: str, recording: str, *, organisation: str = OURS, crashed: bool = False
    ) -> None:
        """One attention from its first entry to its conclusion, beside another one; its recording is sealed."""
        talking = await self._talking(attention, organisation)
        await self._admitted(attention, recording, organisation)
        await self._part(recording, organisation, 1, cause="worker_lost" if crashed else "stopped")
        if crashed:
            await self._part(recording, organisation, 2, cause="")
        await self._ended(talking, recording)
        await self.sealing.seal(organisation, recording)
        await self._save(await self._get(attention, organisation), "outcome")

    async def _talking(self, attention: str, organisation: str) -> Attention:
        informer = f"informer-{attention}"
        begun = cases.talking(attention, informer=informer, organisation=organisation)
        office = cases.OFFICE if organisation == OURS else "oac-vila"
        other = cases.waiting(f"{attention}-other", office=office, organisation=organisation)
        await cases.add(self.register, begun, other)
        async with self.register.begin(organisation, "service", self._later()) as transaction:
            given = cases.consenting(cases.identified(await transaction.attentions.get(attention)), f"c-{attention}")
            await transaction.attentions.save(given.attention)
            await transaction.commit(*given.facts)
        return await self._get(attention, organisation)

    async def _admitted(self, attention: str, recording: str, organisation: str) -> None:
        async with self.register.begin(organisation, "service", self._later()) as transaction:
            made = Recording(recording, attention, organisation, f"c-{attention}", requested_at=self.clock.now())
            await transaction.recordings.add(made)
            await transaction.commit(RecorderAdmitted(attention, recording, f"c-{attention}"))

    async def _part(self, recording: str, organisation: str, number: int, *, cause: str) -> None:
        """A part of all four tracks; without a cause nobody closed it, and its files end in half a record."""
        await self.ring.prepare(organisation)
        async with self.register.begin(organisation, "service", self._later()) as transaction:
            under = await transaction.keys.organisation()
            plain, wrapped = self.ring.fresh(organisation, recording, number, under=under)
            opened = (await transaction.recordings.get(recording)).open(number, self.clock.now())
            await transaction.recordings.save(opened.recording)
            await transaction.keys.add(recording, number, wrapped)
            await transaction.commit(*opened.facts)
        told = tuple(
            self._write(FileIdentity(organisation, recording, number, track), plain[track], closed=bool(cause))
            for track in Track
        )
        await self.vault.make_durable()
        if cause:
            await self._close_part(recording, organisation, number, cause=cause, told=told)
        else:
            let_go(self.vault)  # the process ended, so nobody holds its files
            self.vault = FolderVault(self.settings.storage.recordings)

    def _write(self, identity: FileIdentity, key: bytes, *, closed: bool) -> KeptTrack:
        writer = self.vault.create(identity, key)
        for nth, piece in enumerate(in_pieces(STREAMS[identity.track.kind], PIECE)):
            writer.media(piece)
            writer.seal_record()
            if nth % 50 == 0:
                writer.mark(ClockMark(nth, nth, nth, 0.0))
        if closed:
            seal = writer.close()
            return KeptTrack(identity.track, 0.0, 16.0, 400, seal.length, seal.sha256)
        name = f"{identity.part:04d}-{identity.track}.vrec"
        path = self.settings.storage.recordings / identity.organisation / identity.recording / name
        path.write_bytes(path.read_bytes()[:-37])
        return KeptTrack(identity.track, 0.0, 0.0, 0, 0, "")

    async def _close_part(
        self, recording: str, organisation: str, number: int, *, cause: str, told: tuple[KeptTrack, ...]
    ) -> None:
        async with self.register.begin(organisation, "service", self._later()) as transaction:
            found = await transaction.recordings.get(recording)
            closed = found.close_part(number, self.clock.now(), cause, told)
            facts: tuple[Fact, ...] = ()
            if cause == "worker_lost":
                change = closed.interrupt(self.clock.now(), cause)
                closed, facts = change.recording, change.facts
            await transaction.recordings.save(closed)
            await transaction.commit(*facts)

    async def _ended(self, talking: Attention, recording: str) -> None:
        async with self.register.begin(talking.organisation, "service", self._later()) as transaction:
            hung_up = (await transaction.attentions.get(talking.id)).hang_up("citizen", self.clock.now())
            await transaction.attentions.save(hung_up.attention)
            stopped = (await transaction.recordings.get(recording)).stop("call_ended")
            await transaction.recordings.save(stopped.recording)
            await transaction.commit(*hung_up.facts, *stopped.facts)

    async def _save(self, attention: Attention, outcome: str) -> None:
        assert attention.informer
        concluded = attention.conclude(attention.informer.subject, outcome)
        await cases.save(self.register, concluded)

    async def _get(self, attention: str, organisation: str) -> Attention:
        async with self.register.begin(organisation, "service", self.clock.now()) as transaction:
            return await transaction.attentions.get(attention)

    def _later(self) -> datetime:
        self.clock.move(1)
        return self.clock.now()
