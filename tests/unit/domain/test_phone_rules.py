"""Which numbers are sent a code, what a name is, what a typed code is worth: for everything that anybody can type."""

from __future__ import annotations

import string
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from videoattention.domain.errors import StepRefused
from videoattention.domain.phone import (
    LASTS,
    OPEN,
    TRIES,
    TRIES_OF_AN_ATTENTION,
    CheckStage,
    Limits,
    Number,
    NumberKind,
    PhoneCheck,
    Sent,
    declared_name,
    dialled,
    hindrance,
    reachable,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Made = TypeVar("Made")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHECK = PhoneCheck("p1", "org", "a1", "Pere Puig", "•••• 678", "s", "c", asked_at=NOW, stage=CheckStage.SENT)


def outcome(rule: Callable[..., Made], *given_to: object) -> Made | StepRefused:
    """What a rule makes of this, or its refusal."""
    try:
        return rule(*given_to)
    except StepRefused as refused:
        return refused


@given(st.text(max_size=40))
@example("".join(chr(0x0660 + digit) for digit in (6, 1, 2, 3, 4, 5, 6, 7, 8)))
@example("".join(chr(0xFF10 + digit) for digit in (6, 1, 2, 3, 4, 5, 6, 7, 8)))
@example("612345678;ext=5")
@example("612345678\r\nTo: 806")
@example("++34612345678")
@example("612345678+")
def test_what_is_dialled_has_plain_digits_and_a_plus_in_front_at_most(text: str) -> None:
    number = outcome(dialled, text)
    if isinstance(number, StepRefused):
        assert number.code == "number_malformed"
        return
    assert set(number.removeprefix("+")) <= set(string.digits)
    assert number.removeprefix("+")
    assert set(text) <= set(string.digits + "+ -().")


@given(st.lists(st.sampled_from(["6", "1", "2", " ", "-", ".", "(", ")"]), min_size=1, max_size=24), st.booleans())
def test_people_write_numbers_as_they_like(signs: list[str], prefixed: object) -> None:
    written = "".join(signs)
    digits = "".join(sign for sign in signs if sign.isdigit())
    if digits and len(written.strip(" ")) < 24:
        assert dialled(("+" if prefixed else "") + written.strip(" ")) == ("+" if prefixed else "") + digits


@given(st.from_regex(r"\+[0-9]{6,15}", fullmatch=True))
def test_a_masked_number_shows_its_end_and_no_more(e164: str) -> None:
    masked = Number(e164, "ES", NumberKind.MOBILE).masked
    shown = "".join(sign for sign in masked if sign.isdigit())
    assert e164.endswith(shown)
    assert 2 <= len(shown) <= 3
    assert len(shown) <= len(e164) / 3


@given(st.sampled_from(["ES", "AD", "GB", "", "es"]), st.sampled_from(NumberKind), st.booleans())
def test_only_mobile_numbers_of_the_listed_countries_are_reachable(
    country: str, kind: NumberKind, exists: object
) -> None:
    number = Number("+34612345678", country, kind) if exists else None
    found = outcome(reachable, number, ("ES", "AD"))
    if isinstance(found, StepRefused):
        assert found.code in {"number_malformed", "number_foreign", "number_not_mobile"}
        assert number is None or country not in {"ES", "AD"} or kind is NumberKind.OTHER
        return
    assert found == number
    assert country in {"ES", "AD"}
    assert kind in {NumberKind.MOBILE, NumberKind.FIXED_OR_MOBILE}


@given(st.text(max_size=120))
@example("Pere\u202ePuig")
@example("Pere\r\nPuig")
def test_a_name_is_one_line_of_letters(text: str) -> None:
    name = outcome(declared_name, text)
    if isinstance(name, StepRefused):
        assert name.code == "name_malformed"
        return
    assert name.isprintable()
    assert name == name.strip()
    assert len(name) <= 100
    assert sum(sign.isalpha() for sign in name) >= 2


@pytest.mark.parametrize("name", ["Anna", "Xu Wei", "محمد علي", "Maria-del-Mar Bonet i Verdaguer", "O'Neill"])
def test_everybodys_name_is_a_name(name: str) -> None:
    assert declared_name(f"  {name} ") == name


def test_a_code_may_be_typed_in_groups() -> None:
    assert typed(" 12 34-56 ") == "123456"


# --- how many ------------------------------------------------------------------------------------------------------

CODES = {
    "number_hour": "sms_number_limit",
    "number_day": "sms_number_limit",
    "address_hour": "sms_address_limit",
    "attention_hour": "sms_attention_limit",
    "organisation_hour": "sms_organisation_limit",
    "organisation_day": "sms_budget_spent",
}
SENT = st.builds(Sent, **{each.name: st.integers(0, 1100) for each in fields(Sent)})


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_one_less_than_a_limit_is_allowed_and_the_limit_is_not(name: str, code: str) -> None:
    most = getattr(Limits(), name)
    assert hindrance(replace(Sent(), **{name: most - 1}), Limits()) == ""
    assert hindrance(replace(Sent(), **{name: most}), Limits()) == code


@given(SENT)
def test_nothing_is_sent_beyond_any_limit(sent: Sent) -> None:
    limits = Limits()
    allowed = all(getattr(sent, name) < getattr(limits, name) for name in CODES)
    allowed = allowed and sent.attention_asked < 2 * limits.attention_hour
    allowed = allowed and sent.attention_tries < TRIES_OF_AN_ATTENTION
    assert (hindrance(sent, limits) == "") is allowed


# --- one code --------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 700)), max_size=12), st.integers(0, 20))
def test_a_code_identifies_once_within_its_time_and_tries(answers: list[tuple[bool, int]], before: int) -> None:
    """Whatever is typed, and whenever: at most five were compared, and none after the first that held."""
    check, now, compared, held = CHECK, NOW, 0, 0
    for matches, seconds in answers:
        now += timedelta(seconds=seconds)
        if check.stage not in OPEN:
            with pytest.raises(StepRefused) as refused:
                check.answer(now, matches=matches, tries=before + compared)
            assert refused.value.code == "code_unknown"
            continue
        change = check.answer(now, matches=matches, tries=before + compared)
        if change.check.tries > check.tries:
            compared += 1
        if not change.refusal:
            held += 1
            assert matches
            assert now < NOW + LASTS
        check = change.check
    assert held <= 1
    assert compared <= TRIES
    assert compared + before <= max(before, TRIES_OF_AN_ATTENTION)
