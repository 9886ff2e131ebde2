"""What a browser must know of a live WebM to play and seek it, found while the bytes go by once.

Live means: written as it came, so without duration or cues, the segment and perhaps the clusters of unknown size. One
track per file, VP8 or Opus. An end in the middle of a cluster is not an error: what is whole before it counts.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from videoattention.adapters.vault.ebml import (
    BLOCK,
    BLOCK_GROUP,
    CLUSTER,
    CODEC_ID,
    INFO,
    REFERENCE_BLOCK,
    SEGMENT,
    SIMPLE_BLOCK,
    TIMECODE,
    TIMECODE_SCALE,
    TRACK_ENTRY,
    TRACKS,
    EbmlBroken,
    ElementHead,
    children,
    read_head,
    read_unsigned,
)

_LARGEST_ELEMENT = 16 * 1024 * 1024
_NANOSECONDS = 1_000_000_000
_DEFAULT_SCALE = 1_000_000
_LATEST = 1 << 62
_LONGEST_LAST_FRAME = 0.1
# A block: track number (one byte while it is below 127), time (2), flags (1), then the frame (RFC 9559, 10.2).
_BLOCK_HEAD = 4
_ONE_BYTE_TRACK = 0x80
_KEY_FLAG = 0x80
# A VP8 key frame: tag (3), start code (3), width and height with two bits of scale each (RFC 6386, 9.1).
_VP8_KEY_HEAD = 10
_VP8_START = b"\x9d\x01\x2a"
_VP8_SIZE_BITS = 0x3FFF
_BLOCK_START = _BLOCK_HEAD + _VP8_KEY_HEAD


@dataclass(slots=True)
class WebmIndex:
    """Positions are bytes from the start of the stored stream, times are ticks of ``scale`` nanoseconds.

    The clusters ``first_cluster <= i < end`` can be played; ``cue_times`` and ``cue_positions`` go together, one for
    each cluster that can be sought to; ``width`` and ``height`` are of the largest key frame (0 for sound);
    ``picture_times`` are those of every picture, and none for sound.
    """

    info: bytes = b""
    tracks: bytes = b""
    scale: int = _DEFAULT_SCALE
    first_cluster: int = -1
    end: int = -1
    frames: int = 0
    last_time: int = 0
    last_interval: int = 0
    width: int = 0
    height: int = 0
    cue_times: array[int] = field(default_factory=lambda: array("Q"))
    cue_positions: array[int] = field(default_factory=lambda: array("Q"))
    picture_times: array[int] = field(default_factory=lambda: array("Q"))

    @property
    def ticks(self) -> float:
        """How long it plays, in ticks: the last frame is shown as long as the one before it, 100 ms at most."""
        return self.last_time + min(self.last_interval, _LONGEST_LAST_FRAME * _NANOSECONDS / self.scale)

    @property
    def duration(self) -> float:
        """How long it plays, in seconds."""
        return self.ticks * self.scale / _NANOSECONDS


class WebmScan:
    """Takes a stream in pieces of any size; ``index`` is right for what was fed so far."""

    def __init__(self) -> None:
        """Start at the first byte of a stream."""
        self.index = WebmIndex()
        self._held = bytearray()
        self._base = 0
        self._cluster = 0
        self._cluster_time = 0
        self._cluster_has_cue = False
        self._vp8 = False

    @property
    def playable(self) -> bool:
        """Whether there is a track and a whole frame of it."""
        return bool(self.index.tracks and self.index.frames)

    def feed(self, piece: bytes) -> None:
        """Take the next bytes; raises `EbmlBroken` if they cannot be a WebM of one track."""
        self._held += piece
        at = 0
        while (after := self._step(at)) is not None:
            at = after
        del self._held[:at]
        self._base += at

    def _step(self, at: int) -> int | None:
        """Take the element at ``at`` of what is held; None if more bytes are needed."""
        head = read_head(self._held, at)
        if head is None:
            return None
        if head.ident == SEGMENT:
            return head.body
        if head.size is None:
            return self._enter_live_cluster(head, at)
        if head.size > _LARGEST_ELEMENT:
            raise EbmlBroken("an element is too large")
        end = head.body + head.size
        if end > len(self._held):
            return None
        if head.ident != CLUSTER:
            self._take(head, end)
            return end
        # Waited for as a whole: a cluster cut short would claim more bytes than there are, and is left out.
        self._enter_cluster(at)
        self.index.end = self._base + end
        return head.body

    def _enter_live_cluster(self, head: ElementHead, at: int) -> int:
        if head.ident != CLUSTER:
            raise EbmlBroken("an element that is neither segment nor cluster has no size")
        self._enter_cluster(at)
        return head.body

    def _enter_cluster(self, at: int) -> None:
        self._cluster = self._base + at
        self._cluster_has_cue = False
        if self.index.first_cluster < 0:
            self.index.first_cluster = self._cluster

    def _take(self, head: ElementHead, end: int) -> None:
        if head.ident == SIMPLE_BLOCK:
            block = self._held[head.body : min(end, head.body + _BLOCK_START)]
            self._take_frame(block, end, key=len(block) >= _BLOCK_HEAD and bool(block[3] & _KEY_FLAG))
        elif head.ident == BLOCK_GROUP:
            inside = dict(children(bytes(self._held[head.body : end])))
            self._take_frame(inside.get(BLOCK, b"")[:_BLOCK_START], end, key=REFERENCE_BLOCK not in inside)
        elif head.ident == TIMECODE:
            self._cluster_time = read_unsigned(self._held[head.body : end])
        elif head.ident == INFO:
            self._take_info(bytes(self._held[head.body : end]))
        elif head.ident == TRACKS:
            self._take_tracks(bytes(self._held[head.body : end]))

    def _take_info(self, body: bytes) -> None:
        self.index.info = body
        self.index.scale = read_unsigned(dict(children(body)).get(TIMECODE_SCALE, b"")) or _DEFAULT_SCALE

    def _take_tracks(self, body: bytes) -> None:
        entries = [child for ident, child in children(body) if ident == TRACK_ENTRY]
        if len(entries) != 1:
            raise EbmlBroken("a recorded file has one track")
        self.index.tracks = body
        self._vp8 = dict(children(entries[0])).get(CODEC_ID) == b"V_VP8"

    def _take_frame(self, block: bytes | bytearray, end: int, *, key: bool) -> None:
        if len(block) < _BLOCK_HEAD or not block[0] & _ONE_BYTE_TRACK:
            raise EbmlBroken("a block has no head, or a track of more than one byte")
        time = max(0, self._cluster_time + int.from_bytes(block[1:3], "big", signed=True))
        index = self.index
        if index.first_cluster < 0 or time > _LATEST:
            raise EbmlBroken("a frame is outside of any cluster, or of any time")
        if index.frames:
            index.last_interval = max(1, time - index.last_time)
        index.frames += 1
        index.last_time = max(index.last_time, time)
        index.end = max(index.end, self._base + end)
        if self._vp8:
            index.picture_times.append(index.last_time)
        if key:
            self._take_key_frame(block[_BLOCK_HEAD:], time)

    def _take_key_frame(self, frame: bytes | bytearray, time: int) -> None:
        index = self.index
        if self._vp8 and frame[3:6] == _VP8_START and len(frame) == _VP8_KEY_HEAD:
            width, height = (int.from_bytes(frame[at : at + 2], "little") & _VP8_SIZE_BITS for at in (6, 8))
            if width * height > index.width * index.height:
                index.width, index.height = width, height
        # sound can be entered at any cluster: one a second is enough to find it
        near = not self._vp8 and index.cue_times and (time - index.cue_times[-1]) * index.scale < _NANOSECONDS
        if not self._cluster_has_cue and not near:
            self._cluster_has_cue = True
            index.cue_times.append(time)
            index.cue_positions.append(self._cluster)
