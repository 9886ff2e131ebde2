"""The journal: append-only, one chain per organisation, provable from its rows alone.

An entry's link is the SHA-256 of the link before it, its place, time, actor, kind, attention and a *commitment* to its
body: HMAC-SHA256 of the body under a salt of its own. So what an entry says can be erased later, body and salt
together, and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, union
from sqlalchemy.exc import DBAPIError

from videoattention.adapters.db.journal_facts import body_of, canonical
from videoattention.adapters.db.tables import journal, journal_heads
from videoattention.adapters.db.tenant import NO_LINK, Head
from videoattention.services.ports import Entry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.tenant import TenantConnection
    from videoattention.domain.facts import Fact

_FORMAT: Final = "videoattention-journal-1"
_SALT: Final = 32
_BATCH: Final = 200
_NOT_TEXT: Final = "Could not decode to UTF-8"
"""What SQLite's driver says of bytes in the place of a text."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The chain is whole. ``erased`` entries have a place but say nothing any more; ``hash`` is the last link."""

    entries: int
    erased: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the chain is not what was written.

    ``what``: ``missing`` (an entry is not there), ``relinked`` (it follows another entry), ``body`` (it says something
    else), ``link`` (its place, time, actor, kind or attention is another), ``truncated`` (entries are missing at the
    end), ``beyond_the_end`` (there are more entries than were written), ``head`` (the last link is another) or
    ``unreadable`` (it holds what the service never wrote).
    """

    seq: int
    what: str


def link_of(prev: str, organisation: str, seq: int, **told: object) -> str:
    """The link of an entry, hexadecimal; ``told`` has ``at``, ``actor``, ``kind``, ``attention`` and ``commitment``."""
    parts = [_FORMAT, prev, organisation, seq, *(told[name] for name in sorted(told))]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def commitment_to(body: str, salt: bytes) -> str:
    """What binds an entry to its body without telling it, hexadecimal."""
    return hmac.digest(salt, body.encode(), "sha256").hex()


async def append(tenant: TenantConnection, actor: str, now: datetime, facts: Sequence[Fact]) -> tuple[Entry, ...]:
    """Put the facts at the end of the organisation's chain, in the transaction of ``tenant``."""
    if not facts:
        return ()
    head = await tenant.head()
    entries, rows = [], []
    for fact in facts:
        row = _row(tenant.organisation, head, fact, actor, now)
        head = Head(head.seq + 1, str(row["hash"]))
        rows.append(row)
        entries.append(Entry(tenant.organisation, head.seq, now, actor, fact, head.hash))
    await tenant.add(journal, *rows)
    moved = journal_heads.update().where(tenant.owns(journal_heads)).values(seq=head.seq, hash=head.hash)
    await tenant.write(moved)
    return tuple(entries)


def _row(organisation: str, head: Head, fact: Fact, actor: str, now: datetime) -> dict[str, object]:
    salt, body, seq = secrets.token_bytes(_SALT), body_of(fact), head.seq + 1
    told = {"actor": actor, "kind": type(fact).__name__, "attention": fact.attention}
    committed = commitment_to(body, salt)
    link = link_of(head.hash, organisation, seq, **told, at=moment(now), commitment=committed)
    return {
        "organisation": organisation,
        "seq": seq,
        "at": now,
        **told,
        "body": body,
        "salt": salt,
        "commitment": committed,
        "prev": head.hash,
        "hash": link,
    }


def moment(at: datetime) -> str:
    """A time in one spelling, to the microsecond that both databases keep."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class _Unreadable(Exception):
    """The next entry holds what no column of the table can say."""


class Journal:
    """The journal of every organisation, to be checked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def organisations(self) -> Sequence[str]:
        """Every organisation that has a chain, or entries of one whose end is not kept any more."""
        ends, entries = select(journal_heads.c.organisation), select(journal.c.organisation)
        async with self._database.reading() as connection:
            rows = await connection.execute(union(ends, entries).order_by("organisation"))
            return [row.organisation for row in rows]

    async def verify(self, organisation: str) -> Verified | Broken:
        """Check the whole chain against its head; memory does not grow with its length."""
        async with self._database.reading() as connection:
            return await verify_seen(connection, organisation)


async def verify_seen(connection: AsyncConnection, organisation: str) -> Verified | Broken:
    """Check the chain as this connection sees it, which must be as of one moment."""
    heads = select(journal_heads.c.seq, journal_heads.c.hash).where(journal_heads.c.organisation == organisation)
    head = (await connection.execute(heads)).first()
    end = Head(head.seq, head.hash) if head else Head(0, NO_LINK)
    last, erased = Head(0, NO_LINK), 0
    try:
        async for row in _entries(connection, organisation):
            wrong = _wrong(row, last, end)
            if wrong is not None:
                return wrong
            last = Head(row.seq, row.hash)
            erased += row.body is None
    except _Unreadable:
        return Broken(last.seq + 1, "unreadable")
    if last.seq < end.seq:
        return Broken(last.seq + 1, "truncated")
    if last.hash != end.hash:
        return Broken(last.seq, "head")
    return Verified(last.seq, erased, last.hash)


def _wrong(row: Row[Any], last: Head, end: Head) -> Broken | None:
    try:
        return _difference(row, last, end)
    except (TypeError, ValueError, AttributeError):  # SQLite keeps a value of any type in any column
        raise _Unreadable from None


def _difference(row: Row[Any], last: Head, end: Head) -> Broken | None:
    if row.seq != last.seq + 1:
        return Broken(last.seq + 1, "missing")
    if row.seq > end.seq:
        return Broken(row.seq, "beyond_the_end")
    if row.prev != last.hash:
        return Broken(row.seq, "relinked")
    if not _says_what_it_said(row):
        return Broken(row.seq, "body")
    told = {"actor": row.actor, "kind": row.kind, "attention": row.attention}
    if row.hash != link_of(row.prev, row.organisation, row.seq, **told, at=moment(row.at), commitment=row.commitment):
        return Broken(row.seq, "link")
    return None


def _says_what_it_said(row: Row[Any]) -> bool:
    if row.body is None or row.salt is None:
        return row.body is None and row.salt is None
    # as bytes: text is refused by compare_digest when somebody put letters there that are not ASCII
    return hmac.compare_digest(commitment_to(row.body, row.salt).encode(), row.commitment.encode())


async def _entries(connection: AsyncConnection, organisation: str) -> AsyncIterator[Row[Any]]:
    seq, size = -1, _BATCH
    while True:
        after = journal.c.organisation == organisation, journal.c.seq > seq
        query = select(journal).where(*after).order_by(journal.c.seq).limit(size)
        try:
            rows = (await connection.execute(query)).all()
        except (TypeError, ValueError, DBAPIError) as error:
            if isinstance(error, DBAPIError) and _NOT_TEXT not in str(error.orig):
                raise
            if size == 1:
                raise _Unreadable from None
            size = 1  # so that every entry before the one that cannot be read is checked
            continue
        for row in rows:
            yield row
        if len(rows) < size:
            return
        seq = rows[-1].seq
