"""npm's SMPP server as a process of its own, and what it was handed."""

from __future__ import annotations

import asyncio
import json
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from videoattention.adapters.notifications.smpp import SmppAccount

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[3]
ACCOUNT = ("videoattention", "secret-1")


@dataclass(slots=True)
class Smsc:
    """A running message service."""

    process: asyncio.subprocess.Process
    port: int

    def account(self, password: str = ACCOUNT[1], source: str = "OficinaVid") -> SmppAccount:
        """Who we are there."""
        return SmppAccount("127.0.0.1", self.port, ACCOUNT[0], password, source)

    async def heard(self, name: str) -> dict[str, Any]:
        """The next thing of this name that it tells."""
        while True:
            told = await said(self.process)
            if name in told:
                return told


async def said(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """One line of it."""
    assert process.stdout
    line = await asyncio.wait_for(process.stdout.readline(), 20)
    assert line, "the message service ended"
    told: dict[str, Any] = json.loads(line)
    return told


@asynccontextmanager
async def running_smsc() -> AsyncIterator[Smsc]:
    """It ends with its standard input."""
    if shutil.which("node") is None or not (ROOT / "node_modules" / "smpp").is_dir():
        pytest.skip("node and its modules are not installed: npm ci --ignore-scripts")
    process = await asyncio.create_subprocess_exec(
        "node",
        str(HERE / "smsc.cjs"),
        *ACCOUNT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        yield Smsc(process, (await said(process))["port"])
    finally:
        assert process.stdin
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 20)
