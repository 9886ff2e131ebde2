"""A recording given away: everything that somebody without the service needs to check it, in one signed package."""

from __future__ import annotations

import errno
import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog

from videoattention.domain.facts import RecordingExported
from videoattention.domain.recording import RecordingStage
from videoattention.services.archive import LEAST_PURPOSE
from videoattention.services.media import Track
from videoattention.services.restriction import is_restricted
from videoattention.services.sealed import ManifestUnreadable, read_manifest
from videoattention.services.vault import (
    FileIdentity,
    FileSeal,
    KeyUnusable,
    MediaMissing,
    MediaTampered,
    StorageFailed,
)
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from videoattention.domain.exporting import Export
    from videoattention.domain.facts import Fact
    from videoattention.domain.recording import Recording
    from videoattention.services.files import Files
    from videoattention.services.ports import Entry, Transaction
    from videoattention.services.proof import KeptEvidence, SliceEntry
    from videoattention.services.sealed import SealedFile, SealedManifest, SealedText
    from videoattention.services.seals import KeptSeal, KeptSeals, Signer
    from videoattention.services.taken_home import TakenHome
    from videoattention.services.work import Work

_log = structlog.get_logger()

FORMAT: Final = "videoattention-package/1"
_PIECE: Final = 1 << 16
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}", re.ASCII)


class ExportRefused(Exception):
    """This recording cannot be given away; the sentence says why."""


class Package(Protocol):
    """One package that is being written."""

    def add(self, name: str, data: bytes) -> None:
        """A small file as a whole."""

    async def add_stream(self, name: str, pieces: AsyncIterator[bytes]) -> FileSeal:
        """A file piece by piece; returns what was written."""

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every file so far, by name."""


class Packages(Protocol):
    """Where packages are written to."""

    def begin(self) -> AbstractContextManager[Package]:
        """A new package, which is there at the end, whole; if anything goes wrong nothing of it is."""


class Passing(Packages, Protocol):
    """Where a package is written that is passed on to whoever asked for it, and kept nowhere."""

    @property
    def size(self) -> int:
        """Bytes, once it is whole."""

    def read(self) -> AsyncIterator[bytes]:
        """From the beginning, piece by piece."""

    def close(self) -> None:
        """Let it go; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Who asked for the package and why, in their own words.

    From the pages it is ``approved``: a request that a second person let be. What is saved ``beside`` the fact that
    tells of it is saved with it, or neither is. ``unmade`` hears why the package could not be made after that.
    """

    purpose: str
    by: str
    approved: Export | None = None
    beside: Callable[[Transaction, datetime], Awaitable[None]] | None = None
    unmade: Callable[[str], Awaitable[None]] | None = None

    @property
    def actor(self) -> str:
        """Who gives it away, as the journal shows it."""
        return f"auditor:{self.by}" if self.approved else f"operator:{self.by}"

    def fact(self, recording: Recording) -> Fact:
        """What is told before the first byte."""
        asked = self.approved
        if asked is None or asked.decided_by is None:
            return RecordingExported(recording.attention, recording.id, self.purpose)
        function, second = asked.asked_by.position, asked.decided_by.subject
        return RecordingExported(recording.attention, recording.id, self.purpose, asked.case, function, second)

    def told(self) -> dict[str, Any]:
        """What the package says of a request and its two people."""
        return self.approved.told() if self.approved else {}


class Exporter:
    """Writes packages."""

    def __init__(
        self,
        work: Work,
        *,
        evidence: KeptEvidence,
        seals: KeptSeals,
        signer: Signer,
        files: Files,
        taken_home: TakenHome,
        software: str,
    ) -> None:
        self._work = work
        self._evidence = evidence
        self._seals = seals
        self._signer = signer
        self._files = files
        self._taken_home = taken_home
        self._software = software

    async def export(
        self, recording: Recording, errand: Errand, packages: Packages, *, progress: Callable[[str], None]
    ) -> None:
        """Write the package; that it is given away, to whom and why, is in the journal before its first byte.

        What the citizen took home and the texts are read before that; the media is not, for it is large. Raises
        `ExportRefused`, `KeyUnusable` or `MediaTampered` for a paper that cannot be opened, and `MediaTampered`,
        `MediaMissing` or `StorageFailed` when the media is not as sealed.
        """
        seal = await self._seals.of(recording.organisation, recording.id)
        if recording.stage is not RecordingStage.SEALED or seal is None:
            raise ExportRefused(_why_not(recording.stage))
        if len(errand.purpose) < LEAST_PURPOSE or not errand.by:
            raise ExportRefused("say in a few words what the package is for, and who gives it away")
        try:
            manifest = read_manifest(seal.manifest)
        except ManifestUnreadable as unreadable:
            raise ExportRefused(f"its manifest cannot be read: {unreadable}") from None
        if (await self._signer.sign(recording.organisation, seal.manifest)).key_id != seal.key_id:
            raise ExportRefused("it was sealed with another key than the organisation signs with now")
        papers = await self._papers(manifest)
        entry = await self._tell(recording, errand)
        async with telling_why(errand.unmade):
            with packages.begin() as package:
                await self._fill(package, seal, manifest=manifest, papers=papers, progress=progress)
                told = self._told(recording, errand, entry=entry, package=package)
                package.add("package.json", told)
                package.add("package.sig", (await self._signer.sign(recording.organisation, told)).signature)

    async def _tell(self, recording: Recording, errand: Errand) -> Entry:
        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            stage = (await transaction.recordings.get(recording.id)).stage
            if stage is not RecordingStage.SEALED:
                raise ExportRefused(_why_not(stage))
            if await is_restricted(transaction, recording.attention):
                raise ExportRefused("the citizen's data are restricted (GDPR, article 18), and no hold needs them")
            if errand.beside is not None:
                await errand.beside(transaction, now)
            return (errand.fact(recording),)

        acting = Acting(recording.organisation, errand.actor)
        return (await self._work.carry_out(acting, action))[0]

    async def _papers(self, manifest: SealedManifest) -> Mapping[str, bytes]:
        """The words of the consents and what the citizen took home, by their names in the package."""
        papers = {
            text_name(text): await self._words(text) for text in {one.hash: one for one in manifest.texts}.values()
        }
        taken_home = await self._taken_home.of(manifest.organisation, manifest.attention)
        return papers | {f"receipts/{name}": paper for name, paper in taken_home}

    async def _fill(
        self,
        package: Package,
        seal: KeptSeal,
        *,
        manifest: SealedManifest,
        papers: Mapping[str, bytes],
        progress: Callable[[str], None],
    ) -> None:
        package.add("manifest.json", seal.manifest)
        package.add("manifest.sig", seal.signature)
        package.add("public-key.pem", seal.public_key)
        if seal.timestamp is not None:
            package.add("timestamp.tsr", seal.timestamp)
        entries = self._evidence.entries(manifest.organisation, manifest.attention, manifest.first)
        await package.add_stream("journal.jsonl", journal_lines(entries))
        for name, paper in papers.items():
            package.add(name, paper)
        for sealed in manifest.files:
            if sealed.playable is not None:
                progress(f"part {sealed.part}, {sealed.track}, {sealed.playable.length} bytes")
                await self._add_media(package, manifest, sealed)

    async def _words(self, text: SealedText) -> bytes:
        words = await self._evidence.words(text)
        if words is None:
            raise ExportRefused(f"the words of the consent text {text.text} {text.version} are not kept")
        return words.encode()

    async def _add_media(self, package: Package, manifest: SealedManifest, sealed: SealedFile) -> None:
        track = Track(sealed.track)
        media = await self._files.open(FileIdentity(manifest.organisation, manifest.recording, sealed.part, track))
        name = f"media/{sealed.part}-{sealed.track}.webm"
        if await package.add_stream(name, media.read(0, media.size)) != sealed.playable:
            raise MediaTampered(f"part {sealed.part}, {sealed.track}: the media is not the one that was sealed")

    def _told(self, recording: Recording, errand: Errand, *, entry: Entry, package: Package) -> bytes:
        told = {
            "format": FORMAT,
            "software": self._software,
            "organisation": recording.organisation,
            "recording": recording.id,
            "attention": recording.attention,
            "made_at": entry.at.isoformat(),
            "made_by": entry.actor,
            "purpose": errand.purpose,
            **errand.told(),
            "journalled": {"entry": entry.seq, "hash": entry.hash},
            "files": package.hashes(),
        }
        return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _why_not(stage: RecordingStage) -> str:
    if stage is RecordingStage.ERASED:
        return "its media was erased; what is left of it is its certificate"
    if stage is RecordingStage.LOST:
        return "nothing of it could be kept"
    return "it is not sealed yet" if stage is not RecordingStage.SEALED else "it has no seal"


@asynccontextmanager
async def telling_why(unmade: Callable[[str], Awaitable[None]] | None) -> AsyncIterator[None]:
    """Let ``unmade`` hear why a package that was told of could not be made, and raise what was raised."""
    try:
        yield
    except Exception as error:
        cause = why_unmade(error)
        _log.warning("package_unmade", cause=cause)
        if unmade is not None:
            await unmade(cause)
        raise


def why_unmade(error: Exception) -> str:
    """The cause that `ExportUnmade` names for what was raised."""
    if isinstance(error, StorageFailed):
        return error.code
    if isinstance(error, OSError):
        return "no_space" if error.errno in _NO_SPACE else "storage_failed"
    causes = ((MediaMissing, "file_missing"), (MediaTampered, "file_tampered"), (KeyUnusable, "key_missing"))
    return next((cause for kind, cause in causes if isinstance(error, kind)), "failed")


def text_name(text: SealedText) -> str:
    """What a consent text is called in a package."""
    name = f"{text.text}-{text.version}-{text.language}"
    return f"texts/{name if _SAFE.fullmatch(name) else text.hash}.txt"


async def journal_lines(entries: AsyncIterator[SliceEntry]) -> AsyncIterator[bytes]:
    """Entries of the journal as a package has them, a line each; in pieces, for each piece is a turn of a thread."""
    piece = bytearray()
    async for entry in entries:
        piece += json.dumps(entry.told(), ensure_ascii=False).encode() + b"\n"
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)
