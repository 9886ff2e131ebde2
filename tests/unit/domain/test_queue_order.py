"""Fair order, offers and honest waits, for queues of any make."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import later
from videoattention.domain.queueing import (
    OFFER_LASTS,
    TYPICAL_TALK,
    FreeInformer,
    Turn,
    expected_wait,
    in_order,
    next_offers,
    position,
)

OFFICES = ("girona", "lleida", "tortosa")

# few moments, so that ties are common
moments = st.integers(min_value=0, max_value=5).map(later)
turns_of_any_kind = st.lists(
    st.builds(
        Turn,
        attention=st.integers(min_value=0, max_value=30).map("att-{}".format),
        office=st.sampled_from(OFFICES),
        arrived_at=moments,
        present=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda turn: turn.attention,
)
informers_of_any_kind = st.lists(
    st.builds(
        FreeInformer,
        subject=st.integers(min_value=0, max_value=30).map("inf-{}".format),
        offices=st.frozensets(st.sampled_from(OFFICES)),
        free_since=moments,
    ),
    max_size=8,
    unique_by=lambda informer: informer.subject,
)


def turn(attention: str, at: float, *, office: str = "girona", present: bool = True) -> Turn:
    return Turn(attention, office, later(at), present)


def informer(subject: str, since: float, *offices: str) -> FreeInformer:
    return FreeInformer(subject, frozenset(offices or {"girona"}), later(since))


@given(turns=turns_of_any_kind, data=st.data())
def test_the_order_is_that_of_arrival_whoever_looks(turns: list[Turn], data: st.DataObject) -> None:
    ordered = in_order(turns)
    assert sorted(ordered, key=lambda t: t.attention) == sorted(turns, key=lambda t: t.attention)
    for first, second in pairwise(ordered):
        assert first.arrived_at <= second.arrived_at
        assert first.arrived_at < second.arrived_at or first.attention < second.attention
    assert in_order(data.draw(st.permutations(turns))) == ordered


@given(turns=turns_of_any_kind)
def test_the_position_is_the_place_in_the_order(turns: list[Turn]) -> None:
    assert [position(turns, t.attention) for t in in_order(turns)] == list(range(1, len(turns) + 1))
    assert position(turns, "att-unknown") == 0


@given(turns=turns_of_any_kind, informers=informers_of_any_kind)
def test_nobody_is_offered_twice_and_only_who_is_there_and_in_the_office(
    turns: list[Turn], informers: list[FreeInformer]
) -> None:
    by_attention = {t.attention: t for t in turns}
    by_subject = {i.subject: i for i in informers}
    pairs = next_offers(turns, informers)
    assert len({attention for attention, _ in pairs}) == len(pairs)
    assert len({subject for _, subject in pairs}) == len(pairs)
    for attention, subject in pairs:
        assert by_attention[attention].present
        assert by_attention[attention].office in by_subject[subject].offices


@given(turns=turns_of_any_kind, informers=informers_of_any_kind)
def test_each_in_order_gets_the_longest_free_of_those_that_are_left(
    turns: list[Turn], informers: list[FreeInformer]
) -> None:
    """Also says that nobody waits for whom an informer is free: who is not in the pairs had nobody left."""
    offered = dict(next_offers(turns, informers))
    left = list(informers)
    for waiting in (t for t in in_order(turns) if t.present):
        able = [i for i in left if waiting.office in i.offices]
        if not able:
            assert waiting.attention not in offered
            continue
        longest = min(i.free_since for i in able)
        expected = min(i.subject for i in able if i.free_since == longest)
        assert offered.pop(waiting.attention) == expected
        left = [i for i in left if i.subject != expected]
    assert not offered


@given(turns=turns_of_any_kind, informers=informers_of_any_kind, data=st.data())
def test_the_offers_do_not_depend_on_how_the_lists_came(
    turns: list[Turn], informers: list[FreeInformer], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(turns)), data.draw(st.permutations(informers))
    assert next_offers(*shuffled) == next_offers(turns, informers)


def test_one_who_is_away_is_passed_over_and_keeps_the_place() -> None:
    line = [turn("first", 1, present=False), turn("second", 2)]
    assert next_offers(line, [informer("inf-1", 0)]) == [("second", "inf-1")]
    assert position(line, "first") == 1


def test_the_longest_free_informer_is_next() -> None:
    assert next_offers([turn("a", 1)], [informer("late", 9), informer("early", 3)]) == [("a", "early")]


def test_an_informer_of_another_office_is_not_asked() -> None:
    assert next_offers([turn("a", 1)], [informer("inf-1", 0, "lleida")]) == []


def test_an_informer_of_several_offices_attends_the_earliest_of_any() -> None:
    line = [turn("young", 5), turn("old", 1, office="lleida")]
    assert next_offers(line, [informer("inf-1", 0, "girona", "lleida")]) == [("old", "inf-1")]


@given(
    place=st.integers(min_value=0, max_value=500),
    informers=st.integers(min_value=1, max_value=60),
    typical=st.integers(min_value=30, max_value=7200).map(lambda seconds: timedelta(seconds=seconds)),
)
def test_the_wait_is_an_interval_of_whole_minutes_around_the_mean(
    place: int, informers: int, typical: timedelta
) -> None:
    wait = expected_wait(place, informers, typical)
    assert wait is not None
    low, high = wait
    mean = Fraction(place) * Fraction(int(typical.total_seconds())) / informers / 60
    # a timedelta counts microseconds, so that its quotient may be a little off
    close = Fraction(1, 10**6)
    assert mean / 2 - 1 - close < low <= mean / 2 + close
    assert mean * 3 / 2 - close <= high < max(mean * 3 / 2 + 1 + close, Fraction(2))
    assert 0 <= low < high


@given(place=st.integers(min_value=1, max_value=500), informers=st.integers(min_value=1, max_value=60))
def test_a_better_place_or_one_more_informer_never_means_a_longer_wait(place: int, informers: int) -> None:
    now, nearer, more = (
        expected_wait(place, informers),
        expected_wait(place - 1, informers),
        expected_wait(place, informers + 1),
    )
    assert now is not None
    assert nearer is not None
    assert more is not None
    assert nearer[0] <= now[0]
    assert nearer[1] <= now[1]
    assert more[0] <= now[0]
    assert more[1] <= now[1]


@pytest.mark.parametrize("informers", [0, -1])
def test_no_wait_is_promised_when_nobody_attends(informers: int) -> None:
    assert expected_wait(1, informers) is None


def test_what_a_citizen_reads_with_the_figures_of_a_new_office() -> None:
    assert timedelta(seconds=20) == OFFER_LASTS
    assert timedelta(minutes=8) == TYPICAL_TALK
    assert expected_wait(1, 1) == (4, 12)
    assert expected_wait(3, 2) == (6, 18)
    assert expected_wait(1, 40) == (0, 1)
