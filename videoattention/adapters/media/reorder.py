"""Putting packets back in order: late ones are waited for, lost ones cost nothing but themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from videoattention.adapters.media.rtp import ahead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from videoattention.adapters.media.rtp import RtpPacket

_MOST_HELD = 512
_MANY_HELD = 128
_LATE_BEFORE_RESTART = 100
_MOST_ASKED = 64


@dataclass(slots=True)
class Ordered:
    """A packet in its place; not frozen, as `RtpPacket`.

    ``arrived`` is its arrival in the clock given to `push`; ``after_gap`` says that some before it were lost.
    """

    packet: RtpPacket
    arrived: float
    after_gap: bool


class ReorderWindow:
    """Gives packets in order of sequence number, each number once.

    A missing packet holds back later ones for ``wait`` seconds at most and then counts as lost. The window holds at
    most 512 packets. A sender that starts its numbers anew is followed after 100 packets.
    """

    def __init__(self, *, wait: float) -> None:
        self._wait = wait
        self._next: int | None = None
        self._held: dict[int, tuple[RtpPacket, float]] = {}
        self._late = 0

    @property
    def holds_since(self) -> float | None:
        """Arrival of the oldest packet held; None if nothing is."""
        # they are held in the order in which they came
        return next((arrived for _, arrived in self._held.values()), None)

    def overdue(self, now: float, *, after: float = 0.15) -> list[int]:
        """The missing sequence numbers that others have waited for longer than ``after`` seconds; 64 at most."""
        if not self._held or self._next is None or now - self._oldest() < after:
            return []
        aged = [number for number, (_, arrived) in self._held.items() if now - arrived >= after]
        last = max(ahead(number, self._next, bits=16) for number in aged)
        wanted = ((self._next + step) & 0xFFFF for step in range(min(last, _MOST_ASKED)))
        return [number for number in wanted if number not in self._held]

    def passes(self, sequence: int) -> bool:
        """Whether a packet that arrives now is the very next one, as nearly all are; then it counts as given."""
        if sequence != self._next or self._held:
            return False
        self._next = (sequence + 1) & 0xFFFF
        self._late = 0
        return True

    def push(self, packet: RtpPacket, now: float) -> Iterator[Ordered]:
        """Take a packet that arrived at ``now`` and give those whose turn it is."""
        if self._next is None:
            self._next = packet.sequence
        behind = ahead(self._next, packet.sequence, bits=16)
        if behind > 0:
            self._late += 1
            if self._late > _LATE_BEFORE_RESTART:
                yield from self.drain()
                self._next, self._late = None, 0
            return
        self._late = 0
        if behind < 0 or self._held:
            self._held.setdefault(packet.sequence, (packet, now))
            yield from self._in_turn(after_gap=False)
            yield from self.expire(now)
            return
        self._next = (packet.sequence + 1) & 0xFFFF
        yield Ordered(packet, now, after_gap=False)

    def expire(self, now: float) -> Iterable[Ordered]:
        """Give up on packets that were waited for long enough, and give those after them."""
        return self._expired(now) if self._held else ()

    def _expired(self, now: float) -> Iterator[Ordered]:
        while self._held and (len(self._held) > _MOST_HELD or now - self._oldest() >= self._wait):
            yield from self._skip()

    def drain(self) -> Iterator[Ordered]:
        """Give everything held, in order."""
        while self._held:
            yield from self._skip()

    def _oldest(self) -> float:
        return self.holds_since or 0.0

    def _skip(self) -> Iterator[Ordered]:
        self._next = self._nearest(self._next or 0)
        yield from self._in_turn(after_gap=True)

    def _nearest(self, start: int) -> int:
        """The number held that comes first from ``start`` on: where many are held, it is not far."""
        if len(self._held) < _MANY_HELD:
            return min(self._held, key=lambda number: ahead(number, start, bits=16))
        return next(number for step in range(1 << 16) if (number := (start + step) & 0xFFFF) in self._held)

    def _in_turn(self, *, after_gap: bool) -> Iterator[Ordered]:
        while self._next is not None and self._next in self._held:
            packet, arrived = self._held.pop(self._next)
            self._next = (self._next + 1) & 0xFFFF
            yield Ordered(packet, arrived, after_gap)
            after_gap = False
