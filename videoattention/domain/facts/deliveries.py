"""What was given to the citizen or by the citizen, and how they reach it later."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentDelivered:
    """One side of the call gave the other a file. ``side``: citizen, informer; ``hash`` is its SHA-256 (hex)."""

    attention: str
    delivery: str
    side: str
    media_type: str
    size: int
    hash: str


@dataclass(frozen=True, slots=True)
class ReceiptSigned:
    """A receipt was made: ``hash`` is the SHA-256 (hex) of what was signed with ``key``, ``pdf`` that of its PDF."""

    attention: str
    number: int
    hash: str
    pdf: str
    key: str


@dataclass(frozen=True, slots=True)
class ReceiptLinkMade:
    """The citizen got a link and a PIN to reach what is kept of the attention, good until ``until`` (ISO 8601, UTC)."""

    attention: str
    until: str


@dataclass(frozen=True, slots=True)
class ReceiptLinkGiven:
    """An officer gave the person, who showed at the office who they are, a new link and PIN; the ones before are dead.

    ``until`` as in `ReceiptLinkMade`; ``shown`` is a code of what they showed.
    """

    attention: str
    until: str
    shown: str


@dataclass(frozen=True, slots=True)
class ReceiptLinkReason:
    """Why a new link was given, in the officer's words: a fact of its own, which is erased with the data."""

    attention: str
    reason: str


@dataclass(frozen=True, slots=True)
class CitizenLookedUp:
    """An officer was shown who the citizen is, to compare it with what somebody at the office shows."""

    attention: str


@dataclass(frozen=True, slots=True)
class ReceiptOpened:
    """Somebody opened the link with its PIN."""

    attention: str


@dataclass(frozen=True, slots=True)
class ReceiptRefused:
    """Somebody tried to open the link and was not let. ``cause``: wrong_pin, locked, link_expired."""

    attention: str
    cause: str


DeliveryFact = (
    DocumentDelivered
    | ReceiptSigned
    | ReceiptLinkMade
    | ReceiptLinkGiven
    | ReceiptLinkReason
    | CitizenLookedUp
    | ReceiptOpened
    | ReceiptRefused
)
