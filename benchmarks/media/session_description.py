"""Session descriptions of a participant, written by hand, and the little that it must know of the other end's."""

from __future__ import annotations

import re
from dataclasses import dataclass

OPUS, VP8, RTX = 111, 96, 97


@dataclass(frozen=True, slots=True)
class Credentials:
    """ICE credentials and the certificate's fingerprint (``algorithm value``) of one end."""

    ufrag: str
    password: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Far:
    """The other end: credentials, where it listens, and its DTLS role (``active``, ``passive`` or ``actpass``)."""

    credentials: Credentials
    address: tuple[str, int]
    setup: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The synchronisation sources that a participant sends."""

    audio: int
    video: int
    repair: int


def written(mine: Credentials, address: tuple[str, int], sources: Sources, *, setup: str, sends: bool = True) -> str:
    """A description of one Opus and one VP8 section with NACK, PLI and RTX, bundled."""
    direction = "sendrecv" if sends else "recvonly"
    transport = [
        "c=IN IP4 0.0.0.0",
        f"a=ice-ufrag:{mine.ufrag}",
        f"a=ice-pwd:{mine.password}",
        f"a=fingerprint:{mine.fingerprint}",
        f"a=setup:{setup}",
        f"a=candidate:1 1 udp 2130706431 {address[0]} {address[1]} typ host",
        "a=end-of-candidates",
        "a=rtcp-mux",
        f"a={direction}",
    ]
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1", "a=msid-semantic:WMS *"]
    lines += [f"m=audio 9 UDP/TLS/RTP/SAVPF {OPUS}", *transport, "a=mid:0"]
    lines += [f"a=rtpmap:{OPUS} opus/48000/2", f"a=fmtp:{OPUS} minptime=10;useinbandfec=1"]
    lines += [f"a=ssrc:{sources.audio} cname:load"] if sends else []
    lines += [f"m=video 9 UDP/TLS/RTP/SAVPF {VP8} {RTX}", *transport, "a=mid:1"]
    lines += [f"a=rtpmap:{VP8} VP8/90000", f"a=rtpmap:{RTX} rtx/90000", f"a=fmtp:{RTX} apt={VP8}"]
    lines += [f"a=rtcp-fb:{VP8} {feedback}" for feedback in ("nack", "nack pli", "ccm fir")]
    if sends:
        lines.append(f"a=ssrc-group:FID {sources.video} {sources.repair}")
        lines += [f"a=ssrc:{ssrc} cname:load" for ssrc in (sources.video, sources.repair)]
    return "\r\n".join([*lines, ""])


def far_end(sdp: str) -> Far:
    """Read the other end out of its description; raises `ValueError` if it is not complete."""
    candidate = re.search(r"^a=candidate:\S+ 1 udp \d+ ([0-9.]+) (\d+) typ host", sdp, re.MULTILINE | re.IGNORECASE)
    if candidate is None:
        raise ValueError("the description has no candidate")
    fingerprint = _value(sdp, "fingerprint")
    credentials = Credentials(_value(sdp, "ice-ufrag"), _value(sdp, "ice-pwd"), fingerprint)
    return Far(credentials, (candidate[1], int(candidate[2])), _value(sdp, "setup"))


def _value(sdp: str, name: str) -> str:
    found = re.search(rf"^a={name}:(.*?)\r?$", sdp, re.MULTILINE)
    if found is None:
        raise ValueError(f"the description has no {name}")
    return found[1].strip()
