"""Electronic identity in a call: the proof of it is kept, and what it says is shown for a moment when it is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Protocol

from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import CitizenIdentified, IdentityRevealed, LoginProofGiven
from videoattention.domain.identification import Identification, Way
from videoattention.domain.stages import Stage
from videoattention.services.archive import LEAST_PURPOSE
from videoattention.services.ports import Stale
from videoattention.services.restriction import is_restricted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.domain.attention import Attention
    from videoattention.domain.facts import Fact
    from videoattention.services.claims import CitizenIdentity
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Acting, Work

SHOWN_FOR: Final = 30
"""Seconds for which the informer's page shows a whole number."""


@dataclass(frozen=True, slots=True)
class SealedLogin:
    """What a provider answered about a citizen, encrypted with a key of its own, which the organisation's wraps.

    ``hash`` is the SHA-256 (hex) of the answer, which the journal has too. ``under`` is the organisation's key (as
    kept) that wrapped it, so that a rotation in between is noticed; empty in one that was read.
    """

    attention: str
    hash: str
    wrapped: bytes
    sealed: bytes
    under: bytes = b""


class LoginVault(Protocol):
    """Encrypts and opens what providers answered. Not to be awaited inside a transaction. Raises `KeyUnusable`."""

    async def close(self, organisation: str, attention: str, answer: bytes) -> SealedLogin:
        """Encrypt it."""

    async def open(self, organisation: str, login: SealedLogin) -> bytes:
        """The answer again; also raises `MediaTampered` when a byte is not what was written."""


class Logins(Protocol):
    """What providers answered about the citizens of one organisation, inside a transaction."""

    async def add(self, login: SealedLogin, now: datetime) -> None:
        """Keep it; raises `Stale` when the organisation's key was rotated since it was encrypted."""

    async def of(self, attention: str) -> Sequence[SealedLogin]:
        """What is kept of an attention, the oldest first."""


class Identifying:
    """Use cases of electronic identity; every one raises `StepRefused` or `NotFound` and then changed nothing."""

    def __init__(self, work: Work, vault: LoginVault) -> None:
        self._work = work
        self._vault = vault

    async def identify(self, acting: Acting, attention: str, who: CitizenIdentity) -> None:
        """A provider vouched for the citizen of this attention; its answer is kept in the same step, or nothing is."""
        try:
            await self._identified(acting, attention, who)
        except Stale:  # the organisation's key was rotated in between: the answer is encrypted under the new one
            await self._identified(acting, attention, who)

    async def _identified(self, acting: Acting, attention: str, who: CitizenIdentity) -> None:
        login = await self._vault.close(acting.organisation, attention, who.evidence)

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            change = (await transaction.attentions.get(attention)).identify(_proof(who, now))
            await transaction.attentions.save(change.attention)
            await transaction.logins.add(login, now)
            return [_told(fact, who, login.hash) for fact in change.facts]

        await self._work.carry_out(acting, action)

    async def reveal(self, acting: Acting, attention: str) -> str:
        """The whole number, which the attending informer needs; that they saw it is in the journal before they do."""
        seen: list[str] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            seen[:] = [_revealed(await transaction.attentions.get(attention), acting.subject)]
            return (IdentityRevealed(attention),)

        await self._work.carry_out(acting, action)
        return seen[0]


class LoginProofs:
    """Gives away what providers answered, once the journal has that it is given and for what."""

    def __init__(self, work: Work, vault: LoginVault) -> None:
        self._work = work
        self._vault = vault

    async def give(self, acting: Acting, attention: str, purpose: str) -> Sequence[bytes]:
        """Every answer that is kept of the attention, the oldest first; none and nothing journalled if none is kept.

        Raises `StepRefused` (``purpose_too_short``, and ``restricted`` while the citizen's data are), `KeyUnusable`,
        and `MediaTampered` when one was changed.
        """
        if len(purpose) < LEAST_PURPOSE:
            raise StepRefused("purpose_too_short", "the purpose says nothing")
        kept: list[SealedLogin] = []

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            kept[:] = await transaction.logins.of(attention)
            if kept and await is_restricted(transaction, attention):
                raise StepRefused("restricted", "the citizen's data are restricted, and no hold needs them")
            return [LoginProofGiven(attention, login.hash, purpose) for login in kept]

        await self._work.carry_out(acting, action)
        return [await self._vault.open(acting.organisation, login) for login in kept]


def hash_of(answer: bytes) -> str:
    """What the journal has of an answer that is kept: its SHA-256, hexadecimal."""
    return sha256(answer).hexdigest()


def _proof(who: CitizenIdentity, now: datetime) -> Identification:
    return Identification(who.assurance, who.name, who.document, who.subject, who.provider, now, Way.ELECTRONIC)


def _told(fact: Fact, who: CitizenIdentity, evidence: str) -> Fact:
    if not isinstance(fact, CitizenIdentified):
        return fact
    return replace(fact, way=Way.ELECTRONIC.value, method=who.method, evidence=evidence)


def _revealed(attention: Attention, informer: str) -> str:
    attention.must_be_attended_by(informer)
    if attention.stage not in {Stage.TALKING, Stage.WRAPPING_UP}:
        raise StepRefused("illegal_step", "an identity is seen while the attention goes on")
    if attention.identification is None:
        raise StepRefused("not_identified", "nobody has identified yet")
    return attention.identification.document
