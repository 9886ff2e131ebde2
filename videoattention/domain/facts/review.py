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
    """Somebody asked for a package; somebody else must answer until ``until`` (ISO 8601, UTC).

    ``recording`` is empty when it is that of an attention without one: then nothing is kept of the request but the
    journal, and ``function`` is what that person is.
    """

    attention: str
    recording: str
    export: str
    purpose: str
    case: str
    until: str
    function: str = ""


@dataclass(frozen=True, slots=True)
class ExportDecided:
    """Another person answered. ``answer``: approved, refused. ``asked_by`` is the subject of whoever asked.

    ``recording`` and ``function`` as in `ExportAsked`; ``words`` why it was refused, where it is kept nowhere else.
    """

    attention: str
    recording: str
    export: str
    answer: str
    asked_by: str
    function: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ExportRejected:
    """No step towards a package: same_person, own_work, export_lapsed, illegal_step, not_your_export."""

    attention: str
    recording: str
    export: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportUnmade:
    """The package that was told to be given away could not be made: nobody got it, and it can be fetched again.

    ``recording`` as in `ExportAsked`. ``cause``: no_space, storage_failed, file_missing, file_tampered, key_missing,
    failed. ``until`` is when the request ends (ISO 8601).
    """

    attention: str
    recording: str
    export: str
    cause: str
    until: str


@dataclass(frozen=True, slots=True)
class AttentionExported:
    """The package of an attention of which there is no recording was given away.

    ``manifest`` is the SHA-256 (hex) of the signed statement in it, ``key`` the id of the key that signed it;
    ``export`` names the request, ``case``, ``function`` and ``approved_by`` are as in `RecordingExported`.
    """

    attention: str
    purpose: str
    manifest: str
    key: str
    export: str = ""
    case: str = ""
    function: str = ""
    approved_by: str = ""


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
    | ExportUnmade
    | AttentionExported
    | SealChecked
)
