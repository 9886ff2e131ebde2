"""What must be kept: holds on recordings, placed and released by people who say why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from videoattention.domain.errors import StepRefused
from videoattention.domain.holding import Hold, place, reason_said, release
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Work


class Holds(Protocol):
    """The holds of one organisation's recordings, inside a transaction."""

    async def of(self, recording: str) -> Sequence[Hold]:
        """Every hold that a recording ever had, in the order in which they were placed."""

    async def get(self, hold: str) -> Hold | None:
        """One hold."""

    async def add(self, hold: Hold) -> None:
        """Keep a new one."""

    async def save(self, hold: Hold) -> None:
        """Keep that it was released; raises `Stale` if it was already."""


def operator(organisation: str, by: str) -> Acting:
    """Somebody at the service's terminal; ``by`` is how the organisation knows them."""
    return Acting(organisation, f"operator:{by}", by)


class Keeping:
    """Use cases of holds."""

    def __init__(self, work: Work, new_id: Callable[[], str]) -> None:
        self._work = work
        self._new_id = new_id

    async def hold(self, organisation: str, recording: str, *, reason: str, by: str) -> str:
        """Put a recording on hold, beside other holds; returns the hold's id.

        Raises `NotFound`, or `StepRefused` (``reason_too_short``, ``already_erased``).
        """
        said, name = reason_said(reason), self._new_id()

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            hold = Hold(name, recording, said, by, placed_at=now)
            facts = place(hold, await transaction.recordings.get(recording))
            await transaction.holds.add(hold)
            return facts

        await self._work.carry_out(operator(organisation, by), action)
        return name

    async def release(self, organisation: str, named: str, *, reason: str, by: str) -> int:
        """Release a hold, or every hold of a recording, by its id; returns how many were released.

        Raises `NotFound`, or `StepRefused` (``reason_too_short``, ``not_on_hold``).
        """
        said, released = reason_said(reason), 0

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            nonlocal released
            await transaction.alone()
            facts: list[Fact] = []
            holds = await _meant(transaction, named)
            for hold in holds:
                ended, told = release(hold, await transaction.recordings.get(hold.recording), at=now, reason=said)
                await transaction.holds.save(ended)
                facts += told
            released = len(holds)
            return facts

        await self._work.carry_out(operator(organisation, by), action)
        return released


async def _meant(transaction: Transaction, named: str) -> Sequence[Hold]:
    hold = await transaction.holds.get(named)
    if hold is not None:
        return (hold,)
    recording = await transaction.recordings.get(named)
    holds = [hold for hold in await transaction.holds.of(recording.id) if hold.in_force]
    if not holds:
        raise StepRefused("not_on_hold", f"recording {named} has no hold in force")
    return holds
