"""Several media workers in processes of their own: one for each core, replaced while people talk and are recorded."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.talking import Talk, talking
from tests.story.running import PATIENCE, ROOT, RunningService, free_port
from videoattention.domain.people import Side

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import pytest

SECRET = "a-secret-of-the-workers-with-40-letters"


async def until(holds: Callable[[], object], within: float = 30.0) -> None:
    """Wait for what another process does."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - of another process
            await asyncio.sleep(PATIENCE)


async def workers_connected(service: RunningService, count: int, within: float = 30.0) -> None:
    async with asyncio.timeout(within), Caller(service.url) as caller:
        ready = f'{{"ok": true, "workers": {count}}}'
        while (await caller.get("/readyz")).text != ready:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(PATIENCE)


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def environment(pid: int) -> dict[str, str]:
    said = Path(f"/proc/{pid}/environ").read_bytes().decode().rstrip("\0").split("\0")
    return dict(line.split("=", 1) for line in said)


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[RunningService]:
    extra = {f"VIDEOATTENTION_{name}": value for name, value in settings.items()}
    async with RunningService(folder, extra=extra) as service:
        yield service


@asynccontextmanager
async def remote_worker(service: RunningService, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`videoattention media`, as on another machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VIDEOATTENTION_")}
    told = {
        "MEDIA_SERVICE": service.url,
        "MEDIA_SECRET": SECRET,
        "RECORDINGS": str(service.recordings),
        **settings,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "videoattention",
        "media",
        env={**kept, "PYTHONPATH": str(ROOT)} | {f"VIDEOATTENTION_{name}": value for name, value in told.items()},
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=service.folder,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def parts(service: RunningService, talk: Talk) -> list[tuple[str, str]]:
    """What the journal tells of the parts of the call's recording."""
    return [
        (kind, body)
        for kind, _, body in ledger.facts_since(service, 0, "gencat-demo")
        if kind in {"RecordingStarted", "RecordingInterrupted", "RecordingResumed", "RecordingSealed"}
    ]


async def sealed(service: RunningService, talk: Talk) -> str:
    query = "SELECT id FROM recordings WHERE attention = ? AND stage = 'sealed'"
    await until(lambda: ledger.value(service, query, talk.attention))
    return str(ledger.value(service, query, talk.attention))


async def test_a_worker_is_given_what_it_needs_and_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-something-else")
    key = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
    database = f"sqlite+aiosqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    port = free_port() & ~7
    settings = {"MASTER_KEY": key, "DATABASE_URL": database, "MEDIA_WORKERS": "2", "MEDIA_PORT": str(port)}
    async with serving(tmp_path, **settings) as service:
        await workers_connected(service, 2)
        pids = service.worker_pids()
        assert len(pids) == 2
        told = [environment(pid) for pid in pids]
        for one in told:
            ours = {name for name in one if name.startswith("VIDEOATTENTION_")}
            assert {name for name in ours if not name.startswith("VIDEOATTENTION_MEDIA_")} == {
                "VIDEOATTENTION_RECORDINGS"
            }
            assert not {name for name in one if "KEY" in name or "DATABASE" in name}
            assert key not in one.values()
        assert {one["VIDEOATTENTION_MEDIA_PORT"] for one in told} == {str(port), str(port + 1)}
        assert {one["VIDEOATTENTION_MEDIA_NAME"] for one in told} == {"local-1", "local-2"}


async def test_every_worker_is_replaced_while_a_recorded_call_goes_on(tmp_path: Path) -> None:
    async with serving(tmp_path, MEDIA_WORKERS="1") as service:
        async with talking(service) as talk:
            await talk.connect()
            await talk.raise_to_attended()
            epochs = {side: peer.epoch for side, peer in talk.peers.items()}
            old = service.worker_pid()
            assert service.process is not None
            service.process.send_signal(signal.SIGHUP)
            await until(lambda: '"event": "worker_replaced"' in service.log)
            assert lives(old)
            assert len(service.worker_pids()) == 2
            await talk.hear(20)
            async with talking(service, informer="staff-joan") as another:  # goes to the new worker
                await another.connect()
                await another.hear(5)
                assert lives(old)
                await talk.hear(5)
                assert {side: peer.epoch for side, peer in talk.peers.items()} == epochs
                assert not [name for name, _ in talk.citizen_page.pushes if name == "media_lost"]
                await talk.end()
                await until(lambda: not lives(old))
                await another.hear(5)  # nobody else noticed
                await another.end()
        await sealed(service, talk)
        assert [kind for kind, _ in parts(service, talk)] == ["RecordingStarted", "RecordingSealed"]
        assert '"event": "worker_retired"' in service.log  # its exit status was 0
        await workers_connected(service, 1)


async def test_at_the_deadline_a_recorded_call_moves_to_another_worker(tmp_path: Path) -> None:
    async with serving(tmp_path, MEDIA_WORKERS="1", MEDIA_DRAIN="1") as service:
        async with talking(service) as talk:
            await talk.connect()
            await talk.raise_to_attended()
            await talk.hear(20)
            old = service.worker_pid()
            assert service.process is not None
            service.process.send_signal(signal.SIGHUP)
            await talk.citizen_page.pushed("media_lost")
            await talk.desk.pushed("media_lost")
            began = asyncio.get_running_loop().time()
            for peer in talk.peers.values():
                await peer.close()
            for side, page in talk.pages.items():
                page.pushes[:] = [push for push in page.pushes if push[0] not in {"negotiate", "media_described"}]
                assert side in Side
            await talk.connect()
            moved = asyncio.get_running_loop().time() - began
            assert moved < 5, f"the picture was back after {moved:.1f} s"
            await until(lambda: not lives(old))
            await until(lambda: any(kind == "RecordingResumed" for kind, _ in parts(service, talk)))
            await talk.hear(20)
            await talk.end()
        await sealed(service, talk)
        told = parts(service, talk)
        assert [kind for kind, _ in told] == [
            "RecordingStarted",
            "RecordingInterrupted",
            "RecordingResumed",
            "RecordingSealed",
        ]
        assert '"cause":"worker_replaced"' in told[1][1].replace(" ", "")
        assert '"event": "worker_retired"' in service.log


async def test_a_worker_elsewhere_drains_at_the_first_sigterm_and_ends_at_the_second(tmp_path: Path) -> None:
    async with serving(tmp_path, MEDIA_WORKERS="1", MEDIA_SECRET=SECRET) as service:
        async with remote_worker(service, MEDIA_NAME="elsewhere") as idle:
            await workers_connected(service, 2)
            idle.terminate()
            assert await asyncio.wait_for(idle.wait(), 15) == 0  # it carried nothing
        await workers_connected(service, 1)
        async with talking(service) as talk:
            await talk.connect()
            os.kill(service.worker_pid(), signal.SIGTERM)  # whoever is told drains, the service's own as well
            await until(lambda: '"event": "worker_drains"' in service.log)
            await talk.hear(5)
            os.kill(service.worker_pid(), signal.SIGTERM)
            await talk.citizen_page.pushed("media_lost")
            await talk.end()
        await workers_connected(service, 1)  # the service started another
