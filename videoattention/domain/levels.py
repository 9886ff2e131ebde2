"""The three levels of attention as policy: what each lets an informer do, and what must be proved first.

A level is data: rules ask the policy and never compare levels by name. Which policy an organisation has, in which
version and how strict for which procedure, is in `videoattention.domain.policies`.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - read at run time where policies are kept
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
    TRANSCRIPTION = "transcription"
    TRANSLATION = "translation"
    IMAGES = "images"


class RecordingRule(StrEnum):
    """How much of the session is recorded; in this order each is more than the one before."""

    NEVER = "never"
    CONSENT_CLIP = "consent_clip"
    WHOLE_SESSION = "whole_session"


class OutcomeKind(StrEnum):
    """What came of an attention: informed, helped in doing it, done for the citizen, or not brought to an end."""

    INFORMED = "informed"
    HELPED = "helped"
    REPRESENTED = "represented"
    UNFINISHED = "unfinished"


class Requirement(StrEnum):
    """One thing that must be proved before a level comes into force, in the order in which people are asked for it."""

    HABILITATION = "habilitation"
    PICTURE = "picture"
    IDENTIFICATION = "identification"
    CONSENT = "consent"


LASTING = frozenset({Requirement.IDENTIFICATION, Requirement.CONSENT})
"""What must hold as long as the level does; the others are looked at when it comes into force."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is proved at a moment: by the citizen, by the informer, and by the line between them.

    ``consented`` are the purposes of the consents that are in force for the level in question; ``picture`` is how many
    lines the citizen's picture has on the informer's screen, 0 while nobody measured it.
    """

    assurance: Assurance = Assurance.NONE
    consented: frozenset[Purpose] = frozenset()
    habilitations: frozenset[str] = frozenset()
    picture: int = 0


@dataclass(frozen=True, slots=True)
class LevelPolicy:
    """What a level demands, and what follows from it.

    ``identity`` is the least assurance; ``consents`` must all be in force; ``habilitation`` is what the informer must
    be entitled to (empty for nothing); ``picture`` is the least lines of the citizen's picture (0 for any);
    ``clip_seconds`` is how long the recorded authorisation lasts, where `RecordingRule.CONSENT_CLIP` holds;
    ``retention_days`` is how long what the session leaves is kept; ``form``: the consent to be represented is written
    down and given to the citizen in the call (article 30 of Royal Decree 203/2021); ``review`` and ``second_review``:
    an auditor, or two, look at the recording; ``legal_basis`` has by language the articles on which it rests, and
    ``scripts`` what the informer says aloud.
    """

    level: Level
    identity: Assurance = Assurance.NONE
    consents: frozenset[Purpose] = frozenset()
    recording: RecordingRule = RecordingRule.NEVER
    habilitation: str = ""
    picture: int = 0
    clip_seconds: int = 20
    retention_days: int = 0
    form: bool = False
    review: bool = False
    second_review: bool = False
    legal_basis: Mapping[str, str] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)

    def basis(self, language: str) -> str:
        """The articles on which it rests, in this language, else in Catalan, else in any; empty if none is told."""
        told = self.legal_basis
        return told.get(language) or told.get("ca") or next(iter(told.values()), "")

    def missing(self, standing: Standing) -> tuple[Requirement, ...]:
        """What is still to be proved, in the order in which both people are asked for it."""
        lacking = {
            Requirement.HABILITATION: bool(self.habilitation) and self.habilitation not in standing.habilitations,
            Requirement.PICTURE: standing.picture < self.picture,
            Requirement.IDENTIFICATION: standing.assurance < self.identity,
            Requirement.CONSENT: not self.consents <= standing.consented,
        }
        return tuple(requirement for requirement in Requirement if lacking[requirement])

    def lost(self, standing: Standing) -> tuple[Requirement, ...]:
        """What a level in force stands on no more."""
        return tuple(requirement for requirement in self.missing(standing) if requirement in LASTING)

    def admits_recorder(self, standing: Standing) -> bool:
        """Whether a recorder may be in the call now: the level asks for it, and everything it demands is in force."""
        return (
            self.recording is not RecordingRule.NEVER
            and Purpose.RECORDING in standing.consented
            and not self.lost(standing)
        )


OUTCOMES: Mapping[Level, frozenset[OutcomeKind]] = {
    Level.INFORMATIVE: frozenset({OutcomeKind.INFORMED, OutcomeKind.UNFINISHED}),
    Level.ASSISTED: frozenset({OutcomeKind.INFORMED, OutcomeKind.HELPED, OutcomeKind.UNFINISHED}),
    Level.ATTENDED: frozenset(OutcomeKind),
}
"""What can have come of an attention that ended at each level."""
