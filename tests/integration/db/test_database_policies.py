"""Versions of a policy in SQLite and in PostgreSQL: one after the other, never edited, each organisation's own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.integration.db.cases import NOW, ORGANISATION, OTHER, add, waiting
from videoattention.adapters.db.register import DatabaseRegister
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
