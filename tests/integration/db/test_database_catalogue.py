"""The demonstration's catalogue and the texts of consents, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.integration.db.cases import NOW, TEXTS, add, waiting
from tests.integration.db.cases import text as consent_text
from videoattention.adapters.db.catalogue import TextChanged, keep_texts, seed
from videoattention.adapters.db.demo import DEMO, GENCAT
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.tables import consent_texts, metadata
from videoattention.domain.levels import Purpose

if TYPE_CHECKING:
    from videoattention.adapters.db.database import Database
    from videoattention.adapters.db.queries import DatabaseViews
    from videoattention.adapters.db.register import DatabaseRegister


async def _everything(database: Database) -> dict[str, list[str]]:
    async with database.reading() as connection:
        return {
            name: sorted(map(str, (await connection.execute(select(table))).all()))
            for name, table in metadata.tables.items()
        }


async def test_setting_up_again_changes_nothing(database: Database) -> None:
    before = await _everything(database)
    assert (len(before["organisations"]), len(before["offices"]), len(before["procedures"])) == (2, 3, 10)
    await seed(database, DEMO)
    await keep_texts(database, TEXTS)
    assert await _everything(database) == before


async def test_setting_up_again_brings_names_up_to_date_under_live_attentions(
    database: Database, register: DatabaseRegister, views: DatabaseViews
) -> None:
    await add(register, waiting())
    renamed = replace(GENCAT.offices[0], name={"ca": "OAC de Girona (nova)", "en": "New"})
    await seed(database, [replace(GENCAT, offices=(renamed, *GENCAT.offices[1:]))])
    seen = await views.citizen("gencat-demo", "a1", "ca", seen_since=NOW)
    assert seen
    assert seen.office == "OAC de Girona (nova)"


def test_every_name_of_the_demonstration_is_in_both_languages() -> None:
    for organisation in DEMO:
        assert set(organisation.name) == {"ca", "en"}
        for office in organisation.offices:
            assert [set(office.name), set(office.hours), set(office.other_ways)] == [{"ca", "en"}] * 3
        for procedure in organisation.procedures:
            assert [set(procedure.name), set(procedure.summary)] == [{"ca", "en"}] * 2


@pytest.mark.parametrize(
    "changed",
    [
        consent_text("1", "Autorització", "Autoritzo una altra cosa."),
        replace(TEXTS[0], purposes=frozenset({Purpose.RECORDING})),
        replace(TEXTS[0], title="Autorització!"),
    ],
    ids=["other words", "other purposes", "other words under the old hash"],
)
async def test_a_text_does_not_change_under_its_version(database: Database, changed: object) -> None:
    assert isinstance(changed, type(TEXTS[0]))
    fresh = consent_text("2", "Autorització", "Paraules noves.")
    with pytest.raises(TextChanged, match=r"attended 1 \(ca\) was changed: give the new words a new version"):
        await keep_texts(database, [fresh, changed])
    async with database.reading() as connection:
        kept = (await connection.execute(select(consent_texts))).all()
    assert [(row.version, row.hash, row.title) for row in kept] == [("1", TEXTS[0].wording.hash, "Autorització")]
    await keep_texts(database, [fresh, *TEXTS])


@pytest.mark.parametrize("statement", ["UPDATE consent_texts SET title = 'x'", "DELETE FROM consent_texts"])
async def test_texts_can_neither_change_nor_go(database: Database, statement: str) -> None:
    async with database.writing() as connection:
        with pytest.raises(DBAPIError, match="only grows"):
            await connection.execute(text(statement))


async def test_the_first_key_of_an_organisation_stays(database: Database) -> None:
    keys = DatabaseOrganisationKeys(database)
    assert await keys.kept("gencat-demo") is None
    assert await keys.keep("gencat-demo", b"first") == b"first"
    assert await keys.keep("gencat-demo", b"second") == b"first"
    assert await keys.kept("gencat-demo") == b"first"
    assert await keys.kept("vila-demo") is None
