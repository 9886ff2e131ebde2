"""The door to an organisation's data: a transaction that saves state and journal together, or neither."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from videoattention.adapters.db import journal
from videoattention.adapters.db.attentions import AttentionRows
from videoattention.adapters.db.columns import insert_into
from videoattention.adapters.db.deliveries import DeliveryRows, ReceiptLinkRows
from videoattention.adapters.db.desks import DeskRows, LineRows
from videoattention.adapters.db.keeping import ErasureRows, HoldRows
from videoattention.adapters.db.logins import LoginRows
from videoattention.adapters.db.personal_rows import PersonalRows
from videoattention.adapters.db.phone_checks import PhoneCheckRows
from videoattention.adapters.db.policies import PolicyRows
from videoattention.adapters.db.recordings import DataKeyRows, GrantRows, RecordingRows
from videoattention.adapters.db.reviews import ExportRows, ReviewRows
from videoattention.adapters.db.rights import DataRequestRows, KeepingRows
from videoattention.adapters.db.seals import SealRows
from videoattention.adapters.db.stories import AskedPackageRows
from videoattention.adapters.db.tables import commands, presence
from videoattention.adapters.db.tenant import TenantConnection
from videoattention.adapters.db.visual import VisualRows
from videoattention.domain.errors import StepRefused
from videoattention.services.ports import BOUND

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from videoattention.adapters.db.database import Database
    from videoattention.domain.facts import Fact
    from videoattention.services.delivery_ports import Deliveries, ReceiptLinks
    from videoattention.services.erasing import Erasures
    from videoattention.services.identifying import Logins
    from videoattention.services.keeping import Holds
    from videoattention.services.policies import Policies
    from videoattention.services.ports import Attentions, DataKeys, Desks, Entry, Grants, Line, Recordings
    from videoattention.services.reviews import Exports, Reviews
    from videoattention.services.rights_ports import DataRequests, Keepings, PersonalData
    from videoattention.services.seals import Seals
    from videoattention.services.sms import PhoneChecks
    from videoattention.services.stories import AskedPackages
    from videoattention.services.visual_ports import Visuals


class DatabaseTransaction:
    """`videoattention.services.ports.Transaction` in a database.

    After `Stale` or `NotFound` from a change the transaction can only be left: its commit raises `Stale`.
    """

    def __init__(self, tenant: TenantConnection, actor: str, now: datetime) -> None:
        self.attentions: Attentions = AttentionRows(tenant)
        self.recordings: Recordings = RecordingRows(tenant)
        self.desks: Desks = DeskRows(tenant)
        self.line: Line = LineRows(tenant)
        self.keys: DataKeys = DataKeyRows(tenant)
        self.grants: Grants = GrantRows(tenant)
        self.seals: Seals = SealRows(tenant)
        self.holds: Holds = HoldRows(tenant)
        self.erasures: Erasures = ErasureRows(tenant)
        self.phones: PhoneChecks = PhoneCheckRows(tenant)
        self.logins: Logins = LoginRows(tenant)
        self.visuals: Visuals = VisualRows(tenant)
        self.deliveries: Deliveries = DeliveryRows(tenant)
        self.links: ReceiptLinks = ReceiptLinkRows(tenant)
        self.policies: Policies = PolicyRows(tenant)
        self.reviews: Reviews = ReviewRows(tenant)
        self.exports: Exports = ExportRows(tenant)
        self.asked: AskedPackages = AskedPackageRows(tenant)
        self.requests: DataRequests = DataRequestRows(tenant)
        self.keepings: Keepings = KeepingRows(tenant)
        self.personal: PersonalData = PersonalRows(tenant)
        self._tenant = tenant
        self._actor = actor
        self._now = now

    async def alone(self) -> None:
        """Wait until no other transaction of this organisation writes."""
        await self._tenant.head()

    async def done_before(self, command: str) -> bool:
        """Whether this command was committed already; of two that come together the second waits for the first."""
        names = dict.fromkeys((command.partition(BOUND)[0], command))  # the id itself, and as whose words it came
        rows = [self._tenant.row(id=name, at=self._now) for name in names]
        new = await self._tenant.write(self._tenant.insert(commands).on_conflict_do_nothing().values(rows))
        if 0 < new < len(rows):
            raise StepRefused("bad_message", "something else was said under this command's id")
        return new == 0

    async def commit(self, *facts: Fact) -> tuple[Entry, ...]:
        """Append the facts and make everything durable; nothing can be changed afterwards."""
        entries = await journal.append(self._tenant, self._actor, self._now, facts)
        await self._tenant.commit()
        return entries


class DatabaseRegister:
    """`videoattention.services.ports.Register` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, organisation: str, actor: str, now: datetime) -> AsyncIterator[DatabaseTransaction]:
        """Open a transaction that writes; leaving it without a commit changes nothing."""
        async with self._database.writing() as connection:
            yield DatabaseTransaction(TenantConnection(connection, organisation), actor, now)

    @asynccontextmanager
    async def look(self, organisation: str, now: datetime) -> AsyncIterator[DatabaseTransaction]:
        """See what is committed: one moment, on a connection that cannot write."""
        async with self._database.reading() as connection:
            yield DatabaseTransaction(TenantConnection(connection, organisation), "", now)

    async def seen(self, *keys: str, now: datetime) -> None:
        """Pages were heard of; an earlier time than the one that is kept changes nothing."""
        if not keys:
            return
        async with self._database.writing() as connection:
            # in one order everywhere, so that two nodes that say so at once do not wait for each other in a ring
            rows = [{"key": key, "seen_at": now} for key in sorted(set(keys))]
            statement = insert_into(presence, connection).values(rows)
            newer = statement.on_conflict_do_update(
                index_elements=["key"],
                set_={"seen_at": statement.excluded.seen_at},
                where=presence.c.seen_at < statement.excluded.seen_at,
            )
            await connection.execute(newer)
            await connection.commit()
