"""What handing over files and receipts needs of the world, in its own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from videoattention.domain.accounts import Account
    from videoattention.domain.deliveries import Delivery, ReceiptLink


@dataclass(frozen=True, slots=True)
class SealedDelivery:
    """A file as it is kept: encrypted with a key of its own, which is wrapped by the organisation's.

    ``under`` is the organisation's key (wrapped) with which it was, so that a rotation in between is noticed.
    """

    id: str
    wrapped: bytes
    sealed: bytes
    under: bytes


class DeliveryVault(Protocol):
    """Encrypts and opens files. Not to be awaited inside a transaction. Raises `KeyUnusable`."""

    async def close(self, organisation: str, delivery: str, data: bytes) -> SealedDelivery:
        """Encrypt it."""

    async def open(self, organisation: str, delivery: SealedDelivery) -> bytes:
        """The file again; also raises `MediaTampered`."""


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A receipt of an attention: the deliveries that hold it as it was signed and as a person reads it.

    ``basis`` is the SHA-256 (hex) of all that it tells but its number and time: the same basis needs no other receipt.
    """

    attention: str
    number: int
    basis: str
    signed: str
    pdf: str
    at: datetime


class Deliveries(Protocol):
    """What changed hands in one organisation, inside a transaction."""

    async def add(self, delivery: Delivery, sealed: SealedDelivery) -> None:
        """Keep a file; raises `Stale` when the organisation's key was rotated since it was encrypted."""

    async def of(self, attention: str) -> Sequence[Delivery]:
        """Every file of an attention, in the order in which they came."""

    async def sealed(self, attention: str, delivery: str) -> tuple[Delivery, SealedDelivery]:
        """A file of this attention; raises `NotFound`."""

    async def add_receipt(self, receipt: KeptReceipt) -> None:
        """Keep a receipt; raises `Stale` when there is one with this number."""

    async def last_receipt(self, attention: str) -> KeptReceipt | None:
        """The newest receipt of an attention."""


class ReceiptLinks(Protocol):
    """The links of one organisation, inside a transaction."""

    async def of(self, attention: str) -> ReceiptLink | None:
        """The link of an attention; it has at most one."""

    async def put(self, link: ReceiptLink) -> None:
        """Keep a new one in the place of the one before, which leads nowhere from then on."""

    async def save(self, link: ReceiptLink) -> None:
        """Keep what changed; raises `Stale` if somebody else changed it."""


class LinkOwners(Protocol):
    """Finds whose a link is: it names neither organisation nor attention."""

    async def owner_of(self, token: str) -> tuple[str, str] | None:
        """Organisation and attention of the link with this hash of a token."""


class Accounts(Protocol):
    """Everything that receipts and forms tell, read from what is kept."""

    async def of(self, organisation: str, attention: str, language: str = "") -> Account | None:
        """The account of an attention as of one moment; ``None`` if there is none.

        Names are in this language, else in the one that the citizen chose for the attention.
        """

    async def formless(self) -> Sequence[tuple[str, str]]:
        """Every (organisation, attention) with a call whose level in force wants a form, and none: for the service."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF; ``signed`` if it bears a signature of its own."""

    data: bytes
    signed: bool


class PaperMaker(Protocol):
    """Writes papers that a person can read."""

    async def make(self, template: str, language: str, content: Mapping[str, object]) -> Paper:
        """A PDF of this template in this language, tagged, and signed where a certificate is configured."""
