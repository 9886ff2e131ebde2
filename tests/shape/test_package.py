"""The wheel carries everything that serving needs, and its licence."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

PROJECT = Path(__file__).parents[2]
BROWSER_LIBRARY = PROJECT / "web/static/vendor/socket.io.esm.min.js"
NEEDED = [
    "videoattention/_web/templates/base.html",
    "videoattention/_web/static/call/signalling.js",
    "videoattention/_web/static/vendor/socket.io.esm.min.js",
    "videoattention/_web/locales/ca/LC_MESSAGES/messages.po",
    "videoattention/_web/locales/en/LC_MESSAGES/messages.po",
    "videoattention/_web/texts/attended/1/ca.json",
    "videoattention/adapters/db/migrations/env.py",
    "videoattention/adapters/db/migrations/versions/v0001_catalogue.py",
    "videoattention/adapters/identity/standin/templates/choose.html",
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not BROWSER_LIBRARY.exists():
        pytest.skip("the browser libraries are not installed: make test")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(PROJECT)]
    built = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # our own arguments
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("name", NEEDED)
def test_the_wheel_carries(contents: set[str], name: str) -> None:
    assert name in contents


def test_every_file_of_the_pages_is_in_the_wheel(contents: set[str]) -> None:
    files = {path.relative_to(PROJECT / "web") for path in (PROJECT / "web").rglob("*") if path.is_file()}
    assert {f"videoattention/_web/{path.as_posix()}" for path in files if path.name != ".keep"} <= contents


def test_nothing_of_a_machine_or_of_the_tests_is_in_the_wheel(contents: set[str]) -> None:
    folders = {Path(name).parts[0] for name in contents}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"videoattention"}
    assert not [name for name in contents if name.endswith((".pyc", ".sqlite3", ".key", ".env"))]


def test_the_licence_is_named_and_whole(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        told = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if ".dist-info" in name}
    assert "License-Expression: EUPL-1.2" in told["METADATA"]
    assert told["LICENSE"].startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "Belgian law" in told["LICENSE"]


@pytest.fixture
async def address_of_installed(wheel: Path, tmp_path: Path) -> AsyncIterator[str]:
    """Serve what the wheel installs, from a folder where the project is not to be seen."""
    site, port = tmp_path / "site", _free_port()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)]
    subprocess.run([*install, str(wheel)], check=True)  # noqa: S603, ASYNC221  # our own arguments, nothing else runs yet
    ours = {key: value for key, value in os.environ.items() if not key.startswith("VIDEOATTENTION_")}
    places = {"VIDEOATTENTION_DATA": str(tmp_path / "data"), "VIDEOATTENTION_RECORDINGS": str(tmp_path / "recordings")}
    serving = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "videoattention", "serve"),
        cwd=tmp_path,
        env={**ours, **places, "PORT": str(port), "PYTHONPATH": str(site), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
    )
    try:
        await asyncio.wait_for(_serves(serving), 60)
        yield f"http://localhost:{port}"
    finally:
        with suppress(ProcessLookupError):
            serving.terminate()
        await asyncio.wait_for(serving.communicate(), 30)


async def test_what_the_wheel_installs_serves(address_of_installed: str) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/static/vendor/socket.io.esm.min.js"):
            async with session.get(address_of_installed + path) as answer:
                assert answer.status == 200, path
                assert await answer.text()


async def _serves(serving: Process) -> None:
    assert serving.stdout is not None
    while b"serves on" not in (line := await serving.stdout.readline()):
        assert line, "the installed service ended before it served"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
