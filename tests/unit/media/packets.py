"""Made-up packets, and real frames of VP8 and Opus to put into them."""

from __future__ import annotations

import struct
from fractions import Fraction
from functools import cache

import av
import numpy as np

from videoattention.adapters.media.rtp import RtpPacket


def rtp(sequence: int, payload: bytes = b"x", *, timestamp: int = 0, ssrc: int = 1, marker: bool = False) -> RtpPacket:
    return RtpPacket(96, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc, marker, payload)


def on_wire(packet: RtpPacket) -> bytes:
    second = packet.payload_type | (0x80 if packet.marker else 0)
    head = struct.pack("!BBHII", 0x80, second, packet.sequence, packet.timestamp, packet.ssrc)
    return head + packet.payload


@cache
def opus_packets(count: int = 100) -> tuple[bytes, ...]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48000, "stereo", "s16"
    out: list[bytes] = []
    for n in range(count + 4):
        samples = (8000 * np.sin((np.arange(960) + 960 * n) / 8)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.repeat(samples, 2).reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48000, 960 * n, Fraction(1, 48000)
        out += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(out[:count])


@cache
def vp8_frames(count: int = 30, *, width: int = 64, height: int = 48) -> tuple[bytes, ...]:
    """A key frame and what follows it."""
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 30)
    encoder.options = {"deadline": "realtime", "lag-in-frames": "0", "g": "1000"}
    out: list[bytes] = []
    for n in range(count):
        frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), 8 * n % 256, np.uint8), format="rgb24")
        frame.pts = n
        out += [bytes(packet) for packet in encoder.encode(frame)]
    return tuple(out)


def vp8_packets(
    frames: tuple[bytes, ...], *, first: int = 0, ssrc: int = 1, size: int = 100, step: int = 3000
) -> list[RtpPacket]:
    """Frames cut into packets of ``size`` bytes, with the descriptor that Chromium sends (15-bit picture id)."""
    packets: list[RtpPacket] = []
    for n, frame in enumerate(frames):
        for at in range(0, len(frame), size):
            descriptor = bytes([0x90 if at == 0 else 0x80, 0x80, 0x80 | n >> 8, n & 0xFF])
            last = at + size >= len(frame)
            body = descriptor + frame[at : at + size]
            packets.append(rtp(first + len(packets), body, timestamp=n * step, ssrc=ssrc, marker=last))
    return packets
