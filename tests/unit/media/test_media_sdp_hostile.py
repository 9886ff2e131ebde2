"""Descriptions made to cost time: whatever a page sends within 64 KiB costs what its length costs."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.dearness import dearness
from videoattention.adapters.media.sdp import LocalTransport, Origin, passed_on
from videoattention.adapters.media.sdp_reading import (
    MOST_BYTES,
    MOST_LINE,
    MOST_SECTIONS,
    BadSdp,
    read,
    remote_transport,
)
from videoattention.adapters.media.sources import sources_of

SAMPLES = {path.stem: path.read_text() for path in (Path(__file__).parent / "descriptions").glob("*.sdp")}
LOCAL = LocalTransport("workerufrag", "workerpassword0123456789", "sha-256 AA:BB", ("198.51.100.7",), 40000)
# ordinary offers; 64 KiB are the length of a dozen, and a square of the length would be worth far more
WITHIN = 60


def through(text: str) -> str:
    """All that the worker does with a description."""
    description = read(text)
    remote_transport(description, setup="actpass")
    out = passed_on(description, LOCAL, origin=Origin(5, 1), setup="actpass")
    sources_of(description)
    return out


def cost(text: str) -> float:
    """What the worker spends on a description, in ordinary offers."""

    def attempt() -> None:
        with suppress(BadSdp):
            through(text)

    return dearness(attempt, lambda: through(SAMPLES["chromium-offer"]), enough=WITHIN)


def filled(text: str, piece: str, size: int = MOST_BYTES) -> str:
    """The text, and the piece again and again, up to the bound."""
    return text + piece * max(0, (size - len(text)) // max(1, len(piece)))


LETTERS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80)
NAMES = st.sampled_from(
    [
        "rtpmap",
        "fmtp",
        "rtcp-fb",
        "extmap",
        "ssrc",
        "ssrc-group",
        "msid",
        "mid",
        "rid",
        "simulcast",
        "group",
        "candidate",
        "fingerprint",
        "ice-ufrag",
        "ice-pwd",
        "ice-options",
        "setup",
        "rtcp",
        "rtcp-mux",
        "bundle-only",
        "x-google",
    ]
)
VALUES = st.one_of(
    LETTERS,
    st.sampled_from(["96 VP8/90000", "97 rtx/90000", "97 apt=96", "FID 1 2", "BUNDLE 0 1 2", "1 cname:x", "actpass"]),
    st.builds(lambda c, n: c * n, st.sampled_from("0 a=;,/:-+(\\"), st.integers(0, MOST_LINE)),
    st.builds(
        lambda p, n: (p + " ") * n, st.sampled_from(["96", "a=b;", "97 apt=96", "1", "FID"]), st.integers(0, 300)
    ),
)
LINES = st.one_of(
    st.builds(lambda name, value: f"a={name}:{value}\r\n", NAMES, VALUES),
    st.builds(lambda value: f"a={value}\r\n", VALUES),
    st.builds(
        lambda kind, formats: f"m={kind} 9 UDP/TLS/RTP/SAVPF {formats}\r\n", st.sampled_from(["audio", "video"]), VALUES
    ),
    st.builds(lambda letter, value: f"{letter}={value}\r\n", st.sampled_from("abcikmoprstuvz"), VALUES),
)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.lists(LINES, min_size=1, max_size=8), st.integers(0, 6000), st.booleans())
@example("chromium-offer", ["a=ssrc-group:FID 1 2\r\n"], 6000, True)
@example("chromium-offer", ["a=rtpmap:96 VP8/90000\r\n"], 6000, True)
@example("chromium-offer", ["a=fmtp:97 apt=96\r\n"], 6000, True)
def test_whatever_is_repeated_wherever_costs_little(sample: str, lines: list[str], at: int, fill: bool) -> None:  # noqa: FBT001 - drawn
    text = SAMPLES[sample]
    begin = text.find("\n", min(at, len(text) - 1)) + 1 or len(text)
    piece = "".join(lines)
    made = filled(text[:begin], piece, MOST_BYTES - len(text[begin:])) + text[begin:] if fill else text[:begin] + piece
    assert cost(made) < WITHIN


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=2000), st.integers(1, 2000))
def test_no_text_costs_much_however_often_it_is_repeated(text: str, times: int) -> None:
    assert cost(text * times) < WITHIN


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=3000))
def test_no_bytes_break_it(noise: bytes) -> None:
    text = noise.decode("latin-1")
    with suppress(BadSdp):
        through("v=0\r\n" + text)


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 10 * MOST_BYTES, 100 * MOST_BYTES])
def test_what_is_larger_than_64_kib_is_not_read(size: int) -> None:
    text = filled(SAMPLES["chromium-offer"], "a=x\r\n", size).ljust(size, "x")
    with pytest.raises(BadSdp, match="too large"):
        read(text)
    assert cost(text) < WITHIN


@pytest.mark.parametrize("sections", [MOST_SECTIONS, MOST_SECTIONS + 1])
def test_twelve_sections_are_read_and_not_one_more(sections: int) -> None:
    section = "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\n"
    sample = SAMPLES["chromium-offer"]
    text = sample + section * (sections - sample.count("m="))
    if sections > MOST_SECTIONS:
        with pytest.raises(BadSdp, match="too many sections"):
            read(text)
    else:
        assert len(read(text).sections) == MOST_SECTIONS


@pytest.mark.parametrize(("weak", "strong"), [("sha-1", False), ("md5", False), ("sha-224", False), ("sha-256", True)])
def test_a_certificate_is_named_by_sha_256_or_better(weak: str, strong: bool) -> None:  # noqa: FBT001 - a parameter
    lengths = {"sha-1": 20, "md5": 16, "sha-224": 28, "sha-256": 32}
    digest = ":".join(["AB"] * lengths[weak])
    lines = [
        f"a=fingerprint:{weak} {digest}" if line.startswith("a=fingerprint:") else line
        for line in SAMPLES["chromium-offer"].splitlines()
    ]
    text = "\r\n".join(lines) + "\r\n"
    if strong:
        assert remote_transport(read(text), setup="actpass").fingerprints == ((weak, digest),)
    else:
        with pytest.raises(BadSdp, match="fingerprint"):
            remote_transport(read(text), setup="actpass")
