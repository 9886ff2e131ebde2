"""Recordings as an operator handles them, without serving: listed, compared with their seals, given away."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from videoattention import __version__
from videoattention.adapters.clock import SystemClock
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.evidence import DatabaseEvidence
from videoattention.adapters.db.journal import Journal, Verified
from videoattention.adapters.db.keeping import DatabaseErasures
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.rotation import DatabaseRotation
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.db.stories import DatabaseStories
from videoattention.adapters.identity.fetching import provider_session
from videoattention.adapters.packages import PackageFile
from videoattention.adapters.vault.checking import VaultChecks
from videoattention.adapters.vault.deliveries import EncryptedDeliveries
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.bootstrap.journals import journal_in_words
from videoattention.bootstrap.keys import key_ring
from videoattention.bootstrap.sealing import authority_of
from videoattention.bootstrap.storage import library
from videoattention.config import SettingsRefused
from videoattention.services.attention_export import AttentionExporter
from videoattention.services.export import Exporter, ExportRefused
from videoattention.services.files import Files
from videoattention.services.ports import NotFound
from videoattention.services.proof import Verifier, is_closed
from videoattention.services.taken_home import TakenHome
from videoattention.services.vault import KeyUnusable, MediaMissing, MediaTampered, StorageFailed
from videoattention.services.work import Work

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from videoattention.config import Settings
    from videoattention.services.attention_export import AttentionErrand
    from videoattention.services.export import Errand
    from videoattention.services.ports import Entry
    from videoattention.services.proof import KeptRecording

    Progress = Callable[[str], None]

SOFTWARE = f"videoattention {__version__}"


class ExportFailed(Exception):
    """Nothing was given away; the sentence says why."""


class _NobodyListens:
    """Commands run beside the service; its rounds find what they changed."""

    def committed(self, entries: Sequence[Entry]) -> None:
        """Nothing follows from it here."""


class EvidenceRoom:
    """Everything that reads recordings; opened by `evidence_room`."""

    def __init__(self, settings: Settings, database: Database) -> None:
        clock, register, shelf = SystemClock(), DatabaseRegister(database), library(settings)
        seals = DatabaseSeals(database)
        self.ring = key_ring(settings, database)
        self.evidence = DatabaseEvidence(database)
        self._journal = Journal(database)
        self._erasures = DatabaseErasures(database)
        checks = VaultChecks(self.ring, shelf)
        self._verifier = Verifier(
            register, clock, evidence=self.evidence, seals=seals, erasures=self._erasures, checks=checks
        )
        work = Work(register, clock, _NobodyListens())
        signer = VaultSigner(self.ring, DatabaseSigningKeys(database), clock)
        taken_home = TakenHome(work, EncryptedDeliveries(self.ring))
        self._exporter = Exporter(
            work,
            evidence=self.evidence,
            seals=seals,
            signer=signer,
            files=Files(register, clock, keys=self.ring, library=shelf),
            taken_home=taken_home,
            software=SOFTWARE,
        )
        self._stories = DatabaseStories(database)
        self._settings = settings
        self._attention_exporter = partial(
            AttentionExporter,
            work,
            stories=self._stories,
            evidence=self.evidence,
            seals=seals,
            erasures=self._erasures,
            signer=signer,
            taken_home=taken_home,
            software=SOFTWARE,
        )

    async def found(self, recordings: Sequence[str]) -> Sequence[KeptRecording]:
        """These recordings, or all when none is named; raises `SettingsRefused` for one that there is not."""
        if not recordings:
            return await self.evidence.recordings()
        found = {name: await self.evidence.find(name) for name in dict.fromkeys(recordings)}
        unknown = [f"There is no recording {name!r}." for name, kept in found.items() if kept is None]
        if unknown:
            raise SettingsRefused(unknown)
        return [kept for kept in found.values() if kept is not None]

    async def verify(self, kept: KeptRecording, progress: Progress) -> tuple[str, bool]:
        """A sentence about one recording, and whether it holds."""
        recording = kept.recording
        about = f"{recording.organisation} {recording.id}"
        wrong = await self._verifier.verify(kept, progress)
        if wrong:
            return "\n".join(f"{about}: WRONG: {fault}" for fault in wrong), False
        if not is_closed(recording):
            return f"{about}: not sealed yet ({recording.stage})", True
        whole = "complete" if kept.complete else "sealed as incomplete"
        erasure = await self._erasures.of(recording.organisation, recording.id)
        told = f". {erasure.in_words}" if erasure else ""
        return f"{about}: {recording.stage}, {whole}; holds{told}", True

    async def missing(self) -> Sequence[str]:
        """A sentence for each recording that was sealed and is not there any more, or of which nobody can say so."""
        gone = [
            f"{whose} {recording}: WRONG: it was sealed, and is not kept"
            for whose, recording in await self.evidence.missing()
        ]
        silenced = [
            f"{whose} journal: WRONG: entry {seq} told of a seal or an erasure, and says nothing any more"
            for whose, seq in await self.evidence.silenced()
        ]
        return gone + silenced

    async def verify_journal(self, organisation: str) -> tuple[str, bool]:
        """A sentence about an organisation's journal, and whether it holds."""
        result = await self._journal.verify(organisation)
        return f"{organisation} journal: {journal_in_words(result)}", isinstance(result, Verified)

    async def export(self, kept: KeptRecording, to: Path, errand: Errand, *, progress: Progress) -> None:
        """Write the package; raises `ExportFailed`."""
        erasure = await self._erasures.of(kept.recording.organisation, kept.recording.id)
        if erasure is not None:
            raise ExportFailed(f"{kept.recording.id} is not given away. {erasure.in_words}")
        with _told_why(kept.recording.id):
            await self._exporter.export(kept.recording, errand, PackageFile(to), progress=progress)

    async def export_attention(self, attention: str, to: Path, errand: AttentionErrand) -> None:
        """Write the package of one without a recording; raises `ExportFailed`, or `SettingsRefused` without one."""
        organisation = await self._stories.owner_of(attention)
        if organisation is None:
            raise SettingsRefused([f"There is no attention {attention!r}."])
        async with provider_session() as http:
            exporter = self._attention_exporter(authority=authority_of(self._settings, http))
            with _told_why(attention):
                await exporter.export(organisation, attention, errand, PackageFile(to))


@contextmanager
def _told_why(name: str) -> Iterator[None]:
    """Why nothing was given away, as one sentence."""
    try:
        yield
    except (ExportRefused, KeyUnusable, MediaTampered, MediaMissing, NotFound, StorageFailed) as refused:
        raise ExportFailed(f"{name} is not given away: {refused}.") from refused
    except OSError as error:
        raise ExportFailed(f"The package cannot be written: {error.strerror or error}.") from error


@asynccontextmanager
async def evidence_room(settings: Settings) -> AsyncIterator[EvidenceRoom]:
    """Open the database and the keys; raises `KeyRefused` for a master key that is not the one."""
    database = Database(settings.storage.database)
    try:
        room = EvidenceRoom(settings, database)
        await room.ring.ready()
        yield room
    finally:
        await database.close()


async def kept_recordings(
    settings: Settings, organisation: str | None, since: datetime | None
) -> Sequence[KeptRecording]:
    """What there is to list; no key is needed for it. Raises `SettingsRefused` if there is no such organisation."""
    database = Database(settings.storage.database)
    try:
        if organisation is not None and organisation not in await DatabaseRotation(database).organisations():
            raise SettingsRefused([f"There is no organisation {organisation!r}."])
        return await DatabaseEvidence(database).recordings(organisation, since)
    finally:
        await database.close()
