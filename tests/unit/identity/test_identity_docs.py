"""The codes that people look up are those that the program gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from videoattention.adapters.identity.refusals import Refusal
from videoattention.adapters.identity.standin.people import CITIZENS, STAFF

PAGE = Path(__file__).parents[3] / "docs" / "features" / "identity.md"


@pytest.mark.parametrize("word", [*Refusal, *(person.subject for person in (*STAFF, *CITIZENS))])
def test_the_page_names_every_code_and_every_demo_person(word: str) -> None:
    assert f"`{word}`" in PAGE.read_text(encoding="utf-8")
