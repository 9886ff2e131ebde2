"""Once a second everything is made durable, however long that takes each time."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

from videoattention.adapters.media.keeping import Keeping
from videoattention.adapters.media.part import Moment
from videoattention.services.media import RecordedUntil, Report

TAKES = 0.3
"""Seconds of one commit on this disk."""


class SlowVault:
    """Notes when each commit began."""

    def __init__(self) -> None:
        self.began: list[float] = []

    async def make_durable(self) -> None:
        self.began.append(time.monotonic())
        await asyncio.sleep(TAKES)


def recorded_call() -> Any:  # noqa: ANN401 - as much of a call as is asked for
    order = SimpleNamespace(call="call", recording="rec", part=1)
    part = SimpleNamespace(order=order, fault=None, cut=lambda at: at.wall)
    return SimpleNamespace(part=part)


async def test_what_a_commit_takes_does_not_delay_the_next() -> None:
    vault, told = SlowVault(), list[Report]()
    four = asyncio.Event()

    def tell(report: Report) -> None:
        told.append(report)
        if len(told) == 4:
            four.set()

    keeping = Keeping(
        cast("Any", vault),
        calls={"call": recorded_call()},
        tell=tell,
        moment=lambda: Moment(time.monotonic(), time.time()),
    )
    committing = asyncio.create_task(keeping.commit())
    await asyncio.wait_for(four.wait(), 60)
    committing.cancel()
    with suppress(asyncio.CancelledError):
        await committing
    assert {type(report) for report in told} == {RecordedUntil}
    between = [after - before for before, after in zip(vault.began, vault.began[1:], strict=False)]
    # late once, the next one is sooner; were the pause counted from the end, none could be less than 1.3 s
    assert min(between) < 1.0 + TAKES / 2
