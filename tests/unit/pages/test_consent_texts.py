from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from videoattention.adapters.texts import TextsFolder, UnreadableText
from videoattention.domain.levels import Level
from videoattention.domain.policies import LEAST
from videoattention.entrypoints.http.languages import LANGUAGES

if TYPE_CHECKING:
    from videoattention.services.texts import ConsentTexts

WRITTEN = Path(__file__).parents[3] / "web/texts"
TEXT = {"title": "Consentiment", "paragraphs": ["Un.", "Dos."], "purposes": ["recording"]}


def put(folder: Path, version: str, language: str, **changed: object) -> Path:
    path = folder / "attended" / version / f"{language}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**TEXT, **changed}), encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_attended_level_has_its_text_in_every_language(language: str) -> None:
    texts: ConsentTexts = TextsFolder(WRITTEN)
    shown = texts.current("attended", language)
    assert shown.wording.language == language
    assert shown.purposes == LEAST.of(Level.ATTENDED).consents
    words = "\n".join([shown.title, *shown.paragraphs])
    assert shown.wording.hash == hashlib.sha256(words.encode()).hexdigest()


def test_a_published_text_stays_as_it_was_consented_to() -> None:
    hashes = {language: TextsFolder(WRITTEN).current("attended", language).wording for language in LANGUAGES}
    assert {language: (wording.version, wording.hash) for language, wording in hashes.items()} == PUBLISHED


def test_the_newest_version_counts_and_catalan_stands_in(tmp_path: Path) -> None:
    for version in ("2", "10"):
        put(tmp_path, version, "ca", title=f"Versió {version}")
    shown = TextsFolder(tmp_path).current("attended", "en")
    assert (shown.wording.version, shown.wording.language, shown.title) == ("10", "ca", "Versió 10")


@pytest.mark.parametrize(
    ("version", "language", "changed"),
    [
        ("1", "en", {}),
        ("draft", "ca", {}),
        ("1", "ca", {"paragraphs": []}),
        ("1", "ca", {"purposes": ["anything"]}),
        ("1", "ca", {"author": "me"}),
    ],
)
def test_a_text_that_is_not_as_it_must_be_stops_the_start(
    tmp_path: Path, version: str, language: str, changed: dict[str, object]
) -> None:
    put(tmp_path, version, language, **changed)
    with pytest.raises(UnreadableText):
        TextsFolder(tmp_path)


def test_languages_that_ask_for_different_purposes_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "1", "ca")
    put(tmp_path, "1", "en", purposes=["recording", "representation"])
    with pytest.raises(UnreadableText, match="same purposes"):
        TextsFolder(tmp_path)


PUBLISHED = {
    "ca": ("1", "454af0fd44869ce9deda7c1f97e76159ee953d320aab89493e1f04ce1cf28de4"),
    "en": ("1", "36e0e4a3845cebeb2d4d27fcf2fbe138e61909f4bcb65c09f6451aab0fd078a5"),
}
