"""Small recordings as the archive serves them: one WebM per track, with cues to seek by."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FRAMES_PER_SECOND = 20
RATE = 48_000


def write_picture(path: Path, *, seconds: float) -> None:
    """A picture that tells its own time: its brightness grows by 5 of 255 with every half second."""
    with av.open(str(path), "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=FRAMES_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.time_base = Fraction(1, FRAMES_PER_SECOND)
        stream.gop_size = FRAMES_PER_SECOND
        stream.options = {"deadline": "realtime", "cpu-used": "8"}
        for number in range(round(seconds * FRAMES_PER_SECOND)):
            grey = 5 * (number * 2 // FRAMES_PER_SECOND)
            frame = av.VideoFrame.from_ndarray(np.full((120, 160, 3), grey, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def write_uneven_picture(path: Path, *, instants_ms: Sequence[int]) -> None:
    """A picture that changes at these instants only: the brightness of the n-th is 10 n of 255."""
    with av.open(str(path), "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=1000)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.options = {"deadline": "realtime", "cpu-used": "8", "crf": "4", "b": "2M"}
        for number, instant in enumerate(instants_ms):
            frame = av.VideoFrame.from_ndarray(np.full((120, 160, 3), 10 * number, np.uint8), format="rgb24")
            frame.pts, frame.time_base = instant, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def write_sound(path: Path, *, seconds: float) -> None:
    """A tone."""
    with av.open(str(path), "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        samples = np.sin(np.arange(round(seconds * RATE)) / 20).astype(np.float32)[np.newaxis, :]
        for begin in range(0, samples.shape[1], RATE // 50):
            part = np.ascontiguousarray(samples[:, begin : begin + RATE // 50])
            frame = av.AudioFrame.from_ndarray(part, format="flt", layout="mono")
            frame.sample_rate, frame.pts = RATE, begin
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
