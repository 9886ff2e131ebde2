"""The machine of a recording, its parts and its gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.transitions import Machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


class RecordingStage(StrEnum):
    """Where a recording stands."""

    REQUESTED = "requested"
    CAPTURING = "capturing"
    SEALING = "sealing"
    SEALED = "sealed"
    LOST = "lost"
    ERASED = "erased"


class RecordingStep(StrEnum):
    """What can happen to a recording; ``interrupt`` opens a gap and asks for a new part."""

    OPEN = "open"
    INTERRUPT = "interrupt"
    STOP = "stop"
    SEAL = "seal"
    LOSE = "lose"
    ERASE = "erase"


RECORDING: Machine[RecordingStage, RecordingStep] = Machine(
    "recording",
    {
        (RecordingStage.REQUESTED, RecordingStep.OPEN): RecordingStage.CAPTURING,
        (RecordingStage.REQUESTED, RecordingStep.STOP): RecordingStage.SEALING,
        (RecordingStage.CAPTURING, RecordingStep.INTERRUPT): RecordingStage.REQUESTED,
        (RecordingStage.CAPTURING, RecordingStep.STOP): RecordingStage.SEALING,
        (RecordingStage.SEALING, RecordingStep.SEAL): RecordingStage.SEALED,
        (RecordingStage.SEALING, RecordingStep.LOSE): RecordingStage.LOST,
        (RecordingStage.SEALED, RecordingStep.ERASE): RecordingStage.ERASED,
        (RecordingStage.LOST, RecordingStep.ERASE): RecordingStage.ERASED,
    },
)

ACTIVE = frozenset({RecordingStage.REQUESTED, RecordingStage.CAPTURING})
"""Stages in which the recorder is in the call, or on its way."""

STORAGE_FAULTS = frozenset({"no_space", "storage_failed"})
"""Why the place that keeps recordings takes nothing; it passes when somebody mends it."""

ERASABLE = frozenset({RecordingStage.SEALED, RecordingStage.LOST})
"""Stages of a recording that ended and whose media, if there is any, can be destroyed."""

SEALED = ERASABLE | {RecordingStage.ERASED}
"""Stages in which nothing can be added any more."""


LOST_WITH = frozenset({"worker_lost", "service_lost"})
"""Causes of a part's end that mean that nobody may be there to go on."""


@dataclass(frozen=True, slots=True)
class KeptTrack:
    """One closed file: its place on the time line and its length in seconds, its frames, bytes and SHA-256 (hex)."""

    track: str
    start: float
    duration: float
    frames: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """A continuous stretch of media. ``closed_at`` and ``cause`` are unset while it is open."""

    number: int
    opened_at: datetime
    closed_at: datetime | None = None
    cause: str = ""
    tracks: tuple[KeptTrack, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What a seal says of a recording: its manifest's SHA-256 (hex), the key that signed, why it is not complete."""

    manifest: str
    key: str
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """What was stored of one attention under one consent; times are aware, UTC.

    ``hindrance`` is why the recorder could not write when it was asked to last; empty while it can.
    """

    id: str
    attention: str
    organisation: str
    consent: str
    requested_at: datetime
    stage: RecordingStage = RecordingStage.REQUESTED
    parts: tuple[Part, ...] = ()
    hindrance: str = ""
    version: int = 0

    @property
    def next_part(self) -> int:
        """The least number that a new part can have, from 1; an order that came to nothing leaves a hole."""
        return self.parts[-1].number + 1 if self.parts else 1

    @property
    def open_part(self) -> Part | None:
        """The part that is being written, if any."""
        return next((part for part in self.parts if part.closed_at is None), None)

    @property
    def has_stored(self) -> bool:
        """Whether anything is told to be in its files: by the worker that closed them, or by the seal that looked."""
        return any(track.length for part in self.parts for track in part.tracks)

    @property
    def is_settling(self) -> bool:
        """Whether it is still to be told what its files hold: until the seal, unless something is told before."""
        return self.stage not in SEALED and not self.has_stored

    def left_since(self, moment: datetime) -> bool:
        """Whether its worker was lost before that moment, and no other went on with it."""
        if self.stage is not RecordingStage.REQUESTED or self.hindrance or not self.parts:
            return False
        last = self.parts[-1]
        return last.cause in LOST_WITH and last.closed_at is not None and last.closed_at <= moment

    def open(self, number: int, at: datetime) -> RecordingChange:
        """Media is stored from ``at`` on, in part ``number``; a gap before it is told.

        Raises ``stale_part`` for a number behind the last part's: a new stretch of media is a new part.
        """
        stage = RECORDING.after(self.stage, RecordingStep.OPEN)
        if number < self.next_part:
            raise StepRefused("stale_part", f"part {number} is not after the last")
        changed = replace(self, stage=stage, parts=(*self.parts, Part(number, at)), hindrance="")
        return RecordingChange(changed, (self._opening(number, at),))

    def _opening(self, number: int, at: datetime) -> facts.Fact:
        if not self.parts:
            return facts.RecordingStarted(self.attention, self.id, number, at.isoformat())
        closed_at = self.parts[-1].closed_at or at
        gap = max(0.0, (at - closed_at).total_seconds())
        return facts.RecordingResumed(self.attention, self.id, number, at.isoformat(), round(gap, 3))

    def close_part(self, number: int, at: datetime, cause: str, tracks: tuple[KeptTrack, ...]) -> Recording:
        """The worker closed this part.

        One that was given up meanwhile keeps the end that was told, and gets its tracks. One that is unknown, or has
        its tracks, changes nothing, and so does any after the seal.
        """
        if self.stage in SEALED:
            return self
        return replace(
            self, parts=tuple(_closed(p, at, cause, tracks) if p.number == number else p for p in self.parts)
        )

    def interrupt(self, at: datetime, cause: str) -> RecordingChange:
        """The part ended though the consent is in force: a gap opens until the next part."""
        stage = RECORDING.after(self.stage, RecordingStep.INTERRUPT)
        part = self.open_part
        number = part.number if part else self.next_part - 1
        closed = self.close_part(number, at, cause, ()) if part else self
        fact = facts.RecordingInterrupted(self.attention, self.id, number, cause)
        return RecordingChange(replace(closed, stage=stage), (fact,))

    def hinder(self, at: datetime, cause: str) -> RecordingChange:
        """The recorder cannot write: a part whose files fail ends. The same again tells nothing."""
        if self.open_part and cause in STORAGE_FAULTS:
            interrupted = self.interrupt(at, cause)
            return RecordingChange(replace(interrupted.recording, hindrance=cause), interrupted.facts)
        told = self.hindrance == cause
        fact = facts.RecorderRefused(self.attention, self.id, cause)
        return RecordingChange(replace(self, hindrance=cause), () if told else (fact,))

    def stop(self, cause: str) -> RecordingChange:
        """The recorder must leave; nothing later may be stored."""
        stage = RECORDING.after(self.stage, RecordingStep.STOP)
        fact = facts.RecorderDismissed(self.attention, self.id, cause)
        return RecordingChange(replace(self, stage=stage), (fact,))

    def settle(self, at: datetime, measured: Mapping[int, tuple[KeptTrack, ...]]) -> Recording:
        """Close what a lost worker left open, with what its files really hold.

        ``measured`` has by part what its files hold; it counts where no worker told what it kept.
        """
        return replace(self, parts=tuple(_settled(part, at, measured.get(part.number, ())) for part in self.parts))

    def seal(self, proof: Proof) -> RecordingChange:
        """Nothing can be added after. Every part must be closed; a recording of which nothing was kept is lost."""
        kept = sum(any(track.length for track in part.tracks) for part in self.parts)
        if not kept:
            stage = RECORDING.after(self.stage, RecordingStep.LOSE)
            lost = facts.RecordingLost(
                self.attention, self.id, "nothing_kept", proof.manifest, proof.key, causes=proof.causes
            )
            return RecordingChange(replace(self, stage=stage), (lost,))
        stage = RECORDING.after(self.stage, RecordingStep.SEAL)
        fact = facts.RecordingSealed(
            self.attention,
            self.id,
            kept,
            round(self.seconds, 3),
            manifest=proof.manifest,
            key=proof.key,
            complete=not proof.causes,
            causes=proof.causes,
        )
        return RecordingChange(replace(self, stage=stage), (fact,))

    def erase(self, certificate: str, reason: str) -> RecordingChange:
        """Its media cannot be read any more; what was told of it stays. ``certificate`` is that one's SHA-256 (hex).

        Whether it may be is `videoattention.domain.holding.kept_from_erasing`.
        """
        stage = RECORDING.after(self.stage, RecordingStep.ERASE)
        fact = facts.RecordingErased(self.attention, self.id, certificate, reason)
        return RecordingChange(replace(self, stage=stage), (fact,))

    @property
    def seconds(self) -> float:
        """How much was kept: of each part, its longest track."""
        return sum(max((t.duration for t in part.tracks), default=0.0) for part in self.parts)


def stored_under(recordings: Iterable[Recording]) -> frozenset[str]:
    """The consents under which the recorder stored something."""
    return frozenset(recording.consent for recording in recordings if recording.has_stored)


def settling_under(recordings: Iterable[Recording]) -> frozenset[str]:
    """The consents of recordings of which it is still to be told what they kept."""
    return frozenset(recording.consent for recording in recordings if recording.is_settling)


def _closed(part: Part, at: datetime, cause: str, tracks: tuple[KeptTrack, ...]) -> Part:
    if part.closed_at is None:
        return replace(part, closed_at=at, cause=cause, tracks=tracks)
    return part if part.tracks else replace(part, tracks=tracks)


def _settled(part: Part, at: datetime, measured: tuple[KeptTrack, ...]) -> Part:
    """A worker vouches for a track by its hash; one for which it does not is as its file was found."""
    told = {track.track: track for track in part.tracks}
    found = {track.track: track for track in measured if not (track.track in told and told[track.track].sha256)}
    tracks = tuple({**told, **found}.values())
    return replace(part, closed_at=part.closed_at or at, cause=part.cause or "worker_lost", tracks=tracks)


@dataclass(frozen=True, slots=True)
class RecordingChange:
    """A recording after a step, and the facts that tell it."""

    recording: Recording
    facts: tuple[facts.Fact, ...]
