"""Packages of attentions without a recording: who asks, who answers, who fetches, and what the journal knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.services.town import EBRE, NOW, OURS, THEIRS, by_citizen, by_informer, person
from videoattention.adapters.db.queries.unrecorded import DatabaseUnrecorded
from videoattention.adapters.db.stories import DatabaseStories
from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.exporting import ANSWERED_WITHIN, FETCHED_WITHIN, ExportStage, ExportStep
from videoattention.domain.levels import OutcomeKind
from videoattention.domain.people import Role
from videoattention.services.archive import AccessDenied
from videoattention.services.attention_packages import AttentionPackages
from videoattention.services.ports import NotFound
from videoattention.services.views.archive import PAGE, Sought
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from tests.unit.services.town import Town
    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.services.attention_export import AttentionErrand
    from videoattention.services.export import Package, Packages
    from videoattention.services.ports import Transaction
    from videoattention.services.views.unrecorded import AskedSeen

NURIA = person("nuria", Role.AUDITOR, offices=())
MONTSE = person("montse", Role.DATA_OFFICER, offices=())
MARTA = person("marta", Role.AUDITOR, Role.INFORMER, offices=())
STRANGER = person("bru", Role.AUDITOR, organisation=THEIRS, offices=())
APPROVE, REFUSE = ExportStep.APPROVE, ExportStep.REFUSE
FOR, CASE = "Requeriment 12/2026 del jutjat", "EXP-2026/12"


class Nowhere:
    """Nothing is written."""

    def begin(self) -> AbstractContextManager[Package]:
        raise AssertionError("the writer of these tests begins nothing")


class Writer:
    """Tells of a package as the real one does, and writes none."""

    def __init__(self, town: Town) -> None:
        self.town, self.given = town, 0

    async def export(self, organisation: str, attention: str, errand: AttentionErrand, packages: Packages) -> None:
        del packages
        beside = errand.beside
        assert beside

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            await beside(transaction, now)
            return (errand.fact(attention, b"{}", "k1"),)

        await self.town.work.carry_out(Acting(organisation, errand.actor), action)
        self.given += 1


class Room:
    """Packages of one attention that is over, without a recording."""

    def __init__(self, town: Town, attention: str) -> None:
        self.town, self.attention, self.writer = town, attention, Writer(town)
        stories = DatabaseStories(town.database)
        self.views = DatabaseUnrecorded(town.database)
        self.packages = AttentionPackages(
            town.work,
            town.archive,
            stories=stories,
            exporter=self.writer,  # type: ignore[arg-type]  # its double
            new_id=lambda: "e1",
        )
        self.asked = (attention, "e1")

    async def ask(self) -> None:
        await self.packages.ask(NURIA, self.attention, FOR, CASE)

    async def seen(self, organisation: str = OURS) -> Sequence[AskedSeen]:
        return await self.views.asked(organisation, "ca", now=self.town.clock.now())

    def told(self) -> list[str]:
        return [kind for kind in self.town.kinds() if "Export" in kind]


@pytest.fixture
async def room(quiet: Town) -> Room:
    attention = await quiet.talking()
    await quiet.call.hang_up(by_citizen(), attention)
    await quiet.call.conclude(by_informer(), attention, "Vindrà a l'oficina.", OutcomeKind.INFORMED)
    return Room(quiet, attention)


async def test_two_people_give_a_package_away_once(room: Room) -> None:
    await room.ask()
    await room.packages.decide(MONTSE, room.asked, APPROVE, "  Conforme. ")
    await room.packages.give(NURIA, room.asked, Nowhere())
    with pytest.raises(StepRefused) as again:
        await room.packages.give(NURIA, room.asked, Nowhere())
    assert (again.value.code, room.writer.given) == ("illegal_step", 1)
    (given,) = room.town.facts(facts.AttentionExported)
    assert (given.export, given.purpose, given.case, given.approved_by) == ("e1", FOR, CASE, "montse")
    assert room.told() == ["ExportAsked", "ExportDecided", "AttentionExported", "ExportRejected"]
    actors = [entry.actor for entry in room.town.told if "Export" in type(entry.fact).__name__]
    assert actors == ["auditor:nuria", "staff:montse", "auditor:nuria", "auditor:nuria"]
    (seen,) = await room.seen()
    assert (seen.export.stage, seen.export.asked_by.position) == (ExportStage.GIVEN, "Informadora")
    assert (seen.attention.id, seen.attention.recordings) == (room.attention, ())


async def test_what_is_asked_is_kept_by_the_journal_alone(room: Room) -> None:
    await room.ask()
    (seen,) = await room.seen()
    assert (seen.export.stage, seen.export.until, seen.lapsed) == (ExportStage.ASKED, NOW + ANSWERED_WITHIN, False)
    await room.packages.decide(MONTSE, room.asked, REFUSE, "Falta l'escrit del jutjat.")
    (seen,) = await room.seen()
    assert (seen.export.stage, seen.export.answer) == (ExportStage.REFUSED, "Falta l'escrit del jutjat.")
    assert await room.seen(THEIRS) == []
    with pytest.raises(StepRefused):
        await room.packages.give(NURIA, room.asked, Nowhere())
    assert room.writer.given == 0


async def test_nobody_answers_oneself_nor_gives_their_own_work_away(room: Room) -> None:
    await room.ask()
    with pytest.raises(StepRefused) as oneself:
        await room.packages.decide(NURIA, room.asked, APPROVE, "")
    with pytest.raises(StepRefused) as answered:
        await room.packages.decide(MARTA, room.asked, APPROVE, "")
    with pytest.raises(StepRefused) as asked:
        await room.packages.ask(MARTA, room.attention, FOR, CASE)
    codes = [refused.value.code for refused in (oneself, answered, asked)]
    assert codes == ["same_person", "own_work", "own_work"]
    assert [fact.reason for fact in room.town.facts(facts.ExportRejected)] == ["same_person", "own_work"]


async def test_only_who_asked_fetches_and_not_too_late(room: Room) -> None:
    await room.ask()
    with pytest.raises(StepRefused) as early:
        await room.packages.give(NURIA, room.asked, Nowhere())
    await room.packages.decide(MONTSE, room.asked, APPROVE, "")
    with pytest.raises(StepRefused) as another:
        await room.packages.give(MONTSE, room.asked, Nowhere())
    room.town.clock.move(FETCHED_WITHIN.total_seconds())
    with pytest.raises(StepRefused) as late:
        await room.packages.give(NURIA, room.asked, Nowhere())
    codes = [refused.value.code for refused in (early, another, late)]
    assert codes == ["illegal_step", "not_your_export", "export_lapsed"]
    assert (await room.seen())[0].lapsed
    assert room.writer.given == 0


@pytest.mark.parametrize(
    ("purpose", "case", "code"),
    [("curt", CASE, "purpose_too_short"), (FOR, " ", "case_missing"), (FOR, "cap", "case_unclear")],
)
async def test_without_a_purpose_and_a_case_nothing_is_asked(room: Room, purpose: str, case: str, code: str) -> None:
    with pytest.raises(StepRefused) as refused:
        await room.packages.ask(NURIA, room.attention, purpose, case)
    assert (refused.value.code, room.told()) == (code, [])


async def test_what_is_not_over_or_was_recorded_has_no_such_package(quiet: Town) -> None:
    talking = Room(quiet, await quiet.talking("joan"))
    attended, _ = await quiet.attended()
    await quiet.recorder.admit(OURS, attended)
    await quiet.call.hang_up(by_citizen(), attended)
    await quiet.call.conclude(by_informer(), attended, "No ha continuat.", OutcomeKind.UNFINISHED)
    codes = []
    for attention in (talking.attention, attended):
        with pytest.raises(StepRefused) as refused:
            await talking.packages.ask(NURIA, attention, FOR, CASE)
        codes.append(refused.value.code)
    assert codes == ["not_over", "has_recording"]
    found = await talking.views.search(OURS, Sought(), "ca")
    assert found.attentions == [], "neither is among those without a recording"
    (named,) = (await talking.views.search(OURS, Sought(number=attended), "ca")).attentions
    assert [stage for _, stage in named.recordings] == ["requested"]


async def test_others_ask_answer_and_fetch_nothing(room: Room) -> None:
    await room.ask()
    steps: Sequence[Callable[[Person], Awaitable[None]]] = (
        lambda who: room.packages.ask(who, room.attention, FOR, CASE),
        lambda who: room.packages.decide(who, room.asked, APPROVE, ""),
        lambda who: room.packages.give(who, room.asked, Nowhere()),
    )
    for step in steps:
        with pytest.raises(AccessDenied):
            await step(person("marta"))
        with pytest.raises(NotFound):
            await step(STRANGER)
    refused = [fact for fact in room.town.facts(facts.AccessRefused) if fact.reason == "not_found"]
    assert [fact.resource for fact in refused] == [room.attention] * 3
    assert room.told() == ["ExportAsked"]


async def test_attentions_are_found_a_page_at_a_time(quiet: Town) -> None:
    room = Room(quiet, "")
    for _ in range(PAGE + 2):
        attention = await quiet.talking()
        await quiet.call.hang_up(by_citizen(), attention)
        await quiet.call.conclude(by_informer(), attention, "Informada.", OutcomeKind.INFORMED)
        quiet.clock.move(60)
    first = await room.views.search(OURS, Sought(), "ca")
    rest = await room.views.search(OURS, Sought(after=first.after), "ca")
    names = [seen.id for seen in (*first.attentions, *rest.attentions)]
    assert (len(first.attentions), len(rest.attentions), rest.after) == (PAGE, 2, None)
    assert len(set(names)) == PAGE + 2
    times = [seen.at for seen in (*first.attentions, *rest.attentions)]
    assert times == sorted(times, reverse=True)
    for sought, count in ((Sought(informer="joan"), 0), (Sought(outcome="informed"), PAGE), (Sought(office=EBRE), 0)):
        assert len((await room.views.search(OURS, sought, "ca")).attentions) == count
    assert (await room.views.search(THEIRS, Sought(), "ca")).attentions == []
    assert await room.views.one(THEIRS, names[0], "ca") is None
