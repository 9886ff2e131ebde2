"""What two people do during a call, each in their own name."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import pytest

from tests.unit.services.town import OURS, TEXT, by_citizen, by_informer, proof
from videoattention.domain import facts
from videoattention.domain.consent import ConsentStage, ConsentStep
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Way
from videoattention.domain.levels import Level, OutcomeKind
from videoattention.domain.stages import Stage
from videoattention.services.ports import NotFound
from videoattention.services.work import the_service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.unit.services.town import Town
    from videoattention.services.call import Call
    from videoattention.services.work import Acting

MARTA, PAU, CITIZEN = by_informer(), by_informer("pau"), by_citizen()


async def test_the_whole_way_to_the_attended_level_and_back(quiet: Town) -> None:
    attention, consent = await quiet.attended()
    await quiet.call.withdraw_consent(CITIZEN, attention, consent)
    await quiet.call.hang_up(CITIZEN, attention)
    await quiet.call.conclude(MARTA, attention, "S'ha informat.", OutcomeKind.INFORMED)
    assert [(entry.actor, type(entry.fact).__name__) for entry in quiet.told[2:]] == [
        ("informer:marta", "OfferAccepted"),
        ("informer:marta", "LevelProposed"),
        ("informer:marta", "IdentificationAsked"),
        ("citizen", "CitizenIdentified"),
        ("informer:marta", "ConsentAsked"),
        ("citizen", "ConsentGiven"),
        ("citizen", "LevelRaised"),
        ("citizen", "ConsentWithdrawn"),
        ("citizen", "LevelLowered"),
        ("citizen", "CallEnded"),
        ("informer:marta", "AttentionConcluded"),
    ]
    closed = await quiet.attention(attention)
    assert (closed.stage, closed.outcome) == (Stage.CLOSED, "S'ha informat.")


async def test_the_journal_commits_to_what_a_witness_wrote_and_tells_nothing_of_it(quiet: Town) -> None:
    said = "Ho ha dit de paraula."
    kept = []
    for informer in ("marta", "pau"):
        attention, consent = await quiet.asked(informer)
        step = quiet.call.witness_consent
        await step(by_informer(informer), attention, consent, ConsentStep.GIVE, note=f"  {said} ")
        kept.append((await quiet.attention(attention)).consents[-1])
    told = [fact.note for fact in quiet.facts(facts.ConsentWitnessed)]
    assert told == [hmac.digest(consent.salt, said.encode(), "sha256").hex() for consent in kept]
    assert len({*told, hashlib.sha256(said.encode()).hexdigest()}) == 3, (
        "the same words are committed to anew each time"
    )
    assert [len(consent.salt) for consent in kept] == [32, 32]


async def test_the_text_that_is_shown_is_the_one_of_the_level_in_the_citizens_language(quiet: Town) -> None:
    attention, consent = await quiet.asked()
    pending = (await quiet.attention(attention)).pending_consent
    assert pending
    assert (pending.id, pending.wording, pending.purposes) == (consent, TEXT.wording, TEXT.purposes)
    assert pending.asked_at == quiet.clock.now()
    (asked,) = quiet.facts(facts.ConsentAsked)
    assert (asked.hash, asked.version, asked.language) == (TEXT.wording.hash, "1", "ca")


async def test_no_text_is_looked_for_when_the_level_demands_none(quiet: Town) -> None:
    attention = await quiet.talking()
    for acting, code in ((MARTA, "not_needed"), (PAU, "not_yours")):
        with pytest.raises(StepRefused) as refused:
            await quiet.call.ask_consent(acting, attention)
        assert refused.value.code == code


async def test_refusing_keeps_the_informative_level(quiet: Town) -> None:
    attention, consent = await quiet.asked()
    quiet.clock.move(30)
    await quiet.call.answer_consent(CITIZEN, attention, consent, ConsentStep.REFUSE)
    refused = await quiet.attention(attention)
    assert (refused.level, refused.proposed, refused.recorder_consent) == (Level.INFORMATIVE, None, None)
    assert (refused.consents[0].stage, refused.consents[0].answered_at) == (ConsentStage.REFUSED, quiet.clock.now())


async def test_the_citizen_declines_and_the_informer_takes_back(quiet: Town) -> None:
    attention = await quiet.talking()
    await quiet.call.propose_level(MARTA, attention, Level.ATTENDED)
    await quiet.call.decline_level(CITIZEN, attention)
    await quiet.call.propose_level(MARTA, attention, Level.ATTENDED)
    await quiet.call.drop_proposal(MARTA, attention)
    assert [(fact.cause, fact.level) for fact in quiet.facts(facts.LevelProposalDropped)] == [
        ("declined", "attended"),
        ("withdrawn_by_informer", "attended"),
    ]


async def test_either_side_goes_back_and_the_consent_ends(quiet: Town) -> None:
    attention, first = await quiet.attended()
    await quiet.call.lower_level(MARTA, attention)
    await quiet.call.propose_level(MARTA, attention, Level.ATTENDED)
    second = await quiet.ask_consent(attention)
    await quiet.call.answer_consent(CITIZEN, attention, second, ConsentStep.GIVE)
    await quiet.call.return_to_informative(CITIZEN, attention)
    assert quiet.facts(facts.ConsentEnded) == [
        facts.ConsentEnded(attention, first, "asked_by_informer"),
        facts.ConsentEnded(attention, second, "asked_by_citizen"),
    ]
    lowered = await quiet.attention(attention)
    assert [consent.stage for consent in lowered.consents] == [ConsentStage.ENDED, ConsentStage.ENDED]
    assert lowered.recorder_consent is None


async def test_too_low_an_assurance_is_kept_and_does_not_raise_the_level(quiet: Town) -> None:
    attention = await quiet.talking()
    await quiet.call.propose_level(MARTA, attention, Level.ATTENDED)
    await quiet.call.ask_identification(MARTA, attention, Way.ELECTRONIC)
    await quiet.call.identify(CITIZEN, attention, proof(Assurance.LOW))
    consent = await quiet.ask_consent(attention)
    await quiet.call.answer_consent(CITIZEN, attention, consent, ConsentStep.GIVE)
    kept = await quiet.attention(attention)
    assert (kept.level, kept.proposed, kept.assurance) == (Level.INFORMATIVE, Level.ATTENDED, Assurance.LOW)


@pytest.mark.parametrize(
    ("acting", "by"),
    [(CITIZEN, "citizen"), (the_service(OURS), "service")],
)
async def test_who_hung_up_is_told(quiet: Town, acting: Acting, by: str) -> None:
    attention = await quiet.talking()
    await quiet.call.hang_up(acting, attention)
    assert quiet.facts(facts.CallEnded) == [facts.CallEnded(attention, by)]


async def test_the_informer_ends_the_call(quiet: Town) -> None:
    attention = await quiet.talking()
    await quiet.call.end_call(MARTA, attention)
    assert quiet.facts(facts.CallEnded) == [facts.CallEnded(attention, "informer")]


ANOTHERS: dict[str, Callable[[Call, str], Awaitable[None]]] = {
    "propose": lambda call, a: call.propose_level(PAU, a, Level.ATTENDED),
    "drop": lambda call, a: call.drop_proposal(PAU, a),
    "lower": lambda call, a: call.lower_level(PAU, a),
    "ask identification": lambda call, a: call.ask_identification(PAU, a, Way.ELECTRONIC),
    "ask consent": lambda call, a: call.ask_consent(PAU, a),
    "end": lambda call, a: call.end_call(PAU, a),
    "conclude": lambda call, a: call.conclude(PAU, a, "fet", OutcomeKind.INFORMED),
}


@pytest.mark.parametrize("step", ANOTHERS.values(), ids=ANOTHERS.keys())
async def test_another_informer_does_nothing_in_this_call(
    quiet: Town, step: Callable[[Call, str], Awaitable[None]]
) -> None:
    attention, _ = await quiet.asked()
    before, told = await quiet.attention(attention), len(quiet.told)
    with pytest.raises(StepRefused) as refused:
        await step(quiet.call, attention)
    assert refused.value.code == "not_yours"
    assert await quiet.attention(attention) == before
    assert len(quiet.told) == told


@pytest.mark.parametrize("step", ANOTHERS.values(), ids=ANOTHERS.keys())
async def test_nobody_does_anything_in_a_call_that_is_not(
    quiet: Town, step: Callable[[Call, str], Awaitable[None]]
) -> None:
    with pytest.raises(NotFound):
        await step(quiet.call, "no-such-call")


async def test_nobody_attends_who_waits(quiet: Town) -> None:
    attention = await quiet.citizen()
    with pytest.raises(StepRefused) as refused:
        await quiet.call.end_call(MARTA, attention)
    assert refused.value.code == "not_yours"
