"""A finger on the service's pulse: how long it takes to say that it lives, compared with a server that does nothing.

The machine of the tests is shared, so a delay alone proves little. Beside each probe of the service goes one of an idle
server in a process of its own: what delays both is the machine. A held event loop is held every time, so the best of a
few stretches decides.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self

from aiohttp import ClientSession

from tests.story.running import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.story.running import RunningService

EVERY = 0.02
MOST = 0.1
"""Seconds that a probe may take longer than one of the idle server."""

_IDLE = """
import asyncio, sys
from aiohttp import web
from videoattention.adapters.media.lag import LoopLag

async def main():
    lag = LoopLag()
    async def answer(_):
        return web.json_response({"lag_p99_ms": lag.p99_ms()})
    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    measuring = asyncio.create_task(lag.measure())
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    measuring.cancel()
    await runner.cleanup()

asyncio.run(main())
"""


@asynccontextmanager
async def idle_server() -> AsyncIterator[str]:
    """A server in a process of its own that has nothing to do; where it is."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _IDLE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}/"
    finally:
        await process.communicate(b"")


class Pulse:
    """Probes both, every `EVERY` seconds, while it is entered."""

    def __init__(self, service: RunningService, idle: str) -> None:
        self._addresses = {"service": f"{service.url}/healthz", "idle": idle}
        self._worst = {"service": 0.0, "idle": 0.0}
        self._excesses: list[float] = []

    async def __aenter__(self) -> Self:
        self._http = ClientSession()
        self._before = await self.lag()
        self._probes = [asyncio.create_task(self._probe(name, url)) for name, url in self._addresses.items()]
        return self

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        for probe in self._probes:
            probe.cancel()
        told = await asyncio.gather(*self._probes, return_exceptions=True)
        try:
            await self._judge(told, failed=kind is not None)
        finally:
            await self._http.close()

    async def _judge(self, told: list[BaseException | None], *, failed: bool) -> None:
        assert all(isinstance(end, asyncio.CancelledError) for end in told), told
        if not failed:
            lag = await self.lag()
            # what the service was late by while it started is still in its minute
            assert lag["service"] <= max(self._before["service"], MOST * 1000 + lag["idle"]), (self._before, lag)
            assert self._excesses, "nothing was measured"
            assert min(self._excesses) < MOST, f"a probe took longer than usual by {min(self._excesses):.3f} s"

    async def lag(self) -> dict[str, float]:
        """What each says of the lag of its own event loop: p99 in milliseconds over the last minute."""
        told = {}
        for name, url in self._addresses.items():
            async with self._http.get(url) as answer:
                told[name] = (await answer.json())["lag_p99_ms"]
        return told

    async def calm(self) -> None:
        """End of a stretch: note by how much the worst probe of the service exceeded the worst of the idle server."""
        await asyncio.sleep(EVERY * 2)
        self._excesses.append(self._worst["service"] - self._worst["idle"])
        self._worst = {"service": 0.0, "idle": 0.0}

    async def _probe(self, name: str, url: str) -> None:
        while True:
            began = time.monotonic()
            async with self._http.get(url) as answer:
                assert answer.status == 200
                await answer.read()
            self._worst[name] = max(self._worst[name], time.monotonic() - began)
            await asyncio.sleep(EVERY)
