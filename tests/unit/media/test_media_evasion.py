"""Nobody is seen or heard by the other person without the recorder: what no description named is not passed on."""

from __future__ import annotations

from pathlib import Path

import pytest

from videoattention.adapters.media.sdp_reading import BadSdp, read
from videoattention.adapters.media.sources import sources_of

OFFER = (Path(__file__).parent / "descriptions" / "chromium-offer.sdp").read_text()


def section(kind: str) -> str:
    begin = OFFER.index(f"m={kind}")
    end = OFFER.find("m=", begin + 2)
    return OFFER[begin:] if end < 0 else OFFER[begin:end]


def test_every_named_source_is_expected() -> None:
    found = sources_of(read(OFFER))
    named = found.voice_and_face["audio"] | found.voice_and_face["video"] | found.repairs.keys()
    assert named
    assert found.described == named


def test_a_second_voice_is_refused() -> None:
    twice = OFFER + section("audio").replace("a=mid:0", "a=mid:7")
    with pytest.raises(BadSdp, match="one voice"):
        sources_of(read(twice))


def test_a_second_picture_is_a_screen() -> None:
    twice = OFFER + section("video").replace("a=mid:1", "a=mid:8").replace("a=ssrc", "a=x-ssrc")
    assert sources_of(read(twice)).voice_and_face.keys() == {"audio", "video"}
