"""Whether what was recorded is what was sent: our files through the vault's reader, frame by frame."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av

from videoattention.adapters.vault.library import FolderLibrary
from videoattention.services.vault import MediaMissing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.media.clip import Clip
    from videoattention.services.vault import FileIdentity


_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Kept:
    """Packets: ``sent`` since the recorder was there with a first whole frame, and how many of them are ``lost``.

    ``waited`` is how many frames went by before the first that is in the file, at most, over all files.
    """

    sent: int
    lost: int
    waited: int = 0

    def __add__(self, other: Kept) -> Kept:
        """Both together."""
        return Kept(self.sent + other.sent, self.lost + other.lost, max(self.waited, other.waited))


async def kept_in_vault(
    folder: Path, keys: Mapping[FileIdentity, bytes], sent: Mapping[FileIdentity, Sequence[int]], clip: Clip
) -> Kept:
    """Compare every file of ``sent`` (places in the clip, in order) with what was sent."""
    library = FolderLibrary(folder)
    places = {
        "audio": {frame: n for n, frame in enumerate(clip.sounds)},
        "video": {frame: n for n, frame in enumerate(clip.pictures)},
    }
    total = Kept(0, 0)
    for identity, log in sent.items():
        kind = identity.track.kind
        weights = [1] * len(clip.sounds) if kind == "audio" else [len(pieces) for pieces in clip.pieces]
        try:
            media = await library.open(identity, keys[identity])
        except MediaMissing:
            total += compared([], log, weights)
            continue
        webm = b"".join([piece async for piece in media.read(0, media.size)])
        found = [places[kind].get(frame, _UNKNOWN) for frame in frames_of(webm)]
        # sound that was lost is silence in the file: frames that nobody sent, in place of those that are missing
        found = [place for place in found if kind == "video" or place != _UNKNOWN]
        total += compared(found, log, weights)
    return total


def frames_of(webm: bytes) -> list[bytes]:
    """The encoded frames of a file with one track."""
    with av.open(io.BytesIO(webm), mode="r") as file:
        return [bytes(packet) for packet in file.demux(file.streams[0]) if packet.size]


def compared(found: Sequence[int], sent: Sequence[int], weights: Sequence[int]) -> Kept:
    """Find ``found`` in ``sent``, from the end backwards; what is in between, and after it, is lost.

    A file with what nobody sent, or in another order, is worth nothing: everything is lost.
    """
    at, lost = len(sent) - 1, 0
    for place in reversed(found):
        while at >= 0 and sent[at] != place:
            lost += weights[sent[at]]
            at -= 1
        at -= 1
    if not found or at < -1:
        everything = sum(weights[n] for n in sent)
        return Kept(everything, everything, len(sent))
    return Kept(sum(weights[n] for n in sent[at + 1 :]), lost, at + 1)


def packets_in(folder: Path) -> int:
    """RTP packets in the ``.mjr`` files that Janus left in a folder."""
    return sum(_packets_of(path.read_bytes()) for path in folder.glob("*.mjr"))


def _packets_of(raw: bytes) -> int:
    """A head of ``MJR``, a length and JSON; then for each packet ``MEET``, a time, a length and the packet."""
    at, count = 10 + struct.unpack_from("!H", raw, 8)[0], 0
    while at + 10 <= len(raw):
        at += 10 + struct.unpack_from("!H", raw, at + 8)[0]
        count += 1
    return count
