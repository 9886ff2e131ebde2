"""A command that comes again after it was carried out, asked about before the rules look at what it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Acting, Work


class _New(Exception):
    """Leaves the transaction, so that the command is not remembered by the question alone."""


async def was_done(work: Work, acting: Acting) -> bool:
    """Whether this command was committed; raises `StepRefused` when something else was under its id."""

    async def action(_: Transaction, __: datetime) -> Sequence[Fact]:
        raise _New

    try:
        await work.carry_out(acting, action)
    except _New:
        return False
    return True
