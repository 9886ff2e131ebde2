"""What makes a recording worth a second look: each risk from the facts that show it, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.recording import KeptTrack, Part
from videoattention.domain.risks import RISKS, Story, risks_of, weight_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    kind: str
    after: float = 0
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return NOW + timedelta(seconds=self.after)


def part(number: int = 1, frames: int = 2500, track: str = "citizen-video") -> Part:
    return Part(number, NOW, NOW, "stopped", (KeptTrack(track, 0, 100, frames, 5000, ""),))


GOOD = (
    Line("ConsentAsked", 0),
    Line("ConsentGiven", 30),
    Line("CitizenIdentified", 31, {"provider": "https://login.example"}),
    Line("PictureSeen", 32, {"lines": 320}),
    Line("PictureSeen", 33, {"lines": 720}),
    Line("CallEnded", 300),
    Line("RecordingSealed", 310, {"causes": []}),
)

SHOWN: dict[str, Story] = {
    "risk_gaps": Story((*GOOD, Line("RecordingInterrupted", 50)), (part(),)),
    "risk_incomplete": Story((*GOOD[:-1], Line("RecordingSealed", 310, {"causes": ["torn"]})), (part(),)),
    "risk_changed_mind": Story((Line("ConsentRefused", -10), *GOOD), (part(),)),
    "risk_witnessed": Story((Line("ConsentWitnessed", 29), *GOOD), (part(),)),
    "risk_visual": Story((*GOOD, Line("CitizenIdentified", 40, {"way": "visual"})), (part(),)),
    "risk_withdrawn": Story((*GOOD, Line("ConsentWithdrawn", 290)), (part(),)),
    "risk_low_picture": Story(GOOD, (part(frames=700),)),
    "risk_short": Story((*GOOD[:5], Line("CallEnded", 80)), (part(),)),
    "risk_hurried_consent": Story((Line("ConsentAsked", 27), *GOOD[1:]), (part(),)),
    "risk_stopped": Story((*GOOD, Line("IdentificationStopped", 20)), (part(),)),
    "risk_past_findings": Story(GOOD, (part(),), past_findings=1),
}


def test_an_ordinary_story_has_no_risk() -> None:
    assert risks_of(Story(GOOD, (part(),))) == ()
    assert risks_of(Story((), ())) == ()


@pytest.mark.parametrize("risk", RISKS)
def test_a_risk_is_seen_alone(risk: str) -> None:
    assert risks_of(SHOWN[risk]) == (risk,)


def test_the_same_risk_shows_in_other_ways() -> None:
    assert risks_of(Story(GOOD, (part(), part(2)))) == ("risk_gaps",)
    assert risks_of(Story((*GOOD, Line("VisualIdentified", 35)), (part(),))) == ("risk_visual",)
    few = (*GOOD[:4], *GOOD[5:])
    assert risks_of(Story(few, (part(),))) == ("risk_low_picture",)
    assert risks_of(Story((Line("ConsentGiven", -60), Line("ConsentRefused", -10), *GOOD[3:]), (part(),))) == ()
    assert risks_of(Story(GOOD, (part(track="informer-video"),))) == ()


@given(st.sets(st.sampled_from(sorted(RISKS))))
def test_risks_weigh_together_and_the_heaviest_comes_first(some: set[str]) -> None:
    told = tuple(sorted(some, key=lambda risk: (-RISKS[risk], risk)))
    assert weight_of(told) == sum(RISKS[risk] for risk in some)
    assert [RISKS[risk] for risk in told] == sorted((RISKS[risk] for risk in some), reverse=True)


def test_the_heaviest_risk_is_told_first() -> None:
    story = Story((Line("ConsentRefused", -10), *GOOD, Line("ConsentWithdrawn", 290)), (part(),), past_findings=2)
    assert risks_of(story) == ("risk_past_findings", "risk_changed_mind", "risk_withdrawn")
