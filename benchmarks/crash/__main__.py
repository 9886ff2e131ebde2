"""`make crash-test`: processes are killed at random moments, and what is left is compared with what was promised.

Media workers of recorded calls: at most a second of media is lost each time, every file plays, every recording is
sealed with its gaps told. The web process: nothing that was acknowledged is lost. Prints one line of JSON, and ends
with status 0 only if everything holds; what does not is said on standard error. ``--seed`` repeats a run's choices.
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

from benchmarks.crash.service import KillingTheService
from benchmarks.crash.workers import Killing
from benchmarks.media.clip import make_clip
from tests.story.running import RunningService

MOST_LOST_S = 1.0
SETTINGS = {"VIDEOATTENTION_MEDIA_HOST": "127.0.0.1", "VIDEOATTENTION_MEDIA_WORKERS": "3"}
"""With several workers a call goes on at another one at once, so that a run takes minutes and not an hour."""


async def main() -> int:
    """Run it; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=50, help="how many media workers are killed")
    parser.add_argument("--services", type=int, default=20, help="how often the web process is killed")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    said = parser.parse_args()
    print(f"seed {said.seed}", file=sys.stderr)
    clip, chance = make_clip(), random.Random(said.seed)  # noqa: S311 - chance that can be repeated
    with tempfile.TemporaryDirectory() as folder:
        async with RunningService(Path(folder), extra=SETTINGS) as service:
            workers = Killing(service, clip, chance)
            await workers.kill(said.workers)
            services = KillingTheService(service, workers, chance)
            await services.kill(said.services)
    losses = workers.losses
    result = {
        "kills": losses.kills + services.kills,
        "worker_kills": losses.kills,
        "web_kills": services.kills,
        "max_lost_s": round(max(losses.lost_s, default=0.0), 3),
        "files": len(losses.lost_s),
        "unplayable": losses.unplayable,
        "unsealed": losses.unsealed,
        "acknowledged": services.acknowledged,
        "acked_lost": services.lost,
        "seed": said.seed,
    }
    print(json.dumps({"ok": not losses.faults, **result}))
    return 1 if losses.faults or result["max_lost_s"] > MOST_LOST_S else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
