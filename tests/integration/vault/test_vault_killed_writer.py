"""kill -9 of a process that records: what it had sealed plays, and the file says that it is not complete."""

from __future__ import annotations

import asyncio
import hashlib
import random
import sys
from pathlib import Path

import pytest

from tests.integration.vault.streams import RATE, decoded_numbers, live_video, rewritten
from tests.unit.vault.samples import KEY, VIDEO, read_all
from videoattention.adapters.vault.library import FolderLibrary

SECONDS = 6
PIECE = 16_000
KILLS = 5
PROJECT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def video() -> bytes:
    return rewritten(live_video(SECONDS), kind="video")


async def kill_while_writing(root: Path, stream: Path, *, after: int) -> int:
    """Kill the writer once it told of ``after`` records; how many bytes it had told of as sealed."""
    module = "tests.integration.vault.killed_writer"
    arguments = (sys.executable, "-m", module, str(root), str(stream), str(PIECE))
    process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE, cwd=PROJECT)
    assert process.stdout is not None
    told = [await process.stdout.readline() for _ in range(after)]
    process.kill()
    rest = await process.stdout.read()
    await process.wait()
    lines = [line for line in [*told, *rest.splitlines(keepends=True)] if line.endswith(b"\n")]
    return int(lines[-1])


async def test_what_was_sealed_before_a_kill_plays(tmp_path: Path, video: bytes) -> None:
    stream = tmp_path / "stream.webm"
    stream.write_bytes(video)
    rng = random.Random(9)  # noqa: S311 - the same moments each time
    for nth in range(KILLS):
        root = tmp_path / str(nth)
        sealed = await kill_while_writing(root, stream, after=rng.randrange(20, len(video) // PIECE))
        media = await FolderLibrary(root).open(VIDEO, KEY)
        assert not media.complete
        assert media.seal.length >= sealed
        assert media.seal.sha256 == hashlib.sha256(video[: media.seal.length]).hexdigest()
        numbers = list(decoded_numbers(await read_all(media)))
        assert numbers == list(range(len(numbers)))
        stored_share = media.seal.length / len(video)
        assert len(numbers) / RATE > stored_share * SECONDS - 1.0
        assert media.duration == pytest.approx(len(numbers) / RATE, abs=0.05)
