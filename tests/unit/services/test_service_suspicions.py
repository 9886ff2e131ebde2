"""Suspicions of fraud: what an auditor is shown of many, and of one whose pictures are damaged."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests.unit.services.town import person
from videoattention.domain.facts import SuspicionsRead
from videoattention.domain.people import Role
from videoattention.services.suspicions import MOST, Suspicions
from videoattention.services.vault import MediaTampered

if TYPE_CHECKING:
    from videoattention.domain.facts import Fact
    from videoattention.services.work import Acting, Step

KIND = SimpleNamespace(value="front")


class Kept:
    """Eighty suspicions with two stills each, and a vault that cannot open one of them."""

    def __init__(self) -> None:
        self.visuals, self.looked = self, 0
        self.told: list[Fact] = []

    async def suspicions(self) -> list[Any]:
        return [SimpleNamespace(visual=f"v{number}") for number in range(80)]

    async def get(self, visual: str) -> Any:  # noqa: ANN401 - as much of one as is read
        self.looked += 1
        return SimpleNamespace(id=visual, stills=[SimpleNamespace(kind=KIND, id=f"{visual}-{n}") for n in (1, 2)])

    async def still(self, _: str, still: str) -> Any:  # noqa: ANN401 - as much of one as is read
        return SimpleNamespace(id=still)

    async def carry_out(self, _: Acting, step: Step) -> None:
        before = self.looked
        self.told += await step(self, None)  # type: ignore[arg-type]  # as much of a transaction as is used
        assert self.looked - before <= 1, "one transaction reads the stills of one suspicion"

    async def enter(self, *_: object) -> None:
        pass

    async def open(self, _: str, still: Any) -> bytes:  # noqa: ANN401 - as `still`
        if still.id == "v0-1":
            raise MediaTampered("changed")
        return b"picture"


async def test_the_newest_are_shown_and_a_damaged_picture_hides_no_other() -> None:
    kept: Any = Kept()
    shown = await Suspicions(kept, kept, kept).read(person("nuria", Role.AUDITOR), "Revisió trimestral")
    assert [one.suspicion.visual for one in shown] == [f"v{number}" for number in range(MOST)]
    assert [still.picture for still in shown[0].stills] == [b"", b"picture"]
    assert kept.told == [SuspicionsRead("nuria", "Revisió trimestral")]
