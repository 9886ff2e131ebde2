"""Seals, and the keys that signed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select

from videoattention.adapters.db.tables import organisation_keys, seals, signing_keys
from videoattention.adapters.db.tenant import TenantConnection
from videoattention.services.ports import Stale
from videoattention.services.seals import KeptSeal, SigningKey

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select, Table

    from videoattention.adapters.db.database import Database
    from videoattention.services.seals import Seal

_AT_ONCE: Final = 100


class SealRows:
    """`videoattention.services.seals.Seals` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def add(self, seal: Seal) -> None:
        """Keep it; raises `Stale` when the recording has one, `NotFound` without a recording."""
        row = self._tenant.row(
            recording=seal.recording,
            manifest=seal.manifest,
            signature=seal.signature.signature,
            key=seal.signature.key_id,
            sealed_at=seal.sealed_at,
        )
        await self._tenant.add(seals, row)

    async def stamp(self, recording: str, token: bytes) -> None:
        """Keep the time stamp of a seal that has none; one that has keeps its own."""
        unstamped = seals.c.recording == recording, seals.c.timestamp.is_(None)
        await self._tenant.write(seals.update().where(self._tenant.owns(seals), *unstamped).values(timestamp=token))


def signed_of(table: Table, organisation: str, recording: str) -> Select[Any]:
    """What was signed of this recording, a row of ``table``, with the ``public`` half of the key that signed it."""
    signed_with = and_(table.c.organisation == signing_keys.c.organisation, table.c.key == signing_keys.c.id)
    theirs = table.c.organisation == organisation, table.c.recording == recording
    return select(table, signing_keys.c.public).join(signing_keys, signed_with).where(*theirs)


class DatabaseSeals:
    """`videoattention.services.seals.KeptSeals` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, organisation: str, recording: str) -> KeptSeal | None:
        """The seal of this recording, if it is sealed."""
        async with self._database.reading() as connection:
            row = (await connection.execute(signed_of(seals, organisation, recording))).first()
        if row is None:
            return None
        return KeptSeal(
            recording=row.recording,
            manifest=row.manifest,
            signature=row.signature,
            key_id=row.key,
            public_key=row.public,
            timestamp=row.timestamp,
            sealed_at=row.sealed_at,
        )

    async def unstamped(self) -> list[tuple[str, str]]:
        """The organisations and recordings whose seal has no time stamp yet, oldest first, a hundred at most."""
        query = select(seals.c.organisation, seals.c.recording).where(seals.c.timestamp.is_(None))
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(seals.c.sealed_at).limit(_AT_ONCE))
            return [(row.organisation, row.recording) for row in rows]


class DatabaseSigningKeys:
    """`videoattention.services.seals.SigningKeys` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, organisation: str) -> SigningKey | None:
        """The key to sign with, if there is one."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_newest(organisation))).first()
        return SigningKey(row.id, row.public, row.wrapped) if row else None

    async def keep(self, organisation: str, key: SigningKey, made_at: datetime, *, under: bytes) -> SigningKey:
        """Keep it unless there is one already; of two processes that made one both get the same.

        Raises `Stale` if the organisation's key is not ``under`` any more.
        """
        async with self._database.writing() as connection:
            tenant = TenantConnection(connection, organisation)
            await tenant.head()
            row = await tenant.first(_newest(organisation))
            if row is not None:
                return SigningKey(row.id, row.public, row.wrapped)
            owned = await tenant.first(select(organisation_keys.c.wrapped).where(tenant.owns(organisation_keys)))
            if owned is None or owned.wrapped != under:
                raise Stale("the organisation's key was rotated")
            values = tenant.row(id=key.id, public=key.public, wrapped=key.wrapped, made_at=made_at)
            await tenant.add(signing_keys, values)
            await tenant.commit()
        return key

    async def public(self, organisation: str, key_id: str) -> bytes | None:
        """The public half of one key, however old."""
        mine = signing_keys.c.organisation == organisation, signing_keys.c.id == key_id
        async with self._database.reading() as connection:
            found: bytes | None = (await connection.execute(select(signing_keys.c.public).where(*mine))).scalar()
            return found


def _newest(organisation: str) -> Select[*tuple[object, ...]]:
    mine = signing_keys.c.organisation == organisation
    return select(signing_keys).where(mine).order_by(signing_keys.c.made_at.desc()).limit(1)
