"""Visual identifications: rows to aggregates and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from videoattention.adapters.db.tables import attentions, desks, organisation_keys
from videoattention.adapters.db.visual_bodies import body_of, visual_of
from videoattention.adapters.db.visual_tables import suspicions, visual_stills, visuals
from videoattention.domain.identification import Way
from videoattention.domain.stages import Stage
from videoattention.domain.visual_stages import OPEN, Reason, VisualStage
from videoattention.services.ports import NotFound, Stale
from videoattention.services.seals import Signature
from videoattention.services.visual_ports import SealedStill, Statement, Suspected, Suspicion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select, Table

    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.tenant import TenantConnection
    from videoattention.domain.visual import Visual


class VisualRows:
    """`videoattention.services.visual_ports.Visuals` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def get(self, visual: str) -> Visual:
        """One as it is now; raises `NotFound`."""
        found = await self._tenant.first(select(visuals).where(self._tenant.owns(visuals), visuals.c.id == visual))
        if found is None:
            raise NotFound(f"no visual identification {visual!r}")
        return visual_of(found)

    async def open_of(self, attention: str) -> Visual | None:
        """The one that goes on in this attention."""
        theirs = self._tenant.owns(visuals), visuals.c.attention == attention, visuals.c.stage.in_(OPEN)
        found = await self._tenant.first(select(visuals).where(*theirs))
        return visual_of(found) if found else None

    async def accepted_of(self, attention: str) -> Visual | None:
        """The one by which the citizen of this attention was identified, the last if there are several."""
        theirs = visuals.c.attention == attention, visuals.c.stage == VisualStage.ACCEPTED.value
        query = select(visuals).where(self._tenant.owns(visuals), *theirs).order_by(visuals.c.ended_at.desc())
        found = await self._tenant.first(query)
        return visual_of(found) if found else None

    async def add(self, visual: Visual) -> None:
        """Keep a new one; raises `Stale` beside one that goes on."""
        row = self._tenant.row(
            id=visual.id,
            attention=visual.attention,
            informer=visual.informer,
            begun_at=visual.begun_at,
            version=visual.version,
            **_changing(visual),
        )
        await self._tenant.add(visuals, row)

    async def save(self, visual: Visual, statement: Statement | None = None) -> None:
        """Keep a change, and the decision if there is one; stills that it has no more are deleted. Raises `Stale`."""
        values = _changing(visual) | (_decided(statement) if statement else {})
        await self._tenant.update(visuals, {"id": visual.id}, visual.version, values)
        gone = visual_stills.c.id.not_in([still.id for still in visual.stills])
        theirs = self._tenant.owns(visual_stills), visual_stills.c.visual == visual.id
        await self._tenant.write(visual_stills.delete().where(*theirs, gone))

    async def keep_still(self, visual: str, still: SealedStill, now: datetime) -> None:
        """Keep a still of it; raises `Stale` when the organisation's key was rotated since it was encrypted."""
        await self._tenant.head()
        query = select(organisation_keys.c.wrapped).where(self._tenant.owns(organisation_keys))
        owned = await self._tenant.first(query)
        if owned is None or owned.wrapped != still.under:
            raise Stale("the organisation's key was rotated")
        row = self._tenant.row(id=still.id, visual=visual, taken_at=now, wrapped=still.wrapped, sealed=still.sealed)
        await self._tenant.add(visual_stills, row)

    async def still(self, visual: str, still: str) -> SealedStill:
        """A still of it; raises `NotFound`."""
        mine = self._tenant.owns(visual_stills), visual_stills.c.visual == visual, visual_stills.c.id == still
        found = await self._tenant.first(select(visual_stills).where(*mine))
        if found is None:
            raise NotFound(f"no still {still!r}")
        return SealedStill(found.id, found.wrapped, found.sealed, under=b"")

    async def suspect(self, suspicion: Suspicion) -> None:
        """Keep a suspicion apart."""
        row = self._tenant.row(
            visual=suspicion.visual,
            attention=suspicion.attention,
            informer=suspicion.informer,
            reason=suspicion.reason.value,
            number=suspicion.number,
            name=suspicion.name,
            at=suspicion.at,
            **_decided(suspicion.statement),
        )
        await self._tenant.add(suspicions, row)

    async def suspicion(self, visual: str) -> Suspicion:
        """One suspicion whole; raises `NotFound`."""
        mine = self._tenant.owns(suspicions), suspicions.c.visual == visual
        found = await self._tenant.first(select(suspicions).where(*mine))
        if found is None:
            raise NotFound(f"no suspicion {visual!r}")
        return _suspicion(found)

    async def suspicions(self, after: tuple[datetime, str] | None, most: int) -> Sequence[Suspected]:
        """At most so many, the newest first, from behind one on; what was signed is not read."""
        one = suspicions.c
        query = self._lines().order_by(one.at.desc(), one.visual).limit(most)
        if after is not None:
            at, visual = after
            query = query.where(one.at <= at, or_(one.at < at, one.visual > visual))
        return [_suspected(row) for row in await self._tenant.fetch(query)]

    async def suspected(self, visual: str) -> Suspected:
        """The line of one; raises `NotFound`."""
        found = await self._tenant.first(self._lines().where(suspicions.c.visual == visual))
        if found is None:
            raise NotFound(f"no suspicion {visual!r}")
        return _suspected(found)

    def _lines(self) -> Select[Any]:
        one = suspicions.c
        same = and_(desks.c.organisation == one.organisation, desks.c.subject == one.informer)
        told = one.visual, one.informer, desks.c.name, one.reason, one.at, one.keep_until
        return select(*told).select_from(suspicions.outerjoin(desks, same)).where(self._tenant.owns(suspicions))

    async def erase(self, visual: str) -> None:
        """Delete everything that was kept of it."""
        for table, column in ((visual_stills, "visual"), (suspicions, "visual"), (visuals, "id")):
            await self._delete(table, column, visual)

    async def _delete(self, table: Table, column: str, visual: str) -> None:
        await self._tenant.write(table.delete().where(self._tenant.owns(table), table.c[column] == visual))


class DatabaseVisuals:
    """`videoattention.services.visual_ports.OpenVisuals` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def going_on(self) -> Sequence[tuple[str, str, str]]:
        """Those that go on: organisation, attention, and why it is interrupted (empty if it is not)."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(visuals).where(visuals.c.stage.in_(OPEN)))).all()
        return [(row.organisation, row.attention, row.body.get("interrupted", "")) for row in rows]

    async def unasked(self) -> Sequence[tuple[str, str, str]]:
        """Those that go on though nobody asks for them: organisation, attention, ``call_ended`` or ``another_way``."""
        same = and_(visuals.c.organisation == attentions.c.organisation, visuals.c.attention == attentions.c.id)
        talking = attentions.c.stage == Stage.TALKING.value
        sought = and_(attentions.c.identification_asked, attentions.c.identification_way == Way.VISUAL.value)
        query = select(visuals.c.organisation, visuals.c.attention, attentions.c.stage).join(attentions, same)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query.where(visuals.c.stage.in_(OPEN), ~and_(talking, sought)))).all()
        ended = {True: "another_way", False: "call_ended"}
        return [(row.organisation, row.attention, ended[row.stage == Stage.TALKING.value]) for row in rows]

    async def past_term(self, now: datetime) -> Sequence[tuple[str, str, str]]:
        """Those whose term of keeping is over: organisation, attention, id."""
        query = select(visuals).where(visuals.c.keep_until <= now).order_by(visuals.c.keep_until)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return [(row.organisation, row.attention, row.id) for row in rows]


def _changing(visual: Visual) -> dict[str, object]:
    return {"stage": visual.stage.value, "ended_at": visual.ended_at, "body": body_of(visual)}


def _decided(statement: Statement) -> dict[str, object]:
    return {
        "statement": statement.body,
        "signature": statement.signature.signature,
        "key": statement.signature.key_id,
        "keep_until": statement.keep_until,
    }


def _suspicion(row: Row[Any]) -> Suspicion:
    return Suspicion(
        visual=row.visual,
        attention=row.attention,
        informer=row.informer,
        reason=Reason(row.reason),
        number=row.number,
        name=row.name,
        at=row.at,
        statement=Statement(row.statement, Signature(row.key, row.signature), row.keep_until),
    )


def _suspected(row: Row[Any]) -> Suspected:
    return Suspected(row.visual, row.informer, row.name or "", Reason(row.reason), row.at, row.keep_until)
