"""Codes that were sent to phones: what is kept of each, and how many there were."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from videoattention.adapters.db.phone_tables import phone_checks, phone_sends, sms_alarms
from videoattention.domain.phone import CheckStage, PhoneCheck, Sent

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, ScalarSelect, Table

    from videoattention.adapters.db.tenant import TenantConnection
    from videoattention.services.sms import Recipient

_HOUR, _DAY = timedelta(hours=1), timedelta(hours=24)


class PhoneCheckRows:
    """`videoattention.services.sms.PhoneChecks` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def newest(self, attention: str) -> PhoneCheck | None:
        """The last one of an attention."""
        query = select(phone_checks).where(*self._of(attention)).order_by(phone_checks.c.place.desc()).limit(1)
        row = await self._tenant.first(query)
        return check_of(row) if row else None

    async def sent(self, attention: str, to: Recipient, now: datetime) -> Sent:
        """How much was sent until now; nobody else counts or sends to the recipient until the transaction ends."""
        await self._tenant.lock(f"number:{to.number}", *([f"address:{to.address}"] if to.address else []))
        ours = self._tenant.owns(phone_checks), phone_checks.c.stage != CheckStage.UNSENT
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        asked, number, address, at = phone_checks.c.asked_at, *(phone_sends.c[n] for n in ("number", "address", "at"))
        counted = {
            "number_hour": _count(phone_sends, number == to.number, at > now - _HOUR),
            "number_day": _count(phone_sends, number == to.number, at > now - _DAY),
            "address_hour": _count(phone_sends, address == to.address, address != "", at > now - _HOUR),
            "attention_hour": _count(phone_checks, *ours, *self._of(attention), asked > now - _HOUR),
            "attention_asked": _count(phone_checks, *self._of(attention), asked > now - _HOUR),
            "attention_tries": _tries(*self._of(attention)),
            "organisation_hour": _count(phone_checks, *ours, asked > now - _HOUR),
            "organisation_day": _count(phone_checks, *ours, asked >= midnight),
        }
        row = await self._tenant.first(select(*(counted[each.name].label(each.name) for each in fields(Sent))))
        return Sent(**dict(row._mapping)) if row else Sent()  # noqa: SLF001 - SQLAlchemy's public name for it

    async def add(self, check: PhoneCheck, to: Recipient) -> None:
        """Keep a new one, and count it."""
        place = await self._tenant.first(
            select(func.count()).select_from(phone_checks).where(*self._of(check.attention))
        )
        row = self._tenant.row(
            id=check.id,
            attention=check.attention,
            place=place[0] if place else 0,
            masked=check.masked,
            subject=check.subject,
            code=check.code,
            asked_at=check.asked_at,
            **_changing(check),
        )
        await self._tenant.add(phone_checks, row)
        await self._tenant.add(
            phone_sends, {"check": check.id, "number": to.number, "address": to.address, "at": check.asked_at}
        )

    async def save(self, check: PhoneCheck) -> None:
        """Keep a change; one that surely was not sent counts no more."""
        same = self._tenant.owns(phone_checks), phone_checks.c.id == check.id
        await self._tenant.write(phone_checks.update().where(*same).values(**_changing(check)))
        if check.stage is CheckStage.UNSENT:
            await self._tenant.write(phone_sends.delete().where(phone_sends.c.check == check.id))

    async def tries(self, attention: str) -> int:
        """How often codes were typed in an attention."""
        row = await self._tenant.first(select(_tries(*self._of(attention))))
        return int(row[0]) if row else 0

    async def alarmed(self, day: str) -> bool:
        """Whether it was told before that the budget of this day is spent; remembers it from now on."""
        remember = self._tenant.insert(sms_alarms).on_conflict_do_nothing()
        return await self._tenant.write(remember.values(**self._tenant.row(day=day))) == 0

    def _of(self, attention: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return self._tenant.owns(phone_checks), phone_checks.c.attention == attention


def _count(table: Table, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()


def _tries(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.coalesce(func.sum(phone_checks.c.tries), 0)).where(*conditions).scalar_subquery()


def _changing(check: PhoneCheck) -> dict[str, object]:
    """What changes after a check was asked for; the name is kept no longer than the code may be typed."""
    return {"stage": check.stage.value, "tries": check.tries, "name": check.name if check.is_open else ""}


def check_of(row: Row[Any]) -> PhoneCheck:
    """A row as the domain knows it."""
    return PhoneCheck(
        id=row.id,
        organisation=row.organisation,
        attention=row.attention,
        name=row.name,
        masked=row.masked,
        subject=row.subject,
        code=row.code,
        asked_at=row.asked_at,
        stage=CheckStage(row.stage),
        tries=row.tries,
    )
