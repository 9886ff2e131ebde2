"""Requests about personal data and their keeping, inside a transaction."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from videoattention.adapters.db.rights_tables import data_requests, keepings
from videoattention.adapters.db.tables import journal
from videoattention.domain import facts
from videoattention.domain.own_work import Hands
from videoattention.domain.retention import Keeping, RetentionStage
from videoattention.domain.rights import DataRequest, RequestStage, Right, Said
from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row, Select

    from videoattention.adapters.db.tenant import TenantConnection

_GIVEN: Final = facts.ReceiptLinkGiven.__name__
_STAFF: Final = "staff:"


class DataRequestRows:
    """`videoattention.services.rights_ports.DataRequests` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def get(self, request: str) -> DataRequest:
        """One request; raises `NotFound`."""
        row = await self._tenant.first(
            select(data_requests).where(self._tenant.owns(data_requests), data_requests.c.id == request)
        )
        if row is None:
            raise NotFound(f"no request {request!r}")
        return request_of(row)

    async def of(self, attention: str) -> Sequence[DataRequest]:
        """Every request about an attention, the oldest first."""
        theirs = self._tenant.owns(data_requests), data_requests.c.attention == attention
        query = select(data_requests).where(*theirs).order_by(data_requests.c.asked_at, data_requests.c.id)
        return [request_of(row) for row in await self._tenant.fetch(query)]

    async def hands(self, request: DataRequest) -> Hands:
        """Through whose hands it went, as the journal has it."""
        return hands_of(await self._tenant.fetch(handed(request.organisation, [request.attention])), request)

    async def add(self, request: DataRequest) -> None:
        """Keep a new one; raises `NotFound` without such an attention."""
        fixed = {
            "id": request.id,
            "attention": request.attention,
            "right": request.right.value,
            "asked_by": request.asked_by,
            "asked_at": request.asked_at,
            "version": request.version,
        }
        await self._tenant.add(data_requests, self._tenant.row(**fixed, **_changing(request)))

    async def save(self, request: DataRequest) -> None:
        """Keep a change; raises `Stale` if somebody changed it since it was read."""
        await self._tenant.update(data_requests, {"id": request.id}, request.version, _changing(request))


class KeepingRows:
    """`videoattention.services.rights_ports.Keepings` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def of(self, attention: str) -> Keeping | None:
        """The keeping of this attention's data."""
        row = await self._tenant.first(
            select(keepings).where(self._tenant.owns(keepings), keepings.c.attention == attention)
        )
        return keeping_of(row) if row else None

    async def add(self, keeping: Keeping) -> None:
        """Keep a new one; raises `Stale` if there is one."""
        values = {"attention": keeping.attention, "version": keeping.version, **_keeping(keeping)}
        await self._tenant.add(keepings, self._tenant.row(**values))

    async def save(self, keeping: Keeping) -> None:
        """Keep a change; raises `Stale` if somebody changed it since it was read."""
        await self._tenant.update(keepings, {"attention": keeping.attention}, keeping.version, _keeping(keeping))


def request_of(row: Row[Any]) -> DataRequest:
    """The request of a row."""
    return DataRequest(
        id=row.id,
        attention=row.attention,
        organisation=row.organisation,
        right=Right(row.right),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        due_at=row.due_at,
        stage=RequestStage(row.stage),
        extended=row.extended,
        ground=row.ground,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        done_at=row.done_at,
        said=Said(row.said, row.said_salt, row.said_hash),
        extension=Said(row.extension, row.extension_salt, row.extension_hash),
        answer=Said(row.answer, row.answer_salt, row.answer_hash),
        version=row.version,
    )


def handed(organisation: str, attentions: Sequence[str]) -> Select[Any]:
    """The entries of the journal that tell through whose hands the requests of these attentions went, in order."""
    kinds = journal.c.kind.in_((_GIVEN, facts.DataRequested.__name__))
    mine = journal.c.organisation == organisation, journal.c.attention.in_(attentions), kinds
    return select(journal).where(*mine).order_by(journal.c.seq)


def hands_of(rows: Sequence[Row[Any]], request: DataRequest) -> Hands:
    """What these entries tell of one request."""
    hands = Hands()
    for row in rows:
        if row.attention != request.attention or not row.actor.startswith(_STAFF):
            continue
        by = row.actor.removeprefix(_STAFF)
        if row.kind == _GIVEN:
            under = by if row.at <= request.asked_at and request.asked_by == "citizen" else hands.asked_under
            hands = replace(hands, given_by=by, given_at=row.at, asked_under=under)
        elif json.loads(row.body)["request"] == request.id:
            hands = replace(hands, written_by=by)
    return hands


def keeping_of(row: Row[Any]) -> Keeping:
    """The keeping of a row."""
    said = Said(row.said, row.said_salt, row.said_hash)
    return Keeping(row.attention, row.until, row.rule, RetentionStage(row.stage), said, row.version)


def _changing(request: DataRequest) -> dict[str, object]:
    return {
        "due_at": request.due_at,
        "stage": request.stage.value,
        "extended": request.extended,
        "ground": request.ground,
        "decided_by": request.decided_by,
        "decided_at": request.decided_at,
        "done_at": request.done_at,
        **_said("said", request.said),
        **_said("extension", request.extension),
        **_said("answer", request.answer),
    }


def _keeping(keeping: Keeping) -> dict[str, object]:
    told = {"stage": keeping.stage.value, "until": keeping.until, "rule": keeping.rule}
    return {**told, **_said("said", keeping.said)}


def _said(name: str, said: Said) -> dict[str, object]:
    return {name: said.words, f"{name}_salt": said.salt, f"{name}_hash": said.hash}
