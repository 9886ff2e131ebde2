"""The files of a recording, opened with their keys to be played, or measured whole for the seal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from videoattention.domain.recording import RecordingStage
from videoattention.services.media import Track
from videoattention.services.ports import NotFound
from videoattention.services.vault import FileIdentity, KeyUnusable, MeasuredFile, MediaErased, StorageFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.domain.recording import Part, Recording
    from videoattention.services.ports import Clock, KeyRing, Register
    from videoattention.services.vault import MediaLibrary, RecordedMedia

MEASURED_WITHIN: Final = 300.0
"""Seconds for one file; an hour of picture takes some seconds, so whatever takes longer does not answer."""


class Files:
    """Opens and measures recorded tracks by their names."""

    def __init__(self, register: Register, clock: Clock, *, keys: KeyRing, library: MediaLibrary) -> None:
        self._register = register
        self._clock = clock
        self._keys = keys
        self._library = library

    async def open(self, identity: FileIdentity) -> RecordedMedia:
        """One track, ready to be read; raises `NotFound`, `MediaMissing`, `MediaTampered` or `StorageFailed`.

        What a worker wrote after it was dismissed is no part of the recording, whatever key it was given before.
        """
        async with self._register.look(identity.organisation, self._clock.now()) as transaction:
            recording = await transaction.recordings.get(identity.recording)
            wrapped = (await transaction.keys.of(identity.recording, identity.part)).get(identity.track)
        if wrapped is None and recording.stage is RecordingStage.ERASED:
            raise MediaErased(f"recording {identity.recording} was erased")
        if wrapped is None:
            raise NotFound(f"no key for part {identity.part} of this recording")
        if identity.part not in {part.number for part in recording.parts}:
            raise NotFound(f"part {identity.part} is none of this recording")
        return await self._library.open(identity, await self._keys.unwrap(identity, wrapped))

    async def measure(self, recording: Recording, *, only_here: bool = False) -> dict[tuple[int, Track], MeasuredFile]:
        """What every track of every part holds now, read whole; a file that cannot be read is told, not raised.

        With ``only_here`` a part of which this machine has no file is told as ``storage_failed``, and nobody is asked.
        So is one whose key cannot be opened. Under another master key none can: nothing can be signed there either.
        """
        async with self._register.begin(recording.organisation, "service", self._clock.now()) as transaction:
            keys = {part.number: await transaction.keys.of(recording.id, part.number) for part in recording.parts}
        identities = [
            FileIdentity(recording.organisation, recording.id, part, track) for part in keys for track in Track
        ]
        away = {part.number for part in recording.parts if only_here and not await self._has_any_of(recording, part)}
        return {
            (file.part, file.track): (
                MeasuredFile(fault="storage_failed")
                if file.part in away
                else await self._measure(file, keys[file.part])
            )
            for file in identities
        }

    async def are_elsewhere(self, recording: Recording) -> bool:
        """Whether there is a part of it of which this machine has no file: they are on another, or were moved."""
        for part in recording.parts:
            if not await self._has_any_of(recording, part):
                return True
        return False

    async def _has_any_of(self, recording: Recording, part: Part) -> bool:
        files = [FileIdentity(recording.organisation, recording.id, part.number, track) for track in Track]
        return await self._library.has_any(files)

    async def _measure(self, identity: FileIdentity, keys: Mapping[Track, bytes]) -> MeasuredFile:
        wrapped = keys.get(identity.track)
        key = await self._opened(identity, wrapped) if wrapped is not None else None
        if key is None:
            return MeasuredFile(fault="key_missing")
        try:
            async with asyncio.timeout(MEASURED_WITHIN):
                return await self._library.measure(identity, key)
        except (StorageFailed, TimeoutError):
            return MeasuredFile(fault="storage_failed")

    async def _opened(self, identity: FileIdentity, wrapped: bytes) -> bytes | None:
        """The plain key; none if it is not there any more in a form that anybody can open."""
        try:
            return await self._keys.unwrap(identity, wrapped)
        except KeyUnusable:
            # a rotation may have wrapped it anew since it was read
            async with self._register.begin(identity.organisation, "service", self._clock.now()) as transaction:
                now = (await transaction.keys.of(identity.recording, identity.part)).get(identity.track)
        try:
            return await self._keys.unwrap(identity, now) if now is not None else None
        except KeyUnusable:
            return None
