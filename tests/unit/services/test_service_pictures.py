"""Pictures that a browser sends: one JPEG and nothing else, checked without decoding it."""

from __future__ import annotations

import io

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.errors import StepRefused
from videoattention.services.pictures import MOST_BYTES, jpeg_of


def coded(width: int = 320, height: int = 240) -> bytes:
    """A JPEG as an encoder makes it."""
    out = io.BytesIO()
    with av.open(out, "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        frame = av.VideoFrame(width, height, "yuvj420p")
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return out.getvalue()


JPEG = coded()
NOTE = b"\xff\xe1" + (2 + 10).to_bytes(2, "big") + b"Exif\0where"[:10]


def code(sent: bytes) -> str:
    with pytest.raises(StepRefused) as refused:
        jpeg_of(sent)
    return refused.value.code


def test_a_jpeg_is_taken_with_its_size() -> None:
    picture = jpeg_of(JPEG)
    assert (picture.width, picture.height) == (320, 240)
    assert jpeg_of(picture.body) == picture, "what is kept is a picture again"


def test_what_was_kept_can_be_shown() -> None:
    with av.open(io.BytesIO(jpeg_of(JPEG).body), "r", format="mjpeg") as container:
        frame = next(container.decode(video=0))
    assert (frame.width, frame.height) == (320, 240)


def test_notes_and_comments_are_left_out() -> None:
    comment = b"\xff\xfe" + (2 + 6).to_bytes(2, "big") + b"secret"
    kept = jpeg_of(JPEG[:2] + NOTE + comment + JPEG[2:]).body
    assert b"Exif" not in kept
    assert b"secret" not in kept


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        JPEG[:-1],
        JPEG[:-2],
        JPEG + b"\0",
        JPEG + b"PK\x03\x04 a second file\xff\xd9",
        JPEG[2:],
        b"\x89PNG\r\n\x1a\n" + JPEG,
        b"<svg onload='alert(1)'>\xff\xd9",
        JPEG[:2] + b"\xff\xe1\xff\xff" + JPEG[2:],
        JPEG[:2] + b"\xff\xc0\0\x02" + JPEG[2:],
        b"\xff\xd8" + bytes(MOST_BYTES) + b"\xff\xd9",
    ],
)
def test_anything_else_is_refused(sent: bytes) -> None:
    assert code(sent) == "still_refused"


@pytest.mark.parametrize(("width", "height"), [(0, 240), (320, 0), (9000, 240)])
def test_a_size_that_no_camera_has_is_refused(width: int, height: int) -> None:
    at = JPEG.index(b"\xff\xc0") + 5
    assert code(JPEG[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + JPEG[at + 4 :]) == "still_refused"


@given(st.binary(max_size=400))
def test_noise_never_does_anything_but_be_refused(noise: bytes) -> None:
    for sent in (noise, b"\xff\xd8" + noise + b"\xff\xd9"):
        try:
            jpeg_of(sent)
        except StepRefused as refused:
            assert refused.code == "still_refused"  # noqa: PT017 - noise may be a picture, by chance


@given(st.integers(2, len(JPEG) - 3), st.integers(0, 255))
def test_a_picture_with_one_byte_changed_is_refused_or_is_one_again(place: int, value: int) -> None:
    changed = JPEG[:place] + bytes([value]) + JPEG[place + 1 :]
    try:
        kept = jpeg_of(changed).body
    except StepRefused:
        return
    assert jpeg_of(kept).body == kept
