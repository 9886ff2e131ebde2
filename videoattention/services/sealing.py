"""Sealing: what was kept is measured, written down in a manifest, signed, and closed for good.

Sealing again changes nothing. One transaction holds the stage, the seal and the fact that tells its hash.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from videoattention.domain.recording import KeptTrack, Proof, Recording, RecordingStage
from videoattention.services.manifest import Evidence
from videoattention.services.media import Track
from videoattention.services.ports import Stale
from videoattention.services.seals import Seal
from videoattention.services.vault import StorageFailed
from videoattention.services.work import TRIES, the_service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.consent import Consent
    from videoattention.domain.facts import Fact
    from videoattention.domain.recording import RecordingChange
    from videoattention.services.files import Files
    from videoattention.services.ports import Transaction
    from videoattention.services.seals import Signer
    from videoattention.services.vault import MeasuredFile
    from videoattention.services.views import Views
    from videoattention.services.work import Work

    Found = Mapping[tuple[int, Track], MeasuredFile]

_log = structlog.get_logger()

PATIENCE: Final = timedelta(seconds=20)
"""How long a file is asked for again, for a fault that may pass, before the recording is sealed as incomplete.

A lost worker's recording is left open for 20 s, each of the two is noticed within a round of 5 s, and a minute is
promised.
"""

PASSING: Final = frozenset({"storage_failed"})
"""Faults that may pass: the disk, or the object store, may come back."""

PASSING_ELSEWHERE: Final = PASSING | {"file_missing"}
"""The same where workers have folders of their own: a file may still be on its way from there."""


@dataclass(frozen=True, slots=True)
class _Ending:
    """A recording that is to be sealed, and the consents of its attention."""

    recording: Recording
    consents: tuple[Consent, ...]


class Copies(Protocol):
    """What is known of files that are on their way to the object store."""

    @property
    def store_away(self) -> bool:
        """Whether the object store is known not to answer."""

    def on_their_way(self, organisation: str, recording: str) -> bool:
        """Whether files of it that cannot be read here are not lost: a worker that is there answers for them."""


class Sealing:
    """The last use case of a recording; ``software`` is who seals, as the manifest says it.

    ``passing`` are the faults of a file that may pass; ``copies`` knows for what to wait longer.
    """

    def __init__(
        self,
        work: Work,
        views: Views,
        *,
        files: Files,
        copies: Copies,
        signer: Signer,
        software: str,
        passing: frozenset[str] = PASSING,
    ) -> None:
        self._work = work
        self._views = views
        self._files = files
        self._copies = copies
        self._signer = signer
        self._software = software
        self._passing = passing
        self._unreadable: dict[tuple[str, str], datetime] = {}
        self._waiting: set[tuple[str, str]] = set()

    def waits(self, organisation: str, recording: str) -> bool:
        """Whether its seal was left to wait, when it was asked for last, for files that are on their way."""
        return (organisation, recording) in self._waiting

    async def seal(self, organisation: str, recording: str) -> None:
        """Close a recording for good; one that is not sealing is left as it is.

        So is one whose files are on their way: it is sealed when they have arrived, or nobody answers for them any
        more. A file that is missing, changed or torn makes it incomplete and no less sealed. Raises `StorageFailed`
        while the disk may come back, `KeyRefused` when the master key is another one, and `NotFound`.
        """
        for _ in range(TRIES):
            ending = await self._ending(organisation, recording)
            is_sealing = ending.recording.stage is RecordingStage.SEALING
            if is_sealing and await self._must_wait(ending.recording):
                return
            if not is_sealing or await self._sealed(ending):
                self._unreadable.pop((organisation, recording), None)
                return
        raise Stale("a recording, or what was consented for it, kept changing while it was being sealed")

    async def _ending(self, organisation: str, recording: str) -> _Ending:
        found: list[_Ending] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            ending = await transaction.recordings.get(recording)
            found.append(_Ending(ending, (await transaction.attentions.get(ending.attention)).consents))
            return ()

        await self._work.carry_out(the_service(organisation), action)
        return found[-1]

    async def _must_wait(self, recording: Recording) -> bool:
        """Whether files that this machine has not are on their way; the object store is not asked for them then."""
        whose = (recording.organisation, recording.id)
        if not (self._copies.on_their_way(*whose) and await self._files.are_elsewhere(recording)):
            self._waiting.discard(whose)
            return False
        if whose not in self._waiting:
            _log.info("seal_waits_for_copies", recording=recording.id)
        self._waiting.add(whose)
        self._unreadable.pop(whose, None)
        return True

    async def _sealed(self, ending: _Ending) -> bool:
        """Whether it could be sealed as it was read: a report, or a consent taken back, belongs into the manifest."""
        recording = ending.recording
        files = await self._measured(recording)
        now = self._work.clock.now()
        closed = recording.settle(now, _kept(recording, files))
        journal = await self._views.journal(recording.organisation, recording.attention)
        evidence = Evidence(closed, files, ending.consents, journal, now, self._software)
        manifest = evidence.manifest()
        signature = await self._signer.sign(recording.organisation, manifest)
        proof = Proof(hashlib.sha256(manifest).hexdigest(), signature.key_id, evidence.causes)
        return await self._keep(closed.seal(proof), Seal(recording.id, manifest, signature, now), ending.consents)

    async def _measured(self, recording: Recording) -> Found:
        asked = self._work.clock.now()
        # a store that is known to be away is not asked for every file: others wait for their seals meanwhile
        files = await self._files.measure(recording, only_here=self._copies.store_away)
        lacks = any(file.fault in self._passing for file in files.values())
        # somebody may have answered for them while they were asked for
        if lacks and (await self._must_wait(recording) or self._is_patient(recording, asked)):
            raise StorageFailed("storage_failed", "a recording cannot be read to be sealed")
        return files

    def _is_patient(self, recording: Recording, asked: datetime) -> bool:
        """Whether to ask once more for what could not be read when it was ``asked`` for: once more at least."""
        whose = (recording.organisation, recording.id)
        since = self._unreadable.get(whose)
        if since is None:
            self._unreadable[whose] = asked
        return since is None or self._work.clock.now() - since < PATIENCE

    async def _keep(self, change: RecordingChange, seal: Seal, consents: tuple[Consent, ...]) -> bool:
        kept: list[bool] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            await transaction.alone()  # no consent is taken back between the look at it and the seal
            current = await transaction.recordings.get(seal.recording)
            attention = await transaction.attentions.get(current.attention)
            kept.append(current.version == change.recording.version and attention.consents == consents)
            if not kept[-1]:
                return ()
            await transaction.recordings.save(change.recording)
            await transaction.seals.add(seal)
            return change.facts

        await self._work.carry_out(the_service(change.recording.organisation), action)
        return kept[-1]


def _kept(recording: Recording, files: Found) -> dict[int, tuple[KeptTrack, ...]]:
    """By part, what can be played of the files, for those tracks of which no worker told."""
    kept: dict[int, tuple[KeptTrack, ...]] = {}
    for part in recording.parts:
        start = (part.opened_at - recording.parts[0].opened_at).total_seconds()
        playable = [(track, files[part.number, track]) for track in Track if files[part.number, track].playable]
        kept[part.number] = tuple(
            KeptTrack(track, start, file.duration, file.frames, file.media.length, file.media.sha256)
            for track, file in playable
            if file.media
        )
    return kept
