"""The auditor's room as the tables tell it: what is found and how, what is to be reviewed, what is given away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.db.cases import (
    NOW,
    ORGANISATION,
    OTHER,
    add,
    kept,
    later,
    person,
    record,
    sit_down,
    talking,
)
from tests.integration.db.test_database_costs import plans_of, walks
from videoattention.adapters.db.queries.reviewing import DatabaseArchive
from videoattention.domain.exporting import ExportStage, ExportStep, ask, signatory
from videoattention.domain.levels import OutcomeKind
from videoattention.domain.people import Side
from videoattention.domain.recording import Proof
from videoattention.domain.reviewing import TO_REVIEW, Answer, Grounds, Judgement, Review, Verdict
from videoattention.services.media import Track
from videoattention.services.ports import Grant, NotFound, Stale
from videoattention.services.reviews import Written
from videoattention.services.views.archive import PAGE, Found, Sought

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    View = Callable[[DatabaseArchive], Coroutine[Any, Any, object]]

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.register import DatabaseRegister
    from videoattention.domain.exporting import Export
    from videoattention.services.ports import Transaction

WHY = Grounds(required=True, second=False, risks=("risk_gaps",), risky=False, draw=1, share=500)
NURIA, ORIOL = person("nuria"), person("oriol")


@pytest.fixture
def archive(database: Database) -> DatabaseArchive:
    """The auditor's reading side."""
    return DatabaseArchive(database)


async def recorded(register: DatabaseRegister, number: int, *, requested: float = 0, informer: str = "") -> str:
    """A recording ``r<number>`` that was sealed."""
    name = f"r{number}"
    await add(register, talking(f"a{number}", informer=informer or f"i{number}"))
    await record(register, f"a{number}", name, requested=requested or 120 + number)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        opened = (await transaction.recordings.get(name)).open(1, later(121)).recording
        tracks = (kept(Track.CITIZEN_AUDIO, 30.0),)
        closed = opened.stop("call_ended").recording.close_part(1, later(152), "call_ended", tracks)
        change = closed.seal(Proof("00" * 32, "key-1"))
        await transaction.recordings.save(change.recording)
        await transaction.commit(*change.facts)
    return name


async def reviewed(register: DatabaseRegister, number: int, *, weight: int = 0, second: bool = False) -> Review:
    """Its review waits."""
    risks = ("risk_gaps", "risk_short", "risk_withdrawn")[:weight]
    review = Review(f"r{number}", f"a{number}", ORGANISATION, replace(WHY, risks=risks, second=second), later(number))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.reviews.add(review)
        await transaction.commit()
    return review


# --- what is found ---------------------------------------------------------------------------------------------------


async def test_pages_follow_one_another_without_gap_or_repetition(
    register: DatabaseRegister, archive: DatabaseArchive
) -> None:
    many = 2 * PAGE + 3
    for number in range(many):
        await recorded(register, number, requested=200 + number // 4)  # four at one moment: the id tells them apart
    found: list[str] = []
    sought, pages = Sought(), 0
    while True:
        page = await archive.search(ORGANISATION, sought, "ca")
        assert page.total == many
        found += [seen.id for seen in page.recordings]
        pages += 1
        if page.after is None:
            break
        sought = replace(sought, after=page.after)
    assert pages == 3
    assert sorted(found) == sorted(f"r{number}" for number in range(many))
    at = {f"r{number}": 200 + number // 4 for number in range(many)}
    assert found == sorted(found, key=lambda name: (-at[name], name))


@pytest.fixture
async def three(register: DatabaseRegister) -> None:
    """Three recordings; the second was opened for a case, the third belongs to another informer."""
    for number, informer in ((1, "marta"), (3, "joan")):
        await recorded(register, number, requested=1000 * number, informer=informer)
    await add(register, talking("a2", informer="pere"))
    await record(register, "a2", "r2", requested=2000)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.grants.add(Grant("g1", "r2", "nuria", "Per què sí", later(9000), "EXP-2026/0412"))
        await transaction.grants.add(Grant("g2", "r2", "oriol", "Per què sí", later(9000), "EXP-2026/0412"))
        ended = (await transaction.attentions.get("a2")).hang_up(Side.CITIZEN, later(500)).attention
        await transaction.attentions.save(ended)
        await transaction.commit()


ALL = ["r3", "r2", "r1"]
SOUGHT = {
    "all": (Sought(), ALL),
    "since": (Sought(since=later(2000)), ["r3", "r2"]),
    "until": (Sought(until=later(2000)), ["r1"]),
    "between": (Sought(since=later(1500), until=later(2500)), ["r2"]),
    "office": (Sought(office="oac-girona"), ALL),
    "other office": (Sought(office="oac-terres-ebre"), []),
    "procedure": (Sought(procedure="consulta"), ALL),
    "other procedure": (Sought(procedure="padro"), []),
    "level": (Sought(level="attended"), ALL),
    "other level": (Sought(level="assisted"), []),
    "informer": (Sought(informer="joan"), ["r3"]),
    "outcome": (Sought(outcome="represented"), []),
    "case": (Sought(number="EXP-2026/0412"), ["r2"]),
    "part of a case": (Sought(number="EXP-2026"), []),
    "recording": (Sought(number="r1"), ["r1"]),
    "attention": (Sought(number="a3"), ["r3"]),
    "hostile": (Sought(number="' OR 1=1 --", office="%"), []),
    "two at once": (Sought(informer="joan", number="r1"), []),
}


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("name", SOUGHT)
async def test_what_is_looked_for_is_found_and_counted(archive: DatabaseArchive, name: str) -> None:
    sought, expected = SOUGHT[name]
    found = await archive.search(ORGANISATION, sought, "ca")
    assert ([seen.id for seen in found.recordings], found.total, found.after) == (expected, len(expected), None)
    assert await archive.search(OTHER, sought, "ca") == Found([], 0)


async def test_an_outcome_is_what_the_informer_wrote(
    register: DatabaseRegister, archive: DatabaseArchive, three: None
) -> None:
    del three
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        ended = await transaction.attentions.get("a2")
        await transaction.attentions.save(replace(ended, outcome="Fet.", outcome_kind=OutcomeKind.UNFINISHED))
        await transaction.commit()
    found = await archive.search(ORGANISATION, Sought(outcome="unfinished"), "ca")
    assert [(seen.id, seen.outcome, seen.level) for seen in found.recordings] == [("r2", "unfinished", "attended")]


async def test_only_what_the_organisation_has_can_be_chosen(
    register: DatabaseRegister, archive: DatabaseArchive
) -> None:
    await sit_down(register, person("marta"), person("anna", organisation=OTHER, offices=("oac-vila",)))
    ours, theirs = await archive.choices(ORGANISATION, "ca"), await archive.choices(OTHER, "ca")
    assert ours.informers == [("marta", "Nom marta")]
    assert theirs.informers == [("anna", "Nom anna")]
    assert {name for name, _ in ours.offices}.isdisjoint(name for name, _ in theirs.offices)


# --- how it is found -------------------------------------------------------------------------------------------------


def searching(sought: Sought) -> View:
    return lambda archive: archive.search(ORGANISATION, sought, "ca")


VIEWS: dict[str, View] = {
    **{name: searching(sought) for name, (sought, _) in SOUGHT.items()},
    "second page": lambda archive: archive.search(ORGANISATION, Sought(after=(later(2000), "r2")), "ca"),
    "queue": lambda archive: archive.queue(ORGANISATION, "ca", sorted(TO_REVIEW)),
    "review": lambda archive: archive.review(ORGANISATION, "r1"),
    "exports": lambda archive: archive.exports(ORGANISATION, "ca", now=NOW),
    "exports of one": lambda archive: archive.exports(ORGANISATION, "ca", now=NOW, recording="r1"),
    "choices": lambda archive: archive.choices(ORGANISATION, "ca"),
    "names": lambda archive: archive.names(ORGANISATION, "https://staff.example.cat", {"marta", "nuria"}),
    "unconsidered": lambda archive: archive.unconsidered(),
}
CHOSEN = {
    "all": "ix_recordings_requested",
    "between": "ix_recordings_requested",
    "second page": "ix_recordings_requested",
    "case": "ix_grants_case",
    "queue": "ix_reviews_stage",
    "names": "ix_sessions_subject",
    "exports": "ix_exports_asked",
    "exports of one": "ix_exports_recording",
    "unconsidered": "ix_recordings_stage",
}
"""The index without which it would read everything that the organisation ever recorded."""
NEVER_WALKED = (
    "attentions",
    "recordings",
    "journal",
    "reviews",
    "judgements",
    "exports",
    "grants",
    "consents",
    "sessions",
)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("name", VIEWS)
async def test_nothing_of_the_room_walks_through_a_whole_table(
    database: Database, register: DatabaseRegister, archive: DatabaseArchive, name: str
) -> None:
    await reviewed(register, 1)
    await asked(register)
    plans = await plans_of(database, VIEWS[name](archive))
    assert not [line for line in plans for table in NEVER_WALKED if walks(line, table)], plans
    # the planner of PostgreSQL weighs figures, and those of a test's tables say nothing
    if database.engines[0].dialect.name == "sqlite":
        assert CHOSEN.get(name, "") in " ".join(plans), plans


# --- reviews ---------------------------------------------------------------------------------------------------------


async def test_the_queue_has_the_riskiest_first_and_leaves_what_is_done(
    register: DatabaseRegister, archive: DatabaseArchive
) -> None:
    for number, weight in ((1, 0), (2, 3), (3, 1), (4, 0)):
        await recorded(register, number)
        await reviewed(register, number, weight=weight)
    assert [line.recording.id for line in await archive.queue(ORGANISATION, "ca", sorted(TO_REVIEW))] == [
        "r2",
        "r3",
        "r1",
        "r4",
    ]
    await judge(register, "r2")
    queue = await archive.queue(ORGANISATION, "ca", sorted(TO_REVIEW))
    assert [line.recording.id for line in queue] == ["r3", "r1", "r4"]
    (done,) = await archive.queue(ORGANISATION, "ca", ["closed"])
    assert (done.review.outcome, done.review.judgements[0].words) == ("fine", "Tot com ha de ser.")
    assert (done.recording.review, done.recording.verdict) == ("closed", "fine")
    assert await archive.queue(OTHER, "ca", sorted(TO_REVIEW)) == []


async def judge(register: DatabaseRegister, recording: str) -> None:
    said = Judgement("nuria", Verdict.FINE, "1", {"consent": Answer.YES}, "ab" * 32, later(300))
    async with register.begin(ORGANISATION, "auditor:nuria", NOW) as transaction:
        opened = (await transaction.reviews.get(recording)).open("nuria", later(200))
        await transaction.reviews.save(opened.review)
        await transaction.commit(*opened.facts)
    async with register.begin(ORGANISATION, "auditor:nuria", NOW) as transaction:
        judged = (await transaction.reviews.get(recording)).judge(said)
        await transaction.reviews.save(judged.review, Written("Núria", "Tot com ha de ser.", b"salt"))
        await transaction.commit(*judged.facts)


async def test_a_review_is_kept_as_it_was_and_only_once(register: DatabaseRegister) -> None:
    await recorded(register, 1)
    review = await reviewed(register, 1, weight=2, second=True)
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        assert await transaction.reviews.get("r1") == review
        with pytest.raises(NotFound):
            await transaction.reviews.get("r2")
        with pytest.raises(Stale):
            await transaction.reviews.add(review)
    async with register.begin(OTHER, "service", NOW) as transaction:
        with pytest.raises(NotFound):
            await transaction.reviews.get("r1")
    await judge(register, "r1")
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        now = await transaction.reviews.get("r1")
    assert (now.judgements[0].answers, now.judgements[0].at) == ({"consent": Answer.YES}, later(300))


async def test_of_two_that_change_a_review_one_is_late(register: DatabaseRegister) -> None:
    await recorded(register, 1)
    review = await reviewed(register, 1)
    for who, wins in (("nuria", True), ("oriol", False)):
        async with register.begin(ORGANISATION, f"auditor:{who}", NOW) as transaction:
            change = review.open(who, NOW)
            if wins:
                await transaction.reviews.save(change.review)
                await transaction.commit(*change.facts)
                continue
            with pytest.raises(Stale):
                await transaction.reviews.save(change.review)


async def test_the_key_of_draws_is_made_once_for_each_organisation(register: DatabaseRegister) -> None:
    async def key(organisation: str, fresh: bytes) -> bytes:
        async with register.begin(organisation, "service", NOW) as transaction:
            found = await transaction.reviews.key(fresh)
            await transaction.commit()
        return found

    assert [await key(ORGANISATION, each * 32) for each in (b"a", b"b")] == [b"a" * 32] * 2
    assert await key(OTHER, b"c" * 32) == b"c" * 32


# --- packages --------------------------------------------------------------------------------------------------------


async def asked(register: DatabaseRegister, name: str = "e1") -> Export:
    async def action(transaction: Transaction) -> Export:
        recording = await transaction.recordings.get("r1")
        change = ask(recording, NURIA, name=name, why=("Requeriment del jutjat", "2026/12"), at=NOW)
        await transaction.exports.add(change.export)
        await transaction.commit(*change.facts)
        return change.export

    async with register.begin(ORGANISATION, "auditor:nuria", NOW) as transaction:
        return await action(transaction)


async def test_a_request_is_kept_with_both_people_and_of_two_answers_one_counts(
    register: DatabaseRegister, archive: DatabaseArchive
) -> None:
    await recorded(register, 1)
    export = await asked(register)
    approved = export.decide(ExportStep.APPROVE, signatory(ORIOL), at=later(60), answer="Conforme.")
    async with register.begin(ORGANISATION, "auditor:oriol", NOW) as transaction:
        assert await transaction.exports.get("e1") == export
        await transaction.exports.save(approved.export)
        await transaction.commit(*approved.facts)
    refused = export.decide(ExportStep.REFUSE, signatory(person("pere")), at=later(61), answer="Encara no.")
    async with register.begin(ORGANISATION, "auditor:pere", NOW) as transaction:
        with pytest.raises(Stale):
            await transaction.exports.save(refused.export)
    (seen,) = await archive.exports(ORGANISATION, "ca", now=later(61))
    assert (seen.export.stage, seen.export.decided_by, seen.lapsed) == (ExportStage.APPROVED, signatory(ORIOL), False)
    assert seen.recording.id == "r1"
    (over,) = await archive.exports(ORGANISATION, "ca", now=seen.export.until, recording="r1")
    assert over.lapsed
    assert await archive.exports(OTHER, "ca", now=NOW) == []
    async with register.begin(OTHER, "auditor:bru", NOW) as transaction:
        with pytest.raises(NotFound):
            await transaction.exports.get("e1")


async def test_what_was_sealed_is_unconsidered_until_it_has_a_review(
    register: DatabaseRegister, archive: DatabaseArchive
) -> None:
    await recorded(register, 1)
    await add(register, talking("a2", informer="joan"))
    await record(register, "a2", "r2")
    assert await archive.unconsidered() == [(ORGANISATION, "a1", "r1")]
    await reviewed(register, 1)
    assert await archive.unconsidered() == []
