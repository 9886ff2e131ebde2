"""The media worker beside Janus and aiortc's MediaRecorder: `make bench-media` (about nine minutes).

One quick case, for who works on the packet path:

    python -m benchmarks.media --only ours --case relay_record --n 32 --seconds 10
    python -m benchmarks.media --only ours --case record --n 128 --profile /tmp/worker.prof    # then: python -m pstats
    python -m benchmarks.media --case relay_record --n 32 --rounds 3                           # beside Janus

The cases are ``relay``, ``relay_record`` (which measures ``relay`` too) and ``record``; docs/features/media.md says
what each is. Each window's line gives CPU seconds of the server per participant-minute. Without ``--case`` and ``--n``
everything is measured, and a table, the goals and one line of JSON end the output.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from benchmarks.media import janus
from benchmarks.media.comparison import RECORD, RELAY, RELAY_RECORD, Comparison, Wanted
from benchmarks.media.verdict import figures, goals, json_line, table

_NUMBERS = (1, 8, 32, 64, 128)
_CASES = (RELAY, RELAY_RECORD, RECORD)


def main() -> None:
    """Read the arguments and measure; the exit status is 0 whenever it could measure."""
    wanted = _wanted()
    if not janus.installed():
        print("Janus is not installed (Debian: apt-get install janus): measured without it")
    findings = asyncio.run(Comparison(wanted, lambda line: print(line, flush=True)).run())
    found = figures(findings, wanted.numbers)
    print(
        f"\nload per participant: {findings.packets_a_second:.0f} packets/s, VP8 640x480 at 30 fps of "
        f"{findings.kilobits_a_second:.0f} kbit/s, Opus; CPU seconds of the server per participant-minute:\n"
    )
    print(table(findings, wanted.numbers))
    print("\n" + "\n".join([*(f"note: {note}" for note in findings.notes), *goals(found)]))
    print(json_line(found))


def _wanted() -> Wanted:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["ours", "janus"], default="")
    parser.add_argument("--case", choices=_CASES, action="append")
    parser.add_argument("--n", type=int, action="append")
    parser.add_argument("--seconds", type=float, default=4.0, help="of a window; the clip lasts 4")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--profile", type=Path, help="a file for cProfile's figures of our worker")
    parser.add_argument("--folder", type=Path, help="where recordings are written; a real disk")
    given = parser.parse_args()
    quick = given.case is not None or given.n is not None
    return Wanted(
        numbers=given.n or _NUMBERS,
        cases=given.case or _CASES,
        seconds=given.seconds,
        rounds=given.rounds or (1 if quick else 2),
        only=given.only,
        folder=given.folder,
        profile=given.profile,
        stock=not quick,
    )


if __name__ == "__main__":
    main()
