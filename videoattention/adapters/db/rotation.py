"""Wrapped keys, taken out and put back under other keys, all of them in one transaction or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import bindparam, func, select, tuple_

from videoattention.adapters.db.columns import insert_into
from videoattention.adapters.db.deliveries_tables import delivery_bodies
from videoattention.adapters.db.evidence_tables import login_evidence
from videoattention.adapters.db.tables import data_keys, organisation_keys, organisations, signing_keys
from videoattention.adapters.db.tenant import TenantConnection
from videoattention.adapters.db.visual_tables import visual_stills
from videoattention.services.media import Track
from videoattention.services.vault import FileIdentity

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from sqlalchemy import Row, Table

    from videoattention.adapters.db.database import Database

_BATCH: Final = 500


class Renewed(Protocol):
    """An organisation's new key, ``wrapped``, and how it takes over what the one before wrapped."""

    wrapped: bytes

    def data_key(self, identity: FileIdentity, wrapped: bytes) -> bytes:
        """The key of a file under the new key."""

    def signing_key(self, key_id: str, wrapped: bytes) -> bytes:
        """The private half of a signing key under the new key."""

    def login_key(self, digest: str, wrapped: bytes) -> bytes:
        """The key of what a provider answered, under the new key."""

    def still_key(self, still: str, wrapped: bytes) -> bytes:
        """The key of a still under the new key."""

    def delivery_key(self, delivery: str, wrapped: bytes) -> bytes:
        """The key of a file that changed hands under the new key."""


class DatabaseRotation:
    """Rotates what is wrapped in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def organisations(self) -> Sequence[str]:
        """Every organisation that there is."""
        async with self._database.reading() as connection:
            return list((await connection.execute(select(organisations.c.id).order_by(organisations.c.id))).scalars())

    async def organisation_keys(self, anew: Callable[[str, bytes | None], bytes]) -> int:
        """Wrap every organisation's key anew, and make the missing ones; returns how many there are.

        With none missing, no other process can add one under another master key afterwards.
        """
        everyone = await self.organisations()
        async with self._database.writing() as connection:
            kept = {row.organisation: row.wrapped for row in await connection.execute(select(organisation_keys))}
            missing = [{"organisation": one, "wrapped": anew(one, None)} for one in everyone if one not in kept]
            if missing:
                await connection.execute(insert_into(organisation_keys, connection).on_conflict_do_nothing(), missing)
            rows = (await connection.execute(select(organisation_keys).with_for_update())).all()
            for row in rows:
                mine = organisation_keys.c.organisation == row.organisation
                wrapped = anew(row.organisation, row.wrapped)
                await connection.execute(organisation_keys.update().where(mine).values(wrapped=wrapped))
            await connection.commit()
        return len(rows)

    async def organisation(
        self, organisation: str, renew: Callable[[bytes], Renewed], progress: Callable[[int, int], None]
    ) -> int | None:
        """Give an organisation a new key, in one transaction in which nobody else writes there.

        Returns how many keys were wrapped anew, or ``None`` for an organisation that has no key yet. ``progress`` is
        told how many were, and of how many.
        """
        async with self._database.writing() as connection:
            tenant = TenantConnection(connection, organisation)
            await tenant.head()
            kept = await tenant.first(select(organisation_keys).where(tenant.owns(organisation_keys)))
            if kept is None:
                return None
            renewed = renew(kept.wrapped)
            done = await _wrap_anew(tenant, signing_keys, ("id",), renewed.signing_key)
            done += await _wrap_anew(tenant, visual_stills, ("id",), renewed.still_key)
            done += await _wrap_anew(tenant, login_evidence, ("attention", "hash"), renewed.login_key)
            done += await _wrap_anew(tenant, delivery_bodies, ("delivery",), renewed.delivery_key)
            done += await _data_keys(tenant, renewed, progress)
            mine = organisation_keys.update().where(tenant.owns(organisation_keys))
            await tenant.write(mine.values(wrapped=renewed.wrapped))
            await tenant.commit()
        return done


async def _wrap_anew(
    tenant: TenantConnection, table: Table, names: Sequence[str], anew: Callable[[str, bytes], bytes]
) -> int:
    """Every wrapped key of a table; ``names`` are the columns by which a row is known, the last bound to its key."""
    known = [table.c[name] for name in names]
    rows = await tenant.fetch(select(*known, table.c.wrapped).where(tenant.owns(table)))
    for *values, wrapped in rows:
        mine = tenant.owns(table), *(column == value for column, value in zip(known, values, strict=True))
        await tenant.write(table.update().where(*mine).values(wrapped=anew(values[-1], wrapped)))
    return len(rows)


async def _data_keys(tenant: TenantConnection, renewed: Renewed, progress: Callable[[int, int], None]) -> int:
    counted = await tenant.first(select(func.count().label("all")).select_from(data_keys).where(tenant.owns(data_keys)))
    of_all, done = counted.all if counted else 0, 0
    one = [data_keys.c[name] == bindparam(f"its_{name}") for name in ("recording", "part", "track")]
    change = data_keys.update().where(tenant.owns(data_keys), *one).values(wrapped=bindparam("anew"))
    async for rows in _batches(tenant):
        await tenant.write(change, [_changed(tenant.organisation, row, renewed) for row in rows])
        done += len(rows)
        progress(done, of_all)
    return done


def _changed(organisation: str, row: Row[Any], renewed: Renewed) -> dict[str, object]:
    identity = FileIdentity(organisation, row.recording, row.part, Track(row.track))
    key = {"its_recording": row.recording, "its_part": row.part, "its_track": row.track}
    return {**key, "anew": renewed.data_key(identity, row.wrapped)}


async def _batches(tenant: TenantConnection) -> AsyncIterator[Sequence[Row[Any]]]:
    place = tuple_(data_keys.c.recording, data_keys.c.part, data_keys.c.track)
    query = select(data_keys).where(tenant.owns(data_keys)).limit(_BATCH)
    query = query.order_by(data_keys.c.recording, data_keys.c.part, data_keys.c.track)
    rows = await tenant.fetch(query)
    while rows:
        yield rows
        last = rows[-1]
        rows = await tenant.fetch(query.where(place > (last.recording, last.part, last.track)))
