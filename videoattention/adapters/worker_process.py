"""A media worker of this machine: a child process that is started, watched and started again.

The child ends when its standard input ends, so it never outlives the service that started it. It is given what it needs
and nothing else: the keys of the recordings and the address of the database stay with the service.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

_log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before a worker that ended is started again; doubled while it keeps ending at once."""

LIVED = 10.0
"""Seconds after which a worker counts as having lived."""

KEPT = frozenset(
    {"HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ", "VIRTUAL_ENV"}
)
"""What a program needs of the environment of the one that starts it; besides, what is Python's or of the language."""

KEPT_PREFIXES = ("LC_", "PYTHON")

GOODBYE = 5.0
"""Seconds that a worker has to close its files."""


class LocalWorker:
    """Keeps one worker running, with these settings and no other; ``pause`` lets so many seconds pass."""

    def __init__(
        self, settings: Mapping[str, str], *, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._pause = pause
        self._environment = {**_kept(os.environ), **settings}
        self._process: asyncio.subprocess.Process | None = None
        self._retired = False

    @property
    def pid(self) -> int | None:
        """The process that runs now."""
        return self._process.pid if self._process and self._process.returncode is None else None

    def retire(self) -> None:
        """When it ends it is not started again: it takes its leave, and another one has its place."""
        self._retired = True

    async def run(self) -> None:
        """Start it, and start it again whenever it ends or cannot be started, until retired.

        When this is cancelled it must end within `GOODBYE`.
        """
        seconds = FIRST_PAUSE
        try:
            while True:
                started = asyncio.get_running_loop().time()
                await self._live()
                if self._retired:
                    return
                lived = asyncio.get_running_loop().time() - started > LIVED
                seconds = FIRST_PAUSE if lived else min(seconds * 2, LONGEST_PAUSE)
                await self._pause(seconds)
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
        if self._retired and code == 0:
            _log.info("worker_retired", pid=self._process.pid)
        else:
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


def _kept(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: said for name, said in environment.items() if name in KEPT or name.startswith(KEPT_PREFIXES)}
