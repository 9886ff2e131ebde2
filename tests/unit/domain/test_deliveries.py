"""Files that change hands, and the link that locks: rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.attention import Attention
from videoattention.domain.deliveries import (
    LOCKS,
    LONGEST_NAME,
    TRIES,
    ReceiptLink,
    may_deliver,
    media_type_of,
    name_said,
    reached_until,
)
from videoattention.domain.errors import StepRefused
from videoattention.domain.levels import Level
from videoattention.domain.people import Side
from videoattention.domain.stages import Stage

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LINK = ReceiptLink("a1", "t", b"s", b"p", NOW, NOW + timedelta(days=365))
TALKING = Attention("a1", "o", "f", "p", "ca", NOW, stage=Stage.TALKING)


@given(st.text())
def test_whatever_a_file_is_called_its_name_is_safe_and_says_what_it_is(name: str) -> None:
    said = name_said(name, "application/pdf")
    assert said.endswith(".pdf")
    assert len(said) <= LONGEST_NAME + 4
    assert not set(said) & set('/\\"<>:|?*\0\r\n')
    assert not said.startswith(".")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("contracte.pdf", "contracte.pdf"),
        ("C:\\docs\\el meu.DOC", "C docs el meu.pdf"),
        ("", "document.pdf"),
        ("Sol·licitud de l'ajut, l\u2019original.pdf", "Sol·licitud de l'ajut, l\u2019original.pdf"),
    ],
)
def test_names_stay_readable(name: str, kept: str) -> None:
    assert name_said(name, "application/pdf") == kept


def test_a_file_is_what_its_first_bytes_say() -> None:
    assert media_type_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
    with pytest.raises(StepRefused):
        media_type_of(b"GIF89a")


@pytest.mark.parametrize(("size", "code"), [(0, "document_empty"), (10 * 1024 * 1024 + 1, "document_too_large")])
def test_sizes_that_are_refused(size: int, code: str) -> None:
    with pytest.raises(StepRefused) as refused:
        may_deliver(TALKING, Side.CITIZEN, (), size)
    assert refused.value.code == code
    may_deliver(TALKING, Side.CITIZEN, (), 10 * 1024 * 1024)


@given(st.lists(st.tuples(st.integers(0, 7200), st.booleans()), max_size=60))
def test_however_they_are_spread_few_pins_are_looked_at(tries: list[tuple[int, bool]]) -> None:
    """Each try is seconds after the one before; right ones forget what was counted, as their holder may do."""
    link, now, looked, since = LINK, NOW, 0, NOW
    for seconds, right in tries:
        now += timedelta(seconds=seconds)
        try:
            link = link.tried(now)
        except StepRefused:
            assert link.locked_until is not None
            assert now < link.locked_until
            continue
        if right:
            link, looked, since = link.opened(), 0, now
            continue
        looked += 1
        locks = (now - since) // LOCKS[0]
        assert looked <= TRIES * (locks + 1)


def test_locks_grow_and_the_link_ends() -> None:
    link, now = LINK, NOW
    for lock in (*LOCKS, LOCKS[-1]):
        for _ in range(TRIES):
            link = link.tried(now)
        assert link.locked_until == now + lock
        with pytest.raises(StepRefused, match="wrong"):
            link.tried(now + lock - timedelta(microseconds=1))
        now += lock
    with pytest.raises(StepRefused, match="nowhere"):
        replace(LINK).tried(LINK.expires_at)


def test_a_link_leads_as_long_as_the_policy_keeps() -> None:
    attended = replace(TALKING, level=Level.ATTENDED)
    assert reached_until(TALKING, NOW) == NOW + timedelta(days=365)
    assert reached_until(attended, NOW) == NOW + timedelta(days=5 * 365)
