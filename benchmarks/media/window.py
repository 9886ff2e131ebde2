"""One measurement: some seconds of load on a server that is set up and warm."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.media.processes import cpu_seconds, memory_mb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.media.pacer import Pacer
    from benchmarks.media.participant import Participant

_KINDS = ("audio", "video")
_WARM = 1.0
_ARRIVES_WITHIN = 0.3


@dataclass(frozen=True, slots=True)
class Window:
    """What was measured. CPU in seconds of the server's process for each minute of each sender, idle cost included.

    ``sent`` and ``received`` are packets of the window; ``received`` is 0 where nothing is forwarded. ``delays`` are
    seconds from just before the load's send to the kernel's receipt. ``load_core`` is the share of a core that the load
    took, ``load_late`` the most seconds by which it sent a frame after its time.
    """

    cpu_a_minute: float
    seconds: float
    sent: int
    received: int
    delays: list[float]
    memory_mb: float
    load_core: float
    load_late: float

    def delay_ms(self, share: float) -> float:
        """A quantile of the delays."""
        ordered = sorted(self.delays)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


async def measure(
    pid: int, senders: Sequence[Participant], people: Sequence[Participant], *, pacer: Pacer, seconds: float
) -> Window:
    """Measure ``seconds`` while ``senders`` send already; ``people`` are all that may receive."""
    for person in people:
        person.delays.clear()
    pacer.late = 0.0
    sent, received = _sent(senders), _received(people)
    cpu, load, began = cpu_seconds(pid), time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    took = time.monotonic() - began
    return Window(
        cpu_a_minute=(cpu_seconds(pid) - cpu) / took * 60 / len(senders),
        seconds=took,
        sent=_sent(senders) - sent,
        received=_received(people) - received,
        delays=[delay for person in people for delay in person.delays],
        memory_mb=memory_mb(pid),
        load_core=(time.process_time() - load) / took,
        load_late=pacer.late,
    )


async def warm(senders: Sequence[Participant], pacer: Pacer) -> None:
    """Let them send until the start is over."""
    for person in senders:
        pacer.begin(person)
    await asyncio.sleep(_WARM)


async def fall_silent(senders: Sequence[Participant], pacer: Pacer) -> None:
    """Let them stop, and what they sent arrive."""
    for person in senders:
        pacer.pause(person)
    await asyncio.sleep(_ARRIVES_WITHIN)


def _sent(senders: Sequence[Participant]) -> int:
    return sum(person.sent[kind].packets for person in senders for kind in _KINDS)


def _received(people: Sequence[Participant]) -> int:
    return sum(person.received(kind) for person in people for kind in _KINDS)
