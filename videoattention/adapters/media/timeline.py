"""Where on the recording's time line a sender's sound and picture belong.

Sound and picture of one sender carry unrelated counters. Its RTCP sender reports map both to one clock of the sender,
and the least delayed report of either maps that clock to the worker's. Both tracks use the same second step, so they
are in step with each other whatever the network did.

No two clocks run alike: a microphone counts samples of its own crystal, and loses some when its machine is busy. So the
mapping is not made once but followed, report by report, for as long as the recording lasts.
"""

from __future__ import annotations

from dataclasses import dataclass

from videoattention.adapters.media.rtp import SenderReport, ahead

RATES = {"audio": 48000, "video": 90000}
_MOST_SOURCES = 16
_READINGS_PER_SOURCE = 16
_READINGS_AT_START = 8
_TRUSTED_SHIFT = 2.0
_TRUSTED_JUMP = 5.0
# reports are good to some milliseconds: what is nearer is left alone, what is further is missing media
_NEAR, _MISSING = 0.005, 0.04


@dataclass(frozen=True, slots=True)
class _Reading:
    report: SenderReport
    wall: float


class SenderClock:
    """The sender reports of one side, the newest of each source; a copy made by `frozen_start` keeps the oldest."""

    def __init__(self) -> None:
        self._readings: dict[int, list[_Reading]] = {}
        self._delay = 0.0
        self._keeps_first = False

    def frozen_start(self) -> SenderClock:
        """A clock that begins with these readings and fills up, so that a start computed late uses early readings."""
        copy = SenderClock()
        copy._keeps_first = True
        copy._readings = {ssrc: kept[-_READINGS_AT_START:] for ssrc, kept in self._readings.items()}
        copy._delay = copy._least_delay()
        return copy

    def note(self, report: SenderReport, wall: float) -> None:
        """Take a report that arrived at ``wall`` (Unix seconds)."""
        if not report.ntp or (report.ssrc not in self._readings and len(self._readings) >= _MOST_SOURCES):
            return
        kept = self._readings.setdefault(report.ssrc, [])
        if len(kept) >= _READINGS_PER_SOURCE:
            if self._keeps_first:
                return
            kept.pop(0)
        kept.append(_Reading(report, wall))
        self._delay = self._least_delay()

    def _least_delay(self) -> float:
        """From the sender's clock to the worker's: what the report that came quickest took."""
        return min((r.wall - r.report.ntp for kept in self._readings.values() for r in kept), default=0.0)

    def sender_time(self, ssrc: int, timestamp: int, *, rate: int, wall: float) -> float:
        """The sender's clock (seconds since 1900) at a media time stamp seen about ``wall``; 0 if unknown."""
        kept = self._readings.get(ssrc)
        if not kept:
            return 0.0
        nearest = min(kept, key=lambda reading: abs(reading.wall - wall)).report
        return nearest.ntp + ahead(timestamp, nearest.timestamp, bits=32) / rate

    def placed(self, ssrc: int, timestamp: int, *, rate: int, wall: float) -> float | None:
        """When (Unix seconds) the media with this time stamp, which arrived at ``wall``, was sent.

        None if no report tells, or if what they tell is more than 2 s from the arrival.
        """
        sent = self.sender_time(ssrc, timestamp, rate=rate, wall=wall)
        at = sent + self._delay
        return at if sent and abs(at - wall) <= _TRUSTED_SHIFT else None

    def place(self, ssrc: int, timestamp: int, *, rate: int, wall: float) -> float:
        """As `placed`; ``wall``, the arrival, if that is unknown."""
        at = self.placed(ssrc, timestamp, rate=rate, wall=wall)
        return wall if at is None else at


class MediaTime:
    """Media time stamps of one track as milliseconds since its first frame; never falling.

    The sender's counter says how far two frames are apart; `aim` says where on the time line the counter really is, and
    frames are led there: a lag of 40 ms and more at once, for then something is missing, anything else by a quarter of
    the way between two frames. A counter that leaves the arrival clock by more than 5 s, or another source, is set anew
    by arrival.
    """

    def __init__(self, *, rate: int) -> None:
        self._rate = rate
        self._tick_ms = 1000 / rate
        self._near, self._trusted = _NEAR * rate, _TRUSTED_JUMP * rate
        self._source: int | None = None
        self._timestamp = 0
        self._ticks = 0
        self._aim = 0.0
        self._placed = 0.0
        self._first_arrival: float | None = None

    def aim(self, timestamp: int, seconds: float) -> None:
        """The media with this time stamp belongs ``seconds`` after the first frame."""
        counted = self._ticks + ahead(timestamp, self._timestamp, bits=32)
        self._aim = seconds * self._rate - counted

    def at(self, timestamp: int, *, source: int, arrived: float) -> int:
        """Milliseconds of a frame since the first frame."""
        if self._first_arrival is None:
            self._first_arrival = arrived
            self._source, self._timestamp = source, timestamp
        step = ahead(timestamp, self._timestamp, bits=32)
        ticks = self._ticks + step
        by_arrival = (arrived - self._first_arrival) * self._rate
        if source != self._source or not -self._trusted < ticks - by_arrival < self._trusted:
            self._ticks, self._aim = round(by_arrival), 0.0
            self._placed = max(self._placed, by_arrival)
            self._source, self._timestamp = source, timestamp
        elif step >= 0:
            error = ticks + self._aim - self._placed - step
            self._placed += step if -self._near <= error <= self._near else self._led(step, error)
            self._timestamp, self._ticks = timestamp, ticks
        return int(self._placed * self._tick_ms + 0.5)

    def _led(self, step: int, error: float) -> float:
        """How far the frame is from the one before it, when it is ``error`` from where the counter puts it."""
        if error >= _MISSING * self._rate:
            return step + error
        return step + max(-step / 4, min(step / 4, error))
