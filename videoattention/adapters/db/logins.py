"""What providers answered about citizens: kept as it was encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from videoattention.adapters.db.evidence_tables import login_evidence
from videoattention.adapters.db.tables import organisation_keys
from videoattention.services.identifying import SealedLogin
from videoattention.services.ports import Stale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from videoattention.adapters.db.tenant import TenantConnection


class LoginRows:
    """`videoattention.services.identifying.Logins` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def add(self, login: SealedLogin, now: datetime) -> None:
        """Keep it; raises `Stale` when the organisation's key was rotated since it was encrypted."""
        await self._tenant.head()
        query = select(organisation_keys.c.wrapped).where(self._tenant.owns(organisation_keys))
        owned = await self._tenant.first(query)
        if owned is None or owned.wrapped != login.under:
            raise Stale("the organisation's key was rotated")
        row = self._tenant.row(
            attention=login.attention, hash=login.hash, kept_at=now, wrapped=login.wrapped, sealed=login.sealed
        )
        await self._tenant.add(login_evidence, row)

    async def of(self, attention: str) -> Sequence[SealedLogin]:
        """What is kept of an attention, the oldest first."""
        theirs = self._tenant.owns(login_evidence), login_evidence.c.attention == attention
        rows = await self._tenant.fetch(select(login_evidence).where(*theirs).order_by(login_evidence.c.kept_at))
        return [SealedLogin(row.attention, row.hash, row.wrapped, row.sealed) for row in rows]
