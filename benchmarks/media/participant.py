"""A participant of a call without a browser: sends a known clip with known clocks, receives and counts.

    clip = make_clip()                                  # once; encoding is never repeated
    pacer = Pacer()
    ann, ben = Participant(clip), Participant(clip)
    ann.listens_to(ben), ben.listens_to(ann)            # one-way delays need both in one process
    sdp = ann.offer()                                   # give it to the server; the other end's description comes back
    await ann.connect(sdp_of_the_server)                # ICE with USE-CANDIDATE, DTLS-SRTP
    pacer.begin(ann)                                    # sound, pictures, sender reports, consent checks from now on
    pacer.pause(ann)                                    # only consent checks
    await ann.close()

Options, for tests of clocks and of loss:

* ``drift``: parts per million by which the clock of the sound runs faster than the wall's; sender reports say so.
* ``uplink``: called with the kind of packet (``audio``, ``video``, ``repair``, ``control``) and its number
  since the start; gives the seconds by which it is held back (0.0 sends at once, more than that lets later
  ones pass it), or None to lose it. It stands for the network before the server.
* ``downlink``: the same for what comes; what it holds back or loses is (for now, or for ever) not received.
* ``repairs``: ask for missing pictures with NACK, and for a key frame when asking did not help. What the other end
  asks for is always sent again by RTX, whether this is set or not.
* ``listener``: called with the kind (``audio``, ``video``, ``repair``) and each decrypted RTP packet. Without it and
  without ``repairs`` RTP is counted by its header and not decrypted, which is cheaper.

* ``host``: the address of this machine to send from.

Afterwards: ``sent[kind].log`` (places in the clip, frame by frame), ``sent[kind].packets``, ``received(kind)``,
``lost(kind)``, ``delays`` (seconds from just before the send to the kernel's receipt), ``asked_again`` (sequence
numbers that were asked for with NACK), ``key_frames_asked``.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING

from benchmarks.media import rtcp
from benchmarks.media.path import Path
from benchmarks.media.receiving import Reception
from benchmarks.media.sending import SentTrack
from benchmarks.media.session_description import OPUS, RTX, VP8, Sources, far_end, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.media.clip import Clip

_KINDS = {OPUS: "audio", VP8: "video", RTX: "repair"}
_PAYLOAD_TYPES = {"audio": OPUS, "video": VP8, "repair": RTX}


class Participant:
    """See the module. ``delays`` holds at most the newest figures since it was last cleared."""

    def __init__(
        self,
        clip: Clip,
        *,
        drift: float = 0.0,
        uplink: Callable[[str, int], float | None] | None = None,
        downlink: Callable[[str, int], float | None] | None = None,
        repairs: bool = False,
        listener: Callable[[str, bytes], None] | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.clip = clip
        self.clip = clip
        self.sent = {"audio": SentTrack("audio", clip, drift=drift), "video": SentTrack("video", clip)}
        self.delays: list[float] = []
        self.asked_again: list[int] = []
        self.key_frames_asked = 0
        self.path = Path(self._arrived, host=host)
        self._sources = Sources(self.sent["audio"].ssrc, self.sent["video"].ssrc, secrets.randbits(32))
        self._repair_sequence = secrets.randbits(15)
        self._receptions: dict[int, Reception] = {}
        self._other: Participant | None = None
        self._uplink, self._downlink = uplink, downlink
        self._repairs, self._listener = repairs, listener
        self._numbers = {"up": 0, "down": 0}
        self._setup = ""
        self._loop = asyncio.get_running_loop()

    # --- joining ---

    def listens_to(self, other: Participant) -> None:
        """Measure one-way delays against ``other``'s packets."""
        self._other = other

    def offer(self) -> str:
        """The description to begin with."""
        return self._described("actpass")

    def answer(self, offer: str) -> str:
        """The description in answer to ``offer``: this end becomes the DTLS client."""
        far_end(offer)
        return self._described("active")

    async def connect(self, description: str, *, within: float = 20.0) -> None:
        """Meet the server whose description this is; raises `ConnectionError` or `TimeoutError`."""
        far = far_end(description)
        async with asyncio.timeout(within):
            # who offered with actpass is the client if the answer is passive
            await self.path.connect(far, active=self._setup == "active" or far.setup == "passive")

    async def close(self) -> None:
        """Leave."""
        await self.path.close()

    # --- sending ---

    def send_frame(self, kind: str) -> float:
        """Send the frame that is due and give the time of the next one."""
        track = self.sent[kind]
        packets, due = track.next_frame()
        for packet in packets:
            sealed = self.path.seal(packet)
            track.sent_at[int.from_bytes(packet[2:4], "big")] = time.time()
            if self._uplink is None:
                self.path.send(sealed)
            else:
                self._send_by(self._uplink, kind, sealed)
        return due

    def report(self, now: float) -> None:
        """Send the sender reports of both tracks; ``now`` is monotonic."""
        wall = time.time()
        for track in self.sent.values():
            timestamp = track.timestamp_at(now)
            report = rtcp.sender_report(
                track.ssrc, wall=wall, timestamp=timestamp, packets=track.packets, octets=track.octets
            )
            self._control(report)

    # --- receiving ---

    def received(self, kind: str) -> int:
        """How many different packets of a kind came."""
        return sum(r.received for r in self._of(kind))

    def lost(self, kind: str) -> int:
        """How many holes are in what came."""
        return sum(r.lost for r in self._of(kind))

    def ask_for_key_frame(self) -> None:
        """Ask whoever is received for a key frame."""
        for ssrc, reception in self._receptions.items():
            if reception.payload_type == VP8:
                self._control(rtcp.key_frame_request(self._sources.audio, ssrc))

    def _of(self, kind: str) -> list[Reception]:
        return [r for r in self._receptions.values() if r.payload_type == _PAYLOAD_TYPES[kind]]

    def _described(self, setup: str) -> str:
        self._setup = setup
        return written(self.path.mine, self.path.address, self._sources, setup=setup)

    def _arrived(self, datagram: bytes, at: float) -> None:
        if 192 <= datagram[1] <= 223:
            self._heard_control(self.path.open_control(datagram))
            return
        if self._downlink is not None:
            self._numbers["down"] += 1
            kind = _KINDS[datagram[1] & 0x7F]
            held = self._downlink(kind, self._numbers["down"])
            if held != 0.0:
                if held is not None:
                    self._loop.call_later(held, self._count, datagram, at)
                return
        self._count(datagram, at)

    def _count(self, datagram: bytes, at: float) -> None:
        payload_type = datagram[1] & 0x7F
        sequence, ssrc = int.from_bytes(datagram[2:4], "big"), int.from_bytes(datagram[8:12], "big")
        reception = self._receptions.get(ssrc)
        if reception is None:
            reception = self._receptions[ssrc] = Reception(payload_type)
            if self._other is not None and payload_type != RTX:
                reception.ahead = self._other.sent[_KINDS[payload_type]].ahead(self.path.open(datagram))
        if self._other is not None and reception.ahead is not None:
            sent = self._other.sent[_KINDS[payload_type]]
            self.delays.append(at - sent.sent_at[(sequence - reception.ahead) & 0xFFFF])
        if self._listener is not None or self._repairs:
            self._look_into(datagram, payload_type)
        holes = reception.note(sequence)
        if holes and self._repairs and payload_type == VP8:
            self._control(rtcp.nack(self._sources.audio, ssrc, holes[:64]))

    def _look_into(self, datagram: bytes, payload_type: int) -> None:
        plain = self.path.open(datagram)
        if payload_type == RTX:
            original = int.from_bytes(plain[12:14], "big")
            for reception in self._of("video"):
                if original in reception.missing:
                    reception.note(original)
        if self._listener is not None:
            self._listener(_KINDS[payload_type], plain)

    def _heard_control(self, compound: bytes) -> None:
        if rtcp.wants_key_frame(compound):
            self.key_frames_asked += 1
            self.sent["video"].restart()
        for ssrc, sequence in rtcp.lost_packets(compound):
            self.asked_again.append(sequence)
            packet = self.sent["video"].remembered.get(sequence)
            if ssrc == self._sources.video and packet is not None:
                self._repair(packet)

    def _repair(self, packet: bytes) -> None:
        """Send a packet again as RFC 4588 has it: with a source and sequence of its own."""
        self._repair_sequence = (self._repair_sequence + 1) & 0xFFFF
        head = packet[:1] + bytes([packet[1] & 0x80 | RTX]) + self._repair_sequence.to_bytes(2, "big")
        plain = head + packet[4:8] + self._sources.repair.to_bytes(4, "big") + packet[2:4] + packet[12:]
        self._send_by(self._uplink, "repair", self.path.seal(plain))

    def _control(self, compound: bytes) -> None:
        self._send_by(self._uplink, "control", self.path.seal_control(compound))

    def _send_by(self, uplink: Callable[[str, int], float | None] | None, kind: str, sealed: bytes) -> None:
        self._numbers["up"] += 1
        held = 0.0 if uplink is None else uplink(kind, self._numbers["up"])
        if held == 0.0:
            self.path.send(sealed)
        elif held is not None:
            self._loop.call_later(held, self.path.send, sealed)
