"""Time stamps of a real authority: asked for after the seal, checked before they are kept, never in the way."""

from __future__ import annotations

import asyncio
import subprocess
from typing import TYPE_CHECKING

import aiohttp
import pytest
from structlog.testing import capture_logs

from tests.fakes.clock import Clock
from tests.integration.db.cases import NOW, ORGANISATION, TEXTS, add, later, record, talking
from tests.integration.timestamps.authority import Authority
from videoattention.adapters.db.catalogue import keep_texts, seed
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.demo import DEMO
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.db.register import DatabaseRegister
from videoattention.adapters.db.seals import DatabaseSeals, DatabaseSigningKeys
from videoattention.adapters.timestamps import authority as module
from videoattention.adapters.timestamps.authority import HttpAuthority
from videoattention.adapters.timestamps.tokens import trusted_roots
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import MasterKey
from videoattention.adapters.vault.signer import VaultSigner
from videoattention.bootstrap.service import Service
from videoattention.config import read
from videoattention.services.seals import Seal
from videoattention.services.stamping import Stamping, StampRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture(scope="session")
async def founded(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("authority"))
    await made.found()
    return made


@pytest.fixture
async def authority(founded: Authority) -> AsyncIterator[Authority]:
    founded.asked, founded.twisted = 0, bytes
    async with founded.serving():
        yield founded


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Two sealed recordings without time stamps."""
    opened = Database(database_url)
    await opened.migrate()
    await seed(opened, DEMO)
    await keep_texts(opened, TEXTS)
    register = DatabaseRegister(opened)
    keys = VaultKeyRing(MasterKey(bytes(range(32))), DatabaseOrganisationKeys(opened))
    signer = VaultSigner(keys, DatabaseSigningKeys(opened), Clock(NOW))
    for number in (1, 2):
        await add(register, talking(f"a{number}", informer=f"i{number}"))
        await record(register, f"a{number}", f"r{number}")
        signature = await signer.sign(ORGANISATION, b"a manifest")
        async with register.begin(ORGANISATION, "service", NOW) as transaction:
            await transaction.seals.add(Seal(f"r{number}", b"a manifest", signature, later(number)))
            await transaction.commit()
    yield opened
    await opened.close()


def stamping(database: Database, asked: HttpAuthority) -> Stamping:
    return Stamping(DatabaseRegister(database), Clock(NOW), seals=DatabaseSeals(database), authority=asked)


async def stamps(database: Database) -> list[bytes | None]:
    kept = [await DatabaseSeals(database).of(ORGANISATION, recording) for recording in ("r1", "r2")]
    return [seal.timestamp for seal in kept if seal]


async def test_every_seal_gets_a_stamp_that_others_can_check(
    database: Database, authority: Authority, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    asked = stamping(database, HttpAuthority(session, authority.url, authority.root))
    await asked.round()
    await asked.round()
    assert authority.asked == 2
    for recording in ("r1", "r2"):
        seal = await DatabaseSeals(database).of(ORGANISATION, recording)
        assert seal
        assert seal.timestamp
        (tmp_path / "manifest.sig").write_bytes(seal.signature)
        (tmp_path / "timestamp.tsr").write_bytes(seal.timestamp)
        openssl = ["openssl", "ts", "-verify", "-in", "timestamp.tsr", "-data", "manifest.sig", "-CAfile"]
        checked = await asyncio.to_thread(
            subprocess.run, [*openssl, str(authority.root)], cwd=tmp_path, check=False, capture_output=True
        )
        assert b"Verification: OK" in checked.stdout


async def test_an_authority_that_is_away_only_delays_the_stamp(
    database: Database, authority: Authority, session: aiohttp.ClientSession
) -> None:
    asked = stamping(database, HttpAuthority(session, "http://127.0.0.1:9/tsa", authority.root))
    with capture_logs() as logs:
        await asked.round()
    assert [log["event"] for log in logs] == ["not_time_stamped"]
    assert await stamps(database) == [None, None]
    await stamping(database, HttpAuthority(session, authority.url, authority.root)).round()
    assert None not in await stamps(database)


async def test_one_that_is_refused_does_not_keep_the_others_waiting(
    database: Database, authority: Authority, session: aiohttp.ClientSession
) -> None:
    asked = stamping(database, HttpAuthority(session, authority.url, authority.root))
    authority.twisted = lambda answer: answer[:-1]
    await asked.round()
    authority.twisted = lambda answer: answer if authority.asked == 2 else b""
    await asked.round()
    first, second = await stamps(database)
    assert (first, bool(second)) == (None, True)


@pytest.mark.parametrize("where", [30, 200, -100, -1])
async def test_a_changed_answer_is_refused(authority: Authority, session: aiohttp.ClientSession, where: int) -> None:
    def flipped(answer: bytes) -> bytes:
        changed = bytearray(answer)
        changed[where] ^= 1
        return bytes(changed)

    authority.twisted = flipped
    with pytest.raises(StampRefused):
        await HttpAuthority(session, authority.url, authority.root).stamp(b"a signature")


async def test_an_old_answer_or_one_over_something_else_is_refused(
    authority: Authority, session: aiohttp.ClientSession
) -> None:
    asked = HttpAuthority(session, authority.url, authority.root)
    for message in (b"a signature", b"another signature"):
        first = await asked.stamp(message)
        authority.twisted = lambda _, first=first: first  # type: ignore[misc]
        with pytest.raises(StampRefused):
            await asked.stamp(b"a signature")
        authority.twisted = bytes


async def test_an_authority_under_another_root_is_not_believed(
    authority: Authority, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other")
    await other.found()
    with pytest.raises(StampRefused):
        await HttpAuthority(session, authority.url, other.root).stamp(b"a signature")


async def test_too_much_too_late_or_no_stamp_at_all_is_refused(
    authority: Authority, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = HttpAuthority(session, authority.url, authority.root)
    for answer in (b"x" * (module.LARGEST_ANSWER + 1), b"", b"<html>"):
        authority.twisted = lambda _, answer=answer: answer  # type: ignore[misc]
        with pytest.raises(StampRefused):
            await asked.stamp(b"a signature")
    with pytest.raises(StampRefused, match="404"):
        await HttpAuthority(session, authority.url + "/elsewhere", authority.root).stamp(b"a signature")
    monkeypatch.setattr(module, "WITHIN_S", 0.001)
    with pytest.raises(StampRefused, match="TimeoutError"):
        await asked.stamp(b"a signature")


async def test_the_service_has_one_authority_for_seals_and_for_statements(founded: Authority, tmp_path: Path) -> None:
    said = {"DATA": str(tmp_path / "data"), "RECORDINGS": str(tmp_path / "recordings")}
    named = {"TIMESTAMP_URL": "http://127.0.0.1:9/tsa", "TIMESTAMP_CA": str(founded.root)}
    for extra, there in ((named, True), ({}, False)):
        program = Service(read({f"VIDEOATTENTION_{name}": value for name, value in (said | extra).items()}))
        asked = program._archive_room._packages._exporter._authority
        assert (asked is not None, program._recording._stamping is not None) == (there, there)
        await program.close()


def test_a_file_without_certificates_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(ValueError, match="PEM"):
        trusted_roots(tmp_path / "empty.pem")
