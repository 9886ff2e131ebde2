"""A PostgreSQL server for one test session: own folder, own port, loopback only, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST_VERSION = 15
SECONDS_TO_START = 60
ROOM = 2 << 30
"""Bytes that the databases of one session may come to need."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server that trusts whoever connects from this machine."""

    programs: Path
    port: int

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database of this server."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> None:
        """Add an empty database."""
        self._tell(f'CREATE DATABASE "{database}"')

    def copy(self, source: str, database: str) -> None:
        """Put a copy of another database, to which nobody is connected, in the place of an empty one."""
        self._tell(f'DROP DATABASE "{database}"', f'CREATE DATABASE "{database}" TEMPLATE "{source}"')

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._tell(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _tell(self, *orders: str) -> None:
        address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        commands = [word for order in orders for word in ("--command", order)]
        _run(str(self.programs / "psql"), "--no-psqlrc", "--quiet", "--dbname", address, *commands)


def programs_folder() -> Path | None:
    """Where the newest installed server's programs are, or None where there is no server of the oldest version."""
    versions = (path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "pg_ctl").exists())
    newest = max(versions, key=_version, default=None)
    return newest if newest is not None and _version(newest) >= OLDEST_VERSION else None


@contextmanager
def running_server(programs: Path) -> Iterator[PostgresServer]:
    """A new server on a free port, with the durability that production has; stopped and deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="va-postgres-", dir=_in_memory()))
    user = _ordinary_user()
    if user is not None:
        shutil.chown(folder, user)
    port = _free_port()
    control = [str(programs / "pg_ctl"), "--pgdata", str(folder / "data"), "--wait", "--timeout", str(SECONDS_TO_START)]
    initdb = [
        str(programs / "initdb"),
        "--username",
        "postgres",
        "--auth",
        "trust",
        "--encoding",
        "UTF8",
        "--no-locale",
    ]
    try:
        _run(*_as(user), *initdb, "--pgdata", str(folder / "data"))
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        _run(*_as(user), *control, "--log", str(folder / "log"), "--options", options, "start")
        try:
            yield PostgresServer(programs=programs, port=port)
        finally:
            _run(*_as(user), *control, "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _version(folder: Path) -> int:
    return int(folder.parent.name)


def _ordinary_user() -> str | None:
    """PostgreSQL refuses to run as root: whom it runs as instead, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _as(user: str | None) -> list[str]:
    return [] if user is None else ["runuser", "-u", user, "--"]


def _in_memory() -> Path | None:
    """Where a file system in memory is, if there is room: the server waits for its disk more than for all else.

    It syncs what it writes all the same; what is killed in these tests is a process, not the machine.
    """
    memory = Path("/dev/shm")  # noqa: S108 - the folder made there is new and nobody else's
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: str) -> None:
    # the server inherits our pipes and would hold them open: its words go to the log file, errors to a plain file
    with tempfile.TemporaryFile("w+") as words:
        done = subprocess.run(  # noqa: S603  # programs of the operating system, with arguments of our own
            command, check=False, stdin=subprocess.DEVNULL, stdout=words, stderr=words, cwd="/"
        )
        words.seek(0)
        if done.returncode:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}: {words.read()}")
