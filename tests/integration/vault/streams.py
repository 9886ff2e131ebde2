"""Live WebM as a recording holds it, encoded as browsers encode: each picture tells its own number."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from videoattention.adapters.media.depacketise import Frame
from videoattention.adapters.media.webm import WebmWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

RATE = 30
BARS = 12
WIDTH, HEIGHT = 320, 180
SAMPLE_RATE = 48_000
SAMPLES = 960
_REALTIME = {"deadline": "realtime", "cpu-used": "12"}


def picture(nth: int) -> npt.NDArray[np.uint8]:
    """The top half shows ``nth`` as twelve black or white bars, the lowest bit on the left; the rest is noise.

    Noise does not compress, so that a clip of seconds is larger than what a browser fetches ahead of time.
    """
    image = np.random.default_rng(nth).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    for bit in range(BARS):
        image[: HEIGHT // 2, bit * WIDTH // BARS : (bit + 1) * WIDTH // BARS] = 255 if nth >> bit & 1 else 0
    return image


def number_of(image: npt.NDArray[np.uint8]) -> int:
    """The number that `picture` wrote, out of an image of any size."""
    height, width = image.shape[:2]
    bars = (image[height // 4, (2 * bit + 1) * width // (2 * BARS)] for bit in range(BARS))
    return sum(int(bar.mean() > 127) << bit for bit, bar in enumerate(bars))


class _Pipe:
    """Something that can only be written to, so that the muxer does not go back."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> int:
        self.data += data
        return len(data)


def live_video(seconds: int) -> bytes:
    """VP8 at 30 fps with a key frame every second, by ffmpeg's live WebM."""
    pipe = _Pipe()
    with av.open(pipe, "w", format="webm", options={"live": "1"}) as container:
        stream = container.add_stream("libvpx", rate=RATE, options=_REALTIME)
        stream.bit_rate = 4_000_000
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = WIDTH, HEIGHT, "yuv420p", RATE
        for nth in range(seconds * RATE):
            frame = av.VideoFrame.from_ndarray(picture(nth), format="rgb24")
            frame.pts, frame.time_base = nth, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return bytes(pipe.data)


def live_audio(seconds: int) -> bytes:
    """Opus in packets of 20 ms, by ffmpeg's live WebM."""
    pipe = _Pipe()
    with av.open(pipe, "w", format="webm", options={"live": "1"}) as container:
        stream = container.add_stream("libopus", rate=SAMPLE_RATE, layout="stereo")
        for nth in range(seconds * SAMPLE_RATE // SAMPLES):
            wave = np.sin(np.arange(nth * SAMPLES, (nth + 1) * SAMPLES) * 0.06) * 8000
            frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2).astype(np.int16)[None], layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, nth * SAMPLES, Fraction(1, SAMPLE_RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return bytes(pipe.data)


def rewritten(stream: bytes, *, kind: str) -> bytes:
    """The same frames as the media worker's own writer writes them."""
    made = bytearray()
    writer = WebmWriter(made.extend, kind=kind)
    with av.open(io.BytesIO(stream), "r") as container:
        for packet in container.demux():
            if packet.pts is None or packet.time_base is None:
                continue
            frame = Frame(0, 0.0, bytes(packet), key=packet.is_keyframe, width=WIDTH, height=HEIGHT)
            # Opus begins before zero by its encoder's delay; the media worker counts from the first packet.
            writer.add(frame, max(0, round(packet.pts * packet.time_base * 1000)))
    writer.cut()
    return bytes(made)


def unsized(stream: bytes) -> bytes:
    """The same stream with its clusters of unknown size, as other live writers leave them."""
    cluster = b"\x1f\x43\xb6\x75"
    head, *clusters = stream.split(cluster)
    changed = bytearray(head)
    for body in clusters:
        width = 9 - body[0].bit_length()
        changed += cluster + b"\x01" + b"\xff" * 7 + body[width:]
    return bytes(changed)


def decoded_numbers(stream: bytes) -> Iterator[int]:
    """The number that each picture of a stream shows."""
    with av.open(io.BytesIO(stream), "r") as container:
        for frame in container.decode(video=0):
            yield number_of(frame.to_ndarray(format="rgb24").astype(np.uint8))
