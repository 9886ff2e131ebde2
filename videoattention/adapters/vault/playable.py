"""The few bytes that turn stored clusters into a file a browser can seek: head, duration, picture size, cues.

The clusters are served as they were stored, after this prefix; only their place in the file is new to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.vault.ebml import (
    CODEC_ID,
    CUE_CLUSTER_POSITION,
    CUE_POINT,
    CUE_TIME,
    CUE_TRACK,
    CUE_TRACK_POSITIONS,
    CUES,
    DISPLAY_HEIGHT,
    DISPLAY_WIDTH,
    DURATION,
    EBML,
    INFO,
    PIXEL_HEIGHT,
    PIXEL_WIDTH,
    SEGMENT,
    TIMECODE_SCALE,
    TRACK_ENTRY,
    TRACK_NUMBER,
    TRACKS,
    VIDEO,
    EbmlBroken,
    children,
    element,
    float64,
    head_of,
    read_unsigned,
    unsigned,
    with_children,
)

if TYPE_CHECKING:
    from videoattention.adapters.vault.webm_index import WebmIndex

_POSITION_WIDTH = 8
_WEBM = (
    (0x4286, unsigned(1)),  # EBMLVersion
    (0x42F7, unsigned(1)),  # EBMLReadVersion
    (0x42F2, unsigned(4)),  # EBMLMaxIDLength
    (0x42F3, unsigned(8)),  # EBMLMaxSizeLength
    (0x4282, b"webm"),  # DocType
    (0x4287, unsigned(4)),  # DocTypeVersion
    (0x4285, unsigned(2)),  # DocTypeReadVersion
)


def playable_prefix(index: WebmIndex) -> bytes:
    """What goes before the stored bytes ``index.first_cluster <= i < index.end``; raises `EbmlBroken`."""
    entry = _track_entry(index)
    track = read_unsigned(dict(children(entry)).get(TRACK_NUMBER, b"\x01"))
    described = _info(index) + element(TRACKS, element(TRACK_ENTRY, entry))
    # Positions have a fixed width, so the cues are as long before their positions are known as after.
    cues_size = len(_cues(index, track=track, shift=0))
    cues = _cues(index, track=track, shift=len(described) + cues_size - index.first_cluster)
    inside = described + cues
    header = element(EBML, b"".join(element(*each) for each in _WEBM))
    return header + head_of(SEGMENT, len(inside) + index.end - index.first_cluster) + inside


def _info(index: WebmIndex) -> bytes:
    known = {TIMECODE_SCALE: unsigned(index.scale), DURATION: float64(index.ticks)}
    return element(INFO, with_children(index.info, known))


def _track_entry(index: WebmIndex) -> bytes:
    (entry,) = (body for ident, body in children(index.tracks) if ident == TRACK_ENTRY)
    inside = dict(children(entry))
    if CODEC_ID not in inside:
        raise EbmlBroken("the track has no codec")
    if not index.width:
        return entry
    size = {PIXEL_WIDTH: unsigned(index.width), PIXEL_HEIGHT: unsigned(index.height)}
    # A display size that was right for the first frames would squeeze the later, larger ones.
    video = with_children(inside.get(VIDEO, b""), size, without=(DISPLAY_WIDTH, DISPLAY_HEIGHT))
    return with_children(entry, {VIDEO: video})


def _cues(index: WebmIndex, *, track: int, shift: int) -> bytes:
    places = zip(index.cue_times, index.cue_positions, strict=True)
    return element(CUES, b"".join(_cue(time, position + shift, track=track) for time, position in places))


def _cue(time: int, position: int, *, track: int) -> bytes:
    where = element(CUE_TRACK, unsigned(track)) + element(CUE_CLUSTER_POSITION, unsigned(position, _POSITION_WIDTH))
    return element(CUE_POINT, element(CUE_TIME, unsigned(time)) + element(CUE_TRACK_POSITIONS, where))
