"""Policies: versions of an organisation, and the snapshot that an attention keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import func, select

from videoattention.adapters.db.policy_tables import policies
from videoattention.domain.policies import BUILT_IN, Policy, ProcedurePolicy
from videoattention.services.policies import KeptPolicy
from videoattention.services.ports import Stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from videoattention.adapters.db.tenant import TenantConnection


_LANGUAGE: Final = "ca"
"""In which a legal basis was written when it was one text."""


def snapshot(policy: ProcedurePolicy) -> Any:  # noqa: ANN401 - JSON of any shape
    """What an attention keeps, as JSON."""
    return msgspec.to_builtins(policy, order="sorted")


def of_snapshot(kept: object) -> ProcedurePolicy:
    """What an attention kept; attentions from before there were policies keep the one that the product came with."""
    return BUILT_IN.of("") if kept is None else msgspec.convert(_today(kept), ProcedurePolicy)


def _today(kept: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """A body as it is written today: once a legal basis was one text, in the language of the organisations."""
    if not isinstance(kept, dict) or "levels" not in kept:
        return kept
    changed = kept | {"levels": [_level_today(level) for level in kept["levels"]]}
    if "procedures" in kept:
        rules = kept["procedures"].items()
        changed["procedures"] = {procedure: [_level_today(level) for level in own] for procedure, own in rules}
    return changed


def _level_today(level: Any) -> Any:  # noqa: ANN401 - as above
    said = level.get("legal_basis") if isinstance(level, dict) else None
    if not isinstance(said, str):
        return level
    return level | {"legal_basis": {_LANGUAGE: said} if said else {}}


class PolicyRows:
    """`videoattention.services.policies.Policies` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def current(self) -> Policy:
        """The newest version; the one that the product comes with until the organisation made its own."""
        newest = select(func.max(policies.c.version)).where(self._tenant.owns(policies)).scalar_subquery()
        query = select(policies.c.body).where(self._tenant.owns(policies), policies.c.version == newest)
        found = await self._tenant.first(query)
        return msgspec.convert(_today(found.body), Policy) if found else BUILT_IN

    async def versions(self) -> Sequence[KeptPolicy]:
        """Every version that the organisation made, newest first."""
        query = select(policies).where(self._tenant.owns(policies)).order_by(policies.c.version.desc())
        return [_kept(row) for row in await self._tenant.fetch(query)]

    async def add(self, kept: KeptPolicy) -> None:
        """Keep a new version; raises `Stale` when somebody else made it first."""
        newest = (await self.current()).version
        if kept.policy.version != newest + 1:
            raise Stale(f"policy {kept.policy.version} does not follow {newest}")
        row = self._tenant.row(
            version=kept.policy.version,
            body=msgspec.to_builtins(kept.policy, order="sorted"),
            hash=kept.hash,
            reason=kept.reason,
            made_by=kept.made_by,
            made_at=kept.made_at,
            made_by_name=kept.made_by_name,
            restored=kept.restored,
        )
        await self._tenant.add(policies, row)


def _kept(row: Row[Any]) -> KeptPolicy:
    policy = msgspec.convert(_today(row.body), Policy)
    return KeptPolicy(policy, row.hash, row.reason, row.made_by, row.made_at, row.made_by_name, row.restored)
