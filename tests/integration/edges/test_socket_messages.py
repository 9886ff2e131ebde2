"""Whatever a page may send: an acknowledgement with a code, and nothing else happens."""

from __future__ import annotations

import json
import random
import string
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.pulse import Pulse
from tests.integration.edges.sockets import Socket
from videoattention.entrypoints.signalling import protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.story.running import RunningService

NAMES = sorted({protocol.wire_name(kind) for kind in (*protocol.CITIZEN_MESSAGES, *protocol.DESK_MESSAGES)})
BURST = 60

HOSTILE = {
    "an unknown name": '["dance",{}]',
    "no name": "[]",
    "a name that is a list": '[["sync"],{"revision":0}]',
    "a name that is a number": '[1,{"revision":0}]',
    "a message of the desk": '["accept_offer",{"id":"1","attention":"a"}]',
    "an event of the library": '["connect",{"id":"1"}]',
    "another event of the library": '["disconnect",{"id":"1"}]',
    "an unknown field": '["sync",{"revision":0,"room":"desk"}]',
    "a wrong type": '["sync",{"revision":"0"}]',
    "a truth for a number": '["sync",{"revision":true}]',
    "a fraction": '["sync",{"revision":0.5}]',
    "no number at all": '["sync",{"revision":NaN}]',
    "infinity": '["sync",{"revision":1e999}]',
    "a number of 70 bits": f'["sync",{{"revision":{2**70}}}]',
    "a number of 5,000 digits": '["sync",{"revision":' + "9" * 5000 + "}]",
    "a negative number": '["sync",{"revision":-1}]',
    "a missing field": '["sync",{}]',
    "nothing": '["sync"]',
    "null": '["sync",null]',
    "a list": '["sync",[{"revision":0}]]',
    "a text": '["sync","revision"]',
    "two payloads": '["sync",{"revision":0},{"revision":0}]',
    "nested too deep": '["sync",{"revision":' + '{"a":' * 500 + "0" + "}" * 500 + "}]",
    "nested without end": '["sync",' + "[" * 100_000,
    "deep and closed": '["sync",' + "[" * 20_000 + "]" * 20_000 + "]",
    "half a message": '["sync",{"revis',
    "no JSON": "hello",
    "a dict for an event": '{"0":"sync"}',
    "half a character": '["leave_line",{"id":"\\ud800"}]',
    "an id with a line end": '["leave_line",{"id":"abc\\n"}]',
    "an id with a null": '["leave_line",{"id":"a\\u0000b"}]',
    "an empty id": '["leave_line",{"id":""}]',
    "an id that is too long": '["leave_line",{"id":"' + "x" * 65 + '"}]',
    "an answer that is none": '["answer_consent",{"id":"1","consent":"c","answer":"maybe"}]',
    "a prototype": '["sync",{"revision":0,"__proto__":{"x":1}}]',
}


@pytest.fixture
async def citizen(service: RunningService) -> AsyncIterator[tuple[Caller, Socket]]:
    async with Caller(service.url) as caller:
        await caller.take_turn("oac-terres-ebre")
        async with Socket(service.url, "/citizen", caller.identity) as page:
            assert page.admitted
            yield caller, page


@pytest.mark.parametrize("what", HOSTILE)
async def test_each_is_refused_with_a_code_and_changes_nothing(
    service: RunningService, citizen: tuple[Caller, Socket], what: str
) -> None:
    _, page = citizen
    before = ledger.everything(service)
    answer = await page.ask_raw(HOSTILE[what])
    assert answer in ({"ok": False, "code": "bad_message"}, {"ok": False, "code": "unknown_message"}), answer
    assert await page.ask("sync", {"revision": 0}) == {"ok": True}
    assert ledger.everything(service) == before


@pytest.mark.parametrize("size", [65_537, 200_000, 900_000])
async def test_too_much_is_told_as_such_and_the_connection_stays(
    service: RunningService, citizen: tuple[Caller, Socket], size: int
) -> None:
    _, page = citizen
    before = ledger.everything(service)
    assert await page.ask("leave_line", {"id": "x" * size}) == {"ok": False, "code": "too_large"}
    assert await page.ask("sync", {"revision": 0}) == {"ok": True}
    assert ledger.everything(service) == before


async def test_more_than_the_transport_takes_ends_that_connection_only(
    service: RunningService, citizen: tuple[Caller, Socket]
) -> None:
    caller, page = citizen
    async with Socket(service.url, "/citizen", caller.identity) as other:
        await page.raw('42/citizen,1["sync",{"revision":"' + "x" * 1_500_000 + '"}]')
        await page.ended()
        assert await other.ask("sync", {"revision": 0}) == {"ok": True}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("451-", '["sync",{"_placeholder":true,"num":0}]'),
        ("451-", '["sync",{"_placeholder":true,"num":-1}]'),
        ("459999999999-", '["sync",{"revision":0}]'),
        ("461-", '[{"_placeholder":true,"num":0}]'),
    ],
)
async def test_attachments_are_not_waited_for(citizen: tuple[Caller, Socket], kind: str, body: str) -> None:
    _, page = citizen
    # kind, namespace, number: an attachment's count comes before the namespace
    assert await page.ask_raw(body, kind=kind) == {"ok": False, "code": "bad_message"}
    for _ in range(5):
        await page.raw(b"\x00" * 100_000)
    assert await page.ask("sync", {"revision": 0}) == {"ok": True}


@pytest.mark.parametrize(
    "frame", ["4", "4[", "4" + "[" * 50_000, '4{"a":1}', "42", "47", "4x", "40/nowhere,", "43/citizen,9[]", "3"]
)
async def test_frames_that_mean_nothing_change_nothing(citizen: tuple[Caller, Socket], frame: str) -> None:
    _, page = citizen
    await page.raw(frame)
    assert await page.ask("sync", {"revision": 0}) == {"ok": True}


@pytest.mark.parametrize("frame", ["", "hello", "b!!!", "9", "\x00"])
async def test_frames_of_no_known_kind_end_the_connection(citizen: tuple[Caller, Socket], frame: str) -> None:
    _, page = citizen
    await page.raw(frame)
    await page.ended()


async def test_rubbish_by_long_polling_is_answered(service: RunningService, citizen: tuple[Caller, Socket]) -> None:
    caller, _ = citizen
    at = "/socket.io/?EIO=4&transport=polling"
    opened = json.loads((await caller.get(at)).text[1:])
    for body in (b"", b"\xff\xfe", b"hello", b"4" + b"[" * 50_000, b"\x1e".join([b"4"] * 100), b"d=%ff"):
        answer = await caller.request("POST", f"{at}&sid={opened['sid']}", data=body)
        assert answer.status in {200, 400}, (body[:10], answer.status)
    assert (await caller.request("POST", f"{at}&sid=nobody", data=b"40")).status == 400
    assert (await caller.get("/socket.io/?EIO=4&transport=carrier-pigeon")).status == 400
    assert (await caller.get(f"{at}&j=</script>")).status == 400


async def test_after_the_burst_it_is_too_many_and_coming_back_does_not_help(citizen: tuple[Caller, Socket]) -> None:
    _, page = citizen
    assert await _codes(page, BURST * 5) > BURST
    await page.come_back()
    assert await _codes(page, BURST) > BURST // 4
    assert (await page.ask("dance"))["code"] in {"too_many", "unknown_message"}


async def _codes(page: Socket, messages: int) -> int:
    """Send at once; how many were too many."""
    numbers = [await page.send_raw('["dance",{}]') for _ in range(messages)]
    codes = [(await page.answer(number))["code"] for number in numbers]
    assert set(codes) <= {"too_many", "unknown_message"}
    return codes.count("too_many")


NUMBERS = [0, -1, 2**31, 2**53 + 1, -(2**63), 2**64, 10**300, 0.1, -0.0, 1e308, float("nan"), float("inf")]
LETTERS = [string.printable, "\0\x1b\u202e\ud800\U0001f600", "a"]
WORDS = ["id", "attention", "revision", "peer", "sdp", "kind", "epoch", "__proto__", "constructor", ""]


def random_json(chance: random.Random, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON
    plain = [None, True, False, chance.choice(NUMBERS), "".join(chance.choices(chance.choice(LETTERS), k=20))]
    if depth == 4 or chance.random() < 0.5:
        return chance.choice(plain)
    inner = [random_json(chance, depth + 1) for _ in range(chance.randrange(5))]
    return inner if chance.random() < 0.5 else {chance.choice(WORDS): value for value in inner}


def random_event(chance: random.Random) -> str:
    """An event that is not one of ours: at least one field that none of them has."""
    payload = random_json(chance)
    if isinstance(payload, dict):
        payload["not one of ours"] = random_json(chance)
    name = chance.choice([*NAMES, "connect", "disconnect", "", "dance"])
    return json.dumps([name, *([payload] * chance.choice([1, 1, 1, 0, 2]))])


async def test_ten_thousand_random_values_are_refused_and_the_others_notice_nothing(
    service: RunningService, idle: str
) -> None:
    chance = random.Random(20_251_121)  # noqa: S311 - a test that can be told again
    async with Caller(service.url) as caller, Caller(service.url) as neighbour:
        await caller.take_turn("oac-terres-ebre")
        await neighbour.take_turn("oac-terres-ebre")
        async with Socket(service.url, "/citizen", neighbour.identity) as page:
            before = ledger.everything(service)
            async with Pulse(service, idle) as pulse:
                for _ in range(100):
                    await _a_hundred(service, caller, chance)
                    assert await page.ask("sync", {"revision": 0}) == {"ok": True}
                    await pulse.calm()
            assert ledger.everything(service) == before


async def _a_hundred(service: RunningService, caller: Caller, chance: random.Random) -> None:
    async with Socket(service.url, "/citizen", caller.identity) as page:
        numbers = [await page.send_raw(random_event(chance)) for _ in range(100)]
        codes = [(await page.answer(number)) for number in numbers]
    assert all(answer["ok"] is False for answer in codes), codes
    assert {answer["code"] for answer in codes} <= {"bad_message", "unknown_message", "too_many"}


HEAVY = {
    "messages of 900 kB": '["leave_line",{"id":"' + "x" * 900_000 + '"}]',
    "lists of 180,000 nulls": '["sync",{"revision":[' + ",".join(["null"] * 180_000) + "]}]",
    "dicts of 60,000 keys": json.dumps(["sync", {f"k{n}": n for n in range(60_000)}]),
    "a hundred thousand brackets": '["sync",' + "[" * 100_000,
    "numbers of 4,000 digits": '["sync",{"revision":[' + ",".join(["9" * 4000] * 200) + "]}]",
}


@pytest.mark.parametrize("what", HEAVY)
async def test_heavy_messages_do_not_hold_the_service_up(service: RunningService, idle: str, what: str) -> None:
    async with Caller(service.url) as caller:
        await caller.take_turn("oac-terres-ebre")
        async with Socket(service.url, "/citizen", caller.identity) as page, Pulse(service, idle) as pulse:
            for _ in range(3):
                for _ in range(5):
                    assert (await page.ask_raw(HEAVY[what]))["code"] in {"too_large", "bad_message"}
                await pulse.calm()


async def test_nothing_of_this_left_a_traceback(service: RunningService) -> None:
    """The last of this file."""
    assert "Traceback" not in service.log
    assert '"message_failed"' not in service.log
    assert '"request_failed"' not in service.log
