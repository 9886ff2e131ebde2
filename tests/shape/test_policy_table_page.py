"""docs/policy-table.md says what the rules say."""

from __future__ import annotations

from pathlib import Path

from tests.shape.policy_table import COMMAND, lines, page
from videoattention.domain.levels import Level

PAGE = Path(__file__).parents[2] / "docs" / "policy-table.md"


def test_the_page_is_what_the_rules_derive() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), COMMAND


def test_the_table_says_what_the_product_promises() -> None:
    every = list(lines())
    assert len(every) == 6 + 24 + 24
    assert {line.level for line in every if "represented" in line.outcomes} == {Level.ATTENDED}
    for line in every:
        assert (line.recorded == "nothing") is not ("recording" in line.consents and line.in_force)
        if line.level is Level.INFORMATIVE:
            assert (line.in_force, line.recorded) == (True, "nothing")
