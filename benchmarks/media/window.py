"""One measurement: some seconds of load on a server that is set up and warm."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.media.processes import cpu_seconds, full_sockets, memory_mb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.media.pacer import Pacer
    from benchmarks.media.participant import Participant

_KINDS = ("audio", "video")
_RAMP = 1.0
_UNEVEN = 0.06
_MOST_LATE = 0.5
_WARM = 0.5
_ARRIVES_WITHIN = 0.3


@dataclass(frozen=True, slots=True)
class Window:
    """What was measured. CPU in seconds of the server's process for each minute of each sender, idle cost included.

    A minute of a sender is a minute's packets: a load that was kept from sending has not made the server cheaper.
    ``sent`` and ``received`` are packets of the window; ``received`` is 0 where nothing is forwarded. ``delays`` are
    seconds from just before the load's send to the kernel's receipt. ``load_core`` is the share of a core that the load
    took, ``load_late`` the most seconds by which it sent a frame after its time. ``overflows`` datagrams were dropped
    by the kernel, on the whole machine, because a socket was full. ``even``: the load sent what it should have.
    """

    cpu_a_minute: float
    seconds: float
    sent: int
    received: int
    delays: list[float]
    memory_mb: float
    load_core: float
    overflows: int
    even: bool
    load_late: float

    def delay_ms(self, share: float) -> float:
        """A quantile of the delays."""
        ordered = sorted(self.delays)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


async def measure(
    pid: int, senders: Sequence[Participant], people: Sequence[Participant], *, pacer: Pacer, seconds: float
) -> Window:
    """Measure ``seconds`` while ``senders`` send already; ``people`` are all that may receive."""
    clip = senders[0].clip
    for person in people:
        person.delays.clear()
    pacer.late = 0.0
    sent, received = sent_packets(senders), _received(people)
    overflows = full_sockets()
    cpu, load, began = cpu_seconds(pid), time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    took, cpu = time.monotonic() - began, cpu_seconds(pid) - cpu
    sent = sent_packets(senders) - sent
    expected = clip.packets_a_second * took * len(senders)
    return Window(
        cpu_a_minute=cpu / sent * clip.packets_a_second * 60,
        seconds=took,
        sent=sent,
        received=_received(people) - received,
        delays=[delay for person in people for delay in person.delays],
        memory_mb=memory_mb(pid),
        load_core=(time.process_time() - load) / took,
        load_late=pacer.late,
        overflows=full_sockets() - overflows,
        even=abs(sent - expected) <= expected * _UNEVEN and pacer.late < _MOST_LATE,
    )


async def warm(senders: Sequence[Participant], pacer: Pacer) -> None:
    """Let them begin one after the other within a second, so that their key frames do not meet, and then settle."""
    for person in senders:
        pacer.begin(person)
        await asyncio.sleep(_RAMP / len(senders))
    await asyncio.sleep(_WARM)


async def fall_silent(senders: Sequence[Participant], pacer: Pacer) -> None:
    """Let them stop, and what they sent arrive."""
    for person in senders:
        pacer.pause(person)
    await asyncio.sleep(_ARRIVES_WITHIN)


def sent_packets(senders: Sequence[Participant]) -> int:
    """RTP packets of sound and picture so far."""
    return sum(person.sent[kind].packets for person in senders for kind in _KINDS)


def _received(people: Sequence[Participant]) -> int:
    return sum(person.received(kind) for person in people for kind in _KINDS)
