"""Declared identity: a name, and a code that was sent to a phone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.fakes.sms import FixedTags, Gateway, phone_identity
from tests.unit.services.town import OURS, by_citizen, by_informer
from videoattention.domain import facts
from videoattention.domain.errors import StepRefused
from videoattention.domain.identification import Assurance, Way
from videoattention.domain.levels import Level
from videoattention.domain.phone import CheckStage, Limits
from videoattention.services import phone as use_case
from videoattention.services.phone import Declared, PhoneIdentity, PhoneInHand
from videoattention.services.phone_tags import MESSAGES, message_of, new_code
from videoattention.services.visual_finding import asked_no_more
from videoattention.services.work import Acting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.unit.services.town import Town
    from videoattention.domain.phone import PhoneCheck
    from videoattention.services.call import Call

NUMBER = "612 345 678"
PERE = Declared("Pere Puig", NUMBER, "192.0.2.7")


class Booth:
    """A citizen who was asked for name and mobile, and the message service."""

    def __init__(self, town: Town, limits: Limits | None = None) -> None:
        self.town = town
        self.gateway = Gateway()
        self.phone: PhoneIdentity = phone_identity(town.work, self.gateway, limits)
        self.attention = ""

    async def arrive(self, subject: str = "marta", way: Way = Way.PHONE) -> str:
        """A citizen in a call, to whom the informer proposes the assisted level and puts the question."""
        level = Level.ASSISTED if way is Way.PHONE else Level.ATTENDED
        self.attention = await self.town.talking(subject)
        await self.town.call.propose_level(by_informer(subject), self.attention, level)
        await self.town.call.ask_identification(by_informer(subject), self.attention, way)
        return self.attention

    async def ask(self, declared: Declared = PERE, command: str = "") -> str:
        """The code that was sent, or why there is none."""
        try:
            await self.phone.ask(by_citizen(command), self.attention, declared)
        except StepRefused as refused:
            return refused.code
        return self.gateway.code

    async def answer(self, code: str, command: str = "") -> str:
        """Empty for a code that held, else why it did not."""
        try:
            await self.phone.answer(by_citizen(command), self.attention, code)
        except StepRefused as refused:
            return refused.code
        return ""

    async def check(self) -> PhoneCheck:
        async with self.town.begin() as transaction:
            found = await transaction.phones.newest(self.attention)
        assert found
        return found


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.fixture
async def booth(town: Town) -> Booth:
    opened = Booth(town)
    await opened.arrive()
    return opened


async def test_the_code_that_was_sent_identifies_and_is_spent(booth: Booth) -> None:
    code = await booth.ask()
    assert booth.gateway.sent == [("+34612345678", MESSAGES["ca"].format(code=code))]
    assert await booth.answer(f" {code[:3]} {code[3:]} ") == ""
    shown = (await booth.town.attention(booth.attention)).identification
    assert shown
    assert (shown.assurance, shown.name, shown.document, shown.way) == (Assurance.DECLARED, "Pere Puig", "", Way.PHONE)
    assert shown.provider == "phone"
    assert shown.subject == (await FixedTags().of(OURS)).subject("+34612345678")
    assert booth.town.kinds()[-4:] == ["PhoneCodeAsked", "PhoneCodeSent", "PhoneShown", "CitizenIdentified"]
    assert (await booth.check()).stage is CheckStage.SHOWN
    assert (await booth.check()).name == ""
    assert await booth.answer(code) == "not_asked"


async def test_a_spent_code_is_no_code_when_the_question_is_put_again(booth: Booth) -> None:
    code = await booth.ask()
    assert await booth.answer(code) == ""
    await booth.town.call.drop_proposal(by_informer(), booth.attention)
    async with booth.town.begin() as transaction:  # as if the declared identity were not enough any more
        attention = await transaction.attentions.get(booth.attention)
        await transaction.attentions.save(replace(attention, identification=None))
        await transaction.commit()
    await booth.town.call.propose_level(by_informer(), booth.attention, Level.ASSISTED)
    await booth.town.call.ask_identification(by_informer(), booth.attention, Way.PHONE)
    assert await booth.answer(code) == "code_unknown"


async def test_five_tries_and_the_code_is_worth_nothing(booth: Booth) -> None:
    code = await booth.ask()
    said = [await booth.answer(another(code)) for _ in range(5)]
    assert said == ["code_wrong"] * 4 + ["code_exhausted"]
    assert await booth.answer(code) == "code_unknown"
    assert (await booth.check()).tries == 5
    refused = [fact.cause for fact in booth.town.facts(facts.PhoneCodeRefused)]
    assert refused == said
    again = await booth.ask()
    assert await booth.answer(again) == ""


async def test_an_attention_has_fifteen_tries_however_many_codes(booth: Booth) -> None:
    numbers = ("612345678", "612345679", "612345670", "612345671")
    for number in numbers[:3]:
        code = await booth.ask(Declared("Pere Puig", number, "192.0.2.7"))
        for _ in range(5):
            await booth.answer(another(code))
    assert await booth.ask(Declared("Pere Puig", numbers[3], "192.0.2.7")) == "sms_attention_limit"
    assert len(booth.gateway.sent) == 3


async def test_a_code_lapses_after_ten_minutes(booth: Booth) -> None:
    code = await booth.ask()
    booth.town.clock.move(600)
    assert await booth.answer(code) == "code_lapsed"
    assert (await booth.check()).stage is CheckStage.LAPSED
    assert await booth.answer(code) == "code_unknown"


async def test_a_code_is_good_to_its_last_second(booth: Booth) -> None:
    code = await booth.ask()
    booth.town.clock.move(599.9)
    assert await booth.answer(code) == ""


async def test_a_new_code_makes_the_one_before_worthless(booth: Booth) -> None:
    first = await booth.ask()
    second = await booth.ask()
    if first != second:
        assert await booth.answer(first) == "code_wrong"
    assert await booth.answer(second) == ""


async def test_a_code_is_of_no_use_in_another_attention(booth: Booth) -> None:
    code, mine = await booth.ask(), booth.attention
    await booth.arrive("joan")
    assert await booth.answer(code) == "code_unknown"
    theirs = await booth.ask(Declared("Rosa Vila", "698765432", "192.0.2.8"))
    if theirs != code:
        assert await booth.answer(code) == "code_wrong"
    assert await booth.answer(theirs) == ""
    booth.attention = mine
    assert await booth.answer(code) == ""


async def test_nothing_is_sent_or_compared_unless_the_informer_asks_for_a_phone(booth: Booth) -> None:
    code = await booth.ask()
    await booth.town.call.stop_identification(by_informer(), booth.attention)
    assert await booth.answer(code) == "not_asked"
    assert await booth.ask() == "not_asked"
    await booth.town.call.ask_identification(by_informer(), booth.attention, Way.ELECTRONIC)
    assert await booth.answer(code) == "not_asked"
    assert await booth.ask() == "not_asked"
    assert len(booth.gateway.sent) == 1


TAKEN_BACK: dict[str, Callable[[Call, str], Awaitable[None]]] = {
    "stopped": lambda call, a: call.stop_identification(by_informer(), a),
    "another way": lambda call, a: call.ask_identification(by_informer(), a, Way.ELECTRONIC),
    "declined": lambda call, a: call.decline_level(by_citizen(), a),
    "withdrawn": lambda call, a: call.drop_proposal(by_informer(), a),
    "another level": lambda call, a: call.propose_level(by_informer(), a, Level.ATTENDED),
}


@pytest.mark.parametrize("how", TAKEN_BACK)
async def test_a_code_is_worth_nothing_once_the_question_is_taken_back(booth: Booth, how: str) -> None:
    code, call, attention = await booth.ask(), booth.town.call, booth.attention
    await TAKEN_BACK[how](call, attention)
    assert await booth.answer(code) == "not_asked"
    assert (await booth.check()).stage is CheckStage.REPLACED
    assert (await booth.check()).name == "", "the name was kept for the code"
    if (await booth.town.attention(attention)).proposed is not Level.ASSISTED:
        await call.propose_level(by_informer(), attention, Level.ASSISTED)
    await call.ask_identification(by_informer(), attention, Way.PHONE)
    assert await booth.answer(code) == "code_unknown"
    assert await booth.answer(await booth.ask()) == ""


async def test_a_code_is_worth_nothing_when_the_call_is_over(booth: Booth) -> None:
    await booth.ask()
    await booth.town.call.hang_up(by_citizen(), booth.attention)
    assert (await booth.check()).stage is CheckStage.REPLACED


async def test_a_code_holds_while_the_same_question_is_put_again(booth: Booth) -> None:
    code = await booth.ask()
    await booth.town.call.ask_identification(by_informer(), booth.attention, Way.PHONE)
    assert await booth.answer(code) == ""


async def test_a_repeated_command_sends_and_counts_once(booth: Booth) -> None:
    code = await booth.ask(command="c-1")
    assert await booth.ask(command="c-1") == code
    assert len(booth.gateway.sent) == 1
    assert await booth.answer(another(code), "c-2") == "code_wrong"
    assert await booth.answer(another(code), "c-2") == "stale"
    assert (await booth.check()).tries == 1
    assert await booth.answer(code, "c-3") == ""
    assert await booth.answer(code, "c-3") == ""


@pytest.mark.parametrize("cause", ["sms_unreachable", "sms_refused"])
async def test_what_surely_was_not_sent_counts_against_nobody(town: Town, cause: str) -> None:
    booth = Booth(town, Limits(number_hour=1, organisation_day=1))
    await booth.arrive()
    booth.gateway.fails = cause
    assert await booth.ask() == cause
    assert await booth.answer(booth.gateway.code) == "code_unknown"
    unsent = town.facts(facts.PhoneCodeUnsent)
    assert [fact.cause for fact in unsent] == [cause]
    booth.gateway.fails = ""
    assert await booth.answer(await booth.ask()) == ""


async def test_what_may_have_been_sent_counts_and_its_code_may_be_typed(town: Town) -> None:
    booth = Booth(town, Limits(organisation_day=1))
    await booth.arrive()
    booth.gateway.fails = "sms_silent"
    code = await booth.ask()
    assert (await booth.check()).stage is CheckStage.DOUBTFUL
    booth.gateway.fails = ""
    assert await booth.ask() == "sms_budget_spent"
    assert await booth.answer(code) == ""


async def test_a_message_service_that_says_nothing_is_not_waited_for_for_ever(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_case, "SEND_WITHIN", 0.01)
    booth.gateway.goes_on.clear()
    await booth.ask()
    assert (await booth.check()).stage is CheckStage.DOUBTFUL


async def test_a_code_may_be_typed_before_the_message_service_has_answered(booth: Booth) -> None:
    booth.gateway.goes_on.clear()
    asking = asyncio.create_task(booth.ask())
    await booth.gateway.taken.wait()
    assert await booth.answer(booth.gateway.code) == ""
    booth.gateway.goes_on.set()
    assert (await asking).isdigit()
    assert (await booth.check()).stage is CheckStage.SHOWN


async def test_what_the_message_service_says_of_an_old_code_is_not_said_of_a_new_one(booth: Booth) -> None:
    booth.gateway.goes_on.clear()
    first = asyncio.create_task(booth.ask())
    await booth.gateway.taken.wait()
    booth.gateway.taken.clear()
    second = asyncio.create_task(booth.ask())
    await booth.gateway.taken.wait()
    booth.gateway.fails = "sms_refused"
    booth.gateway.goes_on.set()
    assert [await first, await second] == ["sms_refused", "sms_refused"]
    assert [fact.check for fact in booth.town.facts(facts.PhoneCodeUnsent)] == ["p-2"]


async def test_a_message_service_that_always_fails_is_not_asked_for_ever(booth: Booth) -> None:
    booth.gateway.fails = "sms_refused"
    said = [await booth.ask() for _ in range(12)]
    assert said == ["sms_refused"] * 10 + ["sms_attention_limit"] * 2


async def test_a_number_gets_three_an_hour_and_ten_a_day_from_everybody(town: Town) -> None:
    booth = Booth(town)
    said = []
    for hour in range(5):
        for place in range(4):
            await booth.arrive(f"inf-{hour}-{place}")
            said.append(await booth.ask(Declared("Pere Puig", NUMBER, f"192.0.2.{hour}")))
        town.clock.move(3600)
    refused = [code for code in said if code == "sms_number_limit"]
    assert len(booth.gateway.sent) == 10
    assert len(refused) == 10
    town.clock.move(19 * 3600 + 1)
    await booth.arrive("inf-last")
    assert (await booth.ask()).isdigit()


async def test_an_address_asks_for_twenty_an_hour(town: Town) -> None:
    booth = Booth(town)
    for place in range(21):
        await booth.arrive(f"inf-{place}")
        last = await booth.ask(Declared("Pere Puig", f"6123456{place:02}", "192.0.2.7"))
    assert last == "sms_address_limit"
    assert len(booth.gateway.sent) == 20
    assert (await booth.ask(Declared("Pere Puig", "612345699", "192.0.2.8"))).isdigit()


async def test_an_organisation_has_its_hour(town: Town) -> None:
    booth = Booth(town, Limits(organisation_hour=2))
    for place in range(3):
        await booth.arrive(f"inf-{place}")
        last = await booth.ask(Declared("Pere Puig", f"6123456{place:02}", "192.0.2.7"))
    assert last == "sms_organisation_limit"


async def test_the_budget_of_a_day_trips_exactly_and_is_told_once(town: Town) -> None:
    booth = Booth(town, Limits(organisation_day=3))
    said = []
    for place in range(6):
        await booth.arrive(f"inf-{place}")
        said.append(await booth.ask(Declared("Pere Puig", f"6123456{place:02}", "192.0.2.7")))
    assert [code.isdigit() for code in said] == [True] * 3 + [False] * 3
    assert set(said[3:]) == {"sms_budget_spent"}
    alarms = town.facts(facts.SmsBudgetSpent)
    assert [(fact.budget, fact.day) for fact in alarms] == [(3, "2026-03-02")]
    town.clock.move(24 * 3600)
    await booth.arrive("inf-tomorrow")
    assert (await booth.ask()).isdigit()


async def test_a_name_and_a_number_are_looked_at_before_anything_is_counted(booth: Booth) -> None:
    assert await booth.ask(Declared("7", NUMBER, "192.0.2.7")) == "name_malformed"
    assert await booth.ask(Declared("Pere", "806 123 456", "192.0.2.7")) == "number_not_mobile"
    assert await booth.ask(Declared("Pere", "+44 7400 123456", "192.0.2.7")) == "number_foreign"
    assert await booth.ask(Declared("Pere", "+376 312 345", "192.0.2.7")) != "number_foreign"
    assert booth.gateway.numbers == {"+376312345": 1}


async def test_without_a_message_service_it_is_said(town: Town) -> None:
    booth = Booth(town)
    booth.phone = phone_identity(town.work, None)
    await booth.arrive()
    assert await booth.ask() == "sms_not_set_up"


async def test_a_phone_in_hand_during_a_visual_identification_proves_no_identity(town: Town) -> None:
    booth = Booth(town)
    await booth.arrive(way=Way.VISUAL)
    in_hand, acting = PhoneInHand(booth.phone), Acting(OURS, "informer:marta", "marta", "c-1")
    await in_hand.send(acting, booth.attention, NUMBER)
    with pytest.raises(StepRefused, match="does not hold"):
        await in_hand.check(acting, booth.attention, another(booth.gateway.code))
    await in_hand.check(acting, booth.attention, booth.gateway.code)
    assert (await town.attention(booth.attention)).identification is None
    with pytest.raises(StepRefused) as spent:
        await in_hand.check(acting, booth.attention, booth.gateway.code)
    assert spent.value.code == "code_unknown"


async def test_the_code_of_a_visual_identification_that_is_over_is_worth_nothing(town: Town) -> None:
    booth = Booth(town)
    await booth.arrive(way=Way.VISUAL)
    await PhoneInHand(booth.phone).send(Acting(OURS, "informer:marta", "marta"), booth.attention, NUMBER)
    async with town.begin() as transaction:
        await transaction.commit(*await asked_no_more(transaction, booth.attention))
    assert (await booth.check()).stage is CheckStage.REPLACED


async def test_what_informers_ask_for_counts_for_nobodys_address(town: Town) -> None:
    booth = Booth(town, Limits(address_hour=1))
    acting = Acting(OURS, "informer:marta", "marta")
    await booth.arrive(way=Way.VISUAL)
    for number in ("612345671", "612345672", "612345673"):
        await PhoneInHand(booth.phone).send(acting, booth.attention, number)
    assert len(booth.gateway.sent) == 3
    await booth.arrive("joan")
    assert await booth.ask(replace(PERE, address=booth.attention)) == booth.gateway.code
    assert await booth.ask(replace(PERE, address=booth.attention, number="612345675")) == "sms_address_limit"


async def test_the_limits_of_a_number_and_of_an_attention_hold_for_what_informers_ask_for(town: Town) -> None:
    booth = Booth(town, Limits(number_hour=2, attention_hour=3))
    acting = Acting(OURS, "informer:marta", "marta")
    await booth.arrive(way=Way.VISUAL)
    codes = []
    for number in (NUMBER, NUMBER, NUMBER, "612345672", "612345673"):
        try:
            await PhoneInHand(booth.phone).send(acting, booth.attention, number)
        except StepRefused as refused:
            codes.append(refused.code)
    assert codes == ["sms_number_limit", "sms_attention_limit"]


async def test_a_code_that_was_sent_for_another_way_identifies_nobody(town: Town) -> None:
    booth = Booth(town)
    await booth.arrive(way=Way.VISUAL)
    await PhoneInHand(booth.phone).send(Acting(OURS, "informer:marta", "marta"), booth.attention, NUMBER)
    await town.call.drop_proposal(by_informer(), booth.attention)
    await town.call.propose_level(by_informer(), booth.attention, Level.ASSISTED)
    await town.call.ask_identification(by_informer(), booth.attention, Way.PHONE)
    assert await booth.answer(booth.gateway.code) == "code_unknown"
    assert (await town.attention(booth.attention)).identification is None


async def test_no_fact_has_the_number_the_name_or_the_code(booth: Booth) -> None:
    code = await booth.ask()
    await booth.answer(another(code))
    await booth.answer(code)
    told = " ".join(str(entry.fact) for entry in booth.town.told)
    for secret in ("612345678", "Pere", f"'{code}'"):
        assert secret not in told


def test_codes_are_digits_of_which_none_comes_more_often() -> None:
    codes = [new_code() for _ in range(2000)]
    assert all(len(code) == 6 and set(code) <= set("0123456789") for code in codes)
    counts = [sum(code.count(digit) for code in codes) for digit in "0123456789"]
    assert max(counts) < 1400 < 2 * min(counts)
    assert len(set(codes)) > 1950


@pytest.mark.parametrize("language", ["ca", "en", "oc"])
def test_a_message_is_one_short_text_of_ours(language: str) -> None:
    text = message_of(language, "012345")
    assert "012345" in text
    assert text.isascii()
    assert len(text) <= 160
