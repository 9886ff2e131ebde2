"""Which bytes a GET asks for: the rules of RFC 9110, section 14."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.entrypoints.http.ranges import ByteRange, RangeNotSatisfiable, requested_range

ETAG = '"abc"'


def asked(header: str | None, if_range: str | None = None, *, size: int = 1000) -> ByteRange | None:
    return requested_range(header, if_range, size=size, etag=ETAG)


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-499", 0, 500),
        ("bytes=500-999", 500, 1000),
        ("bytes=-500", 500, 1000),
        ("bytes=0-0", 0, 1),
        ("bytes=-1", 999, 1000),
        ("bytes=0-", 0, 1000),
        ("bytes=999-", 999, 1000),
        ("bytes=990-5000", 990, 1000),
        ("bytes=-5000", 0, 1000),
        ("Bytes=1-2", 1, 3),
        ("bytes= 1-2 ", 1, 3),
        ("bytes=000-000000000000000000000001", 0, 2),
    ],
)
def test_one_range_is_served(header: str, start: int, end: int) -> None:
    assert asked(header) == ByteRange(start=start, end=end, size=1000)


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-2000", "bytes=-0"])
def test_a_range_past_the_end_is_refused_with_the_size(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as refused:
        asked(header)
    assert refused.value.content_range == "bytes */1000"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=0-1,5-6",
        "bytes=1--2",
        "bytes=+1-2",
        "bytes=0x1-2",
        "bytes=\u0661-\u0662",
        "items=0-1",
        "bytes 0-1",
        "bytes=0-" + "9" * 5000,
    ],
)
def test_what_is_not_one_range_of_bytes_is_ignored(header: str | None) -> None:
    assert asked(header) is None


@pytest.mark.parametrize("if_range", ['W/"abc"', '"other"', "abc", "Wed, 21 Oct 2015 07:28:00 GMT", ""])
def test_a_condition_that_does_not_hold_gets_the_whole(if_range: str) -> None:
    assert asked("bytes=0-1", if_range) is None


def test_a_condition_that_fails_hides_an_unsatisfiable_range() -> None:
    assert asked("bytes=5000-", '"other"') is None


def test_the_very_tag_gets_its_range() -> None:
    assert asked("bytes=0-1", ETAG) == ByteRange(start=0, end=2, size=1000)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1"])
def test_nothing_of_nothing_can_be_served(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        asked(header, size=0)


def test_content_range_counts_the_last_byte_in() -> None:
    assert ByteRange(start=0, end=500, size=1000).content_range == "bytes 0-499/1000"


@given(first=st.integers(0, 3000), last=st.none() | st.integers(0, 3000), size=st.integers(0, 2000))
def test_a_served_range_is_the_overlap_of_what_was_asked_and_what_there_is(
    first: int, last: int | None, size: int
) -> None:
    wanted = [at for at in range(size) if at >= first and (last is None or at <= last)]
    header = f"bytes={first}-{'' if last is None else last}"
    if last is not None and last < first:
        assert asked(header, size=size) is None
    elif not wanted:
        with pytest.raises(RangeNotSatisfiable):
            asked(header, size=size)
    else:
        assert asked(header, size=size) == ByteRange(start=wanted[0], end=wanted[-1] + 1, size=size)
