"""What a description says of the packets that its side will send: which codec, which source, which repair."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from videoattention.adapters.media.sdp_reading import BadSdp

if TYPE_CHECKING:
    from videoattention.adapters.media.sdp_reading import Description, Section

_RTPMAP = re.compile(r"rtpmap:(\d{1,3}) ([A-Za-z0-9-]+)/(\d+)(?:/(\d+))?")
_APT = re.compile(r"fmtp:(\d{1,3}) apt=(\d{1,3})")
_SSRC = re.compile(r"ssrc:(\d{1,10}) ")
_PAIR = re.compile(r"ssrc-group:FID (\d{1,10}) (\d{1,10})")


@dataclass(frozen=True, slots=True)
class Codec:
    """A payload type that is passed on. ``name`` is ``opus``, ``vp8`` or ``rtx``; ``repairs`` is what RTX repairs."""

    name: str
    repairs: int = -1


@dataclass(frozen=True, slots=True)
class Sources:
    """Of one side: its codecs by payload type, the sources of its voice and face, and RTX source by its original.

    ``voice_and_face`` has ``audio`` and ``video``; empty means "whichever comes first". ``described`` are all sources
    that are named, repairs and further pictures too.
    """

    codecs: dict[int, Codec] = field(default_factory=dict)
    voice_and_face: dict[str, frozenset[int]] = field(default_factory=dict)
    repairs: dict[int, int] = field(default_factory=dict)
    described: set[int] = field(default_factory=set)


def codecs_of(section: Section) -> dict[int, Codec]:
    """The payload types of a section that are passed on: Opus for sound, VP8 and its RTX for pictures."""
    named = {}
    for attribute in section.attributes:
        match = _RTPMAP.fullmatch(attribute)
        if match is not None and int(match[1]) in section.formats:
            named[int(match[1])] = (match[2].lower(), match[3], match[4])
    if section.kind == "audio":
        return {pt: Codec("opus") for pt, name in named.items() if name == ("opus", "48000", "2")}
    kept = {pt: Codec("vp8") for pt, name in named.items() if name[:2] == ("vp8", "90000")}
    for attribute in section.attributes:
        match = _APT.fullmatch(attribute)
        if match is not None and named.get(int(match[1]), ("",))[0] == "rtx" and int(match[2]) in kept:
            kept[int(match[1])] = Codec("rtx", repairs=int(match[2]))
    return kept


def sources_of(description: Description, known: dict[int, Codec] | None = None) -> Sources:
    """What this description's side sends. Its first sending section of each kind is its voice, or its face.

    Raises `BadSdp` when a payload type means two things, here or in ``known``, those of the epoch (RFC 3264, 8.3.2):
    the recorder would take sound for picture, and whoever sent it would be heard without being recorded. So with a
    second voice.
    """
    found = Sources()
    for section in description.sections:
        if not section.live:
            continue
        for payload_type, codec in codecs_of(section).items():
            meanings = {codec, found.codecs.setdefault(payload_type, codec), (known or {}).get(payload_type, codec)}
            if len(meanings) > 1:
                raise BadSdp("a payload type means two things")
        repairs = {int(m[2]): int(m[1]) for a in section.attributes if (m := _PAIR.fullmatch(a))}
        found.repairs.update(repairs)
        if "recvonly" in section.attributes or "inactive" in section.attributes:
            continue
        if section.kind == "audio" and section.kind in found.voice_and_face:
            raise BadSdp("a person has one voice")
        ssrcs = frozenset(int(m[1]) for a in section.attributes if (m := _SSRC.match(a)))
        found.described.update(ssrcs)
        found.voice_and_face.setdefault(section.kind, ssrcs - repairs.keys())
    return found
