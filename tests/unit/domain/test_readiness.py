"""What informers say of themselves, and the people of a call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.samples import NOW, later
from videoattention.domain.informers import Desk, Readiness
from videoattention.domain.people import Person, Side

NURIA = Person("inf-1", "gencat", "Núria Puig", "Informadora", frozenset(), frozenset())


@pytest.mark.parametrize("was", Readiness)
@pytest.mark.parametrize("says", Readiness)
def test_saying_something_new_counts_from_now_and_the_same_again_keeps_the_place(
    was: Readiness, says: Readiness
) -> None:
    before = Desk(NURIA, was, since=NOW, version=4)
    after = before.ready(says, later(30))
    assert after.readiness is says
    assert after.since == (NOW if says is was else later(30))
    assert (after.person, after.version) == (NURIA, 4)
    assert before == Desk(NURIA, was, since=NOW, version=4)


def test_the_desk_follows_what_the_login_says_of_the_person() -> None:
    promoted = replace(NURIA, position="Cap d'oficina")
    desk = Desk(NURIA, Readiness.PAUSED, since=NOW, version=4)
    assert desk.of(promoted) == Desk(promoted, Readiness.PAUSED, since=NOW, version=4)


@pytest.mark.parametrize("side", Side)
def test_each_side_talks_with_the_other(side: Side) -> None:
    assert side.other is not side
    assert side.other.other is side
