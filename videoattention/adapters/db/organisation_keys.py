"""The organisations' keys, wrapped; the first one that is kept stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from videoattention.adapters.db.columns import insert_into
from videoattention.adapters.db.tables import organisation_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from videoattention.adapters.db.database import Database


class DatabaseOrganisationKeys:
    """`videoattention.services.ports.OrganisationKeys` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept(self, organisation: str) -> bytes | None:
        """The wrapped key, if there is one."""
        query = select(organisation_keys.c.wrapped).where(organisation_keys.c.organisation == organisation)
        async with self._database.reading() as connection:
            found: bytes | None = (await connection.execute(query)).scalar()
            return found

    async def every(self) -> Mapping[str, bytes]:
        """Every organisation's wrapped key."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(organisation_keys).order_by(organisation_keys.c.organisation))
            return {row.organisation: row.wrapped for row in rows}

    async def keep(self, organisation: str, wrapped: bytes) -> bytes:
        """Keep it unless there is one already; returns the one that is kept."""
        async with self._database.writing() as connection:
            insert = insert_into(organisation_keys, connection).on_conflict_do_nothing()
            await connection.execute(insert, [{"organisation": organisation, "wrapped": wrapped}])
            await connection.commit()
        kept = await self.kept(organisation)
        return wrapped if kept is None else kept
