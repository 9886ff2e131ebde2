"""Suspicions of fraud: each is opened for a purpose and a case, by one person, for two hours, in the journal before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.services.town import person
from videoattention.domain.access import Action
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import IdentificationSeen, SuspicionOpened
from videoattention.domain.people import Role
from videoattention.services.archive import GRANT_LASTS, AccessDenied
from videoattention.services.ports import NotFound
from videoattention.services.suspicions import PAGE, Suspicions
from videoattention.services.vault import MediaTampered

if TYPE_CHECKING:
    from videoattention.domain.facts import Fact
    from videoattention.domain.people import Person
    from videoattention.services.work import Acting, Step

KIND = SimpleNamespace(value="front")
NOW = datetime(2026, 5, 4, 9, 30, 12, 345678, tzinfo=UTC)
NURIA, ORIOL = person("nuria", Role.AUDITOR), person("oriol", Role.AUDITOR)
WHY = "Denúncia dels Mossos"


class Kept:
    """Suspicions with two stills each, a vault that cannot open one of them, and keys that are a word."""

    def __init__(self) -> None:
        self.visuals, self.clock, self.at = self, self, NOW
        self.told: list[Fact] = []
        self.acted: list[tuple[str, str]] = []
        self.turned: list[tuple[Action, str]] = []
        self.refusals: list[tuple[str, str]] = []
        self.attentions = self.recordings = SimpleNamespace(get=self.row)
        self.restricted = self.on_hold = False
        self.requests = SimpleNamespace(of=self.requests_of)
        self.personal = SimpleNamespace(held=self.held)

    async def row(self, _: str) -> Any:  # noqa: ANN401 - as much of a recording, or of its attention, as is read
        informer = SimpleNamespace(subject="marta", name="Marta Puig")
        attended = {"informer": informer, "is_attended_by": lambda subject: subject == informer.subject}
        return SimpleNamespace(id="a1", attention="a1", **attended)

    async def requests_of(self, _: str) -> Any:  # noqa: ANN401 - as much of a request as is read
        return [SimpleNamespace(restricts=self.restricted)]

    async def held(self, _: str) -> bool:
        return self.on_hold

    def now(self) -> datetime:
        return self.at

    async def suspicions(self, after: tuple[datetime, str] | None, most: int) -> list[Any]:
        begin = int(after[1][1:]) + 1 if after else 0
        return [SimpleNamespace(visual=f"v{number:02}", at=NOW) for number in range(begin, 60)][:most]

    async def suspicion(self, visual: str) -> Any:  # noqa: ANN401 - as much of one as is read
        if visual == "none":
            raise NotFound("no such suspicion")
        return SimpleNamespace(visual=visual, attention="a1")

    async def get(self, visual: str) -> Any:  # noqa: ANN401 - as above
        return SimpleNamespace(id=visual, stills=[SimpleNamespace(kind=KIND, id=f"{visual}-{n}") for n in (1, 2)])

    async def still(self, visual: str, still: str) -> Any:  # noqa: ANN401 - as above
        if not still.startswith(visual):
            raise NotFound("the still of another")
        return SimpleNamespace(id=still)

    async def accepted_of(self, attention: str) -> Any:  # noqa: ANN401 - as above
        found = await self.get("v03")
        found.attention, found.informer = attention, "marta"
        return found

    async def play(self, person: Person, recording: str) -> None:
        if recording == "not-played":
            raise AccessDenied("no_purpose")

    async def carry_out(self, acting: Acting, step: Step) -> None:
        told = await step(self, self.at)  # type: ignore[arg-type]  # as much of a transaction as is used
        self.told += told
        self.acted += [(acting.actor, acting.subject)] if told else []

    async def read(self, _: Acting, question: Any) -> Any:  # noqa: ANN401 - as `Work.read`
        return await question(self, self.at)

    async def enter(self, *_: object) -> None:
        pass

    async def refused(self, _: Person, recording: str, reason: str) -> None:
        self.refusals.append((recording, reason))

    async def turned_away(self, _: object, action: Action, __: str, reason: str) -> None:
        self.turned.append((action, reason))

    async def open(self, _: str, still: Any) -> bytes:  # noqa: ANN401 - as `still`
        if still.id == "v00-1":
            raise MediaTampered("changed")
        return b"picture"

    async def of(self, organisation: str, use: str, text: str) -> str:
        return f"{organisation}/{use}/{text}"


@pytest.fixture
def kept() -> Any:  # noqa: ANN401 - it stands for four ports
    return Kept()


@pytest.fixture
def suspicions(kept: Any) -> Suspicions:  # noqa: ANN401 - as above
    return Suspicions(kept, kept, vault=kept, pseudonyms=kept)


async def test_the_list_comes_by_pages(suspicions: Suspicions, kept: Kept) -> None:
    first = await suspicions.listed(NURIA)
    assert [line.visual for line in first.lines] == [f"v{number:02}" for number in range(PAGE)]
    second = await suspicions.listed(NURIA, first.after)
    assert [line.visual for line in second.lines] == [f"v{number:02}" for number in range(PAGE, 2 * PAGE)]
    last = await suspicions.listed(NURIA, second.after)
    assert (len(last.lines), last.after) == (10, None)
    assert not kept.told


async def test_one_is_opened_for_a_purpose_and_a_case_that_are_in_the_journal(
    suspicions: Suspicions, kept: Kept
) -> None:
    leave = await suspicions.open(NURIA, "v00", WHY, case="EXP-2026/44")
    until = (NOW + GRANT_LASTS).replace(microsecond=0)
    assert kept.told == [SuspicionOpened("v00", "nuria", NURIA.position, WHY, "EXP-2026/44", until.isoformat())]
    _, stills = await suspicions.read(NURIA, "v00", leave)
    assert [(still.id, still.whole) for still in stills] == [("v00-1", False), ("v00-2", True)]
    assert await suspicions.picture(NURIA, ("v00", "v00-2"), leave) == b"picture"
    kept.at = until
    with pytest.raises(AccessDenied):
        await suspicions.read(NURIA, "v00", leave)


@pytest.mark.parametrize(
    ("purpose", "case", "code"),
    [("curt", "EXP-1", "purpose_too_short"), (WHY, " ", "case_missing"), (WHY, "sense", "case_unclear")],
)
async def test_without_a_purpose_or_a_case_nothing_opens(
    suspicions: Suspicions, kept: Kept, purpose: str, case: str, code: str
) -> None:
    with pytest.raises(StepRefused, match=r".") as refused:
        await suspicions.open(NURIA, "v01", purpose, case=case)
    assert (refused.value.code, kept.told) == (code, [])


async def test_who_raised_it_does_not_open_it(suspicions: Suspicions, kept: Kept) -> None:
    with pytest.raises(StepRefused, match=r".") as refused:
        await suspicions.open(person("marta", Role.AUDITOR, Role.INFORMER), "v01", WHY, case="EXP-1")
    assert (refused.value.code, kept.told) == ("own_work", [])


async def test_what_is_restricted_is_not_opened_but_under_a_hold(suspicions: Suspicions, kept: Kept) -> None:
    kept.restricted = True
    with pytest.raises(StepRefused, match=r".") as refused:
        await suspicions.open(NURIA, "v01", WHY, case="EXP-1")
    assert (refused.value.code, kept.told) == ("restricted", [])
    kept.on_hold = True
    assert await suspicions.open(NURIA, "v01", WHY, case="EXP-1")


async def test_a_leave_from_before_a_restriction_is_worth_nothing_while_it_lasts(
    suspicions: Suspicions, kept: Kept
) -> None:
    leave = await suspicions.open(NURIA, "v01", WHY, case="EXP-1")
    kept.restricted = True
    for reading in (suspicions.read(NURIA, "v01", leave), suspicions.picture(NURIA, ("v01", "v01-2"), leave)):
        with pytest.raises(AccessDenied, match="restricted"):
            await reading
    assert kept.turned == [(Action.READ_SUSPICIONS, "restricted")] * 2
    kept.restricted = False
    assert await suspicions.picture(NURIA, ("v01", "v01-2"), leave) == b"picture"


async def test_what_is_not_there_is_not_opened(suspicions: Suspicions, kept: Kept) -> None:
    with pytest.raises(NotFound):
        await suspicions.open(NURIA, "none", WHY, case="EXP-1")
    assert not kept.told


async def test_a_leave_is_for_one_person_and_one_suspicion(suspicions: Suspicions, kept: Kept) -> None:
    leave = await suspicions.open(NURIA, "v01", WHY, case="EXP-1")
    later = f"{int((NOW + timedelta(days=9)).timestamp())}.{leave.partition('.')[2]}"
    for who, visual, shown in [
        (ORIOL, "v01", leave),
        (NURIA, "v02", leave),
        (NURIA, "v01", later),
        (NURIA, "v01", ""),
        (NURIA, "v01", "²."),
        (NURIA, "v01", "9" * 40),
    ]:
        with pytest.raises(AccessDenied, match="no_purpose"):
            await suspicions.picture(who, (visual, f"{visual}-2"), shown)
    assert kept.turned == [(Action.READ_SUSPICIONS, "no_purpose")] * 6
    with pytest.raises(NotFound):
        await suspicions.picture(NURIA, ("v01", "v02-2"), leave)


async def test_the_journal_has_that_an_identification_was_seen_before_it_is(suspicions: Suspicions, kept: Kept) -> None:
    seen = await suspicions.of_recording(NURIA, "r1")
    assert kept.told == [IdentificationSeen("a1", "r1", "v03")]
    assert kept.acted == [("auditor:nuria", "nuria")]
    assert (seen.informer, [still.id for still in seen.stills]) == ("Marta Puig", ["v03-1", "v03-2"])
    assert await suspicions.picture_of_recording(NURIA, "r1", "v03-2", seen.leave) == b"picture"
    assert len(kept.told) == 1, "its pictures are seen with it"


async def test_who_may_not_play_the_recording_sees_no_identification_and_leaves_no_fact(
    suspicions: Suspicions, kept: Kept
) -> None:
    with pytest.raises(AccessDenied):
        await suspicions.of_recording(NURIA, "not-played")
    assert kept.told == []


async def test_a_still_of_a_recording_opens_only_with_the_leave_of_its_page(suspicions: Suspicions, kept: Kept) -> None:
    leave = (await suspicions.of_recording(NURIA, "r1")).leave
    of_a_suspicion = await suspicions.open(NURIA, "r1", WHY, case="EXP-1")
    for who, recording, shown in [(ORIOL, "r1", leave), (NURIA, "r2", leave), (NURIA, "r1", of_a_suspicion)]:
        with pytest.raises(AccessDenied, match="no_purpose"):
            await suspicions.picture_of_recording(who, recording, "v03-2", shown)
    assert kept.refusals == [("r1", "no_purpose"), ("r2", "no_purpose"), ("r1", "no_purpose")]
    kept.at = NOW + GRANT_LASTS
    with pytest.raises(AccessDenied):
        await suspicions.picture_of_recording(NURIA, "r1", "v03-2", leave)
