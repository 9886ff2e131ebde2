"""Column types and the two spellings of an upsert, so that both databases keep the same thing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from videoattention.services.ports import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Table
    from sqlalchemy.ext.asyncio import AsyncConnection


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out. A naive time raises `ValueError`, for nobody knows which moment it is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; SQLite keeps UTC without saying so, in a form that sorts."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a time without a zone cannot be kept")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say the zone again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Unkeepable(NotFound, DontWrapMixin):
    """A text that no database keeps alike, and that therefore names nothing: it has a NUL, or half a character."""


class Words(TypeDecorator[str]):
    """A text; one with a NUL or a lone surrogate raises `Unkeepable`, whether it would be kept or looked for.

    PostgreSQL refuses the one and every encoder the other; said here, a hostile name is not found in either database.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse what cannot be kept."""
        if value is not None and ("\x00" in value or not _encodable(value)):
            raise Unkeepable("a text cannot be kept")
        return value


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def insert_into(table: Table, connection: AsyncConnection) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say ``on_conflict_do_nothing`` and ``on_conflict_do_update`` to this connection's database."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
