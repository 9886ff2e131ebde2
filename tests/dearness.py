"""What something costs beside its ordinary kind, in the same breath: no clock of the wall, no speed of one machine."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES = 20


def dearness(act: Callable[[], object], ordinary: Callable[[], object], *, enough: float) -> float:
    """How many ordinary acts the act is worth in CPU time; what looks dearer than `enough` is looked at again.

    The least of the tries of both: other threads, a cold cache and the garbage of other tests are not theirs.
    """
    dear = usual = float("inf")
    for _ in range(TRIES):
        usual = min(usual, cpu_seconds(ordinary))
        dear = min(dear, cpu_seconds(act))
        if dear <= enough * usual:
            break
    return dear / usual


def cpu_seconds(act: Callable[[], object]) -> float:
    """CPU seconds of this thread, without a collection of garbage in between."""
    gc.disable()
    try:
        began = time.thread_time()
        act()
        return time.thread_time() - began
    finally:
        gc.enable()
