"""Versions of a policy in SQLite and in PostgreSQL: one after the other, never edited, each organisation's own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from tests.integration.db.cases import NOW, ORGANISATION, OTHER, add, waiting
from videoattention.adapters.db.policy_tables import policies
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.tables import attentions
from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level
from videoattention.domain.policies import BUILT_IN, Policy
from videoattention.services.policies import KeptPolicy, fingerprint
from videoattention.services.ports import Stale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.adapters.db.database import Database

STRICT = replace(BUILT_IN.general.of(Level.ATTENDED), identity=Assurance.HIGH, form=True)
ROUNDS = 20


def kept(policy: Policy, who: str = "pere", restored: int | None = None) -> KeptPolicy:
    return KeptPolicy(policy, fingerprint(policy), f"as {who} says", who, NOW, who.capitalize(), restored)


async def make(register: DatabaseRegister, version: KeptPolicy, organisation: str = ORGANISATION) -> None:
    async with register.begin(organisation, "administrator:pere", NOW) as transaction:
        await transaction.policies.add(version)
        await transaction.commit()


async def read(register: DatabaseRegister, organisation: str = ORGANISATION) -> tuple[Policy, Sequence[KeptPolicy]]:
    async with register.begin(organisation, "service", NOW) as transaction:
        return await transaction.policies.current(), await transaction.policies.versions()


async def test_versions_are_read_back_as_they_were_made(register: DatabaseRegister) -> None:
    assert await read(register) == (BUILT_IN, [])
    first = BUILT_IN.with_procedure("idcat", STRICT)
    second = first.again(BUILT_IN)
    await make(register, kept(first))
    await make(register, kept(second, restored=0))
    assert await read(register) == (second, [kept(second, restored=0), kept(first)])
    assert await read(register, OTHER) == (BUILT_IN, [])


@pytest.mark.parametrize("number", [0, 1, 3, 9])
async def test_a_version_that_does_not_follow_is_refused(register: DatabaseRegister, number: int) -> None:
    await make(register, kept(Policy(1, BUILT_IN.levels)))
    with pytest.raises(Stale):
        await make(register, kept(Policy(number, BUILT_IN.levels)))
    current, versions = await read(register)
    assert (current.version, len(versions)) == (1, 1)


async def test_of_two_who_make_the_same_version_one_does(database: Database, second: Database) -> None:
    doors = {"pere": DatabaseRegister(database), "anna": DatabaseRegister(second)}
    for number in range(1, ROUNDS + 1):
        policy = Policy(number, BUILT_IN.levels)

        async def attempt(who: str, policy: Policy = policy) -> str:
            try:
                await make(doors[who], kept(policy, who))
            except Stale:
                return "stale"
            return who

        results = await asyncio.gather(*(attempt(who) for who in doors))
        assert results.count("stale") == 1, results
        _, versions = await read(doors["pere"])
        assert versions[0].made_by in results


async def test_an_attention_keeps_its_rules_word_by_word(register: DatabaseRegister) -> None:
    policy = BUILT_IN.with_procedure("consulta", STRICT)
    begun = replace(waiting(), policy=policy.of("consulta"), policy_version=policy.version)
    await add(register, begun)
    await make(register, kept(policy))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        found = await transaction.attentions.get(begun.id)
    assert (found.policy, found.policy_version) == (begun.policy, 1)
    assert found.policy.of(Level.ATTENDED) == STRICT


def as_it_was(body: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """A body from when a legal basis was one text."""
    if isinstance(body, dict):
        texts = {"legal_basis": body["legal_basis"].get("ca", "")} if "legal_basis" in body else {}
        return {name: as_it_was(value) for name, value in body.items()} | texts
    return [as_it_was(one) for one in body] if isinstance(body, list) else body


async def test_a_legal_basis_of_one_text_is_read_as_the_organisation_s_own_language(
    database: Database, register: DatabaseRegister
) -> None:
    """Versions and attentions from before; a version that is made from one of them is written as today."""
    policy = BUILT_IN.with_procedure("consulta", STRICT)
    await make(register, kept(policy))
    await add(register, replace(waiting(), policy=policy.of("consulta"), policy_version=1))
    async with database.writing() as connection:
        for table, column in ((policies, policies.c.body), (attentions, attentions.c.policy)):
            body = (await connection.execute(select(column))).scalar_one()
            await connection.execute(update(table).values({column.name: as_it_was(body)}))
        await connection.commit()
    current, (version,) = await read(register)
    own = current.own("consulta", Level.ATTENDED)
    assert own
    for rule in (*current.levels, own):
        assert rule.legal_basis == {"ca": BUILT_IN.general.of(rule.level).legal_basis["ca"]}
    assert version.hash == fingerprint(policy)  # of what it said then
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        found = await transaction.attentions.get("a1")
    assert found.policy.of(Level.ATTENDED).basis("en") == STRICT.legal_basis["ca"]
    english = replace(current.general.of(Level.ATTENDED), legal_basis={"ca": "Llei", "en": "Law"})
    await make(register, kept(current.with_level(english)))
    assert (await read(register))[0].general.of(Level.ATTENDED).legal_basis == {"ca": "Llei", "en": "Law"}


async def test_a_rule_without_a_legal_basis_stays_without(database: Database, register: DatabaseRegister) -> None:
    await make(register, kept(Policy(1, BUILT_IN.levels)))
    async with database.writing() as connection:
        body = as_it_was((await connection.execute(select(policies.c.body))).scalar_one())
        body["levels"][0]["legal_basis"] = ""
        body.pop("procedures")
        await connection.execute(update(policies).values(body=body))
        await connection.commit()
    assert (await read(register))[0].levels[0].legal_basis == {}
