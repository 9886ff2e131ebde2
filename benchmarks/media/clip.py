"""A clip that is encoded once and sent for ever: real VP8 pictures and real Opus sound, cut for RTP."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator


FPS = 30
SOUNDS_A_SECOND = 50
SOUND_SAMPLES = 960
_RATE = 48_000
_WIDTH, _HEIGHT = 640, 480
_BIT_RATE = 850_000
_SOUND_BIT_RATE = 32_000
_LARGEST_PIECE = 1160


@dataclass(frozen=True, slots=True)
class Clip:
    """``pictures`` are VP8 frames, the first one a key frame; ``sounds`` Opus packets of 20 ms. No two are equal.

    ``pieces`` are the pictures again, each cut into what fits a packet.
    """

    pictures: tuple[bytes, ...]
    sounds: tuple[bytes, ...]
    pieces: tuple[tuple[bytes, ...], ...]

    @property
    def packets_a_second(self) -> float:
        """RTP packets of sound and picture together."""
        return SOUNDS_A_SECOND + FPS * sum(map(len, self.pieces)) / len(self.pieces)

    @property
    def bits_a_second(self) -> float:
        """Of the pictures alone."""
        return 8 * FPS * sum(map(len, self.pictures)) / len(self.pictures)


def make_clip(seconds: int = 4) -> Clip:
    """Encode a moving, noisy picture of 640x480 and a changing sound; about a second of work for four of clip."""
    pictures = tuple(_pictures(seconds * FPS))
    pieces = tuple(_cut(picture) for picture in pictures)
    return Clip(pictures, tuple(_sounds(seconds * SOUNDS_A_SECOND)), pieces)


def _cut(picture: bytes) -> tuple[bytes, ...]:
    """Equal pieces, as browsers make them."""
    count = -(-len(picture) // _LARGEST_PIECE)
    size = -(-len(picture) // count)
    return tuple(picture[at : at + size] for at in range(0, len(picture), size))


def _pictures(count: int) -> Iterator[bytes]:
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FPS), Fraction(FPS)
    encoder.bit_rate, encoder.gop_size = _BIT_RATE, 10 * count
    rate = str(_BIT_RATE)
    encoder.options = {
        "deadline": "realtime",
        "cpu-used": "-6",
        "lag-in-frames": "0",
        "error-resilient": "1",
        "minrate": rate,
        "maxrate": rate,
        "auto-alt-ref": "0",
    }
    chance = np.random.default_rng(7)
    grain = chance.integers(0, 24, (_HEIGHT + count, _WIDTH + count, 3), dtype=np.uint8)
    for n in range(count):
        picture = grain[n : n + _HEIGHT, n : n + _WIDTH].copy()
        picture[100 + n % 200 : 220 + n % 200, 40 + 3 * n % 400 : 200 + 3 * n % 400] += 120
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts = n
        yield from (bytes(packet) for packet in encoder.encode(frame))
    yield from (bytes(packet) for packet in encoder.encode(None))


def _sounds(count: int) -> Iterator[bytes]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = _RATE, "stereo", "s16"
    encoder.bit_rate, encoder.options = _SOUND_BIT_RATE, {"application": "voip", "frame_duration": "20"}
    chance = np.random.default_rng(7)
    made = 0
    for n in range(count + 3):
        tone = 6000 * np.sin(np.arange(SOUND_SAMPLES) * (0.02 + 0.0003 * (n % 100)))
        samples = (tone + chance.normal(0, 800, SOUND_SAMPLES)).astype(np.int16).repeat(2).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = _RATE, n * SOUND_SAMPLES
        for packet in encoder.encode(frame):
            if made < count:
                made += 1
                yield bytes(packet)
