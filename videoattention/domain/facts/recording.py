"""What happened to a recording, from its recorder to its erasure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecorderAdmitted:
    """The policy and this consent let the recorder into the call."""

    attention: str
    recording: str
    consent: str


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """The recorder is in the call and media is stored from ``at`` (ISO 8601, UTC) on."""

    attention: str
    recording: str
    part: int
    at: str


@dataclass(frozen=True, slots=True)
class RecorderRefused:
    """The recorder could not enter, or go on, for a reason that stays until somebody mends it; told once each.

    ``cause``: no_consent, no_space, storage_failed.
    """

    attention: str
    recording: str
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingInterrupted:
    """Media stopped being stored although it should be; a gap opened.

    ``cause``: epoch_ended, worker_lost, worker_replaced, service_lost, failed.
    """

    attention: str
    recording: str
    part: int
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingResumed:
    """A new part follows a gap; ``gap_seconds`` went unrecorded."""

    attention: str
    recording: str
    part: int
    at: str
    gap_seconds: float


@dataclass(frozen=True, slots=True)
class RecorderDismissed:
    """The recorder was sent out of the call.

    ``cause``: consent_withdrawn, level_lowered, level_changed, clip_ended, call_ended, nobody_there.
    """

    attention: str
    recording: str
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingSealed:
    """Every part is closed; nothing can be added.

    ``manifest`` is the SHA-256 of the signed manifest (hex), ``key`` the id of the key that signed it, ``causes`` why
    it is not complete. Facts from before there were manifests have none of them; ``complete`` says nothing there.
    """

    attention: str
    recording: str
    parts: int
    seconds: float
    manifest: str = ""
    key: str = ""
    complete: bool = False
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingLost:
    """Nothing could be kept. ``cause`` says why; ``manifest``, ``key`` and ``causes`` as in `RecordingSealed`."""

    attention: str
    recording: str
    cause: str
    manifest: str = ""
    key: str = ""
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingHeld:
    """Somebody answers for it that this recording must be kept, whatever the period of keeping says."""

    attention: str
    recording: str
    hold: str
    reason: str


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """A hold ended; others may still be in force."""

    attention: str
    recording: str
    hold: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordingErased:
    """The keys of the media were destroyed; ``certificate`` is the SHA-256 (hex) of what is signed about it."""

    attention: str
    recording: str
    certificate: str
    reason: str


@dataclass(frozen=True, slots=True)
class ErasureRefused:
    """Somebody asked to erase a recording that must stay. ``cause``: on_hold, not_sealed, already_erased."""

    attention: str
    recording: str
    cause: str


@dataclass(frozen=True, slots=True)
class RecordingExported:
    """The recording was given away as a package, for a purpose that whoever gave it away stated before.

    ``case`` is the number of the case, ``function`` what that person is, ``approved_by`` the subject of the second one
    who let it be; a package of the operator has none of them.
    """

    attention: str
    recording: str
    purpose: str
    case: str = ""
    function: str = ""
    approved_by: str = ""


RecordingFact = (
    RecorderAdmitted
    | RecordingStarted
    | RecorderRefused
    | RecordingInterrupted
    | RecordingResumed
    | RecorderDismissed
    | RecordingSealed
    | RecordingLost
    | RecordingHeld
    | HoldReleased
    | RecordingErased
    | ErasureRefused
    | RecordingExported
)
