"""The clocks of recording: what was taken is put into its tracks, sealed, and made durable, each in its own time."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING

from videoattention.services.media import RecordedUntil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from videoattention.adapters.media.call import Call
    from videoattention.adapters.media.part import Moment, Part
    from videoattention.services.media import Report
    from videoattention.services.vault import MediaVault

_DRAIN_EVERY = 0.1
_DRAINS_PER_SEAL = 2
_COMMIT_EVERY = 1.0
_COMMIT_WITHIN = 10.0


class Keeping:
    """Runs for as long as the worker; a part that cannot be kept fails, and its call goes on."""

    def __init__(
        self,
        vault: MediaVault,
        *,
        calls: Mapping[str, Call],
        tell: Callable[[Report], None],
        moment: Callable[[], Moment],
    ) -> None:
        self._vault = vault
        self._calls = calls
        self._tell = tell
        self._moment = moment

    async def seal(self) -> None:
        """Drain every part, and seal every second time, for ever."""
        for number in count():
            await asyncio.sleep(_DRAIN_EVERY)
            for call, part in self._recorded():
                try:
                    if number % _DRAINS_PER_SEAL:
                        part.drain()
                    else:
                        part.tick(self._moment())
                except Exception as error:  # noqa: BLE001 - as the class says
                    call.fail_part(error)
                await _let_packets_pass()

    async def commit(self) -> None:
        """Make every part durable each second, counted from beginning to beginning, and say until when, for ever."""
        due = self._moment().now
        while True:
            now = self._moment().now
            due = max(due + _COMMIT_EVERY, now)
            await asyncio.sleep(due - now)
            sealed = []
            for call, part in self._recorded():
                if until := self._cut(call, part):
                    sealed.append((call, part, until))
                await _let_packets_pass()
            if not sealed:
                continue
            try:
                async with asyncio.timeout(_COMMIT_WITHIN):
                    await self._vault.make_durable()
            except Exception as error:  # noqa: BLE001 - as the class says
                self._fail([call for call, part, _ in sealed if call.part is part], error)
                continue
            for call, part, until in sealed:
                if call.part is part:
                    self._tell_or_fail(call, part, until)

    def _tell_or_fail(self, call: Call, part: Part, until: float) -> None:
        """One file that is at fault ends its own part, and no other."""
        order, fault = part.order, part.fault
        if fault is None:
            self._tell(RecordedUntil(order.call, order.recording, order.part, until))
        else:
            call.fail_part(fault)

    def _recorded(self) -> Iterator[tuple[Call, Part]]:
        """Every part that is being written when its turn comes."""
        for call in list(self._calls.values()):
            if call.part is not None:
                yield call, call.part

    def _cut(self, call: Call, part: Part) -> float:
        try:
            return part.cut(self._moment())
        except Exception as error:  # noqa: BLE001 - as the class says
            call.fail_part(error)
            return 0.0

    def _fail(self, calls: list[Call], error: Exception) -> None:
        for call in calls:
            call.fail_part(error)


async def _let_packets_pass() -> None:
    """Between two parts whatever arrived is forwarded: a hundred parts in a row would hold it up for tens of ms."""
    await asyncio.sleep(0)
