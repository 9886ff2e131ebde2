"""The files of a recording, opened with their keys; and what they hold when no worker could tell any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.domain.recording import KeptTrack, RecordingStage
from videoattention.services.media import Track
from videoattention.services.ports import NotFound
from videoattention.services.vault import FileIdentity, MediaMissing, MediaTampered

if TYPE_CHECKING:
    from videoattention.domain.recording import Part, Recording
    from videoattention.services.ports import Clock, KeyRing, Register
    from videoattention.services.vault import MediaLibrary, RecordedMedia


class Files:
    """Opens recorded tracks by their names."""

    def __init__(self, register: Register, clock: Clock, *, keys: KeyRing, library: MediaLibrary) -> None:
        self._register = register
        self._clock = clock
        self._keys = keys
        self._library = library

    async def open(self, identity: FileIdentity) -> RecordedMedia:
        """One track, ready to be read; raises `NotFound`, `MediaMissing`, `MediaTampered` or `StorageFailed`."""
        async with self._register.begin(identity.organisation, "service", self._clock.now()) as transaction:
            wrapped = (await transaction.keys.of(identity.recording, identity.part)).get(identity.track)
        if wrapped is None:
            raise NotFound(f"no key for part {identity.part} of this recording")
        return await self._library.open(identity, await self._keys.unwrap(identity, wrapped))

    async def measure_unclosed(self, organisation: str, recording: str) -> dict[int, tuple[KeptTrack, ...]]:
        """By part, what is in the files that no worker told of: those of a worker that was lost.

        Of a recording that is sealing; of any other nothing, for its files may still be written.
        """
        async with self._register.begin(organisation, "service", self._clock.now()) as transaction:
            ending = await transaction.recordings.get(recording)
        if ending.stage is not RecordingStage.SEALING:
            return {}
        return {part.number: await self._measure(ending, part) for part in ending.parts if not part.tracks}

    async def _measure(self, recording: Recording, part: Part) -> tuple[KeptTrack, ...]:
        start = (part.opened_at - recording.parts[0].opened_at).total_seconds()
        kept = []
        for track in Track:
            identity = FileIdentity(recording.organisation, recording.id, part.number, track)
            try:
                opened = await self.open(identity)
            except (MediaMissing, MediaTampered, NotFound):
                continue
            kept.append(KeptTrack(track, start, opened.duration, frames=0, length=opened.size, sha256=""))
        return tuple(kept)
