"""Session descriptions as text: bounds first, then grammar (RFC 8866), then what the worker needs to know of them.

Descriptions come from browsers and so from anybody: each bound is checked before the work that it bounds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_BYTES = 64 * 1024
MOST_LINES = 2500
MOST_LINE = 2 * 1024
MOST_SECTIONS = 12
MOST_CANDIDATES = 30
_MOST_FORMATS = 64

_LINE = re.compile(r"[a-z]=[\x20-\x7e]*")
_MEDIA = re.compile(r"(audio|video) (\d{1,5}) UDP/TLS/RTP/SAVPF((?: \d{1,3})+)")
_FINGERPRINT = re.compile(r"(sha-\d{1,3}) ([0-9A-F]{2}(?::[0-9A-F]{2}){19,63})", re.IGNORECASE)
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_MID = re.compile(r"[A-Za-z0-9._{}+-]{1,32}")
_STRONG = {"sha-256": 32, "sha-384": 48, "sha-512": 64}
_MOST_FINGERPRINTS = 8


class BadSdp(ValueError):
    """A description that is malformed, too large, or asks for what the worker does not do."""

    code = "bad_sdp"


@dataclass(frozen=True, slots=True)
class Section:
    """One ``m=`` section: its kind (``audio`` or ``video``), port, payload types and ``a=`` lines without ``a=``."""

    kind: str
    port: int
    formats: tuple[int, ...]
    attributes: tuple[str, ...]

    @property
    def bundle_only(self) -> bool:
        """Whether port 0 means "with the first section" instead of "refused" (RFC 9143)."""
        return "bundle-only" in self.attributes

    @property
    def live(self) -> bool:
        """Whether the section is not refused."""
        return self.port != 0 or self.bundle_only

    @property
    def mid(self) -> str:
        """The section's identification tag; empty if it has none."""
        return self.value("mid")

    def value(self, name: str) -> str:
        """The value of the first ``a=name:``; empty without one."""
        prefix = name + ":"
        return next((a[len(prefix) :] for a in self.attributes if a.startswith(prefix)), "")


@dataclass(frozen=True, slots=True)
class Description:
    """A description that was read: the session's ``a=`` lines and its sections; all other lines are left out."""

    attributes: tuple[str, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class RemoteTransport:
    """What the worker must know to meet a browser: never its addresses."""

    ufrag: str
    fingerprints: tuple[tuple[str, str], ...]


def read(text: str) -> Description:
    """Read a description within the bounds above; raises `BadSdp` for anything else."""
    session, *sections = _split(_lines(text))
    if not sections:
        raise BadSdp("no media")
    return Description(_attributes(session), tuple(_section(lines) for lines in sections))


def remote_transport(description: Description, *, setup: str) -> RemoteTransport:
    """The browser's transport: one bundle, multiplexed RTCP, a strong certificate, DTLS as ``setup`` says.

    Raises `BadSdp`. Firefox writes the fingerprint once for the session, Chromium in each section.
    """
    live = [s for s in description.sections if s.live]
    if not live:
        raise BadSdp("every section is refused")
    _one_bundle(description, live)
    everywhere = [*description.attributes, *(a for s in live for a in s.attributes)]
    if _values(everywhere, "setup") != {setup}:
        raise BadSdp(f"setup is not {setup}")
    ufrags = _values(everywhere, "ice-ufrag")
    if len(ufrags) != 1 or not all(_UFRAG.fullmatch(u) for u in ufrags):
        raise BadSdp("not one ice-ufrag")
    return RemoteTransport(ufrags.pop(), _fingerprints(everywhere))


def _lines(text: str) -> list[str]:
    if len(text) > MOST_BYTES or text.count("\n") > MOST_LINES:
        raise BadSdp("too large")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if lines[-1] == "":
        lines.pop()
    if any(len(line) > MOST_LINE for line in lines):
        raise BadSdp("a line is too long")
    if not all(_LINE.fullmatch(line) for line in lines) or lines[:1] != ["v=0"]:
        raise BadSdp("not a session description")
    if sum(line.startswith("m=") for line in lines) > MOST_SECTIONS:
        raise BadSdp("too many sections")
    if sum(line.startswith("a=candidate:") for line in lines) > MOST_CANDIDATES:
        raise BadSdp("too many candidates")
    return lines


def _split(lines: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("m="):
            parts.append([])
        parts[-1].append(line)
    return parts


def _attributes(lines: list[str]) -> tuple[str, ...]:
    return tuple(line[2:] for line in lines if line.startswith("a="))


def _section(lines: list[str]) -> Section:
    media = _MEDIA.fullmatch(lines[0][2:])
    if media is None:
        raise BadSdp("a section is neither sound nor picture over DTLS-SRTP")
    formats = tuple(int(f) for f in media[3].split())
    if int(media[2]) > 65535 or len(formats) > _MOST_FORMATS or max(formats) > 127:  # noqa: PLR2004 - 16 and 7 bits
        raise BadSdp("a port or payload type is out of range")
    return Section(media[1], int(media[2]), formats, _attributes(lines))


def _one_bundle(description: Description, live: list[Section]) -> None:
    mids = [s.mid for s in live]
    if len(set(mids)) != len(mids) or not all(_MID.fullmatch(m) for m in mids):
        raise BadSdp("mids are missing or repeated")
    bundle = next((a.split()[1:] for a in description.attributes if a.startswith("group:BUNDLE")), [])
    if not set(mids) <= set(bundle):
        raise BadSdp("not one bundle")
    if not all("rtcp-mux" in s.attributes for s in live):
        raise BadSdp("RTCP is not multiplexed")


def _values(attributes: list[str], name: str) -> set[str]:
    prefix = name + ":"
    return {a[len(prefix) :].strip() for a in attributes if a.startswith(prefix)}


def _fingerprints(attributes: list[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for value in sorted(_values(attributes, "fingerprint"))[:_MOST_FINGERPRINTS]:
        match = _FINGERPRINT.fullmatch(value)
        if match is None:
            raise BadSdp("a fingerprint is malformed")
        algorithm, digest = match[1].lower(), match[2].upper()
        if _STRONG.get(algorithm) == (len(digest) + 1) // 3:
            found.append((algorithm, digest))
    if not found:
        raise BadSdp("no fingerprint of sha-256 or better")
    return tuple(found)
