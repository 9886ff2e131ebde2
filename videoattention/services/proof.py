"""Whether a sealed recording is still what was sealed: its manifest, its signature, the journal, and every file."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol

from videoattention.domain.recording import SEALED, RecordingStage
from videoattention.services.media import Track
from videoattention.services.sealed import ManifestUnreadable, read_manifest
from videoattention.services.vault import FileIdentity, MediaMissing, MediaTampered, StorageFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

    from videoattention.domain.recording import Recording
    from videoattention.services.erasing import KeptErasure, KeptErasures
    from videoattention.services.ports import Clock, Register
    from videoattention.services.sealed import SealedFile, SealedManifest, SealedText
    from videoattention.services.seals import KeptSeal, KeptSeals


@dataclass(frozen=True, slots=True)
class KeptRecording:
    """A recording as an operator sees it.

    ``held`` if somebody answers for it that it must be kept; ``complete`` as its seal says, ``None`` without one.
    """

    recording: Recording
    held: bool
    complete: bool | None


@dataclass(frozen=True, slots=True)
class Binding:
    """What the journal says of a recording: manifest and key of each seal, certificate of each erasure (SHA-256, hex).

    ``link`` is that of the entry that was asked for. ``silenced`` if an entry of its attention that told of a seal or
    an erasure says nothing any more: the chain holds without it, and there is nothing in it that a law erases.
    """

    seals: tuple[tuple[str, str], ...]
    certificates: tuple[str, ...]
    link: str | None
    silenced: bool = False


@dataclass(frozen=True, slots=True)
class SliceEntry:
    """One entry of the journal as a package has it; ``body`` and ``salt`` only of the attention's own."""

    seq: int
    at: str
    actor: str
    kind: str
    attention: str | None
    commitment: str
    prev: str
    hash: str
    body: str | None
    salt: bytes | None

    def told(self) -> dict[str, object]:
        """As JSON has it; without body and salt where there are none."""
        told = asdict(self)
        body, salt = told.pop("body"), told.pop("salt")
        return told if body is None or salt is None else told | {"body": body, "salt": salt.hex()}


class KeptEvidence(Protocol):
    """What is kept about recordings, of every organisation, to be read."""

    async def recordings(
        self, organisation: str | None = None, since: datetime | None = None
    ) -> Sequence[KeptRecording]:
        """Those of one organisation or of all, requested since then; oldest first."""

    async def find(self, recording: str) -> KeptRecording | None:
        """One recording, whosever it is."""

    async def binding(self, recording: Recording, entry: int) -> Binding:
        """What the journal says of it, and the link of ``entry``."""

    async def missing(self) -> Sequence[tuple[str, str]]:
        """The organisations and recordings that a journal says were sealed and that are not kept."""

    async def silenced(self) -> Sequence[tuple[str, int]]:
        """The organisations and entries that told of a seal or an erasure and say nothing any more."""

    def entries(self, organisation: str, attention: str, first: int) -> AsyncIterator[SliceEntry]:
        """The organisation's chain from ``first`` to where the attention was concluded, or its last recording sealed.

        What was done later, such as playing a recording, does not belong to the attention's own story.
        """

    async def words(self, text: SealedText) -> str | None:
        """Title and paragraphs of a consent text as they were shown, joined by newlines."""


class Checks(Protocol):
    """What only the vault can tell."""

    async def file(self, identity: FileIdentity, wrapped: bytes | None, sealed: SealedFile) -> None:
        """Compare one file with its seal; raises `MediaTampered`, `MediaMissing` or `StorageFailed`."""

    def signature(self, public_key: bytes, key_id: str, *, signature: bytes, message: bytes) -> bool:
        """Whether the key of this name signed the message."""


class Verifier:
    """Verifies recordings."""

    def __init__(
        self,
        register: Register,
        clock: Clock,
        *,
        evidence: KeptEvidence,
        seals: KeptSeals,
        erasures: KeptErasures,
        checks: Checks,
    ) -> None:
        self._register = register
        self._clock = clock
        self._evidence = evidence
        self._seals = seals
        self._erasures = erasures
        self._checks = checks

    async def verify(self, kept: KeptRecording, progress: Callable[[str], None]) -> Sequence[str]:
        """Check everything about a recording; returns a sentence for each thing that is not as it was sealed.

        ``progress`` is told what is being read. Of one that is not closed there is nothing to compare.
        """
        if is_closed(kept.recording):
            return await self._verify_closed(kept.recording, progress)
        binding = await self._evidence.binding(kept.recording, 0)
        if binding.silenced:
            return ["an entry of the journal that told of a seal of this attention says nothing any more"]
        if not binding.seals:
            return []
        # sealed since it was read, unless somebody set its stage back to keep it from being compared
        now = await self._evidence.find(kept.recording.id)
        if now is not None and is_closed(now.recording):
            return await self._verify_closed(now.recording, progress)
        return [f"the journal says that it was sealed, and it is kept as {kept.recording.stage}"]

    async def _verify_closed(self, recording: Recording, progress: Callable[[str], None]) -> Sequence[str]:
        seal = await self._seals.of(recording.organisation, recording.id)
        if seal is None:
            return ["it has no seal"]
        try:
            manifest = read_manifest(seal.manifest)
        except ManifestUnreadable as unreadable:
            return [f"the manifest cannot be read: {unreadable}"]
        wrong = seal_faults(recording, seal, manifest=manifest, checks=self._checks)
        binding = await self._evidence.binding(recording, manifest.last)
        wrong += binding_faults(seal, manifest, binding)
        if recording.stage is RecordingStage.ERASED:
            erasure = await self._erasures.of(recording.organisation, recording.id)
            return wrong + erasure_faults(seal, erasure, binding=binding, checks=self._checks)
        if binding.certificates:
            wrong.append(f"the journal says that it was erased, and it is kept as {recording.stage}")
        return wrong + [fault async for fault in self._file_faults(recording, manifest, progress)]

    async def _file_faults(
        self, recording: Recording, manifest: SealedManifest, progress: Callable[[str], None]
    ) -> AsyncIterator[str]:
        for sealed in manifest.files:
            if sealed.file is None:
                if sealed.late is not None and (fault := await self._late_fault(recording, sealed, progress)):
                    yield fault
                continue
            progress(f"part {sealed.part}, {sealed.track}, {sealed.file.length} bytes")
            try:
                await self._check_file(recording, sealed)
            except MediaMissing:
                yield f"part {sealed.part}, {sealed.track}: the file is missing"
            except (MediaTampered, StorageFailed, ValueError) as fault:
                yield str(fault)

    async def _late_fault(self, recording: Recording, sealed: SealedFile, progress: Callable[[str], None]) -> str:
        """What is wrong with a file that the seal misses; nothing if it still is missing or is what its worker told."""
        try:
            await self._check_file(recording, sealed)
        except MediaMissing:
            return ""
        except (MediaTampered, StorageFailed, ValueError) as fault:
            return str(fault)
        progress(f"part {sealed.part}, {sealed.track}: it came after the seal, and is what its worker told")
        return ""

    async def _check_file(self, recording: Recording, sealed: SealedFile) -> None:
        identity = FileIdentity(recording.organisation, recording.id, sealed.part, Track(sealed.track))
        async with self._register.begin(recording.organisation, "service", self._clock.now()) as transaction:
            wrapped = (await transaction.keys.of(recording.id, sealed.part)).get(identity.track)
        await self._checks.file(identity, wrapped, sealed)


def seal_faults(recording: Recording, seal: KeptSeal, *, manifest: SealedManifest, checks: Checks) -> list[str]:
    """What is wrong with a seal by itself, and beside the recording that it closes."""
    wrong = []
    if not checks.signature(seal.public_key, seal.key_id, signature=seal.signature, message=seal.manifest):
        wrong.append("the manifest does not bear the organisation's signature")
    if (manifest.organisation, manifest.recording, manifest.attention) != (
        recording.organisation,
        recording.id,
        recording.attention,
    ):
        wrong.append("the manifest is that of another recording")
    if manifest.parts != tuple(part.number for part in recording.parts):
        wrong.append("the recording has other parts than the manifest")
    return wrong


def binding_faults(seal: KeptSeal, manifest: SealedManifest, binding: Binding) -> list[str]:
    """What the journal says otherwise than the seal."""
    wrong = []
    if binding.seals != ((hashlib.sha256(seal.manifest).hexdigest(), seal.key_id),):
        wrong.append("the journal does not say that this manifest, signed with this key, sealed it")
    if binding.link != manifest.link:
        wrong.append(f"entry {manifest.last} of the journal is not the one that the manifest names")
    return wrong


def erasure_faults(seal: KeptSeal, erasure: KeptErasure | None, *, binding: Binding, checks: Checks) -> list[str]:
    """What is wrong with what is left of an erased recording."""
    if erasure is None:
        return ["it is kept as erased, and there is no certificate of it"]
    signature, certificate = erasure.signature, erasure.certificate
    if not checks.signature(erasure.public_key, erasure.key_id, signature=signature, message=certificate):
        return ["the certificate of its erasure does not bear the organisation's signature"]
    wrong = []
    if erasure.said.get("manifest_sha256") != hashlib.sha256(seal.manifest).hexdigest():
        wrong.append("the certificate of its erasure is for another manifest")
    if binding.certificates != (hashlib.sha256(certificate).hexdigest(),):
        wrong.append("the journal does not say that this certificate tells of its erasure")
    return wrong


def is_closed(recording: Recording) -> bool:
    """Whether there is a seal to verify."""
    return recording.stage in SEALED
