"""Reviews: every step of two reviewers, and what a verdict must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.errors import IllegalStep, StepRefused
from videoattention.domain.facts import (
    ReviewAsked,
    ReviewClosed,
    ReviewLeft,
    ReviewOpened,
    ReviewSpared,
    VerdictGiven,
)
from videoattention.domain.reviewing import (
    DRAWS,
    LASTS,
    LEAST_WORDS,
    TO_REVIEW,
    Answer,
    Grounds,
    Judgement,
    Reason,
    Review,
    ReviewStage,
    Verdict,
    checked,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ASKED = Grounds(required=True, second=False, risks=("risk_gaps",), risky=False, draw=9_999, share=500)
REVIEW = Review("r1", "a1", "gencat", ASKED, NOW)
ITEMS = ("consent", "conduct")


def said(by: str, verdict: Verdict = Verdict.FINE, words: str = "") -> Judgement:
    return Judgement(by, verdict, "1", {"consent": Answer.YES, "conduct": Answer.NOT_SEEN}, words, NOW)


def opened(by: str = "nuria", review: Review = REVIEW) -> Review:
    return review.open(by, NOW).review


def judged(by: str = "nuria", verdict: Verdict = Verdict.FINDINGS, review: Review = REVIEW) -> Review:
    return opened(by, review).judge(said(by, verdict)).review


@given(required=st.booleans(), risky=st.booleans(), draw=st.integers(0, DRAWS - 1), share=st.integers(0, DRAWS))
def test_a_recording_is_reviewed_for_every_reason_that_holds_and_spared_for_none(
    *, required: bool, risky: bool, draw: int, share: int
) -> None:
    why = replace(ASKED, required=required, risky=risky, draw=draw, share=share)
    change = replace(REVIEW, grounds=why).considered()
    expected = {Reason.REQUIRED: required, Reason.RISK: risky, Reason.DRAWN: draw < share}
    assert set(why.reasons) == {reason for reason, holds in expected.items() if holds}
    if why.reasons:
        told = tuple(reason.value for reason in why.reasons)
        assert change.facts == (ReviewAsked("a1", "r1", told, why.risks, draw, share),)
        assert change.review.stage is ReviewStage.WAITING
    else:
        assert change.facts == (ReviewSpared("a1", "r1", why.risks, draw, share),)
        assert change.review.stage is ReviewStage.SPARED
        assert ReviewStage.SPARED not in TO_REVIEW


def test_one_reviewer_closes_what_is_fine() -> None:
    taken = REVIEW.open("nuria", NOW)
    assert taken.facts == (ReviewOpened("a1", "r1", "first"),)
    done = taken.review.judge(said("nuria"))
    answers = ("conduct=not_seen", "consent=yes")
    assert done.facts == (
        VerdictGiven("a1", "r1", "first", "fine", "1", answers, ""),
        ReviewClosed("a1", "r1", "fine"),
    )
    assert (done.review.stage, done.review.outcome, done.review.reviewer) == (ReviewStage.CLOSED, "fine", "")


@pytest.mark.parametrize("first", Verdict)
@pytest.mark.parametrize("second", [False, True])
def test_a_second_person_judges_a_finding_and_what_the_policy_says(first: Verdict, *, second: bool) -> None:
    review = judged(verdict=first, review=replace(REVIEW, grounds=replace(ASKED, second=second)))
    wanted = second or first is Verdict.FINDINGS
    assert review.stage is (ReviewStage.JUDGED if wanted else ReviewStage.CLOSED)
    if not wanted:
        assert review.outcome == first
        return
    with pytest.raises(StepRefused) as refused:
        review.open("nuria", NOW)
    assert refused.value.code == "same_person"
    again = opened("oriol", review)
    assert (again.stage, again.place) == (ReviewStage.OPENED_AGAIN, "second")
    for verdict in Verdict:
        done = again.judge(said("oriol", verdict))
        outcome = first.value if verdict is first else "disagreed"
        assert done.facts[-1] == ReviewClosed("a1", "r1", outcome)
        assert (done.review.stage, done.review.outcome) == (ReviewStage.CLOSED, outcome)
        assert [each.by for each in done.review.judgements] == ["nuria", "oriol"]


@pytest.mark.parametrize("review", [REVIEW, judged()], ids=["first", "second"])
def test_an_opened_review_is_one_persons_for_two_hours(review: Review) -> None:
    taken = opened("pere", review)
    with pytest.raises(StepRefused) as refused:
        taken.open("oriol", NOW + LASTS - timedelta(seconds=1))
    assert refused.value.code == "review_taken"
    assert taken.open("pere", NOW).review.reviewer == "pere"
    over = taken.open("oriol", NOW + LASTS).review
    assert (over.reviewer, over.stage) == ("oriol", taken.stage)
    with pytest.raises(StepRefused) as left:
        over.leave("pere")
    with pytest.raises(StepRefused) as late:
        over.judge(said("pere"))
    assert {left.value.code, late.value.code} == {"not_your_review"}


def test_a_review_that_is_given_back_waits_again() -> None:
    left = opened().leave("nuria")
    assert left.facts == (ReviewLeft("a1", "r1", "first"),)
    assert left.review == REVIEW
    again = judged()
    assert opened("oriol", again).leave("oriol").review == again


def test_a_closed_or_spared_review_moves_no_more() -> None:
    closed = judged(verdict=Verdict.FINE)
    spared = replace(REVIEW, stage=ReviewStage.SPARED)
    for review in (closed, spared):
        with pytest.raises(IllegalStep):
            review.open("oriol", NOW)
        with pytest.raises(IllegalStep):
            review.leave("nuria")
        with pytest.raises(IllegalStep):
            review.judge(said("oriol"))


YES = dict.fromkeys(ITEMS, "yes")


@pytest.mark.parametrize(
    ("verdict", "answers", "words", "code"),
    [
        ("", YES, "", "verdict_missing"),
        ("perfect", YES, "", "verdict_missing"),
        ("fine", {"consent": "yes"}, "", "checklist_unfinished"),
        ("fine", YES | {"more": "yes"}, "", "checklist_unfinished"),
        ("fine", YES | {"conduct": "maybe"}, "", "checklist_unfinished"),
        ("fine", YES | {"conduct": "no"}, "", "fine_with_faults"),
        ("findings", YES, "x" * (LEAST_WORDS - 1), "words_missing"),
        ("cannot_judge", YES, "", "words_missing"),
    ],
)
def test_a_verdict_that_says_nothing_is_refused(verdict: str, answers: dict[str, str], words: str, code: str) -> None:
    with pytest.raises(StepRefused) as refused:
        checked(verdict, answers, ITEMS, words)
    assert refused.value.code == code


def test_a_verdict_that_says_something_is_taken() -> None:
    assert checked("fine", YES, ITEMS, "") == dict.fromkeys(ITEMS, Answer.YES)
    assert checked("findings", YES | {"conduct": "no"}, ITEMS, "x" * LEAST_WORDS)["conduct"] is Answer.NO
