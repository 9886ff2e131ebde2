"""The service as a person starts it: its own processes, free ports, new folders; stopped or killed by the test."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import aiohttp

if TYPE_CHECKING:
    from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN = 120.0
PATIENCE = 0.05


def _is_worker(process: str) -> bool:
    command = Path(f"/proc/{process}/cmdline")
    return command.exists() and command.read_bytes().endswith(b"\0videoattention\0media\0")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class RunningService:
    """`serve` in its own process. ``folder`` is new and keeps data, recordings and the log."""

    folder: Path
    database_url: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """What browsers open."""
        return f"http://localhost:{self.port}"

    @property
    def recordings(self) -> Path:
        """Where the vault is."""
        return self.folder / "recordings"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this service, for it and for commands that speak of it."""
        said = {
            "PORT": str(self.port),
            "VIDEOATTENTION_MEDIA_WORKERS": "1",
            "VIDEOATTENTION_DATA": str(self.folder / "data"),
            "VIDEOATTENTION_RECORDINGS": str(self.recordings),
            "PYTHONPATH": str(ROOT),
            **self.extra,
        }
        if self.database_url:
            said["VIDEOATTENTION_DATABASE_URL"] = self.database_url
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VIDEOATTENTION_")}
        return kept | said

    @property
    def log(self) -> str:
        """What the service wrote until now."""
        return (self.folder / "service.log").read_text()

    async def start(self) -> Self:
        """Start it and wait until it can carry calls."""
        with (self.folder / "service.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "videoattention",
                "serve",
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        try:
            await asyncio.wait_for(self.ready(), START_WITHIN)
        except TimeoutError:
            raise AssertionError(f"the service did not become ready:\n{self.log}") from None
        return self

    async def ready(self) -> None:
        """Wait until a media worker is connected; fails at once if the process ended."""
        async with aiohttp.ClientSession() as http:
            while True:
                assert self.process is not None
                assert self.process.returncode is None, f"the service ended:\n{self.log}"
                try:
                    async with http.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(PATIENCE)

    async def health(self) -> dict[str, Any]:
        """What the service says of itself."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.url}/healthz") as answer:
            told: dict[str, Any] = await answer.json()
            return told

    def worker_pids(self) -> list[int]:
        """The processes of the media workers, oldest first; the service has another child, which prints papers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children if _is_worker(child)]

    def worker_pid(self) -> int:
        """The process of the only media worker."""
        (only,) = self.worker_pids()
        return only

    async def kill(self) -> None:
        """`kill -9`, and nothing is tidied."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """Ask it to end, and wait until it has."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 20)

    async def command(self, *words: str) -> tuple[int, str]:
        """Run one of the program's commands against the same data; returns its status and what it said."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "videoattention",
            *words,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=self.folder,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None and self.process.returncode is None:
            await self.stop()
