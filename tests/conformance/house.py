"""The whole service in this process, whose providers a test exchanges: everything else is as in production."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.story.running import free_port
from videoattention.adapters.db.database import Database
from videoattention.adapters.identity.fetching import provider_session
from videoattention.bootstrap import identity
from videoattention.bootstrap.service import Service
from videoattention.config import read
from videoattention.services.doorkeeper import PLATFORM

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp import ClientSession

    from videoattention.services.identity import IdentityProvider, Realm


@dataclass(frozen=True, slots=True)
class House:
    """A running service. ``providers`` are what its login pages ask from now on; ``http`` is for others of them."""

    url: str
    providers: dict[Realm, IdentityProvider]
    http: ClientSession
    database: Database

    async def refused(self) -> list[tuple[str, str]]:
        """(realm, code) of every refused sign-in that the journal tells of, in order."""
        return [(said["realm"], said["code"]) for said in await self.facts("SignInFailed")]

    async def facts(self, kind: str, organisation: str = PLATFORM) -> list[dict[str, str]]:
        """What the journal of an organisation has of one kind."""
        query = text("SELECT body FROM journal WHERE organisation = :organisation AND kind = :kind ORDER BY seq")
        async with self.database.reading() as connection:
            rows = await connection.execute(query, {"organisation": organisation, "kind": kind})
            return [json.loads(row.body) for row in rows]


def now() -> datetime:
    """The time, as the service has it."""
    return datetime.now(UTC)


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """`Service` on a free port, without media workers; it begins with the stand-in in both realms."""
    port = free_port()
    settings = read(
        {
            "PORT": str(port),
            "VIDEOATTENTION_DATA": str(folder / "data"),
            "VIDEOATTENTION_RECORDINGS": str(folder / "recordings"),
            "VIDEOATTENTION_MEDIA_LOCAL": "no",
        }
    )
    exchanged: dict[Realm, IdentityProvider] = {}
    made = identity.providers

    def exchangeable(*said: object, **named: object) -> dict[Realm, IdentityProvider]:
        exchanged.update(made(*said, **named))  # type: ignore[arg-type]  # passed on as it came
        return exchanged

    async with provider_session() as http:
        service = Service(settings)
        await service.prepare()
        started = asyncio.Event()
        with pytest.MonkeyPatch.context() as patched:  # until its pages are made, and not for services of other tests
            patched.setattr(identity, "providers", exchangeable)
            running = asyncio.create_task(service.run(started))
            await asyncio.wait_for(started.wait(), 60)
        try:
            database = Database(settings.storage.database)
            yield House(f"http://localhost:{port}", exchanged, http, database)
            await database.close()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await service.close()
