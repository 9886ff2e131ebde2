"""Sessions and sign-ins, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import column, select, table
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.integration.db.cases import NOW, ORGANISATION, commit, later, person
from videoattention.adapters.db import sessions as module
from videoattention.adapters.db.forgetting import REPEATABLE, forget_expired
from videoattention.adapters.db.sessions import DatabaseSessions, DatabaseSignIns
from videoattention.adapters.db.tables import sessions as sessions_table
from videoattention.domain.facts import CallEnded
from videoattention.services.identity import LogoutNotice, PendingSignIn, Realm
from videoattention.services.sessions import Session

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.register import DatabaseRegister

ISSUER = "https://idp.example/staff"
CITIZEN = Session("k-citizen", "csrf-1", later(1800), later(28800), ORGANISATION, "a1")
STAFF = Session(
    "k-staff",
    "csrf-2",
    later(1800),
    later(28800),
    organisation=ORGANISATION,
    person=person(),
    issuer=ISSUER,
    sid="sid-1",
    id_token="header.claims.signature",
)
NOTICE = LogoutNotice(Realm.STAFF, ISSUER, "marta", "sid-1", "jti-1")
PENDING = PendingSignIn(Realm.STAFF, "https://idp.example/auth?state=s1", "s1", "nonce", "verifier", "/desk", NOW)


@pytest.fixture
def sessions(database: Database) -> DatabaseSessions:
    return DatabaseSessions(database)


@pytest.fixture
def sign_ins(database: Database) -> DatabaseSignIns:
    return DatabaseSignIns(database)


async def test_a_session_comes_back_as_it_was_kept(sessions: DatabaseSessions) -> None:
    await sessions.open(CITIZEN)
    await sessions.open(STAFF)
    assert await sessions.find("k-citizen", NOW) == CITIZEN
    assert await sessions.find("k-staff", NOW) == STAFF
    assert await sessions.find("k-nobody", NOW) is None
    with pytest.raises(IntegrityError):
        await sessions.open(replace(CITIZEN, csrf="another"))


async def test_a_session_ends_by_idleness_and_at_its_end(sessions: DatabaseSessions) -> None:
    await sessions.open(CITIZEN)
    assert await sessions.find("k-citizen", later(1799)) == CITIZEN
    assert await sessions.find("k-citizen", later(1800)) is None
    used = replace(CITIZEN, idle_until=later(99999))
    await sessions.save(used)
    assert await sessions.find("k-citizen", later(1800)) == used
    assert await sessions.find("k-citizen", later(28800)) is None


async def test_a_closed_session_stays_closed(sessions: DatabaseSessions) -> None:
    await sessions.open(STAFF)
    assert await sessions.close("k-staff") is True
    assert await sessions.close("k-staff") is False
    await sessions.save(replace(STAFF, idle_until=later(3600)))
    assert await sessions.find("k-staff", NOW) is None


async def test_of_many_who_close_one_session_one_did(sessions: DatabaseSessions, second: Database) -> None:
    await sessions.open(CITIZEN)
    doors = sessions, DatabaseSessions(second)
    closed = await asyncio.gather(*(doors[number % 2].close("k-citizen") for number in range(6)))
    assert sorted(closed) == [False] * 5 + [True]


async def test_a_logout_by_sid_ends_that_providers_session_only(sessions: DatabaseSessions) -> None:
    others = (
        replace(STAFF, key="k-other-sid", sid="sid-2"),
        replace(STAFF, key="k-other-issuer", issuer="https://other.example/"),
    )
    for session in (STAFF, CITIZEN, *others):
        await sessions.open(session)
    notice = LogoutNotice(Realm.STAFF, ISSUER, "marta", "sid-1", "jti")
    assert await sessions.close_for(notice, remembered=later(600)) == [STAFF]
    for session in (CITIZEN, *others):
        assert await sessions.find(session.key, NOW) == session


async def test_a_logout_without_sid_ends_every_session_of_the_subject(sessions: DatabaseSessions) -> None:
    second = replace(STAFF, key="k-phone", sid="sid-2")
    other = replace(STAFF, key="k-joan", person=person("joan"), sid="sid-3")
    for session in (STAFF, second, other, CITIZEN):
        await sessions.open(session)
    closed = await sessions.close_for(LogoutNotice(Realm.STAFF, ISSUER, "marta", "", "jti"), remembered=later(600))
    assert closed is not None
    assert sorted(session.key for session in closed) == ["k-phone", "k-staff"]
    assert await sessions.find("k-joan", NOW) == other


async def test_a_logout_that_names_nobody_ends_nothing(sessions: DatabaseSessions) -> None:
    """A citizen's session has no subject and perhaps no sid: an empty name must not match it."""
    await sessions.open(replace(CITIZEN, issuer=ISSUER))
    assert await sessions.close_for(LogoutNotice(Realm.CITIZENS, ISSUER, "", "", "jti"), remembered=later(600)) == []
    assert await sessions.find("k-citizen", NOW)


async def test_no_token_of_a_session_is_kept() -> None:
    assert "token" not in {column.name for column in sessions_table.c}


async def test_a_sign_in_is_finished_once_by_the_browser_that_began_it(sign_ins: DatabaseSignIns) -> None:
    await sign_ins.begin("browser", PENDING, later(600))
    assert await sign_ins.take("another browser", "s1", NOW) is None
    assert await sign_ins.take("browser", "s2", NOW) is None
    assert await sign_ins.take("browser", "s1", NOW) == PENDING
    assert await sign_ins.take("browser", "s1", NOW) is None


async def test_a_late_sign_in_is_none(sign_ins: DatabaseSignIns) -> None:
    await sign_ins.begin("browser", PENDING, later(600))
    assert await sign_ins.take("browser", "s1", later(600)) is None


async def test_of_many_who_finish_one_sign_in_one_does(sign_ins: DatabaseSignIns, second: Database) -> None:
    await sign_ins.begin("browser", PENDING, later(600))
    doors = sign_ins, DatabaseSignIns(second)
    taken = await asyncio.gather(*(doors[number % 2].take("browser", "s1", NOW) for number in range(6)))
    assert sorted(map(str, taken)) == sorted([str(PENDING)] + ["None"] * 5)


async def test_a_logout_is_heard_once_and_ends_nothing_of_later(sessions: DatabaseSessions, second: Database) -> None:
    await sessions.open(STAFF)
    doors = sessions, DatabaseSessions(second)
    heard = [doors[number % 2].close_for(NOTICE, remembered=later(600)) for number in range(6)]
    assert sorted(map(str, await asyncio.gather(*heard))) == sorted([str([STAFF])] + ["None"] * 5)
    await sessions.open(STAFF)
    assert await sessions.close_for(NOTICE, remembered=later(600)) is None
    assert await sessions.find("k-staff", NOW) == STAFF
    assert await sessions.close_for(replace(NOTICE, jti="jti-2"), remembered=later(600)) == [STAFF]


async def test_a_logout_that_failed_may_be_told_again(
    sessions: DatabaseSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sessions.open(STAFF)
    with monkeypatch.context() as broken:
        broken.setattr(module, "sessions", table("nowhere", *map(column, ("issuer", "sid", "subject"))))
        with pytest.raises(DBAPIError):
            await sessions.close_for(NOTICE, remembered=later(600))
    assert await sessions.close_for(NOTICE, remembered=later(600)) == [STAFF]


async def test_what_ended_is_forgotten_and_nothing_else(
    database: Database, sessions: DatabaseSessions, sign_ins: DatabaseSignIns, register: DatabaseRegister
) -> None:
    await sessions.open(CITIZEN)
    await sign_ins.begin("browser", PENDING, later(600))
    await sessions.close_for(NOTICE, remembered=later(600))
    await register.seen("attention:a1", now=NOW)
    async with register.begin(ORGANISATION, "citizen", NOW) as transaction:
        assert not await transaction.done_before("command-1")
        await transaction.commit(CallEnded("a1", "citizen"))
    assert await forget_expired(database, later(60)) == 0
    assert await forget_expired(database, NOW + REPEATABLE + (later(1) - NOW)) == 5
    async with database.reading() as connection:
        assert (await connection.execute(select(sessions_table))).all() == []
    assert await sessions.close_for(NOTICE, remembered=later(600)) == []
    await commit(register, CallEnded("a1", "citizen"))
