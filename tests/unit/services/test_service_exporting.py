"""Four eyes: who asks for a package, who answers, who fetches it, and what the journal knows of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.services.test_service_reviewing import CASE, NURIA, ORIOL, THEIRS_TOO, WHY, sealed
from tests.unit.services.town import person
from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.exporting import ANSWERED_WITHIN, FETCHED_WITHIN, ExportStage, ExportStep
from videoattention.domain.people import Role
from videoattention.services.archive import GRANT_LASTS, AccessDenied
from videoattention.services.exporting import Exporting
from videoattention.services.ports import NotFound
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from tests.unit.services.town import Town
    from videoattention.domain.exporting import Export
    from videoattention.domain.facts import Fact
    from videoattention.domain.recording import Recording
    from videoattention.services.export import Errand, Package, Packages
    from videoattention.services.ports import Transaction

APPROVE, REFUSE = ExportStep.APPROVE, ExportStep.REFUSE
FOR = "Requeriment 12/2026 del jutjat"


class Nowhere:
    """Nothing is written."""

    def begin(self) -> AbstractContextManager[Package]:
        raise AssertionError("the writer of these tests begins nothing")


class Writer:
    """Tells of a package as the real one does, and writes none."""

    def __init__(self, town: Town) -> None:
        self.town, self.given = town, 0

    async def export(
        self, recording: Recording, errand: Errand, packages: Packages, *, progress: Callable[[str], None]
    ) -> None:
        del packages
        beside = errand.beside
        assert beside

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await beside(transaction, now)
            return (errand.fact(recording),)

        await self.town.work.carry_out(Acting(recording.organisation, errand.actor), action)
        progress("part 1")
        self.given += 1
        assert errand.told()["approved_by"]["name"] == "Nom oriol"
        assert errand.told()["asked_by"]["name"] == "Nom nuria"


class Room:
    """Packages of one sealed recording that Núria may open."""

    def __init__(self, town: Town, recording: str) -> None:
        self.town, self.recording, self.writer = town, recording, Writer(town)
        self.exporting = Exporting(town.work, town.archive, exporter=self.writer, new_id=lambda: "e1")  # type: ignore[arg-type]  # its double

    async def ask(self) -> None:
        await self.exporting.ask(NURIA, self.recording, FOR)

    async def export(self) -> Export:
        async with self.town.begin() as transaction:
            return await transaction.exports.get("e1")

    def told(self) -> list[str]:
        return [kind for kind in self.town.kinds() if "Export" in kind]


@pytest.fixture
async def room(town: Town) -> Room:
    recording = await sealed(town)
    await town.archive.state_purpose(NURIA, recording, WHY, case=CASE)
    return Room(town, recording)


async def test_two_people_give_a_package_away_once(room: Room) -> None:
    await room.ask()
    await room.exporting.decide(ORIOL, "e1", APPROVE, "  Conforme. ")
    assert await room.exporting.give(NURIA, "e1", Nowhere()) == room.recording
    with pytest.raises(StepRefused) as again:
        await room.exporting.give(NURIA, "e1", Nowhere())
    assert (again.value.code, room.writer.given) == ("illegal_step", 1)
    attention = (await room.export()).attention
    (given,) = room.town.facts(facts.RecordingExported)
    assert given == facts.RecordingExported(attention, room.recording, FOR, CASE, "Informadora", "oriol")
    assert room.told() == ["ExportAsked", "ExportDecided", "RecordingExported", "ExportRejected"]
    actors = {type(entry.fact).__name__: entry.actor for entry in room.town.told}
    assert (actors["ExportAsked"], actors["ExportDecided"]) == ("auditor:nuria", "auditor:oriol")
    assert actors["RecordingExported"] == "auditor:nuria"


@pytest.mark.parametrize("step", [APPROVE, REFUSE])
async def test_nobody_answers_oneself(room: Room, step: ExportStep) -> None:
    await room.ask()
    with pytest.raises(StepRefused) as refused:
        await room.exporting.decide(NURIA, "e1", step, "És el que cal fer.")
    assert refused.value.code == "same_person"
    assert (await room.export()).stage is ExportStage.ASKED
    assert room.town.facts(facts.ExportRejected)[-1].reason == "same_person"


async def test_nobody_asks_for_the_package_of_their_own_work_nor_answers(room: Room) -> None:
    both = person("marta", Role.INFORMER, Role.AUDITOR)
    await room.town.archive.state_purpose(both, room.recording, WHY, case=CASE)
    with pytest.raises(StepRefused) as asked:
        await room.exporting.ask(both, room.recording, FOR)
    await room.ask()
    with pytest.raises(StepRefused) as answered:
        await room.exporting.decide(both, "e1", APPROVE, "Conforme.")
    assert (asked.value.code, answered.value.code) == ("own_work", "own_work")
    assert room.town.facts(facts.ExportRejected)[-1].reason == "own_work"
    assert (await room.export()).stage is ExportStage.ASKED


async def test_a_refused_request_gives_nothing_and_says_why(room: Room) -> None:
    await room.ask()
    with pytest.raises(StepRefused) as short:
        await room.exporting.decide(ORIOL, "e1", REFUSE, "No.")
    assert short.value.code == "reason_too_short"
    await room.exporting.decide(ORIOL, "e1", REFUSE, "Falta l'escrit del jutjat.")
    for step in (REFUSE, APPROVE):
        with pytest.raises(StepRefused):
            await room.exporting.decide(ORIOL, "e1", step, "Falta l'escrit del jutjat.")
    with pytest.raises(StepRefused):
        await room.exporting.give(NURIA, "e1", Nowhere())
    assert ((await room.export()).answer, room.writer.given) == ("Falta l'escrit del jutjat.", 0)


async def test_what_lapsed_is_neither_answered_nor_fetched(room: Room) -> None:
    await room.ask()
    await room.exporting.decide(ORIOL, "e1", APPROVE, "")
    room.town.clock.move(FETCHED_WITHIN.total_seconds())
    with pytest.raises(StepRefused) as late:
        await room.exporting.give(NURIA, "e1", Nowhere())
    assert late.value.code == "export_lapsed"
    await room.town.archive.state_purpose(NURIA, room.recording, WHY, case=CASE)
    other = Exporting(room.town.work, room.town.archive, exporter=room.writer, new_id=lambda: "e2")  # type: ignore[arg-type]  # its double
    await other.ask(NURIA, room.recording, FOR)
    room.town.clock.move(ANSWERED_WITHIN.total_seconds())
    with pytest.raises(StepRefused) as unanswered:
        await other.decide(ORIOL, "e2", APPROVE, "")
    assert unanswered.value.code == "export_lapsed"
    assert room.writer.given == 0


async def test_only_who_asked_fetches(room: Room) -> None:
    await room.ask()
    await room.exporting.decide(ORIOL, "e1", APPROVE, "")
    with pytest.raises(StepRefused) as another:
        await room.exporting.give(ORIOL, "e1", Nowhere())
    assert another.value.code == "not_your_export"
    assert room.writer.given == 0


async def test_others_ask_answer_and_fetch_nothing(room: Room) -> None:
    with pytest.raises(AccessDenied) as no_purpose:
        await room.exporting.ask(ORIOL, room.recording, FOR)
    assert no_purpose.value.code == "no_purpose"
    with pytest.raises(StepRefused):
        await room.exporting.ask(NURIA, room.recording, "curt")
    await room.ask()
    informer = person("marta")
    for step in (
        lambda: room.exporting.ask(informer, room.recording, FOR),
        lambda: room.exporting.decide(informer, "e1", APPROVE, ""),
        lambda: room.exporting.give(informer, "e1", Nowhere()),
    ):
        with pytest.raises(AccessDenied):
            await step()
    for step in (
        lambda: room.exporting.decide(THEIRS_TOO, "e1", APPROVE, ""),
        lambda: room.exporting.give(THEIRS_TOO, "e1", Nowhere()),
    ):
        with pytest.raises(NotFound):
            await step()
    room.town.clock.move(GRANT_LASTS.total_seconds())
    with pytest.raises(AccessDenied):
        await room.exporting.ask(NURIA, room.recording, FOR)
    assert room.told() == ["ExportAsked"]
