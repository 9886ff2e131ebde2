"""`kill -9` of the web process while people give commands: what it acknowledged must be there afterwards."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Final

import aiohttp

from benchmarks.crash.calls import RecordedCall
from benchmarks.crash.workers import INFORMERS
from benchmarks.media.pacer import Pacer
from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.sockets import Socket
from tests.integration.edges.talking import command, talking

if TYPE_CHECKING:
    import random

    from benchmarks.crash.workers import Killing
    from tests.integration.edges.talking import Talk
    from tests.story.running import RunningService

DELAY = 0.2, 1.5
PAUSE = 0.05
"""Seconds between two commands of one page, which is less than it is allowed."""

UNREACHABLE: Final = (AssertionError, TimeoutError, OSError, aiohttp.ClientError)
"""What a caller of a service that was killed meets."""


class KillingTheService:
    """Kills the web process, starts it again, and looks for what it had acknowledged."""

    def __init__(self, service: RunningService, media: Killing, chance: random.Random) -> None:
        self.kills = self.acknowledged = self.lost = 0
        self._service = service
        self._media = media
        self._chance = chance
        self._acknowledged: set[str] = set()
        self._turns: set[str] = set()

    async def kill(self, times: int) -> None:
        """Over one recorded call, one informative call whose informer never rests, and people who take turns."""
        if not times:
            return
        pacer = Pacer()
        (recorder, recorded_at), (restless, at) = INFORMERS
        async with AsyncExitStack() as stack:
            talk = await stack.enter_async_context(talking(self._service, informer=recorder, office=recorded_at))
            call = RecordedCall(talk, self._service, self._media.clip, pacer)
            await call.connect()
            stack.push_async_callback(call.disconnect)
            await talk.raise_to_attended()
            recording = call.recording
            other = await stack.enter_async_context(talking(self._service, informer=restless, office=at))
            for _ in range(times):
                await self._kill_once(call, other)
        # the lines that were made anew are no longer those that the calls began with, and are what the calls ended by
        for line in (talk.citizen_page, other.desk):
            await line.__aexit__()
        await self._media.look_at({recording: times})

    async def _kill_once(self, call: RecordedCall, other: Talk) -> None:
        await call.is_recorded()
        last = self._last_part(call.recording)
        busy = [asyncio.create_task(each) for each in (self._propose(other), self._wait_in_line())]
        await asyncio.sleep(self._chance.uniform(*DELAY))
        before = self._calls()
        await self._service.kill()
        self.kills += 1
        await asyncio.gather(*busy)
        await self._service.start()
        await self._look(before)
        await call.come_back()
        await other.desk.__aexit__()
        other.desk = await Socket(self._service.url, "/desk", other.informer.identity).__aenter__()
        await call.is_recorded(after=last)
        print(f"the service was killed {self.kills} times", file=sys.stderr)

    async def _propose(self, talk: Talk) -> None:
        """An informer proposes and takes back, until the line is dead."""
        with suppress(*UNREACHABLE):
            while True:
                for name, more in (("propose_level", {"level": "attended"}), ("drop_proposal", {})):
                    await self._give(talk, name, **more)

    async def _give(self, talk: Talk, name: str, **more: object) -> None:
        given = command(attention=talk.attention, **more)
        answer = await talk.desk.ask(name, given)
        # before the first kill that left a proposal standing, and after it, one of the two is refused
        if answer == {"ok": True}:
            self._acknowledged.add(str(given["id"]))
        await asyncio.sleep(PAUSE)

    async def _wait_in_line(self) -> None:
        """People come, one after the other, until nobody answers."""
        with suppress(*UNREACHABLE):
            while True:
                async with Caller(self._service.url) as citizen:
                    self._turns.add(await citizen.take_turn())

    async def _look(self, before: dict[str, str]) -> None:
        """Compare with what was acknowledged, and let the product verify its journal."""
        missing = self._acknowledged - self._column("SELECT id FROM commands")
        turns = self._turns - self._column("SELECT id FROM attentions WHERE stage = 'waiting'")
        changed = {call for call, told in before.items() if self._calls().get(call) != told}
        self.acknowledged += len(self._acknowledged) + len(self._turns)
        lost = missing | turns | changed
        if lost:
            self.lost += len(lost)
            self._media.losses.fault(f"acknowledged and lost: {lost}")
        status, said = await self._service.command("journal", "verify")
        if status:
            self.lost += 1
            self._media.losses.fault(said)
        self._acknowledged.clear()
        self._turns.clear()

    def _calls(self) -> dict[str, str]:
        """Every call that goes on, with who is in it and at which level."""
        query = "SELECT id, level || ' ' || informer FROM attentions WHERE stage = 'talking'"
        return {str(call): str(told) for call, told in ledger.rows(self._service, query)}

    def _column(self, query: str) -> set[str]:
        return {row[0] for row in ledger.rows(self._service, query)}

    def _last_part(self, recording: str) -> int:
        query = "SELECT json_extract(parts, '$[#-1].number') FROM recordings WHERE id = ?"
        return int(ledger.value(self._service, query, recording) or 0)
