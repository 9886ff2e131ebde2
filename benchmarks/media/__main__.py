"""The media worker beside Janus and aiortc's MediaRecorder: `make bench-media`.

One quick case, for who works on the packet path (a table line each; no JSON):

    python -m benchmarks.media --only ours --case relay_record --n 32 --seconds 10
    python -m benchmarks.media --only ours --case relay_record --n 32 --seconds 10 --profile /tmp/worker.prof

The cases are ``relay``, ``relay_record`` and ``record``; docs/features/media.md says what each is.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

from benchmarks.media.clip import make_clip
from benchmarks.media.ours import OurCalls, OurWorker
from benchmarks.media.pacer import Pacer
from benchmarks.media.processes import cores, pin
from benchmarks.media.window import fall_silent, measure, warm


async def quick(arguments: argparse.Namespace) -> None:
    """Measure one case of ours and print a line."""
    load_core, server_core = cores()
    pin(os.getpid(), load_core)
    clip, pacer = make_clip(), Pacer()
    print(f"load: {clip.packets_a_second:.1f} packets/s, {clip.bits_a_second / 1000:.0f} kbit/s of pictures per sender")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        worker = OurWorker(Path(folder), core=server_core, profile=arguments.profile)
        await worker.start()
        calls = OurCalls(worker, clip, arguments.n)
        await calls.connect()
        for person in calls.people:
            pacer.keep(person)
        worker.tap_only(on=arguments.case == "record")
        await warm(calls.senders, pacer)
        recordings = await calls.record() if arguments.case != "relay" else {}
        await asyncio.sleep(1)
        window = await measure(worker.pid, calls.senders, calls.people, pacer=pacer, seconds=arguments.seconds)
        await fall_silent(calls.senders, pacer)
        lost = sum(person.lost(kind) for person in calls.people for kind in ("audio", "video"))
        await calls.stop_recording(recordings)
        await calls.close()
        await worker.stop()
    print(
        f"ours {arguments.case} N={arguments.n}: {window.cpu_a_minute:.3f} CPU s per participant-minute "
        f"({window.cpu_a_minute * arguments.n / 60:.0%} of a core), sent {window.sent}, received {window.received}, "
        f"lost {lost}, delay p50 {window.delay_ms(0.5):.2f} p99 {window.delay_ms(0.99):.2f} ms, "
        f"{window.memory_mb:.0f} MB; load {window.load_core:.0%} of a core, late {1000 * window.load_late:.0f} ms"
    )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["ours"], default="ours")
    parser.add_argument("--case", choices=["relay", "relay_record", "record"], default="relay_record")
    parser.add_argument("--n", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--profile", type=Path)
    parser.add_argument("--folder", type=Path)
    asyncio.run(quick(parser.parse_args()))


if __name__ == "__main__":
    main()
