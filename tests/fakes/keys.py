"""Keys that say what they are for, and a library of files that were never written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from videoattention.services.media import Track
from videoattention.services.seals import Signature
from videoattention.services.vault import FileIdentity, FileSeal, MeasuredFile, MediaMissing, StorageFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence


SHA256: Final = "ab" * 32
"""The hash of every file, and of what every worker tells of it."""


def key_of(identity: FileIdentity) -> bytes:
    """32 bytes, the same for the same file."""
    named = f"{identity.organisation}/{identity.recording}/{identity.part}/{identity.track}"
    return named.encode()[-32:].rjust(32, b".")


class KeyRing:
    """Wrapping turns a key's bytes round."""

    def __init__(self) -> None:
        self.prepared: set[str] = set()

    async def prepare(self, organisation: str) -> None:
        self.prepared.add(organisation)

    def fresh(
        self, organisation: str, recording: str, part: int, *, under: bytes | None
    ) -> tuple[Mapping[Track, bytes], Mapping[Track, bytes]]:
        assert organisation in self.prepared, "prepare() comes first"
        plain = {track: key_of(FileIdentity(organisation, recording, part, track)) for track in Track}
        return plain, {track: key[::-1] for track, key in plain.items()}

    async def unwrap(self, identity: FileIdentity, wrapped: bytes) -> bytes:
        return wrapped[::-1]


@dataclass
class RecordedMedia:
    size: int
    duration: float
    etag: str = '"fake"'
    complete: bool = True
    pictures: Sequence[int] = ()

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        yield b"." * (end - start)


class MediaLibrary:
    """Put `RecordedMedia` or an exception into ``files``; what is not there is missing."""

    def __init__(self) -> None:
        self.files: dict[FileIdentity, RecordedMedia | Exception] = {}
        self.opened: list[FileIdentity] = []
        self.measured: list[FileIdentity] = []

    async def measure(self, identity: FileIdentity, key: bytes) -> MeasuredFile:
        assert key == key_of(identity), "the key is another file's"
        self.measured.append(identity)
        found = self.files.get(identity, MediaMissing("never written"))
        match found:
            case StorageFailed():
                raise found
            case Exception():
                fault = "file_missing" if isinstance(found, MediaMissing) else "file_tampered"
                return MeasuredFile(fault=fault)
        seal = FileSeal(found.size, SHA256)
        playable = seal if found.size else None
        return MeasuredFile(seal, seal, playable, duration=found.duration, frames=250, complete=found.complete)

    async def has_any(self, identities: Sequence[FileIdentity]) -> bool:
        return any(not isinstance(self.files.get(identity), MediaMissing | None) for identity in identities)

    async def open(self, identity: FileIdentity, key: bytes) -> RecordedMedia:
        assert key == key_of(identity), "the key is another file's"
        self.opened.append(identity)
        found = self.files.get(identity, MediaMissing("never written"))
        if isinstance(found, Exception):
            raise found
        return found


class Signer:
    """A signature says who signed what."""

    async def sign(self, organisation: str, message: bytes) -> Signature:
        return Signature(f"key-of-{organisation}", b"signed: " + message)

    async def public_key(self, organisation: str, key_id: str) -> bytes:
        return key_id.encode()
