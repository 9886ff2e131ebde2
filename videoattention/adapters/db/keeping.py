"""Holds on recordings, and what is left of those that were erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from videoattention.adapters.db.seals import signed_of
from videoattention.adapters.db.tables import erasures, holds, recordings
from videoattention.domain.holding import Hold
from videoattention.services.erasing import KeptErasure
from videoattention.services.ports import Stale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.tenant import TenantConnection
    from videoattention.services.erasing import Erasure


class HoldRows:
    """`videoattention.services.keeping.Holds` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def of(self, recording: str) -> Sequence[Hold]:
        """Every hold that a recording ever had, in the order in which they were placed."""
        theirs = select(holds).where(self._tenant.owns(holds), holds.c.recording == recording)
        return [_hold(row) for row in await self._tenant.fetch(theirs.order_by(holds.c.placed_at, holds.c.id))]

    async def get(self, hold: str) -> Hold | None:
        """One hold."""
        found = await self._tenant.first(select(holds).where(self._tenant.owns(holds), holds.c.id == hold))
        return _hold(found) if found else None

    async def add(self, hold: Hold) -> None:
        """Keep a new one; raises `NotFound` without a recording."""
        row = self._tenant.row(
            id=hold.id,
            recording=hold.recording,
            reason=hold.reason,
            placed_by=hold.placed_by,
            placed_at=hold.placed_at,
            released_at=hold.released_at,
        )
        await self._tenant.add(holds, row)

    async def save(self, hold: Hold) -> None:
        """Keep that it was released; raises `Stale` if it was already."""
        mine = self._tenant.owns(holds), holds.c.id == hold.id, holds.c.released_at.is_(None)
        if await self._tenant.write(holds.update().where(*mine).values(released_at=hold.released_at)) != 1:
            raise Stale(f"hold {hold.id} was released already")


def _hold(row: Row[Any]) -> Hold:
    return Hold(row.id, row.recording, row.reason, row.placed_by, row.placed_at, row.released_at)


class ErasureRows:
    """`videoattention.services.erasing.Erasures` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def add(self, erasure: Erasure) -> None:
        """Keep it; raises `Stale` when the recording has one."""
        row = self._tenant.row(
            recording=erasure.recording,
            certificate=erasure.certificate,
            signature=erasure.signature.signature,
            key=erasure.signature.key_id,
            at=erasure.at,
        )
        await self._tenant.add(erasures, row)


class DatabaseErasures:
    """`videoattention.services.erasing.KeptErasures` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, organisation: str, recording: str) -> KeptErasure | None:
        """The erasure of this recording, if it was erased."""
        async with self._database.reading() as connection:
            row = (await connection.execute(signed_of(erasures, organisation, recording))).first()
        if row is None:
            return None
        return KeptErasure(row.recording, row.certificate, row.signature, row.key, row.public, row.at)

    async def since(self, moment: datetime | None) -> Sequence[tuple[str, str]]:
        """The organisations and recordings that were erased at that moment or later; all without a moment."""
        query = select(erasures.c.organisation, erasures.c.recording).order_by(erasures.c.at)
        if moment is not None:
            query = query.where(erasures.c.at >= moment)
        async with self._database.reading() as connection:
            return [(row.organisation, row.recording) for row in await connection.execute(query)]


class DatabaseHoldings:
    """Finds whose a recording or a hold is, for an operator who names it alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owner_of(self, name: str) -> str | None:
        """The organisation of the recording, else of the hold, with this id."""
        async with self._database.reading() as connection:
            for table in (recordings, holds):
                query = select(table.c.organisation).where(table.c.id == name)
                owner: str | None = (await connection.execute(query)).scalar()
                if owner is not None:
                    return owner
        return None
