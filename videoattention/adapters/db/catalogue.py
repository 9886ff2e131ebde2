"""What is set up before anybody calls: organisations with their offices and procedures, and the texts of consents."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - read at run time by the catalogue's file
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from videoattention.adapters.db.columns import insert_into
from videoattention.adapters.db.tables import consent_texts, office_procedures, offices, organisations, procedures

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from videoattention.adapters.db.database import Database
    from videoattention.services.texts import ShownText


@dataclass(frozen=True, slots=True)
class Procedure:
    """Something that citizens can come for; names are by language."""

    id: str
    name: Mapping[str, str]
    summary: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Office:
    """An office, its hours and the other ways to be attended, by language; its id is unique everywhere."""

    id: str
    name: Mapping[str, str]
    hours: Mapping[str, str]
    other_ways: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A tenant: every office of it serves every procedure of it."""

    id: str
    name: Mapping[str, str]
    offices: tuple[Office, ...]
    procedures: tuple[Procedure, ...]


class TextChanged(Exception):
    """A consent text was changed without a new version; what citizens were shown must stay as it was."""

    code = "text_changed"


async def seed(database: Database, catalogue: Iterable[Organisation]) -> None:
    """Set up these organisations, or bring them up to date; what is not named stays as it is."""
    async with database.writing() as connection:
        for organisation in catalogue:
            await _keep(connection, organisations, [{"id": organisation.id, "name": dict(organisation.name)}])
            await _keep(connection, offices, _office_rows(organisation))
            await _keep(connection, procedures, _procedure_rows(organisation))
            await _keep(connection, office_procedures, _served_rows(organisation))
        await connection.commit()


def _office_rows(organisation: Organisation) -> list[dict[str, Any]]:
    return [
        {
            "organisation": organisation.id,
            "id": office.id,
            "place": place,
            "name": dict(office.name),
            "hours": dict(office.hours),
            "other_ways": dict(office.other_ways),
        }
        for place, office in enumerate(organisation.offices)
    ]


def _procedure_rows(organisation: Organisation) -> list[dict[str, Any]]:
    return [
        {
            "organisation": organisation.id,
            "id": procedure.id,
            "place": place,
            "name": dict(procedure.name),
            "summary": dict(procedure.summary),
        }
        for place, procedure in enumerate(organisation.procedures)
    ]


def _served_rows(organisation: Organisation) -> list[dict[str, Any]]:
    return [
        {"organisation": organisation.id, "office": office.id, "procedure": procedure.id}
        for office in organisation.offices
        for procedure in organisation.procedures
    ]


async def _keep(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    statement = insert_into(table, connection)
    key = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    if rest:
        await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=rest), rows)
    else:
        await connection.execute(statement.on_conflict_do_nothing(index_elements=key), rows)


async def keep_texts(database: Database, texts: Iterable[ShownText]) -> None:
    """Keep consent texts as they are shown; raises `TextChanged` and keeps none when one changed under its version."""
    async with database.writing() as connection:
        for shown in texts:
            row = _text_row(shown)
            await connection.execute(insert_into(consent_texts, connection).on_conflict_do_nothing().values(row))
            _must_be_the_same(await _kept(connection, shown), row)
        await connection.commit()


async def _kept(connection: AsyncConnection, shown: ShownText) -> Row[Any] | None:
    wording = shown.wording
    same = (
        consent_texts.c.text == wording.text,
        consent_texts.c.version == wording.version,
        consent_texts.c.language == wording.language,
    )
    return (await connection.execute(select(consent_texts).where(*same))).first()


def _must_be_the_same(kept: Row[Any] | None, row: Mapping[str, object]) -> None:
    if kept is None or any(getattr(kept, name) != value for name, value in row.items()):
        named = f"{row['text']} {row['version']} ({row['language']})"
        raise TextChanged(f"the consent text {named} was changed: give the new words a new version")


def _text_row(shown: ShownText) -> dict[str, Any]:
    return {
        "text": shown.wording.text,
        "version": shown.wording.version,
        "language": shown.wording.language,
        "hash": shown.wording.hash,
        "title": shown.title,
        "paragraphs": list(shown.paragraphs),
        "purposes": sorted(purpose.value for purpose in shown.purposes),
    }
