"""What recordings need of the place that keeps them: encrypted, append-only, one file per track and part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from videoattention.services.media import Track


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Which file this is; every byte of it is bound to this, so a record moved to another file is detected."""

    organisation: str
    recording: str
    part: int
    track: Track


@dataclass(frozen=True, slots=True)
class ClockMark:
    """One reading of the clocks, kept in the file so that tracks can be put in step after a crash.

    ``wall`` Unix seconds; ``monotonic`` seconds of the worker's clock; ``media`` seconds since the track's first frame;
    ``sender_ntp`` the sender's own clock for that same media instant (seconds since 1900, RFC 3550), 0 if unknown.
    """

    wall: float
    monotonic: float
    media: float
    sender_ntp: float


@dataclass(frozen=True, slots=True)
class MediaGap:
    """A stretch of a track for which nothing was stored: seconds since the track's first frame, and why."""

    start: float
    end: float
    cause: str


@dataclass(frozen=True, slots=True)
class FileSeal:
    """What a finished file, or a stream out of it, holds: its bytes and their SHA-256 in hexadecimal."""

    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class MeasuredFile:
    """What one stored file holds, found by reading it from its first byte to its last.

    ``file`` is of the encrypted bytes, ``media`` of the WebM as it was written, ``playable`` of the WebM as a player
    gets it. ``duration`` in seconds; ``torn_bytes`` at the end are what a crash left unfinished; ``complete`` tells
    whether its writer closed it. ``fault`` is empty, or ``file_missing``, ``file_tampered``, ``key_missing`` or
    ``storage_failed``: then nothing is known of the media and, unless it was tampered with, of the file.
    """

    file: FileSeal | None = None
    media: FileSeal | None = None
    playable: FileSeal | None = None
    duration: float = 0.0
    frames: int = 0
    complete: bool = False
    torn_bytes: int = 0
    gaps: tuple[MediaGap, ...] = ()
    marks: tuple[ClockMark, ...] = ()
    fault: str = ""


class TrackWriter(Protocol):
    """Writes one file. Used from one thread; a call costs at most one write to the page cache.

    ``fault`` is why the file takes nothing more and is not all durable, if so.
    """

    @property
    def fault(self) -> StorageFailed | None:
        """It stays once it is there."""

    def media(self, payload: bytes) -> None:
        """Take the next bytes of the WebM; they may wait in memory until `seal_record`."""

    def mark(self, clock: ClockMark) -> None:
        """Keep a reading of the clocks."""

    def gap(self, gap: MediaGap) -> None:
        """Keep that nothing was stored for a while."""

    def seal_record(self) -> None:
        """Encrypt what waits and write it: from here on it survives the process."""

    def close(self) -> FileSeal:
        """Write the final record and close. Further calls raise `ValueError`."""


class MediaVault(Protocol):
    """The writing side, inside a media worker."""

    def create(self, identity: FileIdentity, key: bytes) -> TrackWriter:
        """Begin a file that must not exist yet; raises `StorageFailed`."""

    async def make_durable(self) -> None:
        """One group commit of every open file, off the calling thread: what was sealed before survives the machine.

        Files closed since the last commit are part of it, and give their descriptors back after it. A file that could
        not be committed has a ``fault`` from then on and takes nothing more; the others are committed.
        """


class RecordedMedia(Protocol):
    """One track as a browser plays it: a WebM with known duration and cues, computed at opening.

    ``etag`` is a strong entity tag in its quotes, ready for the header (RFC 9110, 8.8.3); ``duration`` in seconds.
    ``complete`` tells whether the writer closed the file: without it the file ends where a crash, or a cut, ended it.
    ``pictures`` are the instants at which each picture is shown, in milliseconds since the first; none for sound.
    """

    size: int
    etag: str
    duration: float
    complete: bool
    pictures: Sequence[int]

    def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes ``start <= i < end``, decrypting only the records that cover them.

        Raises `ValueError` outside of ``0 <= start <= end <= size``, and while reading `MediaTampered`, `MediaMissing`
        or `StorageFailed` if the file changed since it was opened.
        """


class MediaLibrary(Protocol):
    """The reading side, inside the service."""

    async def open(self, identity: FileIdentity, key: bytes) -> RecordedMedia:
        """Check and index a file; a torn tail is left out.

        Raises `MediaMissing`, `MediaTampered`, or `StorageFailed` if the disk will not be read.
        """

    async def measure(self, identity: FileIdentity, key: bytes) -> MeasuredFile:
        """Read a file whole, in a thread and with little memory; a missing or changed one is told, not raised.

        Raises `StorageFailed` if the disk will not be read. Cancelled, it stops reading.
        """

    async def has_any(self, identities: Sequence[FileIdentity]) -> bool:
        """Whether any of these files lies on this machine, whatever it holds."""


class MediaRemoval(Protocol):
    """Deletes what can be read no more: its keys were destroyed before."""

    async def remove(self, organisation: str, recording: str) -> None:
        """Delete every stored file of the recording; doing it again, or where there is none, changes nothing.

        Raises `StorageFailed` if something could not be deleted; then it is asked again later.
        """


class StorageFailed(Exception):
    """The place that keeps recordings cannot be written or read. ``code`` is ``no_space`` or ``storage_failed``."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the stable code beside the sentence."""
        super().__init__(sentence)
        self.code = code


class KeyUnusable(Exception):
    """A wrapped key cannot be opened: it was changed, or what wrapped it is not at hand."""


class MediaMissing(Exception):
    """There is no such file, or it holds nothing that can be played."""


class MediaErased(MediaMissing):
    """The recording was erased: its keys were destroyed, and its files with them."""

    code = "already_erased"


class MediaTampered(Exception):
    """A record of the file is not what was written; the message names part, track and record."""
