"""Recordings for the tests: small WebM streams made by hand, and files of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention.adapters.vault import ebml
from videoattention.adapters.vault.ebml import element, unsigned
from videoattention.adapters.vault.writer import FolderVault
from videoattention.services.media import Track
from videoattention.services.vault import ClockMark, FileIdentity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from videoattention.services.vault import RecordedMedia

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
VIDEO = FileIdentity(organisation="interior", recording="r1", part=1, track=Track.CITIZEN_VIDEO)
AUDIO = FileIdentity(organisation="interior", recording="r1", part=1, track=Track.CITIZEN_AUDIO)
MARK = ClockMark(wall=1_700_000_000.25, monotonic=12.5, media=0.2, sender_ntp=3_900_000_000.5)
UNKNOWN_SIZE = b"\x01" + b"\xff" * 7


@dataclass(frozen=True)
class Frame:
    time: int
    payload: bytes
    key: bool = True


def key_frame(width: int, height: int, filler: int = 60) -> bytes:
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return b"\x10\x00\x00\x9d\x01\x2a" + size + bytes(filler)


def delta_frame(filler: int = 40) -> bytes:
    return b"\x11\x00\x00" + bytes(filler)


def stream_head(codec: bytes = b"V_VP8") -> bytes:
    size = element(ebml.PIXEL_WIDTH, unsigned(320)) + element(ebml.PIXEL_HEIGHT, unsigned(180))
    entry = element(ebml.TRACK_NUMBER, b"\x01") + element(ebml.CODEC_ID, codec)
    if codec == b"V_VP8":
        entry += element(ebml.VIDEO, size + element(ebml.DISPLAY_WIDTH, unsigned(320)))
    return (
        element(ebml.EBML, element(0x4282, b"webm"))
        + unsigned(ebml.SEGMENT)
        + UNKNOWN_SIZE
        + element(ebml.INFO, element(ebml.TIMECODE_SCALE, unsigned(1_000_000)))
        + element(ebml.TRACKS, element(ebml.TRACK_ENTRY, entry))
    )


def cluster(time: int, frames: Iterable[Frame], *, sized: bool) -> bytes:
    inside = element(ebml.TIMECODE, unsigned(time))
    for frame in frames:
        head = b"\x81" + (frame.time - time).to_bytes(2, "big", signed=True) + (b"\x80" if frame.key else b"\0")
        inside += element(ebml.SIMPLE_BLOCK, head + frame.payload)
    return element(ebml.CLUSTER, inside) if sized else unsigned(ebml.CLUSTER) + UNKNOWN_SIZE + inside


def video_stream(clusters: int = 4, *, sized: bool = False, filler: int = 40) -> bytes:
    """Clusters of 400 ms, a frame each 40 ms, a key frame at the start of every second cluster; it grows to 640x360."""
    made = stream_head()
    for nth in range(clusters):
        first = delta_frame() if nth % 2 else key_frame(640, 360) if nth else key_frame(320, 180)
        frames = [Frame(nth * 400, first, key=not nth % 2)]
        frames += [Frame(nth * 400 + at, delta_frame(filler), key=False) for at in range(40, 400, 40)]
        made += cluster(nth * 400, frames, sized=sized)
    return made


def write_file(root: Path, pieces: Iterable[bytes], identity: FileIdentity = VIDEO, key: bytes = KEY) -> Path:
    """A closed file: a record for each piece, and a clock mark after the first."""
    vault = FolderVault(root)
    writer = vault.create(identity, key)
    for nth, piece in enumerate(pieces):
        writer.media(piece)
        writer.seal_record()
        if not nth:
            writer.mark(MARK)
    writer.close()
    let_go(vault)
    return path_of(root, identity)


def let_go(vault: FolderVault) -> None:
    """As the last group commit, or the end of the process: from now on nobody writes these files."""
    for file in vault._files:
        file.release()


def path_of(root: Path, identity: FileIdentity = VIDEO) -> Path:
    return root / identity.organisation / identity.recording / f"{identity.part:04d}-{identity.track.value}.vrec"


def in_pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


async def read_all(media: RecordedMedia, start: int = 0, end: int | None = None) -> bytes:
    stop = media.size if end is None else end
    return b"".join([piece async for piece in media.read(start, stop)])
