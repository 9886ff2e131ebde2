"""Passing a description on: the worker's transport in place of the browser's, and nothing that tells who or where.

What passes is an allow-list. Codecs, payload types, extensions and feedback stay end to end (RFC 7667's transport
translator); candidates, credentials, fingerprints, addresses, bandwidth lines and simulcast do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention.adapters.media.sdp_reading import BadSdp
from videoattention.adapters.media.sources import Codec, codecs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from videoattention.adapters.media.sdp_reading import Description, Section

_MID = r"[A-Za-z0-9._{}+-]{1,32}"
_TOKEN = r"[A-Za-z0-9._{}+/=-]{1,128}"  # noqa: S105 - the grammar's word for a name
_BUNDLE = re.compile(rf"group:BUNDLE(?: {_MID}){{1,12}}")
_EXTENSION = re.compile(r"extmap:\d{1,5}(?:/(?:sendonly|recvonly|sendrecv|inactive))? ([A-Za-z0-9:/._-]{1,120})")
_EXTENSIONS = (
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "urn:ietf:params:rtp-hdrext:csrc-audio-level",
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:toffset",
    "urn:3gpp:video-orientation",
    "http://www.webrtc.org/experiments/rtp-hdrext/",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
)
_AS_IS = frozenset(
    {"sendrecv", "sendonly", "recvonly", "inactive", "rtcp-mux", "rtcp-rsize", "bundle-only", "extmap-allow-mixed"}
)
_FEEDBACK = re.compile(r"rtcp-fb:(\d{1,3}|\*) (?:goog-remb|transport-cc|ccm fir|nack|nack pli)")
_PARAMETERS = re.compile(r"fmtp:(\d{1,3}) [A-Za-z0-9-]+=[A-Za-z0-9-]+(?:; ?[A-Za-z0-9-]+=[A-Za-z0-9-]+){0,30}")
_NAMES = re.compile(
    rf"mid:{_MID}|msid:{_TOKEN}(?: {_TOKEN})?|ptime:\d{{1,4}}|maxptime:\d{{1,4}}"
    rf"|ssrc:\d{{1,10}} (?:cname:{_TOKEN}|msid:{_TOKEN}(?: {_TOKEN})?)|ssrc-group:FID(?: \d{{1,10}}){{2}}"
)
_RTPMAPS = {"opus": "opus/48000/2", "vp8": "VP8/90000", "rtx": "rtx/90000"}


@dataclass(frozen=True, slots=True)
class LocalTransport:
    """The worker's end of one leg, as the browser at its other end shall see it."""

    ufrag: str
    password: str
    fingerprint: str
    addresses: tuple[str, ...]
    port: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The pinned ``o=`` of one leg; ``version`` grows by one for each description that the leg's browser gets."""

    session: int
    version: int


def passed_on(description: Description, local: LocalTransport, *, origin: Origin, setup: str) -> str:
    """The description for the other browser, with the worker's transport. ``setup`` is ``actpass`` or ``passive``.

    Raises `BadSdp` when a live section has neither Opus nor VP8.
    """
    lines = [
        "v=0",
        f"o=- {origin.session} {origin.version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        *(f"a={a}" for a in description.attributes if _BUNDLE.fullmatch(a) or a == "extmap-allow-mixed"),
        "a=msid-semantic:WMS *",
        "a=ice-lite",
    ]
    for section in description.sections:
        lines += _section_lines(section, local, setup)
    return "\r\n".join([*lines, ""])


def _transport_lines(local: LocalTransport, setup: str) -> Iterator[str]:
    yield f"a=ice-ufrag:{local.ufrag}"
    yield f"a=ice-pwd:{local.password}"
    yield f"a=fingerprint:{local.fingerprint}"
    yield f"a=setup:{setup}"


def _candidate_lines(local: LocalTransport) -> Iterator[str]:
    for number, address in enumerate(local.addresses, 1):
        # host candidates of one component; earlier addresses are preferred (RFC 8445, 5.1.2.1)
        priority = (126 << 24) + ((65536 - number) << 8) + 255
        yield f"a=candidate:{number} 1 udp {priority} {address} {local.port} typ host"
    yield "a=end-of-candidates"


def _section_lines(section: Section, local: LocalTransport, setup: str) -> Iterator[str]:
    kept = codecs_of(section)
    if section.live and not kept:
        raise BadSdp("a section has neither Opus nor VP8")
    formats = [f for f in section.formats if f in kept] or [section.formats[0]]
    yield f"m={section.kind} {9 if section.port else 0} UDP/TLS/RTP/SAVPF {' '.join(map(str, formats))}"
    yield "c=IN IP4 0.0.0.0"
    if section.live:
        # also where bundle-only: Chromium refuses a section that it knew if a later offer has no credentials for it
        yield from _transport_lines(local, setup)
    if section.port:
        yield from _candidate_lines(local)
    yield from (f"a=rtpmap:{pt} {_RTPMAPS[codec.name]}" for pt, codec in kept.items())
    yield from (f"a={attribute}" for attribute in section.attributes if _passes(attribute, kept))


def _passes(attribute: str, kept: dict[int, Codec]) -> bool:
    if attribute in _AS_IS or _NAMES.fullmatch(attribute):
        return True
    extension = _EXTENSION.fullmatch(attribute)
    if extension is not None:
        return extension[1].startswith(_EXTENSIONS)
    of_codec = _FEEDBACK.fullmatch(attribute) or _PARAMETERS.fullmatch(attribute)
    return of_codec is not None and (of_codec[1] == "*" or int(of_codec[1]) in kept)
