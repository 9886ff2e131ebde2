"""Consent: an answer to a versioned text, for stated purposes, that can be taken back at any moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from videoattention.domain.errors import StepRefused
from videoattention.domain.transitions import Machine

if TYPE_CHECKING:
    from datetime import datetime

    from videoattention.domain.levels import Purpose
    from videoattention.domain.rights import Said


class ConsentStage(StrEnum):
    """Where a consent stands."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ENDED = "ended"


class ConsentStep(StrEnum):
    """What can happen to a consent.

    ``lapse``: the proposal or the call ended before the answer; ``end``: the level that it was given for was lowered.
    """

    GIVE = "give"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    END = "end"


CONSENT: Machine[ConsentStage, ConsentStep] = Machine(
    "consent",
    {
        (ConsentStage.ASKED, ConsentStep.GIVE): ConsentStage.GIVEN,
        (ConsentStage.ASKED, ConsentStep.REFUSE): ConsentStage.REFUSED,
        (ConsentStage.ASKED, ConsentStep.LAPSE): ConsentStage.LAPSED,
        (ConsentStage.GIVEN, ConsentStep.WITHDRAW): ConsentStage.WITHDRAWN,
        (ConsentStage.GIVEN, ConsentStep.END): ConsentStage.ENDED,
    },
)

DISMISSALS = {ConsentStage.WITHDRAWN: "consent_withdrawn", ConsentStage.ENDED: "level_lowered"}
"""Why the recorder that a consent let in must leave when the consent stands so."""

ANSWERS = frozenset({ConsentStep.GIVE, ConsentStep.REFUSE})
"""The steps by which the citizen answers; taking back, lapsing and ending are no answers."""


LEAST_NOTE = 10
"""Characters below which a witness note says nothing."""


class AnsweredBy(StrEnum):
    """Whose hand gave the answer: the citizen's own click, or the informer's for somebody who cannot click.

    They are different kinds of consent, and the journal, the receipt and the pages tell them apart.
    """

    CITIZEN = "citizen"
    WITNESS = "witness"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The words that were shown in full: which text, its version, its language and the SHA-256 of its bytes (hex)."""

    text: str
    version: str
    language: str
    hash: str


@dataclass(frozen=True, slots=True)
class Consent:
    """One request for consent and its answer; times are aware, UTC.

    ``level`` is the level that it was asked for: it counts for no other, and ends when another comes into force.
    ``note`` is what the informer who witnessed the answer wrote about it, empty for the citizen's own click; it is
    kept beside the ``salt`` under which the journal commits to it, and both can be erased.
    """

    id: str
    wording: ConsentText
    purposes: frozenset[Purpose]
    asked_at: datetime
    stage: ConsentStage = ConsentStage.ASKED
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    level: str = "attended"
    answered_by: AnsweredBy = AnsweredBy.CITIZEN
    note: str = ""
    salt: bytes = field(default=b"", repr=False)

    @property
    def in_force(self) -> bool:
        """Whether it was given, and neither taken back nor ended with its level."""
        return self.stage is ConsentStage.GIVEN

    def held_until(self, end: datetime | None) -> bool:
        """Whether it is in force, or was at the ``end`` of the call and was taken back after it."""
        return self.in_force or bool(end and self.withdrawn_at and self.withdrawn_at > end)

    def answer(self, step: ConsentStep, now: datetime) -> Consent:
        """Give or refuse; raises `IllegalStep` when it was answered before, ``not_an_answer`` for any other step."""
        if step not in ANSWERS:
            raise StepRefused("not_an_answer", f"{step} is not an answer to a request for consent")
        return replace(self, stage=CONSENT.after(self.stage, step), answered_at=now)

    def witnessed(self, note: Said) -> Consent:
        """The same answer, given aloud and written down by the informer; raises ``note_too_short``."""
        if len(" ".join(note.words.split())) < LEAST_NOTE:
            raise StepRefused("note_too_short", f"a witness note has at least {LEAST_NOTE} characters")
        return replace(self, answered_by=AnsweredBy.WITNESS, note=note.words, salt=note.salt)

    def withdraw(self, now: datetime) -> Consent:
        """Take it back; raises `IllegalStep` unless it is in force."""
        return replace(self, stage=CONSENT.after(self.stage, ConsentStep.WITHDRAW), withdrawn_at=now)

    def lapse(self) -> Consent:
        """Close an unanswered request; any other is left as it is."""
        if not CONSENT.allows(self.stage, ConsentStep.LAPSE):
            return self
        return replace(self, stage=CONSENT.after(self.stage, ConsentStep.LAPSE))

    def end(self) -> Consent:
        """Close it with the level that it was given for; raises `IllegalStep` unless it is in force."""
        return replace(self, stage=CONSENT.after(self.stage, ConsentStep.END))
