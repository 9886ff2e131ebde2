"""A skip is a failure in CI, and only there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
ONE_TEST = "import pytest\n\ndef test_it():\n    pytest.skip('no browser here')\n"
WHOLE_FILE = "import pytest\n\npytest.skip('no server here', allow_module_level=True)\n"
EXPECTED_FAILURE = "import pytest\n\n@pytest.mark.xfail(reason='known')\ndef test_it():\n    assert False\n"


def _pytest(folder: Path, source: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.no_skips", "-p", "no:cacheprovider", "-rs", str(folder)]
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(PROJECT)}
    return subprocess.run(  # noqa: S603  # this interpreter, with arguments of our own
        command, check=False, capture_output=True, text=True, cwd=folder, env=environment
    )


@pytest.mark.parametrize("source", [ONE_TEST, WHOLE_FILE])
def test_a_skip_fails_in_ci_and_says_why(tmp_path: Path, source: str) -> None:
    done = _pytest(tmp_path, source, ci="true")
    assert done.returncode != 0
    assert "nothing may be skipped in CI" in done.stdout
    assert "here" in done.stdout


@pytest.mark.parametrize("source", [ONE_TEST, WHOLE_FILE])
def test_a_skip_elsewhere_is_printed_with_its_reason(tmp_path: Path, source: str) -> None:
    done = _pytest(tmp_path, source, ci="")
    assert "1 skipped" in done.stdout
    assert "here" in done.stdout
    assert "failed" not in done.stdout


def test_a_failure_that_was_expected_stays_one(tmp_path: Path) -> None:
    done = _pytest(tmp_path, EXPECTED_FAILURE, ci="true")
    assert done.returncode == 0
    assert "1 xfailed" in done.stdout
