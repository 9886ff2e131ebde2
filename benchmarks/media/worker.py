"""The media worker as in production, with orders on standard input and reports on standard output, a JSON line each.

    python -m benchmarks.media.worker --folder DIR [--profile FILE]

Two lines are the measurement's own: ``["tap_only", {"on": true}]`` cuts the legs of all calls from each other, so that
the tap alone is measured; ``["end", {}]`` ends it. ``--profile`` writes cProfile's figures at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from videoattention.adapters.media.plane import MediaPlane, MediaSettings
from videoattention.adapters.vault.writer import FolderVault
from videoattention.entrypoints.signalling.messages import Vocabulary, to_wire
from videoattention.entrypoints.signalling.protocol import WORKER_ORDERS

if TYPE_CHECKING:
    from videoattention.services.media import Order, Report


async def serve(folder: Path) -> None:
    """Obey until told to end."""
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    vocabulary = Vocabulary(WORKER_ORDERS)
    settings = MediaSettings("127.0.0.1", 0, ("127.0.0.1",))
    async with MediaPlane(settings, vault=FolderVault(folder), tell=_tell, wall=time.time) as plane:
        while line := await reader.readline():
            name, payload = json.loads(line)
            if name == "end":
                return
            if name == "tap_only":
                _cut(plane, cut=payload["on"])
            else:
                plane.obey(cast("Order", vocabulary.parse(name, payload)))


def _tell(report: Report) -> None:
    sys.stdout.write(json.dumps(to_wire(report)) + "\n")
    sys.stdout.flush()


def _cut(plane: MediaPlane, *, cut: bool) -> None:
    for call in plane._calls.values():  # noqa: SLF001 - production has no way to record without forwarding
        if len(call.legs) == 2:
            one, other = call.legs
            one.other, other.other = (None, None) if cut else (other, one)


def main() -> None:
    """Serve, under the profiler if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--profile", type=Path)
    arguments = parser.parse_args()
    if arguments.profile is None:
        asyncio.run(serve(arguments.folder))
        return
    with cProfile.Profile() as profile:
        asyncio.run(serve(arguments.folder))
    profile.dump_stats(arguments.profile)


if __name__ == "__main__":
    main()
