"""What citizens asked about their personal data, what was answered, and what was erased when its time was over.

Words are not here: ``words`` is the HMAC-SHA256 (hex) of them under a salt that is kept beside them, and both can be
erased; empty when nothing was said. ``ground`` is a code of `videoattention.domain.rights.GROUNDS`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataRequested:
    """A citizen asked for something. ``by``: citizen (through the link), officer; answered until ``due`` (ISO 8601)."""

    attention: str
    request: str
    right: str
    by: str
    due: str
    words: str


@dataclass(frozen=True, slots=True)
class DataRequestExtended:
    """The officer needs two months more, and told why."""

    attention: str
    request: str
    due: str
    words: str


@dataclass(frozen=True, slots=True)
class DataRequestLapsed:
    """The time to answer is over and nobody did; it must be answered all the same, and the citizen is told."""

    attention: str
    request: str
    due: str


@dataclass(frozen=True, slots=True)
class DataRequestGranted:
    """The officer granted it."""

    attention: str
    request: str
    right: str
    ground: str
    words: str


@dataclass(frozen=True, slots=True)
class DataRequestRefused:
    """It was refused, by the officer, or by the service because a hold is in force."""

    attention: str
    request: str
    right: str
    ground: str
    words: str


@dataclass(frozen=True, slots=True)
class DataRequestDone:
    """What was granted was carried out: the copy can be fetched, the data are restricted or erased."""

    attention: str
    request: str
    right: str


@dataclass(frozen=True, slots=True)
class RestrictionLifted:
    """The officer ended a restriction, and the citizen is told why."""

    attention: str
    request: str
    words: str


@dataclass(frozen=True, slots=True)
class CopyFetched:
    """The citizen downloaded the copy of their data."""

    attention: str
    request: str


@dataclass(frozen=True, slots=True)
class QuarantineBegun:
    """The period of keeping is over; the data are erased at ``until`` (ISO 8601, UTC) unless somebody keeps them."""

    attention: str
    rule: str
    until: str


@dataclass(frozen=True, slots=True)
class QuarantineEnded:
    """The data are kept on until ``until``. ``cause``: on_hold, restricted, request_open, not_sealed, officer, rule."""

    attention: str
    cause: str
    until: str
    words: str


@dataclass(frozen=True, slots=True)
class PersonalDataErased:
    """What told who the citizen was is gone; ``entries`` of the journal say nothing any more.

    ``cause``: retention, request.
    """

    attention: str
    cause: str
    entries: int


RightsFact = (
    DataRequested
    | DataRequestExtended
    | DataRequestLapsed
    | DataRequestGranted
    | DataRequestRefused
    | DataRequestDone
    | RestrictionLifted
    | CopyFetched
    | QuarantineBegun
    | QuarantineEnded
    | PersonalDataErased
)
