"""The wheel carries everything that serving needs, and its licence."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

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
