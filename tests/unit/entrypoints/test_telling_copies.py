"""A worker tells what waits in its folder: all at the beginning of each connection, then only what changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from videoattention.entrypoints import telling_copies
from videoattention.entrypoints.signalling.messages import Vocabulary, to_wire
from videoattention.entrypoints.signalling.protocol import WORKER_MESSAGES
from videoattention.entrypoints.telling_copies import AT_ONCE, TellingCopies
from videoattention.services.copies_elsewhere import CopiesTold, CopyTold

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    Seen = dict[tuple[str, str], CopyTold]


def seen(*names: str, since: float | None = 1.5, stored: bool = False) -> Seen:
    return {("ours", name): CopyTold("ours", name, since, stored) for name in names}


class Machine:
    """Its ``folder`` can be set; what is said is heard as the service would, in ``heard``."""

    def __init__(self) -> None:
        self.folder: Seen | Exception = {}
        self.looks = 0
        self.heard: list[CopiesTold] = []
        self._words = Vocabulary(WORKER_MESSAGES)

    def look(self) -> Seen:
        self.looks += 1
        if isinstance(self.folder, Exception):
            raise self.folder
        return self.folder

    async def say(self, message: CopiesTold) -> None:
        said = self._words.parse(*to_wire(message))
        assert isinstance(said, CopiesTold)
        self.heard.append(said)

    async def looked(self) -> None:
        """Wait until a look that began from now on was told."""
        goal = self.looks + 2
        async with asyncio.timeout(20):
            while self.looks < goal:  # noqa: ASYNC110 - a thread looks
                await asyncio.sleep(0.005)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(telling_copies, "EVERY", 0.01)
    return Machine()


@pytest.fixture
async def telling(machine: Machine) -> AsyncIterator[TellingCopies]:
    made = TellingCopies(machine.look, machine.say)
    made.connected()
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_everything_at_first_then_what_changed(machine: Machine, telling: TellingCopies) -> None:
    machine.folder = seen("r1", "r2")
    await machine.looked()
    assert {one for said in machine.heard for one in said.copies} == set(seen("r1", "r2").values())
    assert machine.heard[0].afresh
    machine.heard.clear()
    await machine.looked()
    assert machine.heard == []
    machine.folder = seen("r1") | seen("r2", since=None, stored=True) | seen("r3")
    await machine.looked()
    assert machine.heard == [
        CopiesTold(False, (CopyTold("ours", "r2", None, True), CopyTold("ours", "r3", 1.5, False)))
    ]
    machine.heard.clear()
    machine.folder = seen("r1")
    await machine.looked()
    (said,) = machine.heard
    assert set(said.copies) == {CopyTold("ours", name, None, stored=False) for name in ("r2", "r3")}


async def test_a_new_connection_hears_everything_again_even_nothing(machine: Machine, telling: TellingCopies) -> None:
    machine.folder = seen("r1")
    await machine.looked()
    machine.heard.clear()
    telling.connected()
    await machine.looked()
    assert machine.heard == [CopiesTold(afresh=True, copies=tuple(seen("r1").values()))]
    machine.heard.clear()
    machine.folder = {}
    await machine.looked()
    machine.heard.clear()
    telling.connected()
    await machine.looked()
    assert machine.heard == [CopiesTold(afresh=True, copies=())]


async def test_thousands_are_told_in_messages_that_are_taken(machine: Machine, telling: TellingCopies) -> None:
    names = [f"{number:064}" for number in range(5 * AT_ONCE + 1)]
    machine.folder = seen(*names, since=1800000000.123456)
    await machine.looked()
    assert [said.afresh for said in machine.heard if said.copies].count(True) <= 1
    assert sum(len(said.copies) for said in machine.heard) == len(names)
    assert max(len(said.copies) for said in machine.heard) == AT_ONCE


async def test_a_folder_that_cannot_be_looked_at_ends_nothing(machine: Machine, telling: TellingCopies) -> None:
    with capture_logs() as logs:
        machine.folder = OSError("as told")
        await machine.looked()
    assert {log["event"] for log in logs} == {"copies_not_told"}
    machine.folder = seen("r1")
    await machine.looked()
    assert [said.copies for said in machine.heard][-1] == tuple(seen("r1").values())
