"""Ten thousand random changes to recordings and their journal: `make tamper-test`.

Prints one line of JSON, and ends with status 0 only if every change was found. `ARGS="--seed 7 --tries 500"` makes
others; the seed is printed, so that the same changes can be made again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import secrets
import sys
import tempfile
from pathlib import Path

from tests.recorded import RecordedPlace
from tests.tampering import Result, Tampering


async def tampered(folder: Path, tries: int, seed: int) -> Result:
    """Make recordings in the folder, then so many changes to them."""
    place = RecordedPlace(folder)
    await place.begin()
    try:
        await place.three()
        tampering = Tampering(place, random.Random(seed))  # noqa: S311 - to be drawn again from its seed
        await tampering.begin()
        return await tampering.run(tries)
    finally:
        await place.close()


def main() -> None:
    """Try, and tell."""
    parser = argparse.ArgumentParser(description="Change what recordings leave, and see whether it is found.")
    parser.add_argument("--tries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    said = parser.parse_args()
    sys.stderr.write(f"seed {said.seed}\n")
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(tampered(Path(folder), said.tries, said.seed))
    for what in result.missed:
        sys.stderr.write(f"not found: {what}\n")
    sys.stderr.write("".join(f"  {times:6d} {kind}\n" for kind, times in sorted(result.kinds.items())))
    sys.stdout.write(json.dumps({"tried": result.tried, "found": result.found}) + "\n")
    sys.exit(0 if result.found == result.tried == said.tries else 1)


if __name__ == "__main__":
    main()
