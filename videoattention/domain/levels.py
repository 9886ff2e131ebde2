"""The three levels of attention as policy: what each lets an informer do, and what must be proved first.

Section 2 of the product description. A level is data: rules ask the policy and never compare levels by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from videoattention.domain.identification import Assurance


class Level(StrEnum):
    """What the informer may do for the citizen."""

    INFORMATIVE = "informative"
    ASSISTED = "assisted"
    ATTENDED = "attended"


class Purpose(StrEnum):
    """What a consent is given for."""

    REMOTE_HELP = "remote_help"
    REPRESENTATION = "representation"
    RECORDING = "recording"


class RecordingRule(StrEnum):
    """How much of the session is recorded."""

    NEVER = "never"
    CONSENT_CLIP = "consent_clip"
    WHOLE_SESSION = "whole_session"


class Requirement(StrEnum):
    """One thing that must be proved before a level comes into force."""

    IDENTIFICATION = "identification"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class LevelPolicy:
    """What a level demands. ``identity`` is the least assurance; ``consents`` must all be in force."""

    level: Level
    identity: Assurance
    consents: frozenset[Purpose] = field(default_factory=frozenset)
    recording: RecordingRule = RecordingRule.NEVER

    def missing(self, assurance: Assurance, consented: frozenset[Purpose]) -> tuple[Requirement, ...]:
        """What is still to be proved, in the order in which both people are asked for it."""
        lacking = (
            (Requirement.IDENTIFICATION, assurance < self.identity),
            (Requirement.CONSENT, not self.consents <= consented),
        )
        return tuple(requirement for requirement, lacks in lacking if lacks)

    def admits_recorder(self, assurance: Assurance, consented: frozenset[Purpose]) -> bool:
        """Whether a recorder may be in the call now: the level asks for it, and everything it demands is in force."""
        return (
            self.recording is not RecordingRule.NEVER
            and Purpose.RECORDING in consented
            and not self.missing(assurance, consented)
        )


POLICIES: dict[Level, LevelPolicy] = {
    Level.INFORMATIVE: LevelPolicy(Level.INFORMATIVE, Assurance.NONE),
    Level.ASSISTED: LevelPolicy(
        Level.ASSISTED,
        Assurance.DECLARED,
        frozenset({Purpose.REMOTE_HELP, Purpose.RECORDING}),
        RecordingRule.CONSENT_CLIP,
    ),
    Level.ATTENDED: LevelPolicy(
        Level.ATTENDED,
        Assurance.SUBSTANTIAL,
        frozenset({Purpose.REPRESENTATION, Purpose.RECORDING}),
        RecordingRule.WHOLE_SESSION,
    ),
}

RAISABLE: frozenset[Level] = frozenset({Level.ATTENDED})
"""The levels that an informer can propose today; the assisted level waits for its one-use PIN (decision 0006)."""
