"""The facts, as a class each: what the journal may count on."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass
from inspect import getmembers, isclass
from typing import get_args, get_type_hints

import pytest

from videoattention.domain import facts

CLASSES = [value for _, value in getmembers(facts, isclass) if value.__module__.startswith(f"{facts.__name__}.")]
STORED = {str, int, bool, float, str | None, tuple[str, ...]}
"""What a journal can write as JSON and read back as the same."""


def test_the_union_names_every_fact() -> None:
    assert set(get_args(facts.Fact)) == set(CLASSES)


@pytest.mark.parametrize("fact", CLASSES)
def test_a_fact_is_frozen_documented_and_can_be_written_down(fact: type) -> None:
    assert is_dataclass(fact)
    assert fact.__doc__
    assert not fact.__doc__.startswith(f"{fact.__name__}(")
    types = get_type_hints(fact)
    assert set(types.values()) <= STORED
    assert types["attention"] in {str, str | None}
    made = fact(**{field.name: "x" for field in fields(fact)})
    with pytest.raises(FrozenInstanceError):
        setattr(made, "attention", "another")  # noqa: B010 - mypy knows that it cannot be assigned


@pytest.mark.parametrize("fact", CLASSES)
def test_a_fact_has_no_room_for_a_name_or_a_document(fact: type) -> None:
    assert {field.name for field in fields(fact)}.isdisjoint({"name", "document", "phone", "email", "position"})
