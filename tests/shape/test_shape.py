"""The shape of the house: which way the imports go, how long things may grow, what the rules may touch."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "videoattention"
DOMAIN = PACKAGE / "domain"
STATIC = ROOT / "web" / "static"

FILE_LINES = 300
FUNCTION_LINES = 40

LONG_FILES = {
    "videoattention/entrypoints/signalling/protocol.py": "a catalogue: every message of the wire, each a short class",
    "videoattention/domain/attention.py": "the aggregate: every step of one case, each a few lines that ask the rules",
    "videoattention/adapters/db/tables.py": "a catalogue: every table of the database",
    "videoattention/offline.py": "one file, so that it can be copied alone to the machine of whoever checks a package",
    "web/static/call/protocol.d.ts": "generated from the messages of the protocol",
}
"""File -> why it may be longer."""

LONG_FUNCTIONS = {
    "videoattention/adapters/db/migrations/versions/v0002_attentions.py::_attentions": "one table, a line a column",
}
"""path::function -> why it may be longer."""

WRITTEN_BY_HAND = {".py", ".js", ".mjs", ".ts", ".css", ".html", ".svg"}

OPEN_TO_THE_DOMAIN = {
    "__future__",
    "collections.abc",
    "dataclasses",
    "datetime",
    "enum",
    "math",
    "typing",
}
"""All that rules need of the standard library."""

READS_THE_CLOCK = {"now", "utcnow", "today", "fromtimestamp"}


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def ours() -> list[Path]:
    files = [*PACKAGE.rglob("*"), *STATIC.rglob("*")]
    return sorted(path for path in files if path.suffix in WRITTEN_BY_HAND and STATIC / "vendor" not in path.parents)


def modules(folder: Path = PACKAGE) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=shown(path))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and lines of every function, from its `def` to its end."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{shown(path)}::{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_the_imports_go_one_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_file_grew_too_long() -> None:
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ours()}
    long = {name: lines for name, lines in lengths.items() if lines > FILE_LINES}
    assert {name: lines for name, lines in long.items() if name not in LONG_FILES} == {}, "which noun is hiding there?"


def test_no_function_grew_too_long() -> None:
    long = {name: lines for path in modules() for name, lines in functions(path) if lines > FUNCTION_LINES}
    assert {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS} == {}, "which step hides there?"


def test_every_exception_is_of_something_that_exists() -> None:
    assert [name for name in LONG_FILES if not (ROOT / name).is_file()] == []
    defined = {name for path in modules() for name, _ in functions(path)}
    assert set(LONG_FUNCTIONS) <= defined


@pytest.mark.parametrize("path", modules(DOMAIN), ids=lambda path: path.stem)
def test_the_domain_imports_only_what_rules_need(path: Path) -> None:
    foreign = set(imports(path)) - OPEN_TO_THE_DOMAIN
    assert [name for name in foreign if not f"{name}.".startswith("videoattention.domain.")] == []


@pytest.mark.parametrize("path", modules(DOMAIN), ids=lambda path: path.stem)
def test_the_domain_waits_for_nothing_and_never_asks_the_time(path: Path) -> None:
    nodes = list(ast.walk(parsed(path)))
    waits = ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith
    assert [node.lineno for node in nodes if isinstance(node, waits)] == []
    assert [node.lineno for node in nodes if isinstance(node, ast.Attribute) and node.attr in READS_THE_CLOCK] == []
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called.isdisjoint({"print", "open", "input", "exec", "eval", "__import__"})
