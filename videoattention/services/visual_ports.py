"""What visual identification needs of the world, in its own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.visual import Visual
    from videoattention.domain.visual_stages import Reason
    from videoattention.services.seals import Signature
    from videoattention.services.work import Acting


@dataclass(frozen=True, slots=True)
class SealedStill:
    """A still as it is kept: encrypted with a key of its own, which is wrapped by the organisation's.

    ``under`` is the organisation's key (wrapped) with which it was, so that a rotation in between is noticed.
    """

    id: str
    wrapped: bytes
    sealed: bytes
    under: bytes


class StillVault(Protocol):
    """Encrypts and opens stills. Not to be awaited inside a transaction. Raises `KeyUnusable`."""

    async def close(self, organisation: str, still: str, picture: bytes) -> SealedStill:
        """Encrypt it."""

    async def open(self, organisation: str, still: SealedStill) -> bytes:
        """The picture again; also raises `MediaTampered`."""


class Pseudonyms(Protocol):
    """Keyed digests: the same text has the same one in an organisation, and nobody without its keys can tell which."""

    async def of(self, organisation: str, use: str, text: str) -> str:
        """The digest (hex) of a text for one use. Not to be awaited inside a transaction."""


class CodePhone(Protocol):
    """Sends one-use codes to phones and knows them again, within its own limits."""

    async def send(self, acting: Acting, attention: str, number: str) -> None:
        """Send a code; raises `StepRefused` for a number or an amount that the rules refuse, and if it did not go."""

    async def check(self, acting: Acting, attention: str, code: str) -> None:
        """Returns if it is the code that was sent last; raises `StepRefused` if it does not hold, and counts it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A decision: the bytes that were signed, the signature, and until when they are kept."""

    body: bytes
    signature: Signature
    keep_until: datetime


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What is kept apart of an identification that raised a suspicion of fraud."""

    visual: str
    attention: str
    informer: str
    reason: Reason
    number: str
    name: str
    at: datetime
    statement: Statement


@dataclass(frozen=True, slots=True)
class Suspected:
    """A line of the list of suspicions: nothing in it tells who the citizen was. ``name`` is the informer's."""

    visual: str
    informer: str
    name: str
    reason: Reason
    at: datetime
    keep_until: datetime


class Visuals(Protocol):
    """The visual identifications of one organisation, inside a transaction."""

    async def get(self, visual: str) -> Visual:
        """One as it is now; raises `NotFound`."""

    async def open_of(self, attention: str) -> Visual | None:
        """The one that goes on in this attention; there is at most one."""

    async def accepted_of(self, attention: str) -> Visual | None:
        """The one by which the citizen of this attention was identified, the last if there are several."""

    async def add(self, visual: Visual) -> None:
        """Keep a new one; raises `Stale` beside one that goes on."""

    async def save(self, visual: Visual, statement: Statement | None = None) -> None:
        """Keep a change, and the decision if there is one; stills that it has no more are deleted. Raises `Stale`."""

    async def keep_still(self, visual: str, still: SealedStill, now: datetime) -> None:
        """Keep a still of it."""

    async def still(self, visual: str, still: str) -> SealedStill:
        """A still of it; raises `NotFound`."""

    async def suspect(self, suspicion: Suspicion) -> None:
        """Keep a suspicion apart."""

    async def suspicion(self, visual: str) -> Suspicion:
        """One suspicion whole; raises `NotFound`."""

    async def suspected(self, visual: str) -> Suspected:
        """The line of one suspicion; raises `NotFound`."""

    async def suspicions(self, after: tuple[datetime, str] | None, most: int) -> Sequence[Suspected]:
        """At most so many, the newest first, from behind one (its moment and id) on."""

    async def erase(self, visual: str) -> None:
        """Delete everything that was kept of it."""


class OpenVisuals(Protocol):
    """The visual identifications of every organisation."""

    async def going_on(self) -> Sequence[tuple[str, str, str]]:
        """Those that go on: organisation, attention, and why it is interrupted (empty if it is not)."""

    async def unasked(self) -> Sequence[tuple[str, str, str]]:
        """Those that go on though nobody asks for them: organisation, attention, ``call_ended`` or ``another_way``."""

    async def past_term(self, now: datetime) -> Sequence[tuple[str, str, str]]:
        """Those whose term of keeping is over: organisation, attention, id."""
