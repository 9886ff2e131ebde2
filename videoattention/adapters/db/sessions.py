"""Sessions and sign-ins under way. The token of a session is not here: only its hash is, as the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from videoattention.adapters.db.columns import insert_into
from videoattention.adapters.db.people import habilitations_from, habilitations_to
from videoattention.adapters.db.tables import sessions, sign_ins, used_tokens
from videoattention.domain.people import Person, Role
from videoattention.services.identity import PendingSignIn, Realm
from videoattention.services.sessions import Session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from videoattention.adapters.db.database import Database
    from videoattention.services.identity import LogoutNotice


class DatabaseSessions:
    """`videoattention.services.sessions.Sessions` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, session: Session) -> None:
        """Keep a new session."""
        async with self._database.writing() as connection:
            await connection.execute(sessions.insert().values(_values(session)))
            await connection.commit()

    async def find(self, key: str, now: datetime) -> Session | None:
        """The session, if it has not ended, idled out or been closed."""
        lasting = sessions.c.key == key, sessions.c.ends_at > now, sessions.c.idle_until > now
        async with self._database.reading() as connection:
            row = (await connection.execute(select(sessions).where(*lasting))).first()
        return _session(row) if row else None

    async def save(self, session: Session) -> None:
        """Keep changed fields of a session that is open; one that was closed stays closed."""
        changed = sessions.update().where(sessions.c.key == session.key).values(_values(session))
        async with self._database.writing() as connection:
            await connection.execute(changed)
            await connection.commit()

    async def close(self, key: str) -> bool:
        """End it; of many who close one session, one is told that it did."""
        async with self._database.writing() as connection:
            closed = await connection.execute(sessions.delete().where(sessions.c.key == key))
            await connection.commit()
        return closed.rowcount == 1

    async def close_of(self, organisation: str, attention: str) -> None:
        """End every session that began this attention or opened its papers."""
        theirs = sessions.c.organisation == organisation, sessions.c.attention == attention
        async with self._database.writing() as connection:
            await connection.execute(sessions.delete().where(*theirs))
            await connection.commit()

    async def close_for(self, notice: LogoutNotice, *, remembered: datetime) -> Sequence[Session] | None:
        """End the sessions of the notice's ``sid`` at that issuer, or those of its subject when it names no ``sid``."""
        named = sessions.c.sid == notice.sid if notice.sid else sessions.c.subject == notice.subject
        if not (notice.sid or notice.subject):
            return []  # an empty name is that of everybody who has none
        closing = sessions.delete().where(sessions.c.issuer == notice.issuer, named).returning(sessions)
        async with self._database.writing() as connection:
            hearing = insert_into(used_tokens, connection).on_conflict_do_nothing()
            if (await connection.execute(hearing.values(jti=notice.jti, until=remembered))).rowcount != 1:
                return None
            rows = (await connection.execute(closing)).all()
            await connection.commit()
        return [_session(row) for row in rows]


def _values(session: Session) -> dict[str, object]:
    person = session.person
    return {
        "key": session.key,
        "csrf": session.csrf,
        "idle_until": session.idle_until,
        "ends_at": session.ends_at,
        "organisation": session.organisation,
        "attention": session.attention,
        "person": _person_to_json(person) if person else None,
        "subject": person.subject if person else "",
        "issuer": session.issuer,
        "sid": session.sid,
        "id_token": session.id_token,
    }


def _session(row: Row[Any]) -> Session:
    return Session(
        key=row.key,
        csrf=row.csrf,
        idle_until=row.idle_until,
        ends_at=row.ends_at,
        organisation=row.organisation,
        attention=row.attention,
        person=_person_from_json(row.person) if row.person else None,
        issuer=row.issuer,
        sid=row.sid,
        id_token=row.id_token,
    )


def _person_to_json(person: Person) -> dict[str, object]:
    return {
        "subject": person.subject,
        "organisation": person.organisation,
        "name": person.name,
        "position": person.position,
        "roles": sorted(person.roles),
        "offices": sorted(person.offices),
        "habilitations": habilitations_to(person.habilitations),
    }


def _person_from_json(kept: dict[str, Any]) -> Person:
    return Person(
        subject=kept["subject"],
        organisation=kept["organisation"],
        name=kept["name"],
        position=kept["position"],
        roles=frozenset(map(Role, kept["roles"])),
        offices=frozenset(kept["offices"]),
        habilitations=habilitations_from(kept.get("habilitations", ())),
    )


class DatabaseSignIns:
    """`videoattention.services.sessions.SignIns` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, session_key: str, pending: PendingSignIn, until: datetime) -> None:
        """Remember it."""
        row = {
            "session": session_key,
            "state": pending.state,
            "realm": pending.realm.value,
            "url": pending.url,
            "nonce": pending.nonce,
            "verifier": pending.verifier,
            "return_to": pending.return_to,
            "begun": pending.begun,
            "until": until,
        }
        async with self._database.writing() as connection:
            await connection.execute(sign_ins.insert().values(row))
            await connection.commit()

    async def take(self, session_key: str, state: str, now: datetime) -> PendingSignIn | None:
        """Give it back and forget it; ``None`` when it is unknown, late, or another browser's."""
        theirs = sign_ins.c.session == session_key, sign_ins.c.state == state
        async with self._database.writing() as connection:
            row = (await connection.execute(sign_ins.delete().where(*theirs).returning(sign_ins))).first()
            await connection.commit()
        if row is None or row.until <= now:
            return None
        return PendingSignIn(Realm(row.realm), row.url, row.state, row.nonce, row.verifier, row.return_to, row.begun)
