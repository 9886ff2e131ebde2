"""One contract for whoever takes messages: the fake of our tests, the phone of a demonstration, a real SMPP service."""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.fakes.sms import Gateway
from tests.integration.notifications.smsc import ROOT, running_smsc
from tests.story.running import free_port
from videoattention.adapters.notifications.demo import MOST, DemoPhone
from videoattention.adapters.notifications.smpp import SmppAccount, SmppGateway
from videoattention.services.phone_tags import MESSAGES, message_of
from videoattention.services.sms import SILENT, SmsFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.integration.notifications.smsc import Smsc
    from videoattention.services.sms import SmsGateway

    Taken = Callable[[], Awaitable[tuple[str, str]]]

pytestmark = pytest.mark.timeout(60)
NUMBER, NOW = "+34612345678", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
async def smsc() -> AsyncIterator[Smsc]:
    async with running_smsc() as running:
        yield running


@pytest.fixture(params=["fake", "demo", "smpp"])
async def gateway(request: pytest.FixtureRequest) -> AsyncIterator[tuple[SmsGateway, Taken]]:
    """A gateway, and what it took last: the number and the text."""
    if request.param == "fake":
        fake = Gateway()
        yield fake, lambda: _at_once(fake.sent[-1])
    elif request.param == "demo":
        demo = DemoPhone(lambda: NOW, production=False)
        yield demo, lambda: _at_once((demo.messages[0].number, demo.messages[0].text))
    else:
        async with running_smsc() as running:
            yield SmppGateway(running.account()), lambda: _handed_to(running)


async def _at_once(taken: tuple[str, str]) -> tuple[str, str]:
    return taken


async def _handed_to(smsc: Smsc) -> tuple[str, str]:
    told = await smsc.heard("to")
    return f"+{told['to']}", told["text"]


@pytest.mark.parametrize("language", sorted(MESSAGES))
async def test_a_message_arrives_as_it_was_given(gateway: tuple[SmsGateway, Taken], language: str) -> None:
    taker, taken = gateway
    text = message_of(language, "012345")
    await taker.send(NUMBER, text)
    assert await taken() == (NUMBER, text)


async def test_messages_are_taken_at_the_same_time(gateway: tuple[SmsGateway, Taken]) -> None:
    taker, taken = gateway
    await asyncio.gather(*(taker.send(f"+3461234567{place}", "Codi 012345") for place in range(5)))
    assert (await taken())[1] == "Codi 012345"


# --- what only SMPP can do -----------------------------------------------------------------------------------------


async def failure(gateway: SmppGateway, number: str) -> str:
    with pytest.raises(SmsFailed) as failed:
        await gateway.send(number, "Codi 012345")
    assert number not in str(failed.value)
    return failed.value.code


async def test_the_message_service_is_told_who_sends_to_whom_and_for_how_long(smsc: Smsc) -> None:
    await SmppGateway(smsc.account()).send(NUMBER, "Codi 012345")
    assert (await smsc.heard("bound"))["bound"] is True
    told = await smsc.heard("to")
    assert told["to"] == "34612345678"
    assert told["kind"] == [1, 1]
    assert (told["from"], told["fromKind"]) == ("OficinaVid", [5, 0])
    assert told["coding"] == 0
    assert told["minutes"] == 10
    assert (await smsc.heard("unbound"))["unbound"] is True


@pytest.mark.parametrize(("source", "kind"), [("+34600100200", [1, 1]), ("25012", [0, 1]), ("Oficina 1", [5, 0])])
async def test_the_sender_is_a_number_or_a_name(smsc: Smsc, source: str, kind: list[int]) -> None:
    await SmppGateway(smsc.account(source=source)).send(NUMBER, "Codi 012345")
    told = await smsc.heard("to")
    assert (told["from"], told["fromKind"]) == (source.removeprefix("+"), kind)


async def test_letters_that_not_every_alphabet_has_go_as_unicode(smsc: Smsc) -> None:
    await SmppGateway(smsc.account()).send(NUMBER, "Atenció: 012345 ç·l")
    told = await smsc.heard("to")
    assert (told["text"], told["coding"]) == ("Atenció: 012345 ç·l", 8)
    with pytest.raises(SmsFailed, match="sms_refused"):
        await SmppGateway(smsc.account()).send(NUMBER, "ç" * 71)


async def test_a_no_is_a_no(smsc: Smsc) -> None:
    assert await failure(SmppGateway(smsc.account()), "+34612345601") == "sms_refused"


async def test_no_answer_is_doubt(smsc: Smsc) -> None:
    assert await failure(SmppGateway(smsc.account(), within=0.5), "+34612345602") == SILENT


async def test_a_line_that_breaks_after_the_message_is_doubt_and_the_next_message_goes(smsc: Smsc) -> None:
    gateway = SmppGateway(smsc.account())
    assert await failure(gateway, "+34612345603") == SILENT
    await gateway.send(NUMBER, "Codi 012345")


async def test_it_says_that_it_is_still_there(smsc: Smsc) -> None:
    await SmppGateway(smsc.account()).send("+34612345604", "Codi 012345")
    assert (await smsc.heard("alive"))["alive"] is True


async def test_who_is_not_let_in_has_sent_nothing(smsc: Smsc) -> None:
    assert await failure(SmppGateway(smsc.account(password="another")), NUMBER) == "sms_unreachable"
    assert (await smsc.heard("bound"))["bound"] is False


async def test_the_doctor_tries_the_account_and_sends_nothing(smsc: Smsc) -> None:
    told, well = await doctor(smsc, "secret-1")
    assert (well, told) == (0, f"In order: 127.0.0.1:{smsc.port} lets videoattention in. Nothing was sent.\n")
    told, well = await doctor(smsc, "another")
    assert well == 1
    assert told.startswith(f"Fault: 127.0.0.1:{smsc.port} ")
    assert "another" not in told


async def doctor(smsc: Smsc, password: str) -> tuple[str, int]:
    account = {"SMPP_HOST": "127.0.0.1", "SMPP_PORT": str(smsc.port), "SMPP_SYSTEM_ID": "videoattention"}
    account |= {"SMPP_PASSWORD": password, "SMPP_TLS": "no", "SOURCE": "Oficina"}
    said = {f"VIDEOATTENTION_SMS_{name}": value for name, value in account.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "videoattention", "doctor", "sms"),
        env={"PATH": os.environ["PATH"], **said},
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    told, _ = await process.communicate()
    assert process.returncode is not None
    return told.decode(), process.returncode


async def test_nobody_there_is_unreachable_until_somebody_is() -> None:
    gateway = SmppGateway(SmppAccount("127.0.0.1", free_port(), "us", "secret-1", "Oficina"))
    assert await failure(gateway, NUMBER) == "sms_unreachable"


async def test_a_service_that_cannot_prove_itself_is_not_talked_to(smsc: Smsc) -> None:
    account = SmppAccount("127.0.0.1", smsc.port, "videoattention", "secret-1", "Oficina", ssl.create_default_context())
    assert await failure(SmppGateway(account, within=2), NUMBER) == "sms_unreachable"


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0\0\0\x08\x80\0\0\x02" + bytes(8), b""])
async def test_what_is_not_smpp_is_nobody(answer: bytes) -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        gateway = SmppGateway(SmppAccount("127.0.0.1", port, "us", "secret-1", "Oficina"), within=2)
        assert await failure(gateway, NUMBER) == "sms_unreachable"


def test_a_password_is_in_no_repr() -> None:
    assert "secret-1" not in repr(SmppAccount("h", 1, "us", "secret-1", "Oficina"))


async def test_the_phone_of_the_demonstration_shows_the_last_ones_and_is_not_for_production() -> None:
    phone = DemoPhone(lambda: NOW, production=False)
    for place in range(MOST + 5):
        await phone.send(NUMBER, f"text {place}")
    assert [message.text for message in phone.messages][:2] == [f"text {MOST + 4}", f"text {MOST + 3}"]
    assert len(phone.messages) == MOST
    with pytest.raises(RuntimeError, match="production"):
        DemoPhone(lambda: NOW, production=True)
