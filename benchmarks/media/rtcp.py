"""The few RTCP packets that a participant says and understands (RFC 3550, 4585)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NTP_OF_UNIX = 2_208_988_800
_FEEDBACK_RTP, _FEEDBACK_PAYLOAD = 205, 206
_NACK, _PLI, _FIR = 1, 1, 4


def sender_report(ssrc: int, *, wall: float, timestamp: int, packets: int, octets: int) -> bytes:
    """A sender report and the source's name: ``timestamp`` of the media clock is ``wall`` in Unix seconds."""
    ntp = int((wall + _NTP_OF_UNIX) * (1 << 32))
    report = struct.pack(
        "!BBHIQIII", 0x80, 200, 6, ssrc, ntp, timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF
    )
    name = b"\x01\x04load\x00\x00"
    return report + struct.pack("!BBHI", 0x81, 202, 3, ssrc) + name


def nack(asker: int, ssrc: int, sequences: list[int]) -> bytes:
    """Ask for lost packets again, each by an entry of its own."""
    entries = b"".join(struct.pack("!HH", sequence, 0) for sequence in sequences)
    return struct.pack("!BBHII", 0x80 | _NACK, _FEEDBACK_RTP, 2 + len(sequences), asker, ssrc) + entries


def key_frame_request(asker: int, ssrc: int) -> bytes:
    """A picture loss indication."""
    return struct.pack("!BBHII", 0x80 | _PLI, _FEEDBACK_PAYLOAD, 2, asker, ssrc)


def wants_key_frame(compound: bytes) -> bool:
    """Whether a picture loss indication or full intra request is in it."""
    return any(kind == _FEEDBACK_PAYLOAD and form in {_PLI, _FIR} for kind, form, _ in _parts(compound))


def lost_packets(compound: bytes) -> list[tuple[int, int]]:
    """Every (ssrc, sequence) that a NACK in it asks for."""
    lost = []
    for kind, form, body in _parts(compound):
        if kind == _FEEDBACK_RTP and form == _NACK:
            ssrc = int.from_bytes(body[4:8], "big")
            for first, more in struct.iter_unpack("!HH", body[8 : len(body) - len(body) % 4]):
                wanted = [first, *(first + 1 + bit for bit in range(16) if more >> bit & 1)]
                lost += [(ssrc, sequence & 0xFFFF) for sequence in wanted]
    return lost


def _parts(compound: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Each packet's type, count or format, and what follows its first word."""
    at = 0
    while len(compound) >= at + 4:
        first, kind, words = struct.unpack_from("!BBH", compound, at)
        yield kind, first & 0x1F, compound[at + 4 : at + 4 * (words + 1)]
        at += 4 * (words + 1)
