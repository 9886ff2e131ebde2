from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.entrypoints.http.languages import DEFAULT, LANGUAGES, choose_language

_ANY = st.none() | st.text(max_size=60) | st.from_regex(r"[a-z]{2}(-[A-Z]{2})?(;q=[0-9.]{1,4})?(, ?[a-z*]{1,2})*")


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "expected"),
    [
        (None, None, None, "ca"),
        ("en", "ca", "ca", "en"),
        ("xx", "en", "ca", "en"),
        (None, "../etc", "en-GB,en;q=0.9", "en"),
        (None, None, "en;q=0.8, ca;q=0.9", "ca"),
        (None, None, "de-DE,de;q=0.9,en;q=0.8", "en"),
        (None, None, "es-ES,es;q=0.9,en;q=0.8", "ca"),
        (None, None, "en;q=0, fr", "ca"),
        (None, None, "fr, *;q=0.5", "ca"),
    ],
)
def test_the_first_that_names_a_language_we_speak_decides(
    asked: str | None, remembered: str | None, accepted: str | None, expected: str
) -> None:
    assert choose_language(asked, remembered, accepted) == expected


@given(_ANY, _ANY, _ANY)
def test_whatever_a_browser_says_the_answer_is_a_language_we_speak(
    asked: str | None, remembered: str | None, accepted: str | None
) -> None:
    chosen = choose_language(asked, remembered, accepted)
    assert chosen in LANGUAGES
    if asked in LANGUAGES:
        assert chosen == asked


def test_a_header_as_long_as_a_book_is_no_work() -> None:
    assert choose_language(None, None, "xx," * 1_000_000 + "en") == DEFAULT
