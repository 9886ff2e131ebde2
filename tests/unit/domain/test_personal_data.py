"""Every kind of fact is said to hold personal data, to prove something, or to do neither."""

from __future__ import annotations

from typing import get_args

from videoattention.domain.facts import Fact
from videoattention.domain.personal_data import PERSONAL, PLAIN, PROOF


def test_every_kind_of_fact_is_in_exactly_one_of_the_sets() -> None:
    kinds = set(get_args(Fact))
    assert {kind.__name__ for kind in kinds - PERSONAL - PROOF - PLAIN} == set(), "say in domain/personal_data.py"
    assert kinds >= PERSONAL | PROOF | PLAIN
    assert not PERSONAL & PROOF
    assert not PERSONAL & PLAIN
    assert not PROOF & PLAIN


def test_what_proves_a_seal_or_an_erasure_is_never_erased() -> None:
    names = {kind.__name__ for kind in PERSONAL}
    assert names.isdisjoint({"RecordingSealed", "RecordingLost", "RecordingErased", "ConsentGiven", "ConsentAsked"})


def test_the_name_a_provider_gives_to_the_citizen_is_personal() -> None:
    holding = {kind for kind in get_args(Fact) if {"subject", "outcome"} & set(kind.__dataclass_fields__)}
    staff = {"SignedIn", "SignedOut", "ReadinessChanged", "SuspicionOpened"}
    assert {kind.__name__ for kind in holding - PERSONAL} <= staff
