"""What the service and a media worker say to each other.

Orders go to the worker, reports come back. A *call* is the conversation of one attention and has its id. A *peer* is
one page's connection: a reload makes a new peer. An *epoch* is one negotiation between one citizen's peer and one
informer's peer; whenever either is replaced, or the worker is, a new epoch starts and both pages make a new connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from videoattention.domain.people import Side


class Track(StrEnum):
    """The four things that a recording keeps, one file each."""

    CITIZEN_AUDIO = "citizen-audio"
    CITIZEN_VIDEO = "citizen-video"
    INFORMER_AUDIO = "informer-audio"
    INFORMER_VIDEO = "informer-video"

    @property
    def side(self) -> Side:
        """Whose sound or picture it is."""
        return Side(self.value.partition("-")[0])

    @property
    def kind(self) -> str:
        """``audio`` or ``video``."""
        return self.value.partition("-")[2]


class DescriptionKind(StrEnum):
    """The two halves of a negotiation (RFC 3264)."""

    OFFER = "offer"
    ANSWER = "answer"


# --- orders: service -> worker -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Join:
    """A page is ready to negotiate; when both sides have joined, a new epoch starts.

    A repeated join of the same peer changes nothing while that peer's epoch lives; that its media is connected is told
    again, for a service that was restarted.
    """

    call: str
    side: Side
    peer: str


@dataclass(frozen=True, slots=True)
class Leave:
    """A page has gone for good; a peer that is not the current one is ignored."""

    call: str
    side: Side
    peer: str


@dataclass(frozen=True, slots=True)
class Describe:
    """A session description as the page made it, to be passed on with the worker's transport in place of its own."""

    call: str
    side: Side
    peer: str
    epoch: int
    kind: DescriptionKind
    sdp: str


@dataclass(frozen=True, slots=True)
class ConsentProof:
    """The committed consent that admits the recorder; a worker refuses to open a file without one.

    ``fact`` is the sequence number of the journal's fact, ``hash`` that fact's link in the chain (hexadecimal SHA-256).
    """

    consent: str
    fact: int
    hash: str


@dataclass(frozen=True, slots=True)
class Record:
    """Admit the recorder: write every track of the call to part ``part`` of the recording.

    ``keys`` holds one fresh 32-byte AES-256 key per track, base64, used for exactly that file.
    ``epoch_start`` is the wall time of the recording's first part (Unix seconds); places on the recording's time line
    are seconds since then.
    """

    call: str
    organisation: str
    recording: str
    part: int
    epoch_start: float
    consent: ConsentProof
    keys: dict[Track, str]


@dataclass(frozen=True, slots=True)
class StopRecording:
    """The recorder leaves at once: files are closed before the report; no later packet is written."""

    call: str
    recording: str


@dataclass(frozen=True, slots=True)
class CloseCall:
    """The conversation ended here: close its files with this cause (as in `PartClosed`), forget its legs."""

    call: str
    cause: str = "call_closed"


@dataclass(frozen=True, slots=True)
class Drain:
    """Take your leave: no new call comes any more, those that are carried go on to their natural end.

    A worker that has none left ends. At its own deadline it lets go of the others one by one and tells `CallLeft` of
    each.
    """


@dataclass(frozen=True, slots=True)
class StillHere:
    """Every second: the service can still tell of a withdrawal.

    A worker that heard neither this nor an order for 2.5 s ends its recordings as without a service.
    """


Order = Join | Leave | Describe | Record | StopRecording | CloseCall


# --- reports: worker -> service ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Negotiate:
    """Tell this side's page to make a new connection for this epoch, and whether it makes the offer."""

    call: str
    side: Side
    peer: str
    epoch: int
    offers: bool


@dataclass(frozen=True, slots=True)
class Described:
    """A session description for this side's page, with the worker's transport lines."""

    call: str
    side: Side
    peer: str
    epoch: int
    kind: DescriptionKind
    sdp: str


@dataclass(frozen=True, slots=True)
class MediaRefused:
    """An order was refused and nothing changed. ``code`` is stable: ``bad_sdp``, ``stale``, ``unknown_call``.

    Of a description ``peer`` and ``epoch`` say which page's it was; they are empty and 0 of anything else.
    """

    call: str
    side: Side
    code: str
    peer: str = ""
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class LegChanged:
    """This side's media became connected, or was lost (no authenticated packet for 5 s, or a DTLS close)."""

    call: str
    side: Side
    peer: str
    epoch: int
    connected: bool


@dataclass(frozen=True, slots=True)
class CallLeft:
    """A worker that takes its leave let go of a call that goes on: its files are closed, its pages must join again."""

    call: str


@dataclass(frozen=True, slots=True)
class WorkerLoad:
    """Every second: how the worker is doing. Packets are those received; the lag is of its event loop over a minute.

    ``draining``: it takes its leave, and wants no new call; the service answers the first of these with `Drain`.
    """

    calls: int
    packets_per_second: float
    lag_p99_ms: float
    draining: bool


@dataclass(frozen=True, slots=True)
class PartOpened:
    """The files of a part exist; the recorder is in the call since ``at`` (Unix seconds)."""

    call: str
    recording: str
    part: int
    at: float


@dataclass(frozen=True, slots=True)
class RecordedUntil:
    """Everything up to ``at`` (Unix seconds) is durable."""

    call: str
    recording: str
    part: int
    at: float


@dataclass(frozen=True, slots=True)
class TrackKept:
    """One closed file.

    ``start`` is its place on the recording's time line in seconds, corrected by RTCP sender reports where any came;
    ``length`` in bytes of media and ``sha256`` are of the WebM before encryption.
    A track on which nothing arrived has ``length`` 0.
    """

    track: Track
    start: float
    duration: float
    frames: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PartClosed:
    """The files of a part are complete and durable.

    ``cause``: ``stopped``, ``epoch_ended``, ``call_closed``, ``worker_replaced``, ``service_lost``, ``failed``.
    """

    call: str
    recording: str
    part: int
    at: float
    cause: str
    tracks: tuple[TrackKept, ...]


@dataclass(frozen=True, slots=True)
class RecordingRefused:
    """The recorder could not enter or go on.

    ``code``: ``no_consent``, ``unknown_call``, ``not_connected``, ``no_space``, ``storage_failed``.
    """

    call: str
    recording: str
    code: str


Report = (
    Negotiate
    | Described
    | MediaRefused
    | LegChanged
    | CallLeft
    | PartOpened
    | RecordedUntil
    | PartClosed
    | RecordingRefused
)
