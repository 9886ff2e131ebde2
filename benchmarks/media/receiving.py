"""What a participant receives of one source: which packets came, which did not."""

from __future__ import annotations


class Reception:
    """Counts the packets of one source by their sequence numbers.

    ``received`` counts each packet once; ``repeated`` those that came again; ``lost`` are the holes that nothing
    filled within 4,096 packets, and those that are open now. ``ahead`` is by how much the server's sequence numbers are
    ahead of the sender's, where that is known: some servers count anew.
    """

    def __init__(self, payload_type: int) -> None:
        self.payload_type = payload_type
        self.received = 0
        self.repeated = 0
        self.missing: set[int] = set()
        self.ahead: int | None = None
        self._given_up = 0
        self._newest: int | None = None

    @property
    def lost(self) -> int:
        """Holes between the first and the newest packet."""
        return self._given_up + len(self.missing)

    def note(self, sequence: int) -> list[int]:
        """Take a packet; gives the sequence numbers that it shows to be missing."""
        newest = self._newest
        ahead = ((sequence - (newest if newest is not None else sequence - 1) + 0x8000) & 0xFFFF) - 0x8000
        if ahead == 1:
            self._newest = sequence
            self.received += 1
            return []
        if ahead <= 0:
            self._late(sequence)
            return []
        assert newest is not None
        holes = [(newest + n) & 0xFFFF for n in range(1, ahead)]
        self.missing.update(holes)
        self._newest = sequence
        self.received += 1
        self._give_up(sequence)
        return holes

    def _late(self, sequence: int) -> None:
        if sequence in self.missing:
            self.missing.discard(sequence)
            self.received += 1
        else:
            self.repeated += 1

    def _give_up(self, newest: int) -> None:
        old = [sequence for sequence in self.missing if (newest - sequence) & 0xFFFF > 4096]
        self.missing.difference_update(old)
        self._given_up += len(old)
