"""Programs of npm's that speak OpenID Connect, started as a test needs them."""

from __future__ import annotations

import asyncio
import json
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / "node_modules"


def version_of(counterpart: str) -> str:
    """The version that is installed."""
    told: str = json.loads((MODULES / counterpart / "package.json").read_text())["version"]
    return told


def node() -> str:
    """Where Node is."""
    found = shutil.which("node")
    assert found, "Node 20 or newer is needed"
    return found


@asynccontextmanager
async def certified_provider(**said: object) -> AsyncIterator[str]:
    """npm's `oidc-provider`; yields its issuer."""
    process = await asyncio.create_subprocess_exec(
        node(),
        "provider.mjs",
        json.dumps(said),
        cwd=HERE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
    finally:
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 10)


async def certified_client(said: Mapping[str, object]) -> tuple[int, str, str]:
    """npm's `openid-client` signs in and out; its status, what it learnt and what it said of faults."""
    process = await asyncio.create_subprocess_exec(
        node(),
        "client.mjs",
        json.dumps(said),
        cwd=HERE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, faults = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, told.decode(), faults.decode()
