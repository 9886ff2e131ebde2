"""Who gets a new call, whatever the workers carry and measure: never a full or leaving one, and the freest first."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from videoattention.services.placing import LATE_MS, PACKETS_A_CALL, RECORDED, Standing, choose


@st.composite
def standings(draw: st.DrawFn) -> list[Standing]:
    names = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6))
    made = []
    for name in names:
        calls = draw(st.integers(0, 12))
        made.append(
            Standing(
                name,
                capacity=draw(st.integers(1, 16)),
                calls=calls,
                recorded=draw(st.integers(0, calls)),
                packets_per_second=draw(st.floats(0, 20 * PACKETS_A_CALL)),
                lag_p99_ms=draw(st.floats(0, 2 * LATE_MS)),
                draining=draw(st.booleans()),
            )
        )
    return made


@given(standings())
def test_the_chosen_has_room_and_nobody_has_more(workers: list[Standing]) -> None:
    chosen = choose(workers)
    fit = [w for w in workers if not w.draining and w.taken + 1 <= w.capacity]
    if chosen is None:
        assert fit == []
        return
    (one,) = (w for w in workers if w.worker == chosen)
    assert one in fit
    punctual = [w for w in fit if w.lag_p99_ms <= LATE_MS]
    if punctual:
        assert one in punctual
        assert one.room == max(w.room for w in punctual)
    else:
        assert one.room == max(w.room for w in fit)


@given(standings(), st.randoms())
def test_the_order_in_which_workers_are_named_does_not_matter(workers: list[Standing], chance: object) -> None:
    mixed = list(workers)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert choose(mixed) == choose(workers)


@given(standings())
def test_calls_given_one_by_one_fill_every_worker_and_no_worker_more(workers: list[Standing]) -> None:
    by_name = {w.worker: w for w in workers}
    room = sum(max(0, int(w.capacity - w.taken)) for w in workers if not w.draining and w.packets_per_second == 0)
    given_out = 0
    while (chosen := choose(by_name.values())) is not None:
        one = by_name[chosen]
        by_name[chosen] = replace(one, calls=one.calls + 1)
        assert by_name[chosen].taken <= by_name[chosen].capacity
        given_out += 1
    assert given_out >= room


def test_a_recorded_call_weighs_more() -> None:
    relays, records = Standing("a", 10, calls=3), Standing("b", 10, calls=2, recorded=2)
    assert records.taken == 2 * RECORDED > relays.taken
    assert choose([relays, records]) == "a"


def test_a_worker_twice_as_large_gets_twice_as_many() -> None:
    workers = {"small": Standing("small", 10), "large": Standing("large", 20)}
    for _ in range(15):
        chosen = choose(workers.values())
        assert chosen
        workers[chosen] = replace(workers[chosen], calls=workers[chosen].calls + 1)
    assert (workers["small"].calls, workers["large"].calls) == (5, 10)


def test_packets_fill_a_worker_with_few_calls() -> None:
    screens = Standing("a", 10, calls=1, packets_per_second=9.5 * PACKETS_A_CALL)
    assert choose([screens]) is None
    assert choose([screens, Standing("b", 10, calls=8)]) == "b"


def test_one_that_is_late_is_the_last_resort() -> None:
    late = Standing("a", 10, lag_p99_ms=LATE_MS + 1)
    assert choose([late, Standing("b", 10, calls=8)]) == "b"
    assert choose([late, Standing("b", 10, calls=10)]) == "a"
