"""What in the story of a recorded attention makes a second look worth while; a weight for each, from facts alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.recording import Part

RISKS: Final[Mapping[str, int]] = {
    "risk_gaps": 2,
    "risk_incomplete": 2,
    "risk_changed_mind": 2,
    "risk_witnessed": 2,
    "risk_visual": 2,
    "risk_withdrawn": 1,
    "risk_low_picture": 1,
    "risk_short": 1,
    "risk_hurried_consent": 1,
    "risk_stopped": 2,
    "risk_past_findings": 3,
}
"""The weight of every risk; a recording is looked at when its own add up to what the settings say."""

SHORT_S: Final = 60.0
"""Seconds from the consent to the end of the call below which hardly anything can have been done in order."""

HURRIED_S: Final = 5.0
"""Seconds in which nobody reads the text of a consent."""

LOW_PICTURE: Final = 8.0
"""Pictures a second of the citizen below which a face is hard to judge."""

FEW_LINES: Final = 480
"""Lines of the citizen's picture below which a face is hard to judge."""


class Told(Protocol):
    """An entry of the journal: what happened, when, with what in it."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def kind(self) -> str:
        """The name of the fact."""

    @property
    def body(self) -> Mapping[str, object]:
        """Its fields; none when what it said was erased."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a recorded attention when its recording is sealed.

    ``past_findings``: how many of the informer's earlier recordings were reviewed with findings.
    """

    journal: Sequence[Told]
    parts: Sequence[Part]
    past_findings: int = 0


def risks_of(story: Story) -> tuple[str, ...]:
    """The risks, heaviest first."""
    return tuple(sorted(_risks(story), key=lambda risk: (-RISKS[risk], risk)))


def weight_of(risks: Sequence[str]) -> int:
    """How much they weigh together."""
    return sum(RISKS[risk] for risk in risks)


def _risks(story: Story) -> Iterator[str]:
    kinds = [line.kind for line in story.journal]
    told = {
        "risk_gaps": "RecordingInterrupted" in kinds or len(story.parts) > 1,
        "risk_incomplete": any(line.kind == "RecordingSealed" and line.body.get("causes") for line in story.journal),
        "risk_changed_mind": _changed_mind(kinds),
        "risk_witnessed": "ConsentWitnessed" in kinds,
        "risk_visual": "VisualIdentified" in kinds or _identified_by_eye(story.journal),
        "risk_withdrawn": "ConsentWithdrawn" in kinds,
        "risk_low_picture": _low_picture(story.parts) or _few_lines(story.journal),
        "risk_short": _between(story.journal, "ConsentGiven", "CallEnded", SHORT_S),
        "risk_hurried_consent": _between(story.journal, "ConsentAsked", "ConsentGiven", HURRIED_S),
        "risk_stopped": any("Stopped" in kind for kind in kinds),
        "risk_past_findings": story.past_findings > 0,
    }
    yield from (risk for risk, holds in told.items() if holds)


def _changed_mind(kinds: Sequence[str]) -> bool:
    """Somebody who had said no was asked again until they said yes."""
    refused = kinds.index("ConsentRefused") if "ConsentRefused" in kinds else len(kinds)
    return "ConsentGiven" in kinds[refused:]


def _identified_by_eye(journal: Sequence[Told]) -> bool:
    identified = (line.body for line in journal if line.kind == "CitizenIdentified")
    return any("visual" in (body.get("way"), body.get("provider")) for body in identified)


def _low_picture(parts: Sequence[Part]) -> bool:
    tracks = [track for part in parts for track in part.tracks if track.track == "citizen-video"]
    seconds = sum(track.duration for track in tracks)
    return sum(track.frames for track in tracks) < LOW_PICTURE * seconds


def _few_lines(journal: Sequence[Told]) -> bool:
    """Whether the picture never had enough of them on the informer's screen."""
    seen = [line.body.get("lines") for line in journal if line.kind == "PictureSeen"]
    lines = [each for each in seen if isinstance(each, int)]
    return bool(lines) and max(lines) < FEW_LINES


def _between(journal: Sequence[Told], first: str, last: str, least: float) -> bool:
    """Whether the last of one and the next of the other are closer than ``least`` seconds."""
    begun = [line.at for line in journal if line.kind == first]
    ended = [line.at for line in journal if begun and line.kind == last and line.at >= begun[-1]]
    return bool(ended) and (ended[0] - begun[-1]).total_seconds() < least
