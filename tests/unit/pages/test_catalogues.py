"""Every sentence of the pages exists in every language, and the template of the catalogues is up to date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from videoattention.entrypoints.http.languages import LANGUAGES

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PROJECT = Path(__file__).parents[3]
LOCALES = PROJECT / "web/locales"
OURS = {"videoattention", "entrypoints", "http", "web", "templates"}

Sentence = str | tuple[str, ...]


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def sentences(read: Catalog) -> dict[Sentence, Sentence]:
    return {_key(message.id): _key(message.string) for message in read if message.id}


def _key(words: str | list[str] | tuple[str, ...] | None) -> Sentence:
    return words if isinstance(words, str) else tuple(words or ())


def is_ours(folder: str) -> bool:
    parts = Path(folder).relative_to(PROJECT).parts
    return not parts or parts[0] == "web" or set(parts) <= OURS


def extracted() -> set[Sentence]:
    with (LOCALES / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        PROJECT, methods, options, keywords={**DEFAULT_KEYWORDS, "N_": None}, directory_filter=is_ours
    )
    return {_key(message) for _file, _line, message, _comments, _context in found}


def placeholders(words: Sentence) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", words if isinstance(words, str) else words[-1]))


def test_the_template_has_what_the_pages_say_and_nothing_else() -> None:
    assert set(sentences(catalogue(LOCALES / "messages.pot"))) == extracted()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_everything_and_leaves_nothing_doubtful(language: str) -> None:
    read = catalogue(LOCALES / language / "LC_MESSAGES/messages.po")
    said = sentences(read)
    assert set(said) == extracted()
    assert [words for words, told in said.items() if not all([told] if isinstance(told, str) else told)] == []
    assert [message.id for message in read if message.id and message.fuzzy] == []
    assert not read.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_the_same_places(language: str) -> None:
    said = sentences(catalogue(LOCALES / language / "LC_MESSAGES/messages.po"))
    assert [words for words, told in said.items() if placeholders(words) != placeholders(told)] == []
