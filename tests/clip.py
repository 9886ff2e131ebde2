"""The clip that flashes and beeps every second: putting it into a page, and finding it again in what was recorded.

`page_script` gives a Chromium page a camera and a microphone of known content (clip.js says how they keep in step).
`picture_of` and `sound_of` decode a stored track into samples, `flashes` and `beeps` find the onsets in them, `pair`
says how far apart sound and picture are. Times are seconds; those of a decoded file are that file's own.
"""

from __future__ import annotations

import itertools
import json
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WINDOW_S = 0.0025
"""How finely loudness is told."""
LEAST_FLASH = 40.0
"""Of 255: how much brighter than the rest of the clip a flash is at least."""
LEAST_BEEP = 0.02
"""Of 1: the root mean square under which there is no beep but noise."""


@dataclass(frozen=True, slots=True)
class Clip:
    """What one person's camera and microphone give; `tone_hz` and `grey` tell one person from another."""

    width: int = 640
    height: int = 480
    frames_per_second: int = 30
    tone_hz: int = 1000
    grey: int = 110


@dataclass(frozen=True, slots=True)
class Sample:
    """How bright (0 to 255) or how loud (0 to 1) something was at a time."""

    at: float
    value: float


def page_script(clip: Clip) -> str:
    """JavaScript for Playwright's `add_init_script`: `getUserMedia` then gives the clip, and asks nobody.

    For Chromium: without a sound card Firefox starts no AudioContext; there its own artificial devices are left alone.
    """
    options = {_camel(name): value for name, value in asdict(clip).items()}
    source = Path(__file__).with_name("clip.js").read_text(encoding="utf-8")
    return f"(() => {{\n{source}\ninstallClip({json.dumps(options)});\n}})();"


def picture_of(track: str | BinaryIO) -> list[Sample]:
    """Decode the first picture track: each frame's time and mean brightness."""
    with av.open(track, "r") as container:
        return [Sample(at=frame.time or 0.0, value=_brightness(frame)) for frame in container.decode(video=0)]


def sound_of(track: str | BinaryIO) -> list[Sample]:
    """Decode the first sound track: the time and the loudness of each window of `WINDOW_S`."""
    with av.open(track, "r") as container:
        frames = container.decode(audio=0)
        return [sample for frame in frames for sample in loudness(_mono(frame), frame.sample_rate, frame.time or 0.0)]


def loudness(samples: np.ndarray, rate: int, starts_at: float) -> Iterator[Sample]:
    """Cut mono samples (-1 to 1) into windows and tell each one's root mean square; a rest shorter than one is left."""
    size = round(WINDOW_S * rate)
    windows = samples[: len(samples) // size * size].reshape(-1, size)
    for number, value in enumerate(np.sqrt(np.mean(np.square(windows), axis=1))):
        yield Sample(at=starts_at + number * size / rate, value=float(value))


def flashes(picture: Sequence[Sample]) -> list[float]:
    """When each flash began: the times of the frames that are suddenly far brighter than the usual one."""
    if not picture:
        return []
    usual = statistics.median(sample.value for sample in picture)
    brightest = max(sample.value for sample in picture)
    return _onsets(picture, (usual + brightest) / 2) if brightest - usual >= LEAST_FLASH else []


def beeps(sound: Sequence[Sample]) -> list[float]:
    """When each beep began: the times at which silence turned into half the greatest loudness."""
    loudest = max((sample.value for sample in sound), default=0.0)
    return _onsets(sound, loudest / 2) if loudest >= LEAST_BEEP else []


def pair(seen: Sequence[float], heard: Sequence[float], *, within_s: float = 0.5) -> list[float]:
    """For each flash the seconds to its beep (positive: the sound is late); a flash with none in reach has no entry."""
    nearest = (min((beep - flash for beep in heard), key=abs, default=None) for flash in seen)
    return [offset for offset in nearest if offset is not None and abs(offset) <= within_s]


def _onsets(samples: Sequence[Sample], threshold: float) -> list[float]:
    # what is already bright or loud at the first sample began before it: its onset is not known
    return [later.at for earlier, later in itertools.pairwise(samples) if earlier.value < threshold <= later.value]


def _brightness(frame: av.VideoFrame) -> float:
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return float(rows[: frame.height, : frame.width].mean())


def _mono(frame: av.AudioFrame) -> np.ndarray:
    samples = frame.to_ndarray()
    channel = samples[0] if frame.format.is_planar else samples.reshape(-1, frame.layout.nb_channels)[:, 0]
    scale = 1.0 if np.issubdtype(channel.dtype, np.floating) else float(np.iinfo(channel.dtype).max)
    return np.asarray(channel, np.float64) / scale


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
