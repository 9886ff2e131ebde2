"""What auditors did with a recording: why it was to be reviewed, what they said of it, and who let it be given away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReviewAsked:
    """A sealed recording is to be reviewed.

    ``reasons``: required, drawn, risk. ``risks`` are codes of `videoattention.domain.risks`; ``draw`` is the number of
    0 to 9999 that the organisation's key drew for it, beside the ``share`` below which one is reviewed by chance.
    """

    attention: str
    recording: str
    reasons: tuple[str, ...]
    risks: tuple[str, ...]
    draw: int
    share: int


@dataclass(frozen=True, slots=True)
class ReviewSpared:
    """A sealed recording needs no review; ``draw`` and ``share`` as in `ReviewAsked`."""

    attention: str
    recording: str
    risks: tuple[str, ...]
    draw: int
    share: int


@dataclass(frozen=True, slots=True)
class ReviewOpened:
    """An auditor took the review upon themselves. ``place``: first, second."""

    attention: str
    recording: str
    place: str


@dataclass(frozen=True, slots=True)
class ReviewLeft:
    """The auditor gave it back without a verdict."""

    attention: str
    recording: str
    place: str


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """An auditor went through the checklist and judged.

    ``answers`` are ``item=answer``; ``words`` is the salted SHA-256 (hex) of what they wrote, which is kept elsewhere
    so that it can be erased; empty when nothing was written.
    """

    attention: str
    recording: str
    place: str
    verdict: str
    checklist: str
    answers: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class ReviewClosed:
    """Nothing more is to be reviewed. ``verdict`` is disagreed when two reviewers judged otherwise."""

    attention: str
    recording: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """An auditor asked for a package of the recording; somebody else must answer until ``until`` (ISO 8601, UTC)."""

    attention: str
    recording: str
    export: str
    purpose: str
    case: str
    until: str


@dataclass(frozen=True, slots=True)
class ExportDecided:
    """Another auditor answered. ``answer``: approved, refused. ``asked_by`` is the subject of whoever asked."""

    attention: str
    recording: str
    export: str
    answer: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class ExportRejected:
    """No step towards a package: same_person, own_work, export_lapsed, illegal_step, not_your_export."""

    attention: str
    recording: str
    export: str
    reason: str


@dataclass(frozen=True, slots=True)
class SealChecked:
    """An auditor had the recording compared with its seal; ``faults`` counts what is not as it was sealed."""

    attention: str
    recording: str
    faults: int


ReviewFact = (
    ReviewAsked
    | ReviewSpared
    | ReviewOpened
    | ReviewLeft
    | VerdictGiven
    | ReviewClosed
    | ExportAsked
    | ExportDecided
    | ExportRejected
    | SealChecked
)
