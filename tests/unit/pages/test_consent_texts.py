from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from videoattention.adapters.texts import TextsFolder, UnreadableText
from videoattention.domain.levels import Level, Purpose
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


DEMANDED = {
    "assisted": LEAST.of(Level.ASSISTED).consents,
    "attended": LEAST.of(Level.ATTENDED).consents,
    "transcription": {Purpose.TRANSCRIPTION},
    "translation": {Purpose.TRANSLATION},
    "images": {Purpose.IMAGES},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", DEMANDED)
def test_every_level_and_further_purpose_has_its_text_in_every_language(text: str, language: str) -> None:
    texts: ConsentTexts = TextsFolder(WRITTEN)
    shown = texts.current(text, language)
    assert shown.wording.language == language
    assert shown.purposes == DEMANDED[text]
    words = "\n".join([shown.title, *shown.paragraphs])
    assert shown.wording.hash == hashlib.sha256(words.encode()).hexdigest()


def test_a_published_text_stays_as_it_was_consented_to() -> None:
    found = {}
    for path in sorted(WRITTEN.glob("*/*/*.json")):
        written = json.loads(path.read_text(encoding="utf-8"))
        words = "\n".join([written["title"], *written["paragraphs"]])
        found["/".join(path.relative_to(WRITTEN).with_suffix("").parts)] = hashlib.sha256(words.encode()).hexdigest()
    assert found == PUBLISHED


def test_no_text_promises_a_period_that_a_policy_may_contradict() -> None:
    for text in set(DEMANDED) - {"images"}:  # what is kept of a visual identification is no matter of the level
        for language in LANGUAGES:
            words = " ".join(TextsFolder(WRITTEN).current(text, language).paragraphs)
            assert "anys" not in words
            assert "years" not in words


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
    "assisted/1/ca": "40505aeef8f392befe6c603d43918234130dcfa36404746193280b3d48282e63",
    "assisted/1/en": "b4aca4725c9b9727493cefcbc0b33fedfba4154447a0e7de6d2d4c500c531c0d",
    "attended/1/ca": "454af0fd44869ce9deda7c1f97e76159ee953d320aab89493e1f04ce1cf28de4",
    "attended/1/en": "36e0e4a3845cebeb2d4d27fcf2fbe138e61909f4bcb65c09f6451aab0fd078a5",
    "attended/2/ca": "95afae99fe92c3489ee0e095ad97f89ef31bb9ac618e0b5641e409597dff3d20",
    "attended/2/en": "d9d6f98c1b4426c55d189ac5ba76326c40af722e23b88dfeb604fa8726365d90",
    "images/1/ca": "0eb4a0f52f1a1ad2ee99d75ed68dc4d68a743708a1101fb21729884fe3335dc1",
    "images/1/en": "0b87d92417181713b1913a2e2d7a6bac996d1525cdee7c29a383be24920fbe2a",
    "transcription/1/ca": "ce90760e6c8e320718cf1b40282cf1a7c2e2136da3efeb8fe398a753d584d74f",
    "transcription/1/en": "53a7c5e08dc7cc884547a2a1e0b181f3ab4ec13af3c7cdb193282e3cfc3051d8",
    "translation/1/ca": "31b40fe4e53db99038190e7088af1b5607783aa890856256222d8ce0e4ca70b8",
    "translation/1/en": "dd8aeadf73f7c29169fca6e608acdfb44b21755fcf6ffe591c837e6f41c8c0b9",
}
