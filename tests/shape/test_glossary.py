"""The glossary names things that exist, and each word once."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:domain|services)\.\w+\.\w+)`", GLOSSARY)))
WORDS = re.findall(r"^\| (?!word\b)([^|]+?) \|", GLOSSARY, flags=re.MULTILINE)


def test_the_glossary_was_read() -> None:
    assert len(NAMED) > 30
    assert {"attention", "recording", "habilitation"} <= set(WORDS)


@pytest.mark.parametrize("name", NAMED)
def test_what_the_glossary_names_exists(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert hasattr(import_module(f"videoattention.{module}"), attribute)


def test_each_word_is_explained_once() -> None:
    assert len(WORDS) == len(set(WORDS))
