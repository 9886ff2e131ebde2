"""Words in a language, whatever was written."""

from __future__ import annotations

import pytest

from videoattention.adapters.db.queries.showing import label


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"ca": "Hola", "en": "Hello"}, "Hello"),
        ({"ca": "Hola"}, "Hola"),
        ({"es": "Buenas"}, "Buenas"),
        ({}, ""),
    ],
)
def test_words_are_shown_in_the_nearest_language_there_is(names: dict[str, str], shown: str) -> None:
    assert label(names, "en") == shown
