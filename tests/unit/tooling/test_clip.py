"""Finding flashes and beeps again: what the proof of picture and sound in step rests on."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clip import Clip, Sample, beeps, flashes, loudness, page_script, pair, picture_of, sound_of

RATE = 48_000
FPS = 30


def _picture(seconds: int, *, starts_at: float = 0.0) -> list[Sample]:
    values = ([235.0] * 3 + [110.0] * 27) * seconds
    return [Sample(at=starts_at + number / FPS, value=value) for number, value in enumerate(values)]


def _tone(seconds: int, *, delay_s: float = 0.0) -> np.ndarray:
    time = np.arange(seconds * RATE) / RATE - delay_s
    return np.where((time % 1 < 0.1) & (time >= 0), 0.5 * np.sin(2 * np.pi * 1000 * time), 0.0)


def test_each_flash_is_found_where_it_begins() -> None:
    assert flashes(_picture(4)) == pytest.approx([1.0, 2.0, 3.0])


@pytest.mark.parametrize("picture", [[], [Sample(at=number / FPS, value=110.0 + number % 9) for number in range(90)]])
def test_a_picture_without_flashes_has_none(picture: list[Sample]) -> None:
    assert flashes(picture) == []


def test_each_beep_is_found_where_it_begins() -> None:
    sound = list(loudness(_tone(4, delay_s=0.25), RATE, 10.0))
    assert beeps(sound) == pytest.approx([10.25, 11.25, 12.25, 13.25], abs=0.003)


def test_noise_is_no_beep() -> None:
    noise = np.random.default_rng(7).normal(0, 0.004, 2 * RATE)
    assert beeps(list(loudness(noise, RATE, 0.0))) == []
    assert beeps([]) == []


@given(st.floats(min_value=-0.45, max_value=0.45), st.integers(min_value=2, max_value=9))
def test_the_offset_is_what_the_sound_is_late_by(late_s: float, seconds: int) -> None:
    seen = [float(second) for second in range(seconds)]
    assert pair(seen, [second + late_s for second in seen]) == pytest.approx([late_s] * seconds)


def test_a_flash_without_its_beep_has_no_offset() -> None:
    assert pair([1.0, 2.0, 3.0], [1.01, 3.01]) == pytest.approx([0.01, 0.01])
    assert pair([1.0], []) == []


def test_a_stored_track_gives_back_its_flashes_and_beeps() -> None:
    picture, sound = io.BytesIO(), io.BytesIO()
    _store_picture(picture)
    _store_sound(sound)
    offsets = pair(flashes(picture_of(picture)), beeps(sound_of(sound)))
    assert offsets == pytest.approx([0.06, 0.06], abs=0.015)


def test_the_page_script_carries_the_options_in_the_page_s_words() -> None:
    assert '"framesPerSecond": 15' in page_script(Clip(frames_per_second=15))


def _store_picture(file: io.BytesIO) -> None:
    with av.open(file, "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=FPS, width=64, height=48, pix_fmt="yuv420p")
        for sample in _picture(3):
            grey = np.full((48, 64), round(sample.value), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="gray")))
        container.mux(stream.encode(None))
    file.seek(0)


def _store_sound(file: io.BytesIO) -> None:
    with av.open(file, "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        for block in _tone(3, delay_s=0.06).reshape(-1, 960):
            frame = av.AudioFrame.from_ndarray((block * 32767).astype(np.int16).reshape(1, -1), "s16", layout="mono")
            frame.sample_rate = RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
