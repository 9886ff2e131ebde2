"""Comparing a recording with its seal while somebody waits: how far it is, what came of it, who asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.unit.services.test_service_reviewing import NURIA, THEIRS_TOO, sealed
from tests.unit.services.town import OURS, THEIRS, person
from videoattention.adapters.db.evidence import DatabaseEvidence
from videoattention.domain.facts import SealChecked
from videoattention.services.archive import AccessDenied
from videoattention.services.checking import Checking
from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.unit.services.town import Town
    from videoattention.services.proof import KeptRecording


@dataclass
class Verifier:
    """Reads a file, and goes on when it is told to."""

    faults: Sequence[str] = ()
    failure: Exception | None = None
    reading: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def verify(self, kept: KeptRecording, progress: Callable[[str], None]) -> Sequence[str]:
        assert kept.recording.organisation == OURS
        progress("part 1, citizen-video")
        self.reading.set()
        await self.go_on.wait()
        if self.failure:
            raise self.failure
        return self.faults


async def check(town: Town, verifier: Verifier) -> tuple[Checking, str]:
    recording = await sealed(town)
    checking = Checking(town.work, town.archive, evidence=DatabaseEvidence(town.database), verifier=verifier)  # type: ignore[arg-type]  # its double
    return checking, recording


@pytest.mark.parametrize(
    ("verifier", "stage", "told"),
    [
        (Verifier, "holds", [0]),
        (lambda: Verifier(("it has no seal", "a file is missing")), "wrong", [2]),
        (lambda: Verifier(failure=OSError("gone")), "failed", []),
    ],
    ids=["holds", "wrong", "failed"],
)
async def test_it_is_told_how_far_it_is_and_what_came_of_it(
    town: Town, verifier: Callable[[], Verifier], stage: str, told: list[int]
) -> None:
    reads = verifier()
    checking, recording = await check(town, reads)
    assert checking.seen(OURS, recording) is None
    running = asyncio.create_task(checking.run())
    await checking.ask(NURIA, recording)
    await reads.reading.wait()
    going = checking.seen(OURS, recording)
    assert going
    assert (going.stage, going.read, going.files) == ("reading", 1, 1)
    await checking.ask(NURIA, recording)  # it is going on already
    reads.go_on.set()
    await checking.settled()
    ended = checking.seen(OURS, recording)
    assert ended
    assert (ended.stage, ended.faults, ended.at) == (stage, tuple(reads.faults), town.clock.now())
    assert [fact.faults for fact in town.facts(SealChecked)] == told
    assert checking.seen(THEIRS, recording) is None
    running.cancel()


async def test_another_role_and_another_organisation_check_nothing(town: Town) -> None:
    checking, recording = await check(town, Verifier())
    with pytest.raises(AccessDenied):
        await checking.ask(person("marta"), recording)
    with pytest.raises(NotFound):
        await checking.ask(THEIRS_TOO, recording)
    with pytest.raises(NotFound):
        await checking.ask(NURIA, "nothing")
    assert checking.seen(OURS, recording) is None
