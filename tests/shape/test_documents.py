"""What the documents name exists: settings, targets of the Makefile, commands, files; and no setting is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from videoattention import cli
from videoattention.config import PREFIX, read

PROJECT = Path(__file__).parents[2]
DOCUMENTS = [
    *(PROJECT / name for name in ("README.md", "CHANGELOG.md", "benchmarks/README.md")),
    *sorted((PROJECT / "docs").rglob("*.md")),
]
LEAST = 50
"""Settings that are there at the very least; fewer, and they were not all heard."""

_CODE = re.compile(r"`([^`\n]+)`|^(?:make|videoattention) .*$|^    (?:VIDEO|make).*$", re.MULTILINE)
_SETTING = re.compile(r"(?<![A-Z0-9_])(?:VIDEOATTENTION)?_([A-Z][A-Z_]*[A-Z]|[A-Z_]+_(?=\*))")
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


class _Listening(dict[str, str]):
    """An environment in which nothing is set, and which keeps what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        self.asked.add(key)
        return default


@pytest.fixture(scope="module")
def settings() -> set[str]:
    """Every setting, without the prefix."""
    environment = _Listening()
    read(environment)
    return {name.removeprefix(PREFIX) for name in environment.asked if name.startswith(PREFIX)}


def named(path: Path) -> set[str]:
    """The settings that a document names; one that ends with ``_`` stands for all that begin so."""
    return {name for code in _CODE.finditer(path.read_text()) for name in _SETTING.findall(code.group())}


def test_every_setting_was_heard(settings: set[str]) -> None:
    assert len(settings) >= LEAST
    assert {"MODE", "STAFF_ISSUER", "SMS_SMPP_TLS", "OBJECT_STORE_REGION"} <= settings


def test_the_runbook_tells_every_setting(settings: set[str]) -> None:
    assert settings - named(PROJECT / "docs/runbook.md") == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_names_a_setting_that_is_none(settings: set[str], path: Path) -> None:
    wrong = {name for name in named(path) if not any(name == one or one.startswith(name) for one in settings)}
    assert wrong <= {"NAME"}  # the runbook's word for any of them


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_target_that_is_named_is_in_the_makefile(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    code = " ; ".join(found.group() for found in _CODE.finditer(path.read_text()))
    assert set(re.findall(r"\bmake (?:-s )?([a-z][a-z-]+)", code)) <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(path: Path) -> None:
    words = {command.words for command in cli.COMMANDS}
    first = {one.partition(" ")[0] for one in words}
    code = " ; ".join(found.group() for found in _CODE.finditer(path.read_text()))
    said = re.findall(r"\bvideoattention ([a-z]+)(?: ([a-z]+))?", code)
    wrong = [(group, word) for group, word in said if group not in first]
    wrong += [(group, word) for group, word in said if group in cli.GROUPS and word and f"{group} {word}" not in words]
    assert wrong == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path: Path) -> None:
    links = [link for link in _LINK.findall(path.read_text()) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []
