"""One track of a part: packets in, a WebM in the vault out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoattention.adapters.media.depacketise import OpusFrames, Vp8Frames, nothing_heard
from videoattention.adapters.media.reorder import ReorderWindow
from videoattention.adapters.media.timeline import RATES, MediaTime
from videoattention.adapters.media.webm import WebmWriter
from videoattention.services.media import TrackKept
from videoattention.services.vault import ClockMark, MediaGap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from videoattention.adapters.media.depacketise import Frame
    from videoattention.adapters.media.reorder import Ordered
    from videoattention.adapters.media.rtp import RtpPacket
    from videoattention.adapters.media.timeline import SenderClock
    from videoattention.services.media import Track
    from videoattention.services.vault import TrackWriter

# a repair takes a round trip and a half, and may itself be lost; sound is not repaired, only late
_WAITS = {"audio": 0.25, "video": 0.6}
_USUAL_PICTURE = 1 / 30
_ASK_EVERY = 0.7
_KEY_FRAME_EVERY = 3.0
_MARK_EVERY = 2.0
_TOLD_GAP_MS = 1000
_LONGEST_SILENCE_MS = 60_000
_SHORTEST_SOUND_MS = 2.0


class TrackTap:
    """Writes what arrives of one track. Times are seconds of the worker's monotonic clock unless they say wall.

    Media that was sent before ``opened`` (wall) is left out: it is older than the recorder's entry. ``clock`` keeps the
    readings near the part's start, ``live_clock`` the newest.

    Sound that did not arrive is written as frames of no length, as RFC 6716 (3.2.1) has them for lost packets: a player
    runs sound by its length, not by its times, and would otherwise be ahead of the picture by all that was lost.
    """

    def __init__(
        self,
        track: Track,
        writer: TrackWriter,
        *,
        clock: SenderClock,
        live_clock: SenderClock,
        opened: float,
    ) -> None:
        self.track = track
        self.ssrc: int | None = None
        self.heard = 0.0
        self._writer = writer
        self._clock = clock
        self._live_clock = live_clock
        self._opened = opened
        self._rate = RATES[track.kind]
        self._window = ReorderWindow(wait=_WAITS[track.kind])
        self._frames = OpusFrames() if track.kind == "audio" else Vp8Frames()
        self._time = MediaTime(rate=self._rate)
        self._webm = WebmWriter(writer.media, kind=track.kind)
        self._first: tuple[int, int, float] | None = None
        self._last: tuple[Frame, int] | None = None
        self._last_wall = 0.0
        self._count = 0
        self._marked = 0.0
        self._asked = -_ASK_EVERY
        self._key_frame_at = 0.0

    def push(self, packet: RtpPacket, now: float, wall: float) -> None:
        """Take a packet that arrived at ``now``, which is ``wall`` on the wall."""
        if packet.ssrc != self.ssrc:
            self._follow(packet.ssrc, now, wall)
        self.heard = now
        if self._window.passes(packet.sequence):
            frame = self._frames.push(packet, now)
            if frame is not None:
                self._keep(frame, packet.ssrc, wall - now)
        else:
            self._write(self._window.push(packet, now), wall - now)

    def tick(self, now: float, wall: float) -> None:
        """Give up on late packets, end the cluster, and keep a reading of the clocks each 2 s."""
        self._write(self._window.expire(now), wall - now)
        self._webm.cut()
        if self._last is not None and now - self._marked >= _MARK_EVERY:
            self._marked = now
            self._writer.mark(self._reading(now, wall))

    def seal(self) -> None:
        """Hand what waits to the vault: from here on it survives the process."""
        self._writer.seal_record()

    def cut(self) -> None:
        """End the open cluster, so that `seal` covers every whole frame."""
        self._webm.cut()

    def complete_until(self, now: float) -> float:
        """The instant up to which everything that arrived is in clusters, after `cut`."""
        waiting = [at for at in (self._window.holds_since, self._frames.begun) if at is not None]
        return min([now, *waiting])

    def missing(self, now: float) -> list[int]:
        """The packets of a picture that nobody's request brought so far, and that may still come in time."""
        return self._window.overdue(now) if self.track.kind == "video" else []

    def wants_key_frame(self, now: float) -> bool:
        """Whether to ask the sender for a key frame now; true at most each 0.7 s.

        One is wanted when nothing else helps, and each 3 s, so that a player who seeks has little to decode.
        """
        silent = self.heard and now - self.heard > 1.0
        old = self.track.kind == "video" and now - self._key_frame_at > _KEY_FRAME_EVERY
        if silent or now - self._asked < _ASK_EVERY or not (self._frames.broken or old):
            return False
        self._asked = now
        return True

    def steer(self) -> None:
        """Follow the sender's clock: to be called after each of its reports."""
        if self._first is None or self._last is None or self.ssrc is None:
            return
        ssrc, timestamp, wall = self._first
        first = self._clock.placed(ssrc, timestamp, rate=self._rate, wall=wall)
        latest, at = self._last[0], self._last_wall
        now = self._live_clock.placed(self.ssrc, latest.timestamp, rate=self._rate, wall=at)
        if first is not None and now is not None:
            self._time.aim(latest.timestamp, now - first)

    def close(self, epoch_start: float, *, now: float, wall: float) -> TrackKept:
        """Write what is held, close the file, and say what it holds; ``epoch_start`` is the time line's zero (wall).

        The start may lie before the recorder's entry: reports that came later can tell that a first frame was slow.
        """
        self._write(self._window.drain(), wall - now)
        self._webm.cut()
        seal = self._writer.close()
        start = self._place(self._first) - epoch_start if self._first else 0.0
        return TrackKept(self.track, start, self._duration(), self._count, seal.length, seal.sha256)

    def _follow(self, ssrc: int, now: float, wall: float) -> None:
        self._write(self._window.drain(), wall - now)
        self.ssrc = ssrc
        self._window = ReorderWindow(wait=_WAITS[self.track.kind])
        if self.track.kind == "video":
            self._frames = Vp8Frames()

    def _write(self, packets: Iterable[Ordered], wall_ahead: float) -> None:
        for ordered in packets:
            frame = self._frames.push(ordered.packet, ordered.arrived, after_gap=ordered.after_gap)
            if frame is not None:
                self._keep(frame, ordered.packet.ssrc, wall_ahead)

    def _keep(self, frame: Frame, ssrc: int, wall_ahead: float) -> None:
        if self._first is None:
            first = (ssrc, frame.timestamp, frame.arrived + wall_ahead)
            if self._place(first) < self._opened and frame.arrived + wall_ahead < self._opened + 1.0:
                # not yet: the next frame, or for a picture the next key frame, which is asked for at once
                self._frames.broken = self.track.kind == "video"
                self._asked = -_ASK_EVERY
                return
            self._first = first
        at_ms = self._time.at(frame.timestamp, source=ssrc, arrived=frame.arrived)
        self._bridge(at_ms)
        self._webm.add(frame, at_ms)
        self._last, self._last_wall = (frame, at_ms), frame.arrived + wall_ahead
        if frame.key:
            self._key_frame_at = frame.arrived
        self._count += 1

    def _bridge(self, at_ms: int) -> None:
        """Tell of a second and more without media before ``at_ms``, and write the silence of sound that is missing."""
        if self._last is None:
            return
        last, begun = self._last
        ended = begun + last.duration * 1000
        if at_ms - ended < _SHORTEST_SOUND_MS:
            return
        if at_ms - ended >= _TOLD_GAP_MS:
            self._writer.gap(MediaGap(ended / 1000, at_ms / 1000, "nothing_received"))
        silent = nothing_heard(last) if self.track.kind == "audio" else None
        if silent is None or at_ms - ended > _LONGEST_SILENCE_MS:
            return
        step = silent.duration * 1000
        for n in range(int((at_ms - ended + 1) / step)):
            self._webm.add(silent, round(ended + n * step))

    def _place(self, first: tuple[int, int, float]) -> float:
        ssrc, timestamp, wall = first
        return self._clock.place(ssrc, timestamp, rate=self._rate, wall=wall)

    def _duration(self) -> float:
        if self._last is None:
            return 0.0
        frame, at_ms = self._last
        return at_ms / 1000 + (frame.duration or _USUAL_PICTURE)

    def _reading(self, now: float, wall: float) -> ClockMark:
        if self._last is None or self.ssrc is None:
            return ClockMark(wall, now, 0.0, 0.0)
        frame, at_ms = self._last
        sent = self._live_clock.sender_time(self.ssrc, frame.timestamp, rate=self._rate, wall=wall)
        return ClockMark(wall, now, at_ms / 1000, sent)
