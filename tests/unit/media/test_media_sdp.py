from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dearness import dearness
from videoattention.adapters.media.sdp import LocalTransport, Origin, passed_on
from videoattention.adapters.media.sdp_reading import BadSdp, read, remote_transport
from videoattention.adapters.media.sources import sources_of

FOLDER = Path(__file__).parent / "descriptions"
SAMPLES = {path.stem: path.read_text() for path in FOLDER.glob("*.sdp")}
LOCAL = LocalTransport("workerufrag", "workerpassword0123456789", "sha-256 AA:BB", ("198.51.100.7",), 40000)


# 64 KiB are the length of a dozen offers; what grows with the square of its length, or worse, is worth far more
OFFERS_AT_MOST = 60


def through(text: str, setup: str = "actpass") -> str:
    description = read(text)
    remote_transport(description, setup=setup)
    return passed_on(description, LOCAL, origin=Origin(5, 1), setup=setup)


def offers(text: str) -> float:
    """What reading the text costs, in ordinary offers."""

    def attempt() -> None:
        with suppress(BadSdp):
            through(text)

    return dearness(attempt, lambda: through(SAMPLES["chromium-offer"]), enough=OFFERS_AT_MOST)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_an_offer_passes_with_the_workers_transport_only(name: str) -> None:
    lines = through(SAMPLES[name]).split("\r\n")
    assert lines[:4] == ["v=0", "o=- 5 1 IN IP4 0.0.0.0", "s=-", "t=0 0"]
    assert lines.index("a=ice-lite") < lines.index(next(line for line in lines if line.startswith("m=")))
    candidate = "a=candidate:1 1 udp 2130706431 198.51.100.7 40000 typ host"
    assert lines.count(candidate) == sum(bool(re.match("m=(audio|video) 9 ", line)) for line in lines)
    for line in (
        "a=ice-ufrag:workerufrag",
        "a=ice-pwd:workerpassword0123456789",
        "a=fingerprint:sha-256 AA:BB",
        "a=setup:actpass",
    ):
        assert lines.count(line) == 2
    assert {line for line in lines if line.startswith("c=")} == {"c=IN IP4 0.0.0.0"}
    codecs = {line.split()[1] for line in lines if line.startswith("a=rtpmap:")}
    assert codecs == {"opus/48000/2", "VP8/90000", "rtx/90000"}
    assert not [line for line in lines if re.match(r"b=|a=(rid|simulcast|ice-options|rtcp:)|.*rtp-stream-id", line)]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_payload_types_extensions_and_feedback_stay_end_to_end(name: str) -> None:
    before, after = SAMPLES[name].splitlines(), through(SAMPLES[name]).split("\r\n")
    vp8 = next(line.split()[0][9:] for line in before if line.endswith("VP8/90000"))
    for start in (f"a=rtcp-fb:{vp8}", f"a=fmtp:{vp8} ", "a=ssrc", "a=msid:", "a=mid:", "a=rtcp-mux"):
        assert [x for x in after if x.startswith(start)] == [x for x in before if x.startswith(start)], start
    assert sum(x.startswith("a=extmap:") for x in after) >= 6


def test_a_payload_type_keeps_its_meaning_or_somebody_is_heard_and_not_recorded() -> None:
    offered = sources_of(read(SAMPLES["chromium-offer"])).codecs
    assert sources_of(read(SAMPLES["chromium-offer"]), offered).codecs == offered
    # the other browser numbers its own way, which is no contradiction
    assert sources_of(read(SAMPLES["firefox-offer"]), offered).codecs
    sound_as_picture = SAMPLES["chromium-offer"].replace("opus/48000/2", "red/48000/2").replace(" 96 97 ", " 111 97 ")
    sound_as_picture = sound_as_picture.replace("a=rtpmap:96 VP8", "a=rtpmap:111 VP8")
    assert sources_of(read(sound_as_picture)).codecs[111].name == "vp8"
    with pytest.raises(BadSdp):
        sources_of(read(sound_as_picture), offered)
    both = SAMPLES["chromium-offer"].replace(" 96 97 ", " 111 97 ").replace("a=rtpmap:96 VP8", "a=rtpmap:111 VP8")
    with pytest.raises(BadSdp):
        sources_of(read(both))


def test_a_bundle_only_section_keeps_port_0_and_has_credentials_but_no_candidates() -> None:
    text = through(SAMPLES["firefox-offer"])
    video = text[text.index("m=video 0 ") :]
    assert "a=bundle-only" in video
    assert "a=candidate" not in video
    assert "a=setup:actpass" in video


def test_a_refused_section_keeps_its_place() -> None:
    refused = SAMPLES["chromium-offer"].replace("m=video 9 ", "m=video 0 ")
    text = through(refused)
    assert re.search(r"m=video 0 UDP/TLS/RTP/SAVPF \d+", text)


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("passive offer", lambda s: s.replace("setup:actpass", "setup:passive")),
        (
            "weak certificate",
            lambda s: re.sub("fingerprint:sha-256 [^\n]*", "fingerprint:sha-1 " + "AB:" * 19 + "AB", s),
        ),
        ("no certificate", lambda s: re.sub("a=fingerprint:[^\n]*\n", "", s)),
        ("short hash", lambda s: re.sub("fingerprint:sha-256 [^\n]*", "fingerprint:sha-256 " + "AB:" * 19 + "AB", s)),
        ("no ufrag", lambda s: re.sub("a=ice-ufrag:[^\n]*\n", "", s)),
        ("two ufrags", lambda s: s.replace("a=ice-ufrag:", "a=ice-ufrag:other\na=ice-ufrag:", 1)),
        ("no bundle", lambda s: re.sub("a=group:BUNDLE[^\n]*\n", "", s)),
        ("same mid twice", lambda s: s.replace("a=mid:1", "a=mid:0")),
        ("no rtcp-mux", lambda s: s.replace("a=rtcp-mux\n", "")),
        ("data channel", lambda s: s + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n"),
        ("plain RTP", lambda s: s.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP")),
        ("no VP8", lambda s: s.replace("VP8/90000", "VP9/90000")),
        ("no media", lambda s: s[: s.index("m=")]),
        ("control character", lambda s: s.replace("s=-", "s=\x00")),
        ("lone return", lambda s: s.replace("s=-", "s=a\rb")),
        ("not SDP", lambda s: "x" + s),
        ("empty", lambda s: s[:0]),
    ],
)
def test_what_is_not_done_is_refused(what: str, change: object) -> None:
    for sample in SAMPLES.values():
        with pytest.raises(BadSdp):
            through(change(sample))  # type: ignore[operator]


def test_an_answer_must_make_the_browser_the_dtls_client() -> None:
    answer = SAMPLES["chromium-offer"].replace("setup:actpass", "setup:active")
    remote = remote_transport(read(answer), setup="active")
    assert remote.fingerprints[0][0] == "sha-256"
    with pytest.raises(BadSdp):
        remote_transport(read(answer), setup="actpass")


@pytest.mark.parametrize(
    "bomb",
    [
        SAMPLES["chromium-offer"] + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\n" * 5000,
        SAMPLES["chromium-offer"] + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\n" * 31,
        SAMPLES["chromium-offer"] + "m=audio 9 UDP/TLS/RTP/SAVPF 111\n" * 13,
        SAMPLES["chromium-offer"] + "a=" + "x" * 2048 + "\n",
        SAMPLES["chromium-offer"] + "a=x\n" * 3000,
        "v=0\n" * 100_000,
        "v=0\nm=audio 9 UDP/TLS/RTP/SAVPF" + " 111" * 400,
        "v=0\na=" + "a=" * 1000 + "\n" + "a=" + "(" * 2000,
    ],
)
def test_a_bomb_is_refused_at_once(bomb: str) -> None:
    with pytest.raises(BadSdp):
        through(bomb)
    assert offers(bomb) < OFFERS_AT_MOST


def test_the_largest_description_is_read_quickly() -> None:
    sample = SAMPLES["chromium-offer"]
    padding = ("a=fmtp:96 " + "; ".join(["a=b"] * 30) + "!\n") * ((60_000 - len(sample)) // 160)
    assert offers(sample + padding) < OFFERS_AT_MOST


hosts = st.one_of(
    st.ip_addresses(v=4).map(str).filter(lambda a: a not in {"0.0.0.0", "198.51.100.7"}),  # noqa: S104 - not bound
    st.ip_addresses(v=6).map(str).filter(lambda a: len(a) > 6),
    st.uuids().map(lambda u: f"{u}.local"),
)


@settings(deadline=None)
@given(
    host=hosts,
    ufrag=st.from_regex(r"[A-Za-z0-9+/]{8,20}", fullmatch=True),
    password=st.from_regex(r"[A-Za-z0-9+/]{22,40}", fullmatch=True),
    digest=st.binary(min_size=32, max_size=32).map(lambda b: b.hex(":").upper()),
    sample=st.sampled_from(sorted(SAMPLES)),
)
def test_nothing_of_the_browsers_transport_passes(
    host: str, ufrag: str, password: str, digest: str, sample: str
) -> None:
    text = re.sub("ice-ufrag:[^\n]*", f"ice-ufrag:{ufrag}", SAMPLES[sample])
    text = re.sub("ice-pwd:[^\n]*", f"ice-pwd:{password}", text)
    text = re.sub("sha-256 [^\n]*", f"sha-256 {digest}", text)
    text = re.sub("o=[^\n]*", f"o=user 77665544332211 2 IN IP4 {host}", text)
    text = re.sub("c=[^\n]*", f"c=IN IP4 {host}", text)
    text = re.sub("a=candidate:[^\n]*", f"a=candidate:1 1 udp 99 {host} 5000 typ srflx raddr {host} rport 1", text)
    extra = f"i={host}\nb=AS:300\na=rtcp:9 IN IP4 {host}\na=x-{host}\na=remote-candidates:1 {host} 4\n"
    text = text.replace("a=mid:0\n", f"a=mid:0\n{extra}")
    out = through(text)
    for secret in (host, ufrag, password, digest, "77665544332211", "srflx", "b=AS"):
        assert secret not in out


@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from(sorted(SAMPLES)), st.integers(0, 3000))
def test_no_text_breaks_it(noise: str, sample: str, at: int) -> None:
    text = SAMPLES[sample][:at] + noise + SAMPLES[sample][at:]
    try:
        out = through(text)
    except BadSdp:
        return
    assert out.startswith("v=0\r\n")
    read(out)


def test_sources_tell_voice_and_face_from_their_repairs() -> None:
    sources = sources_of(read(SAMPLES["firefox-offer"]))
    assert sources.voice_and_face == {"audio": {1216533930}, "video": {3398305743}}
    assert sources.repairs == {3087621253: 3398305743}
    assert {pt: codec.name for pt, codec in sources.codecs.items()} == {109: "opus", 120: "vp8", 124: "rtx"}
    assert sources.codecs[124].repairs == 120


def test_a_section_that_only_receives_has_no_sources() -> None:
    sources = sources_of(read(SAMPLES["firefox-offer"].replace("sendrecv", "recvonly")))
    assert sources.voice_and_face == {}
