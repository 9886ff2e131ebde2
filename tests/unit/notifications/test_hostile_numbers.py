"""A thousand numbers that nobody should be sent a code at, through the whole use case: nothing is sent."""

from __future__ import annotations

import random
from itertools import islice, product
from typing import TYPE_CHECKING, Final

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from tests.fakes.clock import Clock
from tests.fakes.sms import Gateway, phone_identity
from tests.unit.services.town import NOW, OURS
from videoattention.adapters.notifications.numbers import WorldNumberPlans
from videoattention.domain.errors import StepRefused
from videoattention.domain.phone import NumberKind
from videoattention.services.phone import Declared
from videoattention.services.work import Acting, Work

if TYPE_CHECKING:
    from collections.abc import Iterator

COSTLY: Final = (
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.UAN,
    PhoneNumberType.VOIP,
    PhoneNumberType.PAGER,
    PhoneNumberType.VOICEMAIL,
    PhoneNumberType.FIXED_LINE,
)
AROUND: Final = ("{}", "00{}", "+{}", " {} ")
SCRIPTS: Final = (0x0660, 0x06F0, 0x0966, 0xFF10, 0x1D7CE, 0x0E50)
"""Where the digits of other scripts begin: Arabic, Persian, Devanagari, full width, mathematical, Thai."""

SMUGGLED: Final = (
    "{}\r\nTo: +34806123456",
    "{}\n{}",
    "{}\t",
    "{}\x00",
    "{}\u200b",
    "{}\u202e",
    "{},+34806123456",
    "{};+34806123456",
    "{} ext 5",
    "{}x5",
    "{};ext=5",
    "tel:{}",
    "tel:{};phone-context=+34",
    "sms:{}",
    "{}'; DROP TABLE phone_sends;--",
    "{} OR 1=1",
    '{}" UNION SELECT',
    "<script>{}</script>",
    "${{jndi:{}}}",
    "{}#",
    "*{}#",
    "{}p806123456",
    "{}w1",
    "{}/2",
    "{}@sms.example",
    "{}+",
    "+{}+",
    "++{}",
    "%2B{}",
    "0x{}",
    "{}e5",
    "-",
    "+",
    "",
    " ",
    "()",
)


def spanish_costly() -> Iterator[str]:
    """Premium of every sort, shared cost, personal numbers, and the short numbers that are billed."""
    premium = ("803", "806", "807", "905", "901", "902", "704", "800", "900", "118", "795", "797", "799")
    for prefix, rest in product(premium, ("123456", "000000", "999999", "654321")):
        for form in ("{}", "+34{}", "0034{}"):
            yield form.format(prefix + rest)
    yield from ("112", "091", "061", "012", "25333", "27070", "35969", "11818", "797123", "995432")


def examples_of_the_world() -> Iterator[str]:
    """The examples that the numbering plans themselves give, of every country and costly kind."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        mobile = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
        if mobile is not None and region not in {"ES", "AD"}:
            yield phonenumbers.format_number(mobile, PhoneNumberFormat.E164)
            yield phonenumbers.format_number(mobile, PhoneNumberFormat.INTERNATIONAL)
        for kind in COSTLY:
            costly = phonenumbers.example_number_for_type(region, kind)
            if costly is not None:
                yield phonenumbers.format_number(costly, PhoneNumberFormat.E164)


def malformed() -> Iterator[str]:
    """Good numbers in other scripts, with something smuggled in, too short, too long, or of no plan."""
    good = ("612345678", "698765432", "+34612345678", "+376312345")
    for start, number in product(SCRIPTS, good):
        yield "".join(chr(start + int(sign)) if sign.isdigit() else sign for sign in number)
        yield number[:-1] + chr(start + 5)
    for form, number in product(SMUGGLED, good):
        yield form.format(number, number)
    for length in (*range(1, 9), *range(10, 40)):
        yield "6" * length
        yield "+34" + "6" * length
    chance = random.Random(4)  # noqa: S311 - the same numbers each time
    while True:
        yield "+" + str(chance.randrange(10**5, 10**15))


def is_good(number: str) -> bool:
    """What chance may have made that is a mobile number of ours after all."""
    found = WorldNumberPlans().read(number, "ES") if set(number) <= set("+0123456789 -") else None
    return found is not None and found.country in {"ES", "AD"} and found.kind is not NumberKind.OTHER


def hostile() -> list[str]:
    """At least a thousand, each once; of those that chance made, none that is good after all."""
    chosen = dict.fromkeys((*spanish_costly(), *examples_of_the_world()))
    chance = (number for number in malformed() if not is_good(number))
    return list(chosen | dict.fromkeys(islice(chance, 600)))


class Untouched:
    """A register that nobody may open: a number is refused before anything is read or written."""

    def begin(self, *_: object) -> object:
        raise AssertionError("a hostile number came as far as the database")


async def test_a_thousand_hostile_numbers_and_nothing_is_sent() -> None:
    numbers, gateway = hostile(), Gateway()
    assert len(numbers) >= 1000
    work = Work(Untouched(), Clock(NOW), None)  # type: ignore[arg-type]  # neither is ever asked
    phone = phone_identity(work, gateway)
    refused = {}
    for number in numbers:
        with pytest.raises(StepRefused) as why:
            await phone.ask(Acting(OURS, "citizen"), "a1", Declared("Pere Puig", number, "192.0.2.7"))
        refused[number] = why.value.code
    assert set(refused.values()) == {"number_malformed", "number_foreign", "number_not_mobile"}
    assert gateway.sent == []


@pytest.mark.parametrize(
    ("written", "e164", "country"),
    [
        ("612 345 678", "+34612345678", "ES"),
        ("+34 711-234.567", "+34711234567", "ES"),
        ("0034612345678", "+34612345678", "ES"),
        ("(+376) 312 345", "", ""),
        ("+376 312 345", "+376312345", "AD"),
        ("+376 612 345", "+376612345", "AD"),
    ],
)
def test_mobile_numbers_of_ours_are_read(written: str, e164: str, country: str) -> None:
    found = WorldNumberPlans().read("".join(written.split()), "ES")
    if e164:
        assert found
        assert (found.e164, found.country, found.kind) == (e164, country, NumberKind.MOBILE)


@pytest.mark.parametrize("written", ["612345678;ext=5", "abc", "", "+", "1", "+99912345678", "9" * 20])
def test_what_no_plan_has_is_no_number(written: str) -> None:
    assert WorldNumberPlans().read(written, "ES") is None
