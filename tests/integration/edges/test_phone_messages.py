"""A code by SMS over the sockets of the running service, and where the number is afterwards: nowhere."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.integration.edges import ledger
from tests.integration.edges.callers import Caller
from tests.integration.edges.talking import command, talking

if TYPE_CHECKING:
    from tests.integration.edges.talking import Talk
    from tests.story.running import RunningService

NUMBER, NAME = "698 765 432", "Canària Llarga i Fosca"
DIGITS = "698765432"


async def read_code(service: RunningService) -> str:
    async with Caller(service.url) as anybody:
        page = (await anybody.get("/demo/phone")).text
    found = re.search(rf"\+34{DIGITS}.*?(\d{{6}})", page, re.DOTALL)
    assert found
    return found[1]


async def ask_for_phone(talk: Talk) -> None:
    await talk.done(talk.desk, "propose_level", attention=talk.attention, level="assisted")
    await talk.done(talk.desk, "ask_identification", attention=talk.attention, way="phone")


async def refused(talk: Talk, message: str, **more: object) -> str:
    answer = await talk.citizen_page.ask(message, command(**more))
    assert answer["ok"] is False
    return str(answer["code"])


async def test_a_code_is_sent_typed_and_spent_and_the_number_is_kept_nowhere(service: RunningService) -> None:
    async with talking(service) as talk:
        assert await refused(talk, "ask_phone_code", name=NAME, number=NUMBER) == "not_asked"
        await ask_for_phone(talk)
        assert await refused(talk, "type_phone_code", code="000000") == "code_unknown"
        assert await refused(talk, "ask_phone_code", name=NAME, number="806 123 456") == "number_not_mobile"
        assert await refused(talk, "ask_phone_code", name=NAME, number="1" * 61) == "bad_message"
        assert await talk.citizen_page.ask("ask_phone_code", command(name=NAME, number=NUMBER)) == {"ok": True}
        code = await read_code(service)
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        assert await refused(talk, "type_phone_code", code=wrong) == "code_wrong"
        await talk.done(talk.citizen_page, "type_phone_code", code=code)
        assert await refused(talk, "type_phone_code", code=code) == "not_asked"
        named = ledger.value(service, "SELECT identity_name FROM attentions WHERE id = ?", talk.attention)
        assert named == NAME
        told = ledger.value(
            service, "SELECT group_concat(body) FROM journal WHERE attention = ? AND kind LIKE 'Phone%'", talk.attention
        )
        assert not [word for word in (DIGITS, NAME, json.dumps(NAME)[1:-1], f'"{code}"') if word in str(told)]
    kept = b"".join(file.read_bytes() for file in (service.folder / "data").glob("videoattention.sqlite3*"))
    assert NAME.encode() in kept
    assert DIGITS.encode() not in kept
    for canary in (DIGITS, NUMBER, NAME, json.dumps(NAME)[1:-1]):
        assert canary not in service.log


async def test_the_desk_sends_no_codes_and_types_none(service: RunningService) -> None:
    async with talking(service) as talk:
        await ask_for_phone(talk)
        for name, more in (("ask_phone_code", {"name": NAME, "number": NUMBER}), ("type_phone_code", {"code": "1"})):
            assert await talk.desk.ask(name, command(**more)) == {"ok": False, "code": "unknown_message"}
