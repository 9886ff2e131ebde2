"""What changes hands in an attention: which files may, and the link by which the citizen reaches them later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from videoattention.domain.errors import StepRefused
from videoattention.domain.levels import Level
from videoattention.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.domain.attention import Attention
    from videoattention.domain.people import Side

LARGEST = 10 * 1024 * 1024
"""Bytes of a file that is handed over."""

MOST = 20
"""Files that each side hands over in one attention."""

LONGEST_NAME = 80
"""Characters that are kept of a file's name."""

TRIES = 5
"""Wrong PINs in a row after which the link is locked."""

LOCKS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))
"""How long it is locked the first time, the second, and so on; the last one for every further time."""

REACHED = {Level.ATTENDED: timedelta(days=5 * 365)}
"""How long the link leads to an attention at this level, where its policy does not say how long it is kept."""

REACHED_ELSE = timedelta(days=365)

_HEXADECIMAL = frozenset("0123456789abcdef")
_SHORTEST_NUMBER, _LONGEST_NUMBER = 16, 64

_KEPT_IN_NAMES = frozenset(" -_.,()'\u2019·")
"""Beside letters and digits: Catalan names have apostrophes and the dot of "sol·licitud"."""

_SIGNS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class Shown(StrEnum):
    """What a person showed at the office, so that an officer knew who they are."""

    IDENTITY_DOCUMENT = "shown_identity_document"
    PASSPORT = "shown_passport"
    RESIDENCE_CARD = "shown_residence_card"
    OTHER = "shown_other"


class DeliveryKind(StrEnum):
    """What is delivered; a receipt is there twice: as it was signed, and as a person reads it."""

    DOCUMENT = "document"
    FORM = "form"
    RECEIPT = "receipt"
    SIGNED_RECEIPT = "signed_receipt"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file of an attention. ``side`` is who gave it: citizen, informer, or the service; ``size`` in bytes."""

    id: str
    attention: str
    kind: DeliveryKind
    side: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime

    @property
    def is_shared(self) -> bool:
        """Whether both sides have it; receipts are the citizen's alone."""
        return self.kind in {DeliveryKind.DOCUMENT, DeliveryKind.FORM}


def media_type_of(data: bytes) -> str:
    """What the first bytes say that a file is; raises ``document_kind`` for what is not handed over."""
    for sign, media_type in _SIGNS.items():
        if data.startswith(sign):
            return media_type
    raise StepRefused("document_kind", "only PDF, PNG and JPEG are handed over")


def name_said(name: str, media_type: str) -> str:
    """A file's name that is safe to show and to keep, with the ending of what it is."""
    said = " ".join("".join(c if c.isalnum() or c in _KEPT_IN_NAMES else " " for c in name).split())
    stem = said.rpartition(".")[0] if "." in said.strip(".") else said
    kept = stem.strip(" .")[:LONGEST_NAME].strip(" .") or "document"
    return f"{kept}.{_ENDINGS[media_type]}"


def may_deliver(attention: Attention, side: Side, there: Sequence[Delivery], size: int) -> None:
    """Whether this side may hand over another file now.

    Raises ``not_in_call``, ``document_empty``, ``document_too_large`` or ``documents_too_many``.
    """
    if attention.stage is not Stage.TALKING:
        raise StepRefused("not_in_call", "files are handed over in the call")
    if not size:
        raise StepRefused("document_empty", "the file is empty")
    if size > LARGEST:
        raise StepRefused("document_too_large", f"a file has at most {LARGEST} bytes")
    if sum(one.kind is DeliveryKind.DOCUMENT and one.side == side for one in there) >= MOST:
        raise StepRefused("documents_too_many", f"each side hands over at most {MOST} files")


@dataclass(frozen=True, slots=True)
class ReceiptLink:
    """The way back to an attention: whoever has the token and the PIN, of which only hashes are kept.

    ``token`` is the SHA-256 (hex) of the token; ``pin`` what `scrypt` made of the PIN and ``salt``; ``lockouts`` is how
    often it was locked since it was last opened.
    """

    attention: str
    token: str
    salt: bytes
    pin: bytes
    made_at: datetime
    expires_at: datetime
    tries: int = 0
    lockouts: int = 0
    locked_until: datetime | None = None
    version: int = 0

    def tried(self, now: datetime) -> ReceiptLink:
        """A PIN is about to be looked at: the try is counted before anybody knows whether it is right.

        So of many tries at once no more are looked at than one after the other. Raises ``link_expired`` or ``locked``.
        """
        if now >= self.expires_at:
            raise StepRefused("link_expired", "the link leads nowhere any more")
        if self.locked_until is not None and now < self.locked_until:
            raise StepRefused("locked", "too many PINs were wrong")
        if self.tries + 1 < TRIES:
            return replace(self, tries=self.tries + 1)
        lock = LOCKS[min(self.lockouts, len(LOCKS) - 1)]
        return replace(self, tries=0, lockouts=self.lockouts + 1, locked_until=now + lock)

    def opened(self) -> ReceiptLink:
        """The PIN was right: what was counted before is forgotten."""
        return replace(self, tries=0, lockouts=0, locked_until=None)


def attention_named(number: str) -> str:
    """The attention that somebody means who reads a number from a receipt: with or without the receipt's own ``-2``."""
    plain = "".join(number.split())
    stem, hyphen, receipt = plain.rpartition("-")
    name = stem if hyphen and receipt.isdecimal() else plain
    known = len(name) >= _SHORTEST_NUMBER and _HEXADECIMAL.issuperset(name.lower())
    return (name.lower() if known else plain)[:_LONGEST_NUMBER]


def reached_until(attention: Attention, now: datetime) -> datetime:
    """Until when a link that is made now leads to this attention."""
    days = attention.in_force.retention_days
    return now + (timedelta(days=days) if days else REACHED.get(attention.level, REACHED_ELSE))
