"""Reviews from the seal to the verdict, over a real database: what is drawn, who may judge, who wins a race."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.services.town import NOW, OURS, THEIRS, by_citizen, by_informer, person
from videoattention.adapters.db.queries.reviewing import DatabaseArchive
from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.levels import OutcomeKind
from videoattention.domain.people import Role
from videoattention.domain.recording import RecordingStage
from videoattention.domain.reviewing import DRAWS, LASTS, ReviewStage
from videoattention.services.archive import AccessDenied
from videoattention.services.checklists import Checklist
from videoattention.services.ports import NotFound
from videoattention.services.reviewing import MOST_FAILURES, Considering, Reviewing, Said, Sampling, draw_of, hash_of

if TYPE_CHECKING:
    from tests.unit.services.town import Town
    from videoattention.domain.people import Person
    from videoattention.domain.reviewing import Review

NURIA, ORIOL = (person(name, Role.AUDITOR, offices=()) for name in ("nuria", "oriol"))
THEIRS_TOO = person("bru", Role.AUDITOR, organisation=THEIRS, offices=())
WHY, CASE = "Revisió que demana la política", "2026/17"
CHECKLIST = Checklist("1", {"ca": {"consent": "Se sent.", "conduct": "Correcte."}})
FINE = Said("fine", {"consent": "yes", "conduct": "yes"}, "")
FOUND = Said("findings", {"consent": "no", "conduct": "yes"}, "  No se sent \n el consentiment. ")


class Room:
    """The town's auditors."""

    def __init__(self, town: Town, sampling: Sampling = Sampling()) -> None:  # noqa: B008 - it cannot be changed
        self.town, self.views = town, DatabaseArchive(town.database)
        self.considering = Considering(town.work, town.views, archive_views=self.views, sampling=sampling)
        self.reviewing = Reviewing(town.work, town.archive, CHECKLIST, salt=lambda: b"salt" * 8)

    async def let_in(self, *people: Person, recording: str) -> None:
        for someone in people:
            await self.town.archive.state_purpose(someone, recording, WHY, case=CASE)

    async def review(self, recording: str) -> Review:
        async with self.town.begin() as transaction:
            return await transaction.reviews.get(recording)

    def told(self) -> list[str]:
        return [kind for kind in self.town.kinds() if kind.startswith(("Review", "Verdict"))]


async def sealed(town: Town, subject: str = "marta") -> str:
    """A recording that was sealed a minute after the consent."""
    attention, order = await town.recorded(subject)
    town.clock.move(90)
    await town.call.hang_up(by_citizen(), attention)
    await town.report(town.part_closed(order, seconds=90))
    await town.reactions.settled()
    assert (await town.recording(order.recording)).stage is RecordingStage.SEALED
    await town.call.conclude(by_informer(subject), attention, "fet", OutcomeKind.INFORMED)
    return order.recording


@pytest.fixture
async def recording(town: Town) -> str:
    return await sealed(town)


async def test_a_recording_that_cannot_be_considered_stops_no_other_and_is_left_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = sorted([await sealed(town), await sealed(town, "joan")])
    room, tried = Room(town), []
    consider = room.considering.consider

    async def considered(organisation: str, attention: str, recording: str) -> None:
        tried.append(recording)
        if recording == names[0]:
            raise ValueError("this recording is broken")
        await consider(organisation, attention, recording)

    monkeypatch.setattr(room.considering, "consider", considered)
    await room.considering.catch_up()
    assert (await room.review(names[1])).stage is ReviewStage.WAITING
    for _ in range(5):
        await room.considering.catch_up()
    assert tried.count(names[0]) == MOST_FAILURES


async def test_nobody_judges_their_own_work(town: Town) -> None:
    both = person("marta", Role.INFORMER, Role.AUDITOR)
    recording, room = await sealed(town), Room(town)
    await room.considering.catch_up()
    await room.let_in(both, recording=recording)
    for step in (room.reviewing.open(both, recording), room.reviewing.judge(both, recording, FINE)):
        with pytest.raises(StepRefused) as refused:
            await step
        assert refused.value.code == "own_work"
    assert (await room.review(recording)).stage is ReviewStage.WAITING


@given(st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=40))
def test_a_draw_is_always_the_same_and_below_its_end(key: bytes, recording: str) -> None:
    assert draw_of(key, recording) == draw_of(key, recording)
    assert 0 <= draw_of(key, recording) < DRAWS


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32), st.sampled_from([100, 500, 2_000, 5_000]))
def test_of_many_recordings_about_the_share_is_drawn(key: bytes, share: int) -> None:
    many = 4_000
    drawn = sum(draw_of(key, f"recording-{number}") < share for number in range(many))
    expected = many * share / DRAWS
    assert abs(drawn - expected) < 6 * (expected * (1 - share / DRAWS)) ** 0.5


@given(
    st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=40), st.integers(0, DRAWS), st.integers(0, DRAWS)
)
def test_a_greater_share_draws_whatever_a_smaller_one_did(key: bytes, recording: str, one: int, other: int) -> None:
    draw = draw_of(key, recording)
    assert (draw < min(one, other)) <= (draw < max(one, other))


async def test_what_is_sealed_is_considered_once_with_its_reasons(town: Town, recording: str) -> None:
    room = Room(town)
    assert await room.views.unconsidered() == [(OURS, (await town.recording(recording)).attention, recording)]
    await asyncio.gather(room.considering.catch_up(), room.considering.catch_up())
    await room.considering.catch_up()
    (asked,) = town.facts(facts.ReviewAsked)
    assert asked.reasons[0] == "required"
    assert await room.views.unconsidered() == []
    review = await room.review(recording)
    assert (review.stage, review.asked_at.tzinfo) == (ReviewStage.WAITING, NOW.tzinfo)
    assert (asked.draw, asked.share) == (review.grounds.draw, 500)


async def test_a_seal_that_is_heard_of_is_considered(town: Town) -> None:
    room = Room(town)
    running = asyncio.create_task(room.considering.run())
    recording = await sealed(town)
    room.considering.committed(town.told)
    await room.considering.settled()
    running.cancel()
    assert (await room.review(recording)).stage is ReviewStage.WAITING


async def test_a_review_needs_a_purpose_and_a_case(town: Town, recording: str) -> None:
    room = Room(town)
    await room.considering.catch_up()
    for step in (room.reviewing.open, room.reviewing.leave):
        with pytest.raises(AccessDenied) as refused:
            await step(NURIA, recording)
        assert refused.value.code == "no_purpose"
    with pytest.raises(AccessDenied):
        await room.reviewing.judge(NURIA, recording, FINE)
    with pytest.raises(NotFound):
        await room.reviewing.open(THEIRS_TOO, recording)
    with pytest.raises(AccessDenied):
        await room.reviewing.open(person("marta"), recording)
    assert room.told() == ["ReviewAsked"]


async def test_a_finding_needs_another_person_and_its_words_are_kept_beside_the_journal(
    town: Town, recording: str
) -> None:
    room = Room(town)
    await room.considering.catch_up()
    await room.let_in(NURIA, ORIOL, recording=recording)
    await room.reviewing.open(NURIA, recording)
    await room.reviewing.judge(NURIA, recording, FOUND)
    with pytest.raises(StepRefused) as same:
        await room.reviewing.open(NURIA, recording)
    assert same.value.code == "same_person"
    await room.reviewing.open(ORIOL, recording)
    await room.reviewing.judge(ORIOL, recording, replace(FINE, verdict="cannot_judge", words="No es veu la persona."))
    given_first, _ = town.facts(facts.VerdictGiven)
    assert given_first.words == hash_of(b"salt" * 8, "No se sent\nel consentiment.")
    assert "consentiment" not in str(town.told)
    assert town.facts(facts.ReviewClosed)[0].verdict == "disagreed"
    seen = await room.views.review(OURS, recording)
    assert seen
    assert [(each.name, each.verdict, each.words) for each in seen.judgements] == [
        ("Nom nuria", "findings", "No se sent\nel consentiment."),
        ("Nom oriol", "cannot_judge", "No es veu la persona."),
    ]
    assert await room.views.review(THEIRS, recording) is None


async def test_of_two_reviewers_that_race_one_wins(town: Town, recording: str) -> None:
    room = Room(town)
    await room.considering.catch_up()
    await room.let_in(NURIA, ORIOL, recording=recording)
    came = await asyncio.gather(
        *(room.reviewing.open(who, recording) for who in (NURIA, ORIOL)), return_exceptions=True
    )
    (lost,) = [error for error in came if error is not None]
    assert isinstance(lost, StepRefused)
    assert lost.code == "review_taken"
    winner = (await room.review(recording)).reviewer
    assert winner == ("oriol" if came[0] is not None else "nuria")
    town.clock.move(LASTS.total_seconds())
    other = ORIOL if winner == "nuria" else NURIA
    await room.let_in(other, recording=recording)
    await room.reviewing.open(other, recording)
    assert (await room.review(recording)).reviewer == other.subject


async def test_two_verdicts_at_once_are_one(town: Town, recording: str) -> None:
    room = Room(town)
    await room.considering.catch_up()
    await room.let_in(NURIA, recording=recording)
    await room.reviewing.open(NURIA, recording)
    came = await asyncio.gather(
        *(room.reviewing.judge(NURIA, recording, FINE) for _ in range(2)), return_exceptions=True
    )
    assert sum(error is None for error in came) == 1
    assert len(town.facts(facts.VerdictGiven)) == 1


async def test_past_findings_make_the_informers_next_recording_riskier(town: Town, recording: str) -> None:
    room = Room(town)
    await room.considering.catch_up()
    await room.let_in(NURIA, ORIOL, recording=recording)
    for who in (NURIA, ORIOL):
        await room.reviewing.open(who, recording)
        await room.reviewing.judge(who, recording, FOUND)
    again = await sealed(town)
    await room.considering.catch_up()
    grounds = (await room.review(again)).grounds
    assert "risk_past_findings" in grounds.risks
    assert grounds.risky
    other = await sealed(town, "joan")
    await room.considering.catch_up()
    assert "risk_past_findings" not in (await room.review(other)).grounds.risks


async def test_without_a_policy_chance_or_risk_nothing_is_asked(town: Town, recording: str) -> None:
    attention = await town.attention((await town.recording(recording)).attention)
    levels = tuple(replace(level, review=False) for level in attention.policy.levels)
    async with town.begin() as transaction:
        await transaction.attentions.save(replace(attention, policy=replace(attention.policy, levels=levels)))
    room = Room(town, Sampling(share=0, weight=99))
    await room.considering.catch_up()
    assert room.told() == ["ReviewSpared"]
    assert (await room.review(recording)).stage is ReviewStage.SPARED
    all_of_them = Room(town, Sampling(share=DRAWS, weight=99))
    await all_of_them.considering.catch_up()  # what was considered stays as it was
    assert room.told() == ["ReviewSpared"]
