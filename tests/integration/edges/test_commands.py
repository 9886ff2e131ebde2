"""The program at its terminal: one sentence for each fault, an exit status, and no traceback."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sqlite3
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from tests.story.running import ROOT, RunningService
from videoattention import cli
from videoattention.adapters.db.database import Database
from videoattention.adapters.db.organisation_keys import DatabaseOrganisationKeys
from videoattention.adapters.vault.keyring import VaultKeyRing
from videoattention.adapters.vault.keys import load_or_make
from videoattention.adapters.vault.masters import MasterKeyFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "canary-canary-canary-canary-canary-canary"


@pytest.fixture
def program(tmp_path: Path) -> RunningService:
    """A service that does not run: for its commands."""
    return RunningService(tmp_path)


def plainly(status: int, said: str, *parts: str) -> None:
    """Nothing but sentences, and a status that says that it could not begin."""
    assert status == 2, said
    assert "Traceback" not in said
    assert SECRET not in said
    assert all(part in said for part in parts), said
    # a line of the log may stand beside the sentences
    assert all(line.endswith(".") or json.loads(line) for line in said.splitlines()), said


async def test_every_wrong_setting_is_told_at_once(program: RunningService) -> None:
    program.extra = {
        "PORT": "http",
        "VIDEOATTENTION_MODE": "staging",
        "VIDEOATTENTION_DATABASE_URL": f"mysql://root:{SECRET}@db",
        "VIDEOATTENTION_MEDIA_SECRET": "short",
        "VIDEOATTENTION_WEB_PUBLIC_ULR": "https://video.example.cat",
    }
    for command in ("serve", "journal verify"):
        status, said = await program.command(*command.split())
        plainly(status, said, "PORT is 'http'", "MODE", "DATABASE_URL", "MEDIA_SECRET", "WEB_PUBLIC_ULR")
        assert len(said.splitlines()) == 5


async def test_production_without_its_logins_does_not_fall_back_to_the_stand_in(program: RunningService) -> None:
    program.extra = {
        "VIDEOATTENTION_MODE": "production",
        "VIDEOATTENTION_WEB_PUBLIC_URL": "https://video.example.cat",
        "VIDEOATTENTION_MEDIA_SECRET": SECRET,
    }
    status, said = await program.command("serve")
    plainly(status, said, "STAFF_ISSUER must name the corporate login", "CITIZENS_ISSUER must name")
    assert not (program.folder / "data").exists()


async def test_production_with_its_logins_has_no_stand_in_and_no_demonstration(tmp_path: Path) -> None:
    extra = {
        "VIDEOATTENTION_MODE": "production",
        "VIDEOATTENTION_WEB_PUBLIC_URL": "https://video.example.cat",
        "VIDEOATTENTION_MEDIA_SECRET": SECRET,
        "VIDEOATTENTION_STAFF_ISSUER": "https://login.example.cat/realms/staff",
        "VIDEOATTENTION_STAFF_CLIENT_ID": "video",
        "VIDEOATTENTION_STAFF_CLIENT_SECRET": SECRET,
        "VIDEOATTENTION_CITIZENS_ISSUER": "https://valid.example.cat",
        "VIDEOATTENTION_CITIZENS_CLIENT_ID": "video",
        "VIDEOATTENTION_CITIZENS_CLIENT_SECRET": SECRET,
    }
    async with RunningService(tmp_path, extra=extra) as service:
        for path in (
            "/standin/staff/authorize",
            "/standin/staff/.well-known/openid-configuration",
            "/standin/style.css",
        ):
            status, headers, _ = await _get(service, path)
            assert status == 404
            assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        _, headers, entry = await _get(service, "/")
        assert "oac-girona" not in entry
        policy = headers["content-security-policy"]
        assert "form-action 'self' https://login.example.cat https://valid.example.cat;" in policy
        assert "connect-src 'self' wss://video.example.cat;" in policy
        assert "Marta" not in service.log
        assert SECRET not in service.log
        # what no provider answers to is refused in words
        status, headers, _ = await _get(service, "/staff/sign-in")
        assert (status, headers["x-reason"]) == (403, "provider_unreachable")


async def _get(service: RunningService, path: str) -> tuple[int, dict[str, str], str]:
    from aiohttp import ClientSession

    async with ClientSession() as http, http.get(service.url + path, allow_redirects=False) as answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, await answer.text()


async def test_a_taken_port(program: RunningService) -> None:
    with socket.create_server(("localhost", program.port)):
        status, said = await program.command("serve")
    assert status == 2
    assert f"Port {program.port} is taken by another program" in said
    assert "Traceback" not in said


def _a_file(folder: Path) -> dict[str, str]:
    """Not even root can write below a file."""
    (folder / "file").write_text("")
    below = str(folder / "file" / "below")
    return {"VIDEOATTENTION_DATA": below, "VIDEOATTENTION_RECORDINGS": below}


async def test_folders_that_cannot_be_written_are_both_told(program: RunningService) -> None:
    program.extra = _a_file(program.folder)
    status, said = await program.command("serve")
    plainly(status, said, "(VIDEOATTENTION_DATA) cannot be written", "(VIDEOATTENTION_RECORDINGS) cannot be written")
    assert len(said.splitlines()) == 2


UNUSABLE: dict[str, Callable[[Path], dict[str, str]]] = {
    "a data folder below a file": _a_file,
    "no database there": lambda folder: {"VIDEOATTENTION_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/no/such/folder"},
    "a file that is no database": lambda folder: {
        "VIDEOATTENTION_DATABASE_URL": f"sqlite+aiosqlite:///{_junk(folder)}"
    },
    "a database in memory": lambda _: {"VIDEOATTENTION_DATABASE_URL": "sqlite+aiosqlite:///"},
    "nobody at the database's port": lambda _: {
        "VIDEOATTENTION_DATABASE_URL": f"postgresql+asyncpg://video:{SECRET}@127.0.0.1:1/video"
    },
}


def _junk(folder: Path) -> Path:
    path = folder / "junk"
    path.write_text("this is no database, " * 200)
    return path


@pytest.mark.parametrize(
    ("command", "what"),
    [
        *(("serve", what) for what in UNUSABLE),
        ("migrate", "a data folder below a file"),
        ("migrate", "nobody at the database's port"),
        ("journal verify", "no database there"),
        ("journal verify", "nobody at the database's port"),
    ],
)
async def test_what_cannot_be_used_is_told_in_a_sentence(program: RunningService, command: str, what: str) -> None:
    program.extra = {"VIDEOATTENTION_MASTER_KEY": "A" * 43 + "=", **UNUSABLE[what](program.folder)}
    plainly(*await program.command(*command.split()))


async def test_where_a_database_is_that_cannot_be_used_is_told_and_no_password(program: RunningService) -> None:
    folder = program.folder / "data"
    for words in (("journal", "verify"), ("recordings", "list")):
        told = plainly_without_beginning(*await program.command(*words))
        assert f"The database {folder / 'videoattention.sqlite3'} cannot be used: " in told
        assert "VIDEOATTENTION_DATA or VIDEOATTENTION_DATABASE_URL says where it is." in told
    program.extra = UNUSABLE["nobody at the database's port"](program.folder)
    told = plainly_without_beginning(*await program.command("recordings", "list"))
    assert told.startswith("The database cannot be used: ")
    assert told.endswith(" VIDEOATTENTION_DATABASE_URL says where it is.")
    assert "video:" not in told


async def test_only_what_begins_the_service_says_that_it_cannot_begin(program: RunningService) -> None:
    await _with_a_wrapped_key(program)
    (program.folder / "file").write_text("")
    for place in ("nowhere/k", "file/below/k"):
        lost = program.folder / place
        program.extra = {"VIDEOATTENTION_MASTER_KEY_FILE": str(lost)}
        for words in (("recordings", "verify", "--all"), ("keys", "rotate")):
            told = plainly_without_beginning(*await program.command(*words))
            assert told.startswith("This cannot be done: ")
            assert str(lost) in told
        plainly(*await program.command("migrate"), "The service cannot begin: ", str(lost))


async def test_a_master_key_file_that_cannot_be_made_is_named(program: RunningService) -> None:
    (program.folder / "file").write_text("")
    path = program.folder / "file" / "below" / "k"
    program.extra = {"VIDEOATTENTION_MASTER_KEY_FILE": str(path)}
    plainly(*await program.command("migrate"), f"The service cannot begin: the master key file {path} cannot be made")


def plainly_without_beginning(status: int, said: str) -> str:
    """One sentence of a command that is not of the service's beginning."""
    plainly(status, said)
    assert "cannot begin" not in said
    return said.strip()


@pytest.mark.parametrize("key", [SECRET, "AAAA", ""], ids=["no base64", "too short", "made"])
async def test_the_master_key(program: RunningService, key: str) -> None:
    program.extra = {"VIDEOATTENTION_MASTER_KEY": key}
    status, said = await program.command("migrate")
    if key:
        plainly(status, said, "key")
        return
    assert status == 0
    path = program.folder / "data" / "master.key"
    assert f"keep a copy of {path}" in said
    assert path.stat().st_mode & 0o077 == 0
    assert path.read_text().strip() not in said


def _key_file(program: RunningService) -> Path:
    return program.folder / "data" / "master.key"


async def _with_a_wrapped_key(program: RunningService) -> str:
    """The tables, a master key file, and an organisation's key that it wrapped; returns the master key's id."""
    assert (await program.command("migrate"))[0] == 0
    database = Database(f"sqlite:///{program.folder / 'data' / 'videoattention.sqlite3'}")
    (master,) = MasterKeyFile(_key_file(program)).at_hand()
    await VaultKeyRing(master, DatabaseOrganisationKeys(database)).prepare("gencat-demo")
    await database.close()
    return master.key_id


def _another(path: Path) -> str:
    path.unlink()
    return load_or_make(path).master.key_id


def _no_key(path: Path) -> str:
    path.write_text("no key")
    return "holds no key"


def _lost(path: Path) -> str:
    path.unlink()
    return "is not there"


def _unreadable(path: Path) -> str:
    """Not even root reads a folder as a file."""
    path.unlink()
    path.mkdir()
    return "cannot be read"


@pytest.mark.parametrize("harm", [_another, _no_key, _lost, _unreadable])
@pytest.mark.parametrize("command", ["serve", "migrate"])
async def test_the_master_key_of_the_data_is_the_only_one_that_is_taken(
    program: RunningService, command: str, harm: Callable[[Path], str]
) -> None:
    wrapped_with = await _with_a_wrapped_key(program)
    said = harm(_key_file(program))
    status, told = await program.command(command)
    plainly(status, told, said)
    assert len(told.splitlines()) == 1
    if harm in {_another, _lost}:
        assert wrapped_with in told
    assert not (harm is _lost and _key_file(program).exists()), "a new key opens nothing"


async def test_a_worker_says_what_it_needs(program: RunningService) -> None:
    status, said = await program.command("media")
    plainly(status, said, "VIDEOATTENTION_MEDIA_SERVICE and VIDEOATTENTION_MEDIA_SECRET")
    for name, value in (
        ("MEDIA_SERVICE", "nowhere"),
        ("MEDIA_HOST", "everywhere"),
        ("MEDIA_ADDRESSES", "video.example.cat"),
    ):
        program.extra = {"VIDEOATTENTION_MEDIA_SECRET": SECRET, f"VIDEOATTENTION_{name}": value}
        plainly(*await program.command("media"), f"VIDEOATTENTION_{name}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        program.extra = {
            "VIDEOATTENTION_MEDIA_SECRET": SECRET,
            "VIDEOATTENTION_MEDIA_SERVICE": "http://localhost:1",
            "VIDEOATTENTION_MEDIA_HOST": "127.0.0.1",
            "VIDEOATTENTION_MEDIA_PORT": str(taken.getsockname()[1]),
        }
        plainly(*await program.command("media"), "cannot be opened")


async def test_a_worker_without_a_service_waits_and_ends_when_it_is_told(program: RunningService) -> None:
    program.extra = {"VIDEOATTENTION_MEDIA_SECRET": SECRET, "VIDEOATTENTION_MEDIA_SERVICE": "http://localhost:1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "videoattention",
        "media",
        env=program.environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=program.folder,
    )
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(process.wait(), 3)
    # its standard input ends when whoever started it does
    assert process.stdin
    process.stdin.close()
    said, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert b"Traceback" not in said
    assert SECRET.encode() not in said


async def test_a_worker_with_another_secret_is_told_so(program: RunningService, service: RunningService) -> None:
    program.extra = {"VIDEOATTENTION_MEDIA_SECRET": SECRET, "VIDEOATTENTION_MEDIA_SERVICE": service.url}
    plainly(*await program.command("media"), "VIDEOATTENTION_MEDIA_SECRET is not the service's")


async def test_migrate_makes_the_tables_and_may_be_said_again(program: RunningService) -> None:
    for _ in range(2):
        status, said = await program.command("migrate")
        assert status == 0
        assert "Traceback" not in said
    with closing(sqlite3.connect(program.folder / "data" / "videoattention.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM organisations").fetchone()[0] >= 3


async def test_nobody_else_on_the_machine_reads_the_data_whoever_made_its_folder(program: RunningService) -> None:
    data = program.folder / "data"
    data.mkdir(mode=0o755)
    assert (await program.command("migrate"))[0] == 0
    made = [path for path in data.rglob("*") if path.is_file()]
    assert {"videoattention.sqlite3", "master.key"} <= {path.name for path in made}
    assert [path.name for path in made if path.stat().st_mode & 0o077] == []


async def test_a_journal_that_holds_and_one_that_does_not(program: RunningService) -> None:
    async with program:
        await _something_happens(program)
    status, said = await program.command("journal", "verify")
    assert status == 0, said
    assert "gencat-demo" in said
    with closing(sqlite3.connect(program.folder / "data" / "videoattention.sqlite3")) as database, database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("UPDATE journal SET actor = 'nobody' WHERE seq = 1 AND organisation = 'gencat-demo'")
    status, said = await program.command("journal", "verify")
    assert status == 1
    assert "gencat-demo: broken at entry" in said
    assert "Traceback" not in said


async def _something_happens(service: RunningService) -> None:
    from tests.integration.edges.callers import Caller

    async with Caller(service.url) as caller:
        await caller.take_turn()


async def test_help_names_every_command_and_an_unknown_one_is_refused(program: RunningService) -> None:
    status, said = await program.command("--help")
    assert status == 0
    assert all(command in said for command in ("serve", "media", "migrate", "journal"))
    status, said = await program.command("dance")
    assert status == 2
    assert "Traceback" not in said


def test_the_readme_names_every_command() -> None:
    told = [
        line.split() for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("videoattention ")
    ]
    for command in cli.COMMANDS:
        group, _, word = command.words.rpartition(" ")
        lines = [line for line in told if line[1] == (group or word)]
        assert any(word in " ".join(line).replace(",", " ").split() for line in lines), command.words


async def test_no_secret_reaches_the_log_or_the_worker_s_command_line(tmp_path: Path) -> None:
    secret = "VIDEOATTENTION_MEDIA_SECRET"
    async with RunningService(tmp_path, extra={secret: SECRET, "PYTHONPATH": str(ROOT)}) as service:
        pid = service.worker_pid()
        arguments = (await asyncio.to_thread(_read, f"/proc/{pid}/cmdline")).decode()
        assert SECRET not in arguments
        assert SECRET.encode() in await asyncio.to_thread(_read, f"/proc/{pid}/environ")
    assert SECRET not in service.log
    assert os.environ.get(secret) is None


def _read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - a file of the kernel
        return file.read()


async def test_a_database_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    """What it still had to say would come between the sentences of the command that ends."""
    before = set(threading.enumerate())
    for _ in range(60):
        database = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder'}")
        with pytest.raises(OperationalError):
            await database.open()
        await database.close()
        left = set(threading.enumerate()) - before
        assert not [thread for thread in left if "_connection_worker" in thread.name]
