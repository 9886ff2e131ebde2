"""Recordings, the wrapped keys of their files, and the leaves to play them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from videoattention.adapters.db.parts import parts_from_json, parts_to_json
from videoattention.adapters.db.tables import data_keys, grants, organisation_keys, recordings
from videoattention.domain.recording import ACTIVE, Recording, RecordingStage
from videoattention.services.media import Track
from videoattention.services.ports import Grant, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from videoattention.adapters.db.tenant import TenantConnection


_MOST_PARTS: Final = 2**31 - 1
"""The largest number of the column; an address may name any."""


class RecordingRows:
    """`videoattention.services.ports.Recordings` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def get(self, recording: str) -> Recording:
        """The recording as it is now; raises `NotFound`."""
        mine = self._tenant.owns(recordings), recordings.c.id == recording
        found = await self._tenant.first(select(recordings).where(*mine))
        if found is None:
            raise NotFound(f"no recording {recording!r}")
        return recording_of(found)

    async def active_of(self, attention: str) -> Recording | None:
        """The one that is requested or capturing, if any."""
        active = recordings.c.stage.in_(sorted(ACTIVE))
        query = select(recordings).where(self._tenant.owns(recordings), recordings.c.attention == attention, active)
        found = await self._tenant.first(query)
        return recording_of(found) if found else None

    async def of(self, attention: str) -> Sequence[Recording]:
        """Every recording of an attention, in no order."""
        theirs = self._tenant.owns(recordings), recordings.c.attention == attention
        return [recording_of(row) for row in await self._tenant.fetch(select(recordings).where(*theirs))]

    async def add(self, recording: Recording) -> None:
        """Keep a new one; raises `Stale` beside an active one, `NotFound` without its consent."""
        self._must_be_ours(recording)
        row = self._tenant.row(
            id=recording.id,
            attention=recording.attention,
            consent=recording.consent,
            requested_at=recording.requested_at,
            version=recording.version,
            **_changing(recording),
        )
        await self._tenant.add(recordings, row)

    async def save(self, recording: Recording) -> None:
        """Keep a change of its stage, parts and hindrance; raises `Stale`."""
        self._must_be_ours(recording)
        await self._tenant.update(recordings, {"id": recording.id}, recording.version, _changing(recording))

    def _must_be_ours(self, recording: Recording) -> None:
        if recording.organisation != self._tenant.organisation:
            raise NotFound(f"no recording {recording.id!r}")


def _changing(recording: Recording) -> dict[str, object]:
    return {
        "stage": recording.stage.value,
        "parts": parts_to_json(recording.parts),
        "hindrance": recording.hindrance,
    }


def recording_of(row: Row[Any]) -> Recording:
    """The recording of a row."""
    return Recording(
        id=row.id,
        attention=row.attention,
        organisation=row.organisation,
        consent=row.consent,
        requested_at=row.requested_at,
        stage=RecordingStage(row.stage),
        parts=parts_from_json(row.parts),
        hindrance=row.hindrance,
        version=row.version,
    )


class DataKeyRows:
    """`videoattention.services.ports.DataKeys` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def organisation(self) -> bytes | None:
        """The organisation's own key, wrapped, as it is now."""
        found = await self._tenant.first(
            select(organisation_keys.c.wrapped).where(self._tenant.owns(organisation_keys))
        )
        return found.wrapped if found else None

    async def add(self, recording: str, part: int, wrapped: Mapping[Track, bytes]) -> None:
        """Keep the wrapped keys of a part; raises `Stale` when it has keys already, `NotFound` without a recording."""
        rows = [
            self._tenant.row(recording=recording, part=part, track=track.value, wrapped=key)
            for track, key in wrapped.items()
        ]
        if rows:
            await self._tenant.add(data_keys, *rows)

    async def of(self, recording: str, part: int) -> Mapping[Track, bytes]:
        """The wrapped keys of a part's files; empty when there are none."""
        if part > _MOST_PARTS:
            return {}
        mine = self._tenant.owns(data_keys), data_keys.c.recording == recording, data_keys.c.part == part
        rows = await self._tenant.fetch(select(data_keys.c.track, data_keys.c.wrapped).where(*mine))
        return {Track(row.track): row.wrapped for row in rows}

    async def destroy(self, recording: str) -> None:
        """Delete the keys of all its files."""
        theirs = self._tenant.owns(data_keys), data_keys.c.recording == recording
        await self._tenant.write(data_keys.delete().where(*theirs))

    async def last_part(self, recording: str) -> int:
        """The highest number of a part that has keys; 0 when none has."""
        mine = self._tenant.owns(data_keys), data_keys.c.recording == recording
        found = await self._tenant.first(select(func.max(data_keys.c.part).label("last")).where(*mine))
        return (found and found.last) or 0


class GrantRows:
    """`videoattention.services.ports.Grants` in a database."""

    def __init__(self, tenant: TenantConnection) -> None:
        self._tenant = tenant

    async def add(self, grant: Grant) -> None:
        """Keep it; raises `NotFound` when there is no such recording."""
        row = self._tenant.row(
            id=grant.id,
            recording=grant.recording,
            subject=grant.subject,
            purpose=grant.purpose,
            until=grant.until,
            case_number=grant.case,
        )
        await self._tenant.add(grants, row)

    async def held(self, recording: str, subject: str, now: datetime) -> Grant | None:
        """The person's leave for this recording that lasts longest, if it still does."""
        theirs = grants.c.recording == recording, grants.c.subject == subject, grants.c.until > now
        query = select(grants).where(self._tenant.owns(grants), *theirs).order_by(grants.c.until.desc()).limit(1)
        found = await self._tenant.first(query)
        if found is None:
            return None
        return Grant(found.id, found.recording, found.subject, found.purpose, found.until, found.case_number)
