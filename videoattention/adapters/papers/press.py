"""The press: a process of its own that prints papers (`printing`), so that a call's sound never waits for a page.

WeasyPrint takes a processor for half a second per page and as long again to be loaded, and holds Python's lock while it
does; beside the service's event loop and its media worker that cost a recorded call pictures. The press is started with
the first paper, prints one at a time at a lower priority, is given no key and no address of the service, and ends
with its standard input: it never outlives the service.
"""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST: Final = 60.0
"""Seconds that a paper may take, on a machine that is busy with calls."""

LENGTH: Final = struct.Struct(">?I")
"""Before each paper: whether it was printed, and how many bytes follow. Before each page: True, and how many."""

KEPT: Final = frozenset(
    {"FONTCONFIG_FILE", "FONTCONFIG_PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ", "VIRTUAL_ENV"}
)
"""What the press needs of the service's environment; besides, what is Python's or of the language."""


class PaperNotPrinted(Exception):
    """The press could not print a page; the next one gets a new press."""


class Press:
    """Prints pages with one style sheet."""

    def __init__(self, style: Path, *, longest: float = LONGEST) -> None:
        self._style = style
        self._longest = longest
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process that prints now."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def print(self, page: str) -> bytes:
        """The PDF of a whole HTML page; raises `PaperNotPrinted`."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._longest):
                    printed, data = await self._asked(page.encode())
            except (OSError, EOFError, TimeoutError) as error:
                await self._end()
                raise PaperNotPrinted(f"the press failed: {type(error).__name__}") from error
            except BaseException:
                # the answer to this page must never be taken for that to the next
                await self._end()
                raise
        if not printed:
            raise PaperNotPrinted(f"the page cannot be printed: {data.decode()}")
        return data

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()

    async def _asked(self, page: bytes) -> tuple[bool, bytes]:
        process = await self._running()
        pages, papers = process.stdin, process.stdout
        if pages is None or papers is None:
            raise EOFError("the press has no way in or out")
        pages.write(LENGTH.pack(True, len(page)) + page)
        await pages.drain()
        printed, length = LENGTH.unpack(await papers.readexactly(LENGTH.size))
        return printed, await papers.readexactly(length)

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "videoattention.adapters.papers.printing", str(self._style)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=_kept(os.environ),
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _kept(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name in KEPT or name.startswith(("LC_", "PYTHON"))}
