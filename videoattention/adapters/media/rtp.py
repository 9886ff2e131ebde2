"""RTP and RTCP as far as the tap needs them (RFC 3550, 4585, 4588): decrypted packets in, facts out."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = struct.Struct("!BBHII")
_SENDER_REPORT = struct.Struct("!BBHIQI")
_RTCP = struct.Struct("!BBH")
_VERSION = 2
_SR = 200
_RTPFB = 205
_PSFB = 206
_PLI = 1
_NACK = 1


@dataclass(slots=True)
class RtpPacket:
    """One packet; ``payload`` is without padding and empty when there was nothing else.

    Not frozen: there are thousands a second, and freezing costs more than reading them.
    """

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    marker: bool
    payload: bytes


@dataclass(frozen=True, slots=True)
class SenderReport:
    """The sender's word on which instant of its clock a media time stamp is; ``ntp`` is in seconds since 1900."""

    ssrc: int
    ntp: float
    timestamp: int


def read_rtp(packet: bytes) -> RtpPacket | None:
    """Read a decrypted packet; None if it is malformed."""
    if len(packet) < _HEADER.size:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(packet)
    if first >> 6 != _VERSION:
        return None
    begin = _HEADER.size + 4 * (first & 0x0F)
    if first & 0x10:
        if len(packet) < begin + 4:
            return None
        begin += 4 + 4 * int.from_bytes(packet[begin + 2 : begin + 4], "big")
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    if begin > end:
        return None
    return RtpPacket(second & 0x7F, sequence, timestamp, ssrc, bool(second & 0x80), packet[begin:end])


def repaired(packet: RtpPacket, *, payload_type: int, ssrc: int) -> RtpPacket | None:
    """The original that an RTX packet repeats (RFC 4588, section 4); None for padding without an original."""
    if len(packet.payload) <= 2:  # noqa: PLR2004 - the original sequence number alone
        return None
    sequence = int.from_bytes(packet.payload[:2], "big")
    return RtpPacket(payload_type, sequence, packet.timestamp, ssrc, packet.marker, packet.payload[2:])


def sender_reports(compound: bytes) -> Iterator[SenderReport]:
    """The sender reports of a decrypted compound packet; stops at the first malformed part."""
    at = 0
    while len(compound) >= at + _RTCP.size:
        first, kind, words = _RTCP.unpack_from(compound, at)
        length = 4 * (words + 1)
        if first >> 6 != _VERSION or len(compound) < at + length:
            return
        if kind == _SR and length >= _SENDER_REPORT.size:
            _, _, _, ssrc, ntp, timestamp = _SENDER_REPORT.unpack_from(compound, at)
            yield SenderReport(ssrc, ntp / (1 << 32), timestamp)
        at += length


def key_frame_request(ssrc: int, *, asker: int) -> bytes:
    """A picture loss indication (RFC 4585, section 6.3.1) for the pictures of source ``ssrc``."""
    return struct.pack("!BBHII", (_VERSION << 6) | _PLI, _PSFB, 2, asker, ssrc)


def repair_request(ssrc: int, missing: list[int], *, asker: int) -> bytes:
    """A generic NACK (RFC 4585, section 6.2.1) for these sequence numbers, in order, of source ``ssrc``."""
    entries: list[list[int]] = []
    for number in missing:
        step = (number - entries[-1][0]) & 0xFFFF if entries else 0
        if 0 < step <= 16:  # noqa: PLR2004 - the bits of one entry's mask
            entries[-1][1] |= 1 << (step - 1)
        else:
            entries.append([number, 0])
    head = struct.pack("!BBHII", (_VERSION << 6) | _NACK, _RTPFB, 2 + len(entries), asker, ssrc)
    return head + b"".join(struct.pack("!HH", number, mask) for number, mask in entries)


def ahead(later: int, earlier: int, *, bits: int) -> int:
    """How far ``later`` is ahead of ``earlier`` on a counter that wraps; negative when it is behind."""
    half = 1 << (bits - 1)
    return ((later - earlier + half) & ((1 << bits) - 1)) - half
