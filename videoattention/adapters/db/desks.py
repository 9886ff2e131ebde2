"""Informers' desks, and the line that pairing sees."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, select

from videoattention.adapters.db.people import habilitations_from, habilitations_to
from videoattention.adapters.db.tables import attentions, desk_offices, desks, presence
from videoattention.adapters.db.tenant import presence_key
from videoattention.domain.informers import Desk, Readiness
from videoattention.domain.people import Person, Role
from videoattention.domain.queueing import FreeInformer, Turn
from videoattention.domain.stages import BUSY, Stage
from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from videoattention.adapters.db.tenant import TenantConnection


class DeskRows:
    """`videoattention.services.ports.Desks` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def get(self, subject: str) -> Desk | None:
        """The desk, or ``None`` for an informer who never came."""
        found = await self._tenant.first(select(desks).where(self._tenant.owns(desks), desks.c.subject == subject))
        if found is None:
            return None
        theirs = self._tenant.owns(desk_offices), desk_offices.c.subject == subject
        rows = await self._tenant.fetch(select(desk_offices.c.office).where(*theirs))
        return _desk(found, frozenset(row.office for row in rows))

    async def save(self, desk: Desk) -> None:
        """Keep it, new (version 0) or changed; raises `Stale`, or `NotFound` for an unknown organisation."""
        person = desk.person
        if person.organisation != self._tenant.organisation:
            raise NotFound(f"no desk of {person.subject!r}")
        key = {"subject": person.subject}
        if desk.version:
            await self._tenant.update(desks, key, desk.version, _values(desk))
        else:
            await self._tenant.add(desks, self._tenant.row(**key, version=1, **_values(desk)))
        theirs = self._tenant.owns(desk_offices), desk_offices.c.subject == person.subject
        await self._tenant.write(desk_offices.delete().where(*theirs))
        rows = [self._tenant.row(**key, office=office) for office in sorted(person.offices)]
        if rows:
            await self._tenant.add(desk_offices, *rows)


def _values(desk: Desk) -> dict[str, object]:
    return {
        "name": desk.person.name,
        "position": desk.person.position,
        "roles": sorted(desk.person.roles),
        "habilitations": habilitations_to(desk.person.habilitations),
        "readiness": desk.readiness.value,
        "since": desk.since,
    }


def _desk(row: Row[Any], offices: frozenset[str]) -> Desk:
    person = Person(
        subject=row.subject,
        organisation=row.organisation,
        name=row.name,
        position=row.position,
        roles=frozenset(map(Role, row.roles)),
        offices=offices,
        habilitations=habilitations_from(row.habilitations),
    )
    return Desk(person, Readiness(row.readiness), row.since, row.version)


class LineRows:
    """`videoattention.services.ports.Line` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def turns(self, *, seen_since: datetime) -> Sequence[Turn]:
        """Everyone who waits; present are those whose page was heard of since then."""
        page = presence.c.key == presence_key("attention", attentions.c.id)
        query = (
            select(attentions.c.id, attentions.c.office, attentions.c.arrived_at, presence.c.seen_at)
            .outerjoin_from(attentions, presence, page)
            .where(attentions.c.stage == Stage.WAITING, self._tenant.owns(attentions))
        )
        return [
            Turn(row.id, row.office, row.arrived_at, present=row.seen_at is not None and row.seen_at >= seen_since)
            for row in await self._tenant.fetch(query)
        ]

    async def free(self, *, seen_since: datetime) -> Sequence[FreeInformer]:
        """Available informers with no busy attention, whose page was heard of since then.

        They are free since they said so or since their last call ended, whichever is later.
        """
        theirs = attentions.c.organisation == desks.c.organisation, attentions.c.informer == desks.c.subject
        query = (
            select(desks.c.subject, desks.c.since, _last_end(theirs).label("last_end"), desk_offices.c.office)
            .join_from(desks, presence, presence.c.key == desk_key())
            .join(desk_offices, and_(self._tenant.owns(desk_offices), desk_offices.c.subject == desks.c.subject))
            .where(desks.c.readiness == Readiness.AVAILABLE, self._tenant.owns(desks))
            .where(presence.c.seen_at >= seen_since)
            .where(~exists().where(*theirs, attentions.c.stage.in_(sorted(BUSY))))
            .order_by(desks.c.subject)
        )
        rows = await self._tenant.fetch(query)
        return [_free(list(of_one)) for _, of_one in groupby(rows, key=lambda row: row.subject)]

    async def lapsed(self, now: datetime) -> Sequence[str]:
        """Attentions whose offer ended before now."""
        late = attentions.c.stage == Stage.OFFERED, attentions.c.offer_until <= now
        query = select(attentions.c.id).where(self._tenant.owns(attentions), *late).order_by(attentions.c.offer_until)
        return [row.id for row in await self._tenant.fetch(query)]


def desk_key() -> ColumnElement[str]:
    """The key under which a desk's page is heard of."""
    return presence_key("desk", desks.c.organisation, desks.c.subject)


def _last_end(theirs: tuple[ColumnElement[bool], ...]) -> ColumnElement[datetime | None]:
    return select(func.max(attentions.c.ended_at)).where(*theirs).correlate(desks).scalar_subquery()


def _free(rows: Sequence[Row[Any]]) -> FreeInformer:
    first = rows[0]
    free_since = max(first.since, first.last_end) if first.last_end else first.since
    return FreeInformer(first.subject, frozenset(row.office for row in rows), free_since)
