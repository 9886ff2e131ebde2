"""What a citizen was asked, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """A text was put before the citizen, in full; ``hash`` is the SHA-256 of its bytes."""

    attention: str
    consent: str
    text: str
    version: str
    language: str
    hash: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """The citizen accepted, by their own click in their own page, unless `ConsentWitnessed` goes before."""

    attention: str
    consent: str
    hash: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentWitnessed:
    """The citizen, who cannot click, answered aloud, and the informer wrote it down: another kind of consent.

    ``answer``: give, refuse. What follows is told by `ConsentGiven` or `ConsentRefused`. ``note`` is the HMAC-SHA256
    (hex) of the witness note under a salt; both are kept beside the consent, and can be erased there.
    """

    attention: str
    consent: str
    answer: str
    note: str


@dataclass(frozen=True, slots=True)
class ClipEnded:
    """The recorded authorisation is over. ``cause``: heard (the informer says so), time."""

    attention: str
    cause: str


@dataclass(frozen=True, slots=True)
class ConsentRefused:
    """The citizen said no."""

    attention: str
    consent: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """The citizen took the consent back."""

    attention: str
    consent: str


@dataclass(frozen=True, slots=True)
class ConsentEnded:
    """The level that the consent was given for, or its proposal, is over, and the consent with it.

    ``cause``: asked_by_citizen, asked_by_informer, consent_withdrawn, identity_lost, level_changed, proposal_dropped.
    """

    attention: str
    consent: str
    cause: str


ConsentFact = (
    ConsentAsked | ConsentWitnessed | ConsentGiven | ConsentRefused | ConsentWithdrawn | ConsentEnded | ClipEnded
)
