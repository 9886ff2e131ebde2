"""Fair order, offers and honest waits. A queue is an office's; its order is the order of arrival."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

OFFER_LASTS = timedelta(seconds=20)
"""How long an informer is alerted before the next one is."""

TYPICAL_TALK = timedelta(minutes=8)
"""What an attention is taken to last until an office has figures of its own."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A waiting citizen's place. ``present``: the citizen's page was heard of lately."""

    attention: str
    office: str
    arrived_at: datetime
    present: bool


@dataclass(frozen=True, slots=True)
class FreeInformer:
    """An informer who can be offered a citizen, and since when."""

    subject: str
    offices: frozenset[str]
    free_since: datetime


def in_order(turns: Sequence[Turn]) -> list[Turn]:
    """First come, first served; ids break ties so that everybody sees the same order."""
    return sorted(turns, key=lambda turn: (turn.arrived_at, turn.attention))


def next_offers(turns: Sequence[Turn], informers: Sequence[FreeInformer]) -> list[tuple[str, str]]:
    """Pairs (attention, informer) to be offered now.

    Citizens go in order of arrival; one whose page is away keeps the place and is passed over. Among the informers of
    the office, the one who has been free the longest is next. Nobody appears twice.
    """
    free = sorted(informers, key=lambda informer: (informer.free_since, informer.subject))
    pairs = []
    for turn in in_order([turn for turn in turns if turn.present]):
        chosen = next((informer for informer in free if turn.office in informer.offices), None)
        if chosen is not None:
            free.remove(chosen)
            pairs.append((turn.attention, chosen.subject))
    return pairs


def position(turns: Sequence[Turn], attention: str) -> int:
    """The place in the line, from 1; 0 if the attention is not in it."""
    return next((n for n, turn in enumerate(in_order(turns), 1) if turn.attention == attention), 0)


def expected_wait(place: int, informers: int, typical: timedelta = TYPICAL_TALK) -> tuple[int, int] | None:
    """An honest interval in whole minutes (from, to), or ``None`` when nobody attends and none can be promised.

    Each of ``informers`` frees every ``typical``; the interval is half to one and a half of the mean.
    """
    if informers <= 0:
        return None
    mean = (place * typical / informers) / timedelta(minutes=1)
    return int(mean * 0.5), max(1, ceil(mean * 1.5))
