"""What happened to an attention: the line, the offer, the level, the end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttentionRequested:
    """A citizen took a turn; ``policy`` is the version of the organisation's policy that holds for it."""

    attention: str
    office: str
    procedure: str
    language: str
    policy: int = 0


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """The citizen goes on in another language than before; a text that waited for an answer lapsed with it."""

    attention: str
    language: str


@dataclass(frozen=True, slots=True)
class OfferMade:
    """The attention was offered to an informer; it lapses at ``until`` (ISO 8601, UTC)."""

    attention: str
    informer: str
    until: str


@dataclass(frozen=True, slots=True)
class OfferLapsed:
    """The informer did not answer, or could not; the citizen keeps the place. ``cause``: unanswered, declined, gone."""

    attention: str
    informer: str
    cause: str


@dataclass(frozen=True, slots=True)
class OfferAccepted:
    """The informer answered, and the two people talk from now on."""

    attention: str
    informer: str


@dataclass(frozen=True, slots=True)
class AttentionAbandoned:
    """The citizen left before talking. ``cause``: left, absent."""

    attention: str
    cause: str


@dataclass(frozen=True, slots=True)
class LevelProposed:
    """The informer proposed to act for the citizen at another level."""

    attention: str
    level: str


@dataclass(frozen=True, slots=True)
class LevelProposalDropped:
    """The proposal does not hold any more.

    ``cause``: declined, refused_consent, consent_withdrawn, withdrawn_by_informer, another_proposed.
    """

    attention: str
    level: str
    cause: str


@dataclass(frozen=True, slots=True)
class LevelRaised:
    """Everything the level demands is proved; it is in force."""

    attention: str
    level: str


@dataclass(frozen=True, slots=True)
class LevelLowered:
    """The level in force went down.

    ``cause``: consent_withdrawn, identity_lost, asked_by_citizen, asked_by_informer, agreed.
    """

    attention: str
    level: str
    cause: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """Someone hung up. ``by``: citizen, informer, service."""

    attention: str
    by: str


@dataclass(frozen=True, slots=True)
class AttentionConcluded:
    """The informer wrote the outcome. ``kind``: informed, helped, represented, unfinished; empty in old entries."""

    attention: str
    outcome: str
    level: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PictureSeen:
    """The citizen's picture on the informer's screen has so many lines."""

    attention: str
    lines: int


@dataclass(frozen=True, slots=True)
class FormDelivered:
    """The consent to be represented, written down, was given to the citizen; ``hash``: SHA-256 (hex) of the paper."""

    attention: str
    form: str
    hash: str


AttentionFact = (
    AttentionRequested
    | LanguageChosen
    | OfferMade
    | OfferLapsed
    | OfferAccepted
    | AttentionAbandoned
    | LevelProposed
    | LevelProposalDropped
    | LevelRaised
    | LevelLowered
    | CallEnded
    | AttentionConcluded
    | PictureSeen
    | FormDelivered
)
