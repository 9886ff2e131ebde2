"""The media worker of this machine: a child process that is started, watched and started again.

The child ends when its standard input ends, so it never outlives the service that started it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before a worker that ended is started again; doubled while it keeps ending at once."""

LIVED = 10.0
"""Seconds after which a worker counts as having lived."""

GOODBYE = 5.0
"""Seconds that a worker has to close its files."""


class LocalWorker:
    """Keeps one worker running."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **settings}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process that runs now."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def run(self) -> None:
        """Start it, and start it again whenever it ends or cannot be started, until cancelled; then it must end."""
        pause = FIRST_PAUSE
        try:
            while True:
                started = asyncio.get_running_loop().time()
                await self._live()
                lived = asyncio.get_running_loop().time() - started > LIVED
                pause = FIRST_PAUSE if lived else min(pause * 2, LONGEST_PAUSE)
                await asyncio.sleep(pause)
        finally:
            await self._end()

    async def _live(self) -> None:
        """From its start to its end; the service goes on without a worker when the machine has no room for one."""
        command = (sys.executable, "-m", "videoattention", "media")
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, env=self._environment
            )
        except OSError as error:
            _log.error("worker_not_started", error=type(error).__name__)
            return
        code = await self._process.wait()
        _log.warning("worker_ended", code=code)

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), GOODBYE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
