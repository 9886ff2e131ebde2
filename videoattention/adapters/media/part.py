"""One part of a recording: the recorder's presence in a call, from its entry to its leaving."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from videoattention.adapters.media.rtp import key_frame_request, read_rtp, repair_request, repaired, sender_reports
from videoattention.adapters.media.track import TrackTap
from videoattention.domain.people import Side
from videoattention.services.media import Track, TrackKept
from videoattention.services.vault import FileIdentity, StorageFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from videoattention.adapters.media.epoch import Epoch
    from videoattention.adapters.media.rtp import RtpPacket
    from videoattention.services.media import ConsentProof, Record
    from videoattention.services.vault import MediaVault, TrackWriter

_KEY_BYTES = 32
_HASH = re.compile(r"[0-9a-f]{64}")
_SOURCE_SILENT = 1.0
_CODECS = {"audio": ("opus",), "video": ("vp8", "rtx")}


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant on both clocks: ``now`` monotonic seconds, ``wall`` Unix seconds."""

    now: float
    wall: float


def admits(consent: ConsentProof) -> bool:
    """Whether the proof names a committed consent: its id, its fact's number, and that fact's hash."""
    return bool(consent.consent) and consent.fact > 0 and _HASH.fullmatch(consent.hash) is not None


class Part:
    """Four files being written from the packets that an epoch forwards.

    Every method may raise `StorageFailed` or what the vault's writers raise; then the part is to be closed as failed.
    """

    def __init__(self, order: Record, vault: MediaVault, epoch: Epoch, *, at: Moment) -> None:
        self.order = order
        self.opened = at
        self.epoch = epoch
        self._asker = secrets.randbits(32)
        self._clocks = {side: epoch.legs[side].sender_clock.frozen_start() for side in Side}
        self._writers = _files(order, vault)
        self._taps = {track: self._tap(track, writer) for track, writer in self._writers.items()}
        self._by_codec: dict[Side, dict[str, TrackTap]] = {side: {} for side in Side}
        for track, tap in self._taps.items():
            for name in _CODECS[track.kind]:
                self._by_codec[track.side][name] = tap
        self._taken: dict[Side, list[tuple[bytes, float]]] = {side: [] for side in Side}

    @property
    def fault(self) -> StorageFailed | None:
        """Why one of the files is not all durable, if one is not."""
        return next((writer.fault for writer in self._writers.values() if writer.fault), None)

    def listen(self, failed: Callable[[Exception], None]) -> None:
        """Begin to take what the legs forward; nothing is done with a packet before `drain`."""
        for side, leg in self.epoch.legs.items():
            leg.tap = self._taken[side].append
            leg.tap_control = self._control_tap(side, failed)

    def leave(self) -> None:
        """Take nothing more; what was taken is still to be drained."""
        for leg in self.epoch.legs.values():
            leg.tap = leg.tap_control = None

    def drain(self) -> None:
        """Ten times a second: put what was taken into its tracks."""
        for side, taken in self._taken.items():
            packets = taken.copy()
            taken.clear()
            take = self._take
            for datagram, now in packets:
                take(side, datagram, now)

    def tick(self, at: Moment) -> None:
        """Five times a second: give up on late packets, ask for what is missing, and seal what waits."""
        self.drain()
        for tap in self._taps.values():
            tap.tick(at.now, at.wall)
            self._ask_for_repair(tap, at.now)
            self._ask_for_key_frame(tap, at.now)
            tap.seal()

    def cut(self, at: Moment) -> float:
        """End all clusters and seal; gives the instant (wall) up to which everything is sealed."""
        self.drain()
        for tap in self._taps.values():
            tap.cut()
            tap.seal()
        until = min(tap.complete_until(at.now) for tap in self._taps.values())
        return at.wall - (at.now - until)

    def close(self, at: Moment) -> tuple[TrackKept, ...]:
        """Close every file; one that cannot be closed has length 0 and no hash, whatever was sealed of it before."""
        with suppress(Exception):  # what cannot be written any more shows when its file is closed
            self.drain()
        kept = [self._close(tap, at) for tap in self._taps.values()]
        late = {side: self._late(side, kept) for side in Side}
        return tuple(replace(k, start=k.start + late[k.track.side]) if k.frames else k for k in kept)

    def _late(self, side: Side, kept: list[TrackKept]) -> float:
        """By how much both tracks of a side must move so that neither begins before the recorder entered."""
        starts = [track.start for track in kept if track.frames and track.track.side is side]
        return max([0.0, *(self.opened.wall - self.order.epoch_start - start for start in starts)])

    def _close(self, tap: TrackTap, at: Moment) -> TrackKept:
        try:
            return tap.close(self.order.epoch_start, now=at.now, wall=at.wall)
        except Exception:  # noqa: BLE001 - the other files must be closed whatever happens to this one
            return TrackKept(tap.track, 0.0, 0.0, 0, 0, "")

    def _tap(self, track: Track, writer: TrackWriter) -> TrackTap:
        live = self.epoch.legs[track.side].sender_clock
        return TrackTap(track, writer, clock=self._clocks[track.side], live_clock=live, opened=self.opened.wall)

    def _control_tap(self, side: Side, failed: Callable[[Exception], None]) -> Callable[[bytes, float], None]:
        def tap(compound: bytes, now: float) -> None:
            try:
                self._note(side, compound, now)
            except Exception as error:  # noqa: BLE001 - a failing recorder never disturbs the call
                failed(error)

        return tap

    def _wall(self, now: float) -> float:
        return self.opened.wall + now - self.opened.now

    def _note(self, side: Side, compound: bytes, now: float) -> None:
        for report in sender_reports(compound):
            self._clocks[side].note(report, self._wall(now))
        for tap in self._taps.values():
            if tap.track.side is side:
                tap.steer()

    def _take(self, side: Side, datagram: bytes, now: float) -> None:
        packet = read_rtp(datagram)
        codec = self.epoch.codecs.get(packet.payload_type) if packet is not None else None
        if packet is None or codec is None:
            return
        if codec.name == "rtx":
            original = self.epoch.sources[side].repairs.get(packet.ssrc)
            found = repaired(packet, payload_type=codec.repairs, ssrc=original) if original is not None else None
            if found is None:
                return
            packet = found
        tap = self._by_codec[side][codec.name]
        if packet.ssrc == tap.ssrc or self._follows(tap, packet, now):
            tap.push(packet, now, self._wall(now))

    def _follows(self, tap: TrackTap, packet: RtpPacket, now: float) -> bool:
        """Whether this other source is now the person's voice or face: one at a time, as their page described it."""
        described = self.epoch.sources[tap.track.side].voice_and_face.get(tap.track.kind, frozenset())
        if described and packet.ssrc not in described:
            return False
        return tap.ssrc is None or now - tap.heard > _SOURCE_SILENT or bool(described and tap.ssrc not in described)

    def _ask_for_key_frame(self, tap: TrackTap, now: float) -> None:
        ssrc = tap.ssrc if tap.ssrc is not None else self.epoch.likely_source(tap.track)
        if ssrc is not None and tap.wants_key_frame(now):
            self.epoch.legs[tap.track.side].request(key_frame_request(ssrc, asker=self._asker))

    def _ask_for_repair(self, tap: TrackTap, now: float) -> None:
        """The other person's page asks first; what that did not bring is asked for by the recorder."""
        missing = tap.missing(now)
        if missing and tap.ssrc is not None:
            self.epoch.legs[tap.track.side].request(repair_request(tap.ssrc, missing, asker=self._asker))


def _files(order: Record, vault: MediaVault) -> dict[Track, TrackWriter]:
    """A new file for each track, or none: `StorageFailed` leaves no file open."""
    keys = {track: _key(order.keys.get(track, "")) for track in Track}
    writers: dict[Track, TrackWriter] = {}
    try:
        for track, key in keys.items():
            identity = FileIdentity(order.organisation, order.recording, order.part, track)
            writers[track] = vault.create(identity, key)
    except Exception:
        for writer in writers.values():
            with suppress(StorageFailed):
                writer.close()
        raise
    return writers


def _key(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise StorageFailed("storage_failed", "a track has no key of 32 bytes")
    return key
