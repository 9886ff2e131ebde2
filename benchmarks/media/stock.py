"""aiortc as it comes: RTCPeerConnection and MediaRecorder, which decode and encode what they record.

    python -m benchmarks.media.stock --folder DIR --format webm

Offers come on standard input and answers go to standard output, a line of JSON each; an empty line ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRecorder

from benchmarks.media.processes import pin, weigh

if TYPE_CHECKING:
    from benchmarks.media.participant import Participant


async def serve(folder: Path, form: str) -> None:
    """Record everybody who offers."""
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    recorded: list[tuple[RTCPeerConnection, MediaRecorder]] = []
    while line := (await reader.readline()).strip():
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        recorder = MediaRecorder(str(folder / f"{len(recorded)}.{form}"))
        connection.add_listener("track", recorder.addTrack)
        await connection.setRemoteDescription(RTCSessionDescription(sdp=json.loads(line), type="offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        await recorder.start()
        recorded.append((connection, recorder))
        sys.stdout.write(json.dumps(connection.localDescription.sdp) + "\n")
        sys.stdout.flush()
    for connection, recorder in recorded:
        await recorder.stop()
        await connection.close()


class StockRecorder:
    """The process; ``form`` is the ending of its files: ``webm`` or ``mp4``."""

    def __init__(self, folder: Path, form: str, *, core: int | None = None) -> None:
        self.folder, self._form, self._core = folder, form, core

    async def start(self) -> None:
        """Start it."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "benchmarks.media.stock", "--folder", str(self.folder), "--format", self._form),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=1 << 20,
            start_new_session=True,
        )
        weigh(self.pid)
        pin(self.pid, self._core)

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    async def join(self, participant: Participant) -> None:
        """Bring somebody in."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(participant.offer()).encode() + b"\n")
        answer = await self._process.stdout.readline()
        await participant.connect(json.loads(answer))

    async def stop(self, within: float = 10.0) -> None:
        """End it; it is killed if it does not manage to close its files in time."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        try:
            await asyncio.wait_for(self._process.wait(), within)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--format", choices=["webm", "mp4"], required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.folder, arguments.format))


if __name__ == "__main__":
    main()
