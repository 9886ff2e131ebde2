"""Erasing a recording for good: nothing of it can be read any more, and a signed certificate says what it was.

The order matters for a crash. One transaction destroys the keys, keeps the certificate and journals it: from there on
the files are noise, and deleting them, which may fail or be cut short, is only tidying. A round does it again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from videoattention.domain.erasure_reasons import in_english
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import ErasureRefused
from videoattention.domain.holding import kept_from_erasing, reason_said
from videoattention.domain.rights import kept_by_requests
from videoattention.services.keeping import operator

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.domain.recording import Recording
    from videoattention.services.ports import Transaction
    from videoattention.services.seals import KeptSeal, KeptSeals, Signature, Signer
    from videoattention.services.vault import MediaRemoval
    from videoattention.services.work import Acting, Step, Work

FORMAT = "videoattention-erasure/1"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is left of a recording: the certificate, JSON in UTF-8 as it was signed, and who signed it."""

    recording: str
    certificate: bytes
    signature: Signature
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptErasure:
    """An erasure as it is read again. ``public_key`` is PEM (SubjectPublicKeyInfo)."""

    recording: str
    certificate: bytes
    signature: bytes
    key_id: str
    public_key: bytes
    at: datetime

    @property
    def said(self) -> dict[str, object]:
        """What the certificate says."""
        read: dict[str, object] = json.loads(self.certificate)
        return read

    @property
    def in_words(self) -> str:
        """When, why and by whom, as one sentence for an operator."""
        try:
            said = self.said
            why = in_english(str(said["reason"]))
            return f"Recording {self.recording} was erased at {said['erased_at']} by {said['by']}: {why}."
        except (ValueError, LookupError, TypeError):
            return f"Recording {self.recording} was erased, and what its certificate said was changed since."


class Erasures(Protocol):
    """The erasures of one organisation, inside a transaction."""

    async def add(self, erasure: Erasure) -> None:
        """Keep it; raises `Stale` when the recording has one."""


class KeptErasures(Protocol):
    """The erasures of every organisation, to be read."""

    async def of(self, organisation: str, recording: str) -> KeptErasure | None:
        """The erasure of this recording, if it was erased."""

    async def since(self, moment: datetime | None) -> Sequence[tuple[str, str]]:
        """The organisations and recordings that were erased at that moment or later; all of them without a moment."""


class Erasing:
    """The use case of erasing.

    ``scrub`` leaves no trace in the database's files of what was deleted from its tables, and tells whether it could;
    ``software`` is the version that the certificate names.
    """

    def __init__(
        self,
        work: Work,
        signer: Signer,
        *,
        seals: KeptSeals,
        removal: MediaRemoval,
        scrub: Callable[[], Awaitable[bool]],
        software: str,
    ) -> None:
        self._work = work
        self._signer = signer
        self._seals = seals
        self._removal = removal
        self._scrub = scrub
        self._software = software

    async def erase(self, organisation: str, recording: str, *, reason: str, by: str, answering: str = "") -> bool:
        """Destroy the keys, keep the certificate, delete the files; returns whether the database was scrubbed.

        ``answering`` is the id of the citizen's request that it answers, if it answers one. Raises `NotFound`, or
        `StepRefused` (``reason_too_short``, and what `kept_from_erasing` says, journalled); `StorageFailed` when it was
        erased and files that nobody can read any more could not be deleted yet.
        """
        acting, said = operator(organisation, by), reason_said(reason)
        found = await self._erasable(acting, recording, answering)
        at = self._work.clock.now()
        seal = await self._seals.of(organisation, recording)
        told = {"reason": said, "by": by, "erased_at": at.isoformat()} | ({"request": answering} if answering else {})
        certificate = _certificate(found, seal, software=self._software, told=told)
        signature = await self._signer.sign(organisation, certificate)
        await self._decided(acting, self._destroying(Erasure(recording, certificate, signature, at), said, answering))
        scrubbed = await self._scrub()
        await self._removal.remove(organisation, recording)
        return scrubbed

    async def _erasable(self, acting: Acting, recording: str, answering: str) -> Recording:
        found: list[Recording] = []

        async def look(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            found.append(await transaction.recordings.get(recording))
            return await _refused(transaction, found[-1], now, answering)

        await self._decided(acting, look)
        return found[-1]

    def _destroying(self, erasure: Erasure, reason: str, answering: str) -> Step:
        digest = hashlib.sha256(erasure.certificate).hexdigest()

        async def destroy(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            recording = await transaction.recordings.get(erasure.recording)
            refused = await _refused(transaction, recording, now, answering)
            if refused:
                return refused
            change = recording.erase(digest, reason)
            await transaction.recordings.save(change.recording)
            await transaction.keys.destroy(recording.id)
            await transaction.erasures.add(erasure)
            return change.facts

        return destroy

    async def _decided(self, acting: Acting, step: Step) -> None:
        """Carry it out; a refusal is in the journal before it is raised."""
        for entry in await self._work.carry_out(acting, step):
            if isinstance(entry.fact, ErasureRefused):
                raise StepRefused(entry.fact.cause, f"recording {entry.fact.recording} cannot be erased")


async def _refused(
    transaction: Transaction, recording: Recording, now: datetime, answering: str
) -> Sequence[ErasureRefused]:
    requests = await transaction.requests.of(recording.attention)
    requested = kept_by_requests(requests, now, answering=answering)
    cause = kept_from_erasing(recording, await transaction.holds.of(recording.id), requested=requested)
    return (ErasureRefused(recording.attention, recording.id, cause),) if cause else ()


def _certificate(recording: Recording, seal: KeptSeal | None, *, software: str, told: dict[str, str]) -> bytes:
    said = {
        "format": FORMAT,
        "software": software,
        "organisation": recording.organisation,
        "recording": recording.id,
        "attention": recording.attention,
        "manifest_sha256": hashlib.sha256(seal.manifest).hexdigest() if seal else None,
        "erased": _files(recording, seal),
        **told,
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _files(recording: Recording, seal: KeptSeal | None) -> list[dict[str, object]]:
    """The files by their hashes: as the manifest has them, else as the worker told them."""
    if seal is None:
        return [
            {"part": part.number, "track": track.track, "media_bytes": track.length, "media_sha256": track.sha256}
            for part in recording.parts
            for track in part.tracks
        ]
    names = ("file_bytes", "file_sha256", "media_bytes", "media_sha256")
    return [
        {"part": part["number"], "track": track["track"], **{name: track.get(name) for name in names}}
        for part in json.loads(seal.manifest).get("parts", ())
        for track in part["tracks"]
    ]
