"""Reviews of recordings: why one is reviewed, who may judge it, and when a second person must."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.transitions import Machine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

LEAST_WORDS: Final = 10
"""Characters below which the words of a verdict say nothing."""

LASTS: Final = timedelta(hours=2)
"""How long an opened review is its reviewer's; after that another may take it over."""

DRAWS: Final = 10_000
"""How many numbers a draw is made of: a share of 500 reviews one in twenty."""


class ReviewStage(StrEnum):
    """Where a review stands."""

    WAITING = "waiting"
    SPARED = "spared"
    OPENED = "opened"
    JUDGED = "judged"
    OPENED_AGAIN = "opened_again"
    CLOSED = "closed"


class ReviewStep(StrEnum):
    """What can happen to a review; one that is opened can be taken over when its reviewer did not come back."""

    SPARE = "spare"
    OPEN = "open"
    LEAVE = "leave"
    JUDGE = "judge"
    CLOSE = "close"


REVIEW: Machine[ReviewStage, ReviewStep] = Machine(
    "review",
    {
        (ReviewStage.WAITING, ReviewStep.SPARE): ReviewStage.SPARED,
        (ReviewStage.WAITING, ReviewStep.OPEN): ReviewStage.OPENED,
        (ReviewStage.OPENED, ReviewStep.OPEN): ReviewStage.OPENED,
        (ReviewStage.OPENED, ReviewStep.LEAVE): ReviewStage.WAITING,
        (ReviewStage.OPENED, ReviewStep.JUDGE): ReviewStage.JUDGED,
        (ReviewStage.JUDGED, ReviewStep.CLOSE): ReviewStage.CLOSED,
        (ReviewStage.JUDGED, ReviewStep.OPEN): ReviewStage.OPENED_AGAIN,
        (ReviewStage.OPENED_AGAIN, ReviewStep.OPEN): ReviewStage.OPENED_AGAIN,
        (ReviewStage.OPENED_AGAIN, ReviewStep.LEAVE): ReviewStage.JUDGED,
        (ReviewStage.OPENED_AGAIN, ReviewStep.JUDGE): ReviewStage.CLOSED,
    },
)

BEING_REVIEWED: Final = frozenset({ReviewStage.OPENED, ReviewStage.OPENED_AGAIN})
"""Stages in which somebody reviews."""

TO_REVIEW: Final = frozenset({ReviewStage.WAITING, ReviewStage.OPENED, ReviewStage.JUDGED, ReviewStage.OPENED_AGAIN})
"""Stages in which something is still to be done."""


class Reason(StrEnum):
    """Why a recording is reviewed."""

    REQUIRED = "required"
    RISK = "risk"
    DRAWN = "drawn"


class Verdict(StrEnum):
    """What a reviewer says."""

    FINE = "fine"
    FINDINGS = "findings"
    CANNOT_JUDGE = "cannot_judge"


class Answer(StrEnum):
    """What a reviewer says of one item of the checklist."""

    YES = "yes"
    NO = "no"
    NOT_SEEN = "not_seen"


DISAGREED: Final = "disagreed"
"""The outcome when the second reviewer judged otherwise than the first."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reviewer's verdict; ``words`` is the salted SHA-256 (hex) of what they wrote, empty for nothing."""

    by: str
    verdict: Verdict
    checklist: str
    answers: Mapping[str, Answer]
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a recording is reviewed, or is not: what the policy says, what is risky in it, and what was drawn for it."""

    required: bool
    second: bool
    risks: tuple[str, ...]
    risky: bool
    draw: int
    share: int

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason; none if the recording is spared."""
        told = ((Reason.REQUIRED, self.required), (Reason.RISK, self.risky), (Reason.DRAWN, self.draw < self.share))
        return tuple(reason for reason, holds in told if holds)


@dataclass(frozen=True, slots=True)
class Review:
    """The review of one recording; ``reviewer`` (a subject) has it open since ``opened_at``."""

    recording: str
    attention: str
    organisation: str
    grounds: Grounds
    asked_at: datetime
    stage: ReviewStage = ReviewStage.WAITING
    reviewer: str = ""
    opened_at: datetime | None = None
    judgements: tuple[Judgement, ...] = ()
    outcome: str = ""
    version: int = 1

    @property
    def place(self) -> str:
        """Whose turn it is: first, second."""
        return "second" if self.judgements else "first"

    def considered(self) -> ReviewChange:
        """It waits for a reviewer, or is spared when nothing asks for a review."""
        why = self.grounds
        if not why.reasons:
            stage = REVIEW.after(self.stage, ReviewStep.SPARE)
            spared = facts.ReviewSpared(self.attention, self.recording, why.risks, why.draw, why.share)
            return ReviewChange(replace(self, stage=stage), (spared,))
        reasons = tuple(reason.value for reason in why.reasons)
        asked = facts.ReviewAsked(self.attention, self.recording, reasons, why.risks, why.draw, why.share)
        return ReviewChange(self, (asked,))

    def open(self, reviewer: str, at: datetime) -> ReviewChange:
        """Take it upon oneself.

        Raises ``same_person`` for a second look of the one who judged first, ``review_taken`` while another has it.
        """
        stage = REVIEW.after(self.stage, ReviewStep.OPEN)
        if any(judgement.by == reviewer for judgement in self.judgements):
            raise StepRefused("same_person", "a second reviewer is another person")
        if self._is_held(at) and self.reviewer != reviewer:
            raise StepRefused("review_taken", f"{self.reviewer} has it open")
        fact = facts.ReviewOpened(self.attention, self.recording, self.place)
        return ReviewChange(replace(self, stage=stage, reviewer=reviewer, opened_at=at), (fact,))

    def _is_held(self, at: datetime) -> bool:
        return self.stage in BEING_REVIEWED and self.opened_at is not None and at - self.opened_at < LASTS

    def leave(self, reviewer: str) -> ReviewChange:
        """Give it back; raises ``not_your_review``."""
        stage = REVIEW.after(self.stage, ReviewStep.LEAVE)
        self._must_be(reviewer)
        fact = facts.ReviewLeft(self.attention, self.recording, self.place)
        return ReviewChange(replace(self, stage=stage, reviewer="", opened_at=None), (fact,))

    def judge(self, said: Judgement) -> ReviewChange:
        """Keep a verdict; raises ``not_your_review``. It closes the review, unless a second person must look."""
        stage = REVIEW.after(self.stage, ReviewStep.JUDGE)
        self._must_be(said.by)
        answers = tuple(f"{item}={answer}" for item, answer in sorted(said.answers.items()))
        given = facts.VerdictGiven(
            self.attention, self.recording, self.place, said.verdict, said.checklist, answers, said.words
        )
        judged = replace(self, stage=stage, reviewer="", opened_at=None, judgements=(*self.judgements, said))
        return ReviewChange(judged, (given,)).settled()

    def _must_be(self, reviewer: str) -> None:
        if self.reviewer != reviewer:
            raise StepRefused("not_your_review", "another person has it open")

    @property
    def wants_second(self) -> bool:
        """Whether another person must look: the policy says so, or the first found something."""
        return self.grounds.second or any(each.verdict is Verdict.FINDINGS for each in self.judgements)


@dataclass(frozen=True, slots=True)
class ReviewChange:
    """A review after a step, and the facts that tell it."""

    review: Review
    facts: tuple[facts.Fact, ...]

    def settled(self) -> ReviewChange:
        """Close it when nobody else has to look."""
        review = self.review
        if review.stage is ReviewStage.JUDGED:
            if review.wants_second:
                return self
            review = replace(review, stage=REVIEW.after(review.stage, ReviewStep.CLOSE))
        verdicts = {judgement.verdict for judgement in review.judgements}
        outcome = DISAGREED if len(verdicts) > 1 else review.judgements[0].verdict.value
        closed = facts.ReviewClosed(review.attention, review.recording, outcome)
        return ReviewChange(replace(review, outcome=outcome), (*self.facts, closed))


def checked(verdict: str, answers: Mapping[str, str], items: Sequence[str], words: str) -> dict[str, Answer]:
    """The answers, if they and the verdict say something together.

    Raises ``verdict_missing``, ``checklist_unfinished``, ``fine_with_faults`` or ``words_missing``.
    """
    if verdict not in set(Verdict):
        raise StepRefused("verdict_missing", "say what the verdict is")
    if set(answers) != set(items) or not set(answers.values()) <= set(Answer):
        raise StepRefused("checklist_unfinished", "answer every item")
    if verdict == Verdict.FINE and Answer.NO in answers.values():
        raise StepRefused("fine_with_faults", "something was not as it must be")
    if verdict != Verdict.FINE and len(words) < LEAST_WORDS:
        raise StepRefused("words_missing", f"say what, with at least {LEAST_WORDS} characters")
    return {item: Answer(answer) for item, answer in answers.items()}
