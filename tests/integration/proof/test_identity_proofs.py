"""`identities proof`: what the citizens' login answered, given away under its hash, with the journal knowing first."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.db.cases import NOW, ORGANISATION, add, save, talking
from videoattention.adapters.clock import SystemClock
from videoattention.adapters.db.catalogue import seed
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.demo import DEMO
from videoattention.adapters.db.queries.views import DatabaseViews
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.vault.logins import EncryptedLogins
from videoattention.bootstrap.keys import key_ring, make_ready
from videoattention.config import Settings, read
from videoattention.domain.identification import Assurance
from videoattention.domain.levels import Level
from videoattention.domain.rights import DataRequest, RequestStage, Right
from videoattention.services.claims import CitizenIdentity
from videoattention.services.identifying import Identifying
from videoattention.services.work import Acting, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from videoattention.services.ports import Entry

ROOT = Path(__file__).parents[3]
ANSWER = b'{"dialect":"valid"}'
HASH = hashlib.sha256(ANSWER).hexdigest()
WHY = ("--purpose", "Requeriment del jutjat 12/2026", "--by", "nuria", "--organisation", ORGANISATION)


class Nobody:
    def committed(self, entries: Sequence[Entry]) -> None:
        pass


@pytest.fixture
def kept(tmp_path: Path) -> Settings:
    """Where a citizen has identified electronically, and the settings that the command reads."""
    said = {"VIDEOATTENTION_DATA": str(tmp_path / "data"), "VIDEOATTENTION_RECORDINGS": str(tmp_path / "recordings")}
    (tmp_path / "data").mkdir()
    return read(said)


async def identified(settings: Settings) -> Database:
    database = Database(settings.storage.database)
    await database.migrate()
    keys = key_ring(settings, database)
    await make_ready(settings, database, keys)
    await seed(database, DEMO)
    register = DatabaseRegister(database)
    attention = talking()
    await add(register, attention)
    await save(register, attention.propose_level("marta", Level.ATTENDED, NOW))
    async with register.begin(ORGANISATION, "service", NOW) as transaction:
        proposed = await transaction.attentions.get("a1")
    await save(register, proposed.ask_identification("marta"))
    clara = CitizenIdentity("Clara", "00000014Z", "s", "https://valid.example", Assurance.HIGH, "clave", ANSWER)
    identifying = Identifying(Work(register, SystemClock(), Nobody()), EncryptedLogins(keys))
    await identifying.identify(Acting(ORGANISATION, "citizen"), "a1", clara)
    return database


async def facts(database: Database) -> list[tuple[str, str, str]]:
    """Who gave away which proof, and what for."""
    lines = await DatabaseViews(database).journal(ORGANISATION, "a1")
    given = [line for line in lines if line.kind == "LoginProofGiven"]
    return [(line.actor, str(line.body["evidence"]), str(line.body["purpose"])) for line in given]


async def test_it_is_written_under_its_hash_and_journalled(kept: Settings, tmp_path: Path) -> None:
    database = await identified(kept)
    to = tmp_path / "proof"
    status, told = await command(kept, "a1", "--to", str(to), *WHY)
    assert status == 0, told
    (path,) = to.iterdir()
    assert (path.name, path.read_bytes()) == (f"{HASH}.json", ANSWER)
    assert (to.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
    assert HASH in told
    assert await facts(database) == [("operator:nuria", HASH, "Requeriment del jutjat 12/2026")]
    await database.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("a2", *WHY), "No proof of an electronic identity is kept of attention 'a2'"),
        (("a1", *WHY[:-1], "vila-demo"), "No proof of an electronic identity is kept of attention 'a1'"),
        (("a1", *WHY[:-1], "nowhere"), "nowhere"),
        (("a1", "--purpose", "  why    ", *WHY[2:]), "at least 10 characters"),
    ],
)
async def test_a_refusal_is_told_and_leaves_nothing(
    kept: Settings, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    database = await identified(kept)
    to = tmp_path / "proof"
    status, said = await command(kept, *words, "--to", str(to))
    assert (status, told in said) == (2, True), said
    assert not to.exists()
    assert await facts(database) == []
    await database.close()


async def test_what_is_restricted_is_not_given_away(kept: Settings, tmp_path: Path) -> None:
    database = await identified(kept)
    asked = DataRequest("q1", "a1", ORGANISATION, Right.RESTRICTION, "citizen", asked_at=NOW, due_at=NOW)
    async with DatabaseRegister(database).begin(ORGANISATION, "service", NOW) as transaction:
        await transaction.requests.add(replace(asked, stage=RequestStage.DONE, ground="contested"))
        await transaction.commit()
    to = tmp_path / "proof"
    status, said = await command(kept, "a1", "--to", str(to), *WHY)
    assert (status, "restricted" in said) == (2, True), said
    assert not to.exists()
    assert await facts(database) == []
    await database.close()


async def test_a_folder_that_is_there_is_left_alone(kept: Settings, tmp_path: Path) -> None:
    database = await identified(kept)
    status, said = await command(kept, "a1", "--to", str(tmp_path), *WHY)
    assert (status, "This cannot be done" in said) == (2, True), said
    assert await facts(database) == []
    await database.close()


async def command(settings: Settings, *words: str) -> tuple[int, str]:
    """Run the command as an operator does; its status and what it said."""
    said = {"VIDEOATTENTION_DATA": str(settings.storage.data), "PYTHONPATH": str(ROOT)}
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "videoattention",
        "identities",
        "proof",
        *words,
        env=os.environ | said,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await running.communicate()
    assert running.returncode is not None
    return running.returncode, told.decode()
