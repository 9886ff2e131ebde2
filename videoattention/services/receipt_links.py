"""The link and the PIN by which a citizen reaches later what is kept of their attention."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

from videoattention.domain.deliveries import ReceiptLink, reached_until
from videoattention.domain.errors import StepRefused
from videoattention.domain.facts import ReceiptLinkMade, ReceiptOpened, ReceiptRefused
from videoattention.domain.stages import Stage
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence
    from datetime import datetime

    from videoattention.domain.facts import Fact
    from videoattention.services.delivery_ports import LinkOwners
    from videoattention.services.ports import Transaction
    from videoattention.services.work import Work

TOKEN_BYTES: Final = 16
PIN_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that is taken for another."""

PIN_LENGTH: Final = 8
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_SALT: Final = 16
_COST: Final = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
_AT_ONCE: Final = 2
_MOST: Final = 64
"""Characters of a token or a PIN that are looked at."""

_HAS_TALKED: Final = frozenset({Stage.TALKING, Stage.WRAPPING_UP, Stage.CLOSED})


class LinkRefused(Exception):
    """The link does not open; nobody who asks is told why: no such link, wrong PIN, locked and expired are one."""

    code = "link_refused"


@dataclass(frozen=True, slots=True)
class NewLink:
    """What the citizen is shown, once."""

    token: str = field(repr=False)
    pin: str = field(repr=False)
    until: datetime


class Links:
    """Makes links and opens them."""

    def __init__(self, work: Work, owners: LinkOwners) -> None:
        self._work = work
        self._owners = owners
        self._hashing = asyncio.Semaphore(_AT_ONCE)
        self._nobody = secrets.token_bytes(_SALT)

    async def make(self, organisation: str, attention: str) -> NewLink:
        """A link to this attention in the place of the one before.

        Raises `NotFound`, or ``no_receipt_yet`` before the citizen has talked with anybody.
        """
        acting = Acting(organisation, "citizen")
        return await self.put(acting, attention, _HAS_TALKED, lambda until: (ReceiptLinkMade(attention, until),))

    async def put(
        self, acting: Acting, attention: str, stages: Container[Stage], told: Callable[[str], Sequence[Fact]]
    ) -> NewLink:
        """A link in the place of the one before, while the attention is in one of these ``stages``.

        ``told`` makes the facts, of the time until which the link is good (ISO 8601). Raises as `make`.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        pin = "".join(secrets.choice(PIN_LETTERS) for _ in range(PIN_LENGTH))
        salt = secrets.token_bytes(_SALT)
        hashed = await self._hashed(pin, salt)
        made: list[ReceiptLink] = []

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            found = await transaction.attentions.get(attention)
            if found.stage not in stages:
                raise StepRefused("no_receipt_yet", "nothing was talked about yet")
            until = reached_until(found, now)
            link = ReceiptLink(attention, key_of(token), salt, hashed, now, until)
            await transaction.links.put(link)
            made.append(link)
            return told(until.isoformat())

        await self._work.carry_out(acting, action)
        return NewLink(token, f"{pin[:4]}-{pin[4:]}", made[-1].expires_at)

    async def open(self, token: str, pin: str) -> tuple[str, str]:
        """The organisation and the attention to which the link leads; raises `LinkRefused`.

        The answer takes as long for a link that does not exist as for one that does.
        """
        key = key_of(token[:_MOST])
        owner = await self._owners.owner_of(key)
        link = await self._tried(owner, key) if owner else None
        said = await self._hashed(_plain(pin), link.salt if link else self._nobody)
        if owner is None or link is None:
            raise LinkRefused
        if not compare_digest(said, link.pin):
            await self._work.tell(Acting(owner[0], "citizen"), ReceiptRefused(owner[1], "wrong_pin"))
            raise LinkRefused
        await self._opened(owner, link)
        return owner

    async def leads(self, token: str) -> bool:
        """Whether the link is not replaced; to be asked when what it opened is open, for a new one closes only that."""
        return await self._owners.owner_of(key_of(token[:_MOST])) is not None

    async def _tried(self, owner: tuple[str, str], key: str) -> ReceiptLink | None:
        """The link with this try counted; nothing for one whose PIN must not be looked at."""
        organisation, attention = owner
        found: list[ReceiptLink | None] = []

        async def action(transaction: Transaction, now: datetime) -> Sequence[Fact]:
            await transaction.alone()
            link = await transaction.links.of(attention)
            found.append(None)
            if link is None or link.token != key:
                return ()
            try:
                tried = link.tried(now)
            except StepRefused as refused:
                return (ReceiptRefused(attention, refused.code),)
            await transaction.links.save(tried)
            found[-1] = tried
            return ()

        await self._work.carry_out(Acting(organisation, "citizen"), action)
        return found[-1]

    async def _opened(self, owner: tuple[str, str], tried: ReceiptLink) -> None:
        """Forget the tries; raises `LinkRefused` when another link took its place while the PIN was looked at."""
        organisation, attention = owner

        async def action(transaction: Transaction, _: datetime) -> Sequence[Fact]:
            await transaction.alone()
            link = await transaction.links.of(attention)
            if link is None or link.token != tried.token:
                raise LinkRefused
            await transaction.links.save(link.opened())
            return (ReceiptOpened(attention),)

        await self._work.carry_out(Acting(organisation, "citizen"), action)

    async def _hashed(self, pin: str, salt: bytes) -> bytes:
        """Scrypt (RFC 7914) in a thread, two at once at most: each needs 16 MiB."""
        async with self._hashing:
            return await asyncio.to_thread(_scrypt, pin, salt)


def may_be_token(text: str) -> bool:
    """Whether a token can look so; nothing is asked of any link."""
    return _TOKEN.fullmatch(text) is not None


def may_be_pin(text: str) -> bool:
    """Whether a PIN can look so, however it was typed; nothing is asked of any link."""
    plain = _plain(text)
    return len(plain) == PIN_LENGTH and set(plain) <= set(PIN_LETTERS)


def key_of(token: str) -> str:
    """What is kept of a token, which may be any text."""
    return hashlib.sha256(b"receipt link\0" + token.encode(errors="surrogatepass")).hexdigest()


def _plain(pin: str) -> str:
    """A PIN however it was typed."""
    return "".join(letter for letter in pin.upper() if letter.isalnum())[:_MOST]


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(errors="surrogatepass"), salt=salt, **_COST)
