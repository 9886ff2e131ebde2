"""Documents: numbers, check digits and features, held against what others published."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videoattention.domain.errors import StepRefused
from videoattention.domain.mrz import Check, Zone, check_digit, zone_of
from videoattention.domain.papers import (
    FEATURES,
    VARIABLE,
    DocumentKind,
    drawn,
    letter_fits,
    number_fits,
    plain,
    read,
)

# the specimens of ICAO 9303, parts 4 and 5, and of part 5's appendix on long numbers
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
LONG_NUMBER = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
# a card as Spain issues them, with the person's number beside the card's; its digits were counted by hand
DNI = "IDESPBAA000589599999999R<<<<<<\n8001014F2506012ESP<<<<<<<<<<<7\nESPANOLA<ESPANOLA<<CARMEN<<<<<"
TODAY = date(2011, 1, 1)


@pytest.mark.parametrize("typed", [PASSPORT, CARD, LONG_NUMBER, DNI])
def test_every_check_digit_of_a_published_specimen_holds(typed: str) -> None:
    assert zone_of(typed).wrong == frozenset()


def test_a_zone_says_who_and_what() -> None:
    assert zone_of(PASSPORT) == Zone(
        "TD3", "UTO", "L898902C3", "ZE184226B", "ERIKSSON", "ANNA MARIA", date(2012, 4, 15), frozenset()
    )
    assert zone_of(LONG_NUMBER).number == "D23145890734"
    assert (zone_of(DNI).optional, zone_of(DNI).given) == ("99999999R", "CARMEN")


@pytest.mark.parametrize("typed", [PASSPORT, CARD])
@given(data=st.data())
def test_a_digit_that_is_changed_is_found(typed: str, data: st.DataObject) -> None:
    """Weights 7, 3, 1 find every single wrong digit: none of them shares a factor with ten."""
    lines = typed.split("\n")
    covered = [(1, place) for place in range(len(lines[1]) - 1) if lines[1][place].isdigit()]
    line, place = data.draw(st.sampled_from(covered))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != lines[line][place]]))
    lines[line] = lines[line][:place] + other + lines[line][place + 1 :]
    assert zone_of("\n".join(lines)).wrong


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<", max_size=40))
def test_a_check_digit_is_that_of_the_standard_counted_another_way(text: str) -> None:
    value = {"<": 0}
    total = 0
    for place, sign in enumerate(text):
        total += value.get(sign, int(sign, 36) if sign != "<" else 0) * [7, 3, 1][place % 3]
    assert check_digit(text) == str(total % 10)


@pytest.mark.parametrize(
    "typed", ["", "P<UTO", PASSPORT.replace("\n", ""), f"{PASSPORT}\n{PASSPORT}", CARD.replace("I<", "I#")]
)
def test_what_is_no_zone_is_refused(typed: str) -> None:
    with pytest.raises(StepRefused, match="lines") as refused:
        zone_of(typed)
    assert refused.value.code == "mrz_unreadable"


def test_lines_may_be_typed_with_spaces_and_in_small_letters() -> None:
    assert zone_of(PASSPORT.lower().replace("<<<<<10", " <<<<<10 ")) == zone_of(PASSPORT)


@pytest.mark.parametrize(
    "number", ["12345678Z", "00000000T", "99999999R", "01234567L", "X0000000T", "X1234567L", "Y1234567X", "Z1234567R"]
)
def test_the_letter_of_a_known_number_fits(number: str) -> None:
    assert letter_fits(number)
    assert number_fits(DocumentKind.TIE if number[0] in "XYZ" else DocumentKind.DNI4, number)
    assert not number_fits(DocumentKind.DNI4 if number[0] in "XYZ" else DocumentKind.TIE, number)


@given(st.integers(0, 99_999_999))
def test_of_23_letters_one_fits_a_number(digits: int) -> None:
    fitting = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter_fits(f"{digits:08}{letter}")]
    assert len(fitting) == 1
    # the letters that are never used look like figures, or like others
    assert fitting[0] not in "IÑOU"


@given(st.text(max_size=12))
def test_any_text_is_judged(text: str) -> None:
    for kind in DocumentKind:
        assert number_fits(kind, plain(text)) in {True, False}


@pytest.mark.parametrize("kind", DocumentKind)
def test_never_fewer_than_three_features_are_drawn_of_which_two_are_variable(kind: DocumentKind) -> None:
    seen = set()
    for seed in range(2_000):
        order = random.Random(seed).sample(FEATURES[kind], len(FEATURES[kind]))  # noqa: S311 - a test's own chance
        chosen = drawn(order)
        assert len(set(chosen)) >= 3
        assert len(set(chosen) & VARIABLE) >= 2
        seen |= set(chosen)
    assert seen == set(FEATURES[kind]), "chance leaves something out"


def test_a_list_that_is_too_short_draws_nothing() -> None:
    with pytest.raises(StepRefused, match="two of them variable"):
        drawn([feature for feature in FEATURES[DocumentKind.DNI4] if feature not in VARIABLE])


def test_a_document_is_held_against_its_own_digits() -> None:
    reading = read(DocumentKind.PASSPORT, "l898902c-3", "", zone=zone_of(PASSPORT), today=TODAY)
    assert reading.sound
    assert (reading.name, reading.number, reading.expires) == ("ANNA MARIA ERIKSSON", "L898902C3", "2012-04-15")
    card = read(DocumentKind.DNI4, "99999999r", "Carmen Española", zone=zone_of(DNI), today=date(2025, 6, 1))
    assert card.sound
    assert card.name == "Carmen Española"


@pytest.mark.parametrize(
    ("kind", "number", "zone", "today", "failed"),
    [
        (DocumentKind.PASSPORT, "L898902C4", PASSPORT, TODAY, {Check.SAME_NUMBER}),
        (DocumentKind.PASSPORT, "L898902C3", PASSPORT, date(2012, 4, 16), {Check.IN_DATE}),
        (DocumentKind.DNI4, "99999999A", DNI, TODAY, {Check.NUMBER, Check.SAME_NUMBER}),
        (DocumentKind.DNI4, "99999999R", PASSPORT, TODAY, {Check.MRZ_KIND, Check.SAME_NUMBER}),
        (DocumentKind.DNI4, "99999999R", DNI.replace("8001014", "8001024"), TODAY, {Check.MRZ_BIRTH, Check.MRZ_WHOLE}),
        (
            DocumentKind.DNI4,
            "99999999R",
            DNI.replace("2506012", "2513997"),
            TODAY,
            {Check.MRZ_WHOLE, Check.IN_DATE},
        ),
    ],
)
def test_what_does_not_hold_is_named(
    kind: DocumentKind, number: str, zone: str, today: date, failed: set[Check]
) -> None:
    assert set(read(kind, number, "", zone=zone_of(zone), today=today).failed) == failed
